package nodetest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// illFFmpeg puts an ffmpeg on the PATH that is the real one but for one time: the first child
// that makes pictures does what says.
func illFFmpeg(t *testing.T, what string) (dir string) {
	t.Helper()
	real, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	dir = t.TempDir()
	script := fmt.Sprintf(`#!/bin/sh
cd %q
case "$*" in *libx264*pipe:1) if rm well 2>/dev/null; then echo $$ >.pid && mv .pid pid; %s; fi ;; esac
exec %s "$@"
`, dir, strings.ReplaceAll(what, "FFMPEG", real), real)
	if err := os.WriteFile(filepath.Join(dir, "well"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ffmpeg"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return dir
}

// child waits for the ill one, and gives its process id.
func child(t *testing.T, p *Page, dir string) (pid int) {
	t.Helper()
	for range 300 {
		if b, err := os.ReadFile(filepath.Join(dir, "pid")); err == nil {
			if pid, err = strconv.Atoi(strings.TrimSpace(string(b))); err == nil {
				return pid
			}
		}
		Eval[bool](p, `new Promise(ok => setTimeout(ok, 50)).then(() => true)`)
	}
	t.Fatal("nothing was converted")
	return 0
}

// TestFFmpegKilled: an ffmpeg that is killed in the middle of a segment is followed by
// another, and the page hears nothing of it.
func TestFFmpegKilled(t *testing.T) {
	films := library(t, "old.avi")
	dir := illFFmpeg(t, `FFMPEG "$@" | head -c 99999; kill -KILL $$`)
	h := Host(t, shelve(t, films, shelved{file: "old.avi"}))
	p := Chromium(t).Open(h.Ready.Invite, Small)
	p.Enter("Your name", "Sofa", "Join")
	h.Boss().Must(party.Cue{Title: "old-avi", Play: true})
	gone(t, child(t, p, dir))
	p.Until("the film beyond the first segments", playing+` && v.currentTime > 5 && Math.abs(window.watchparty.position - v.currentTime) < 0.2`)
	if Eval[bool](p, `document.querySelector('.card').offsetParent !== null`) {
		t.Error("the page tells of it")
	}
}

// TestFFmpegHangs: an ffmpeg that stands still is ended by the watchdog; meanwhile the
// party lives, and then the film goes on by itself.
func TestFFmpegHangs(t *testing.T) {
	films := library(t, "old.avi")
	dir := illFFmpeg(t, `kill -STOP $$`)
	h := Host(t, shelve(t, films, shelved{file: "old.avi"}))
	p := Chromium(t).Open(h.Ready.Invite, Small)
	p.Enter("Your name", "Sofa", "Join")
	boss := h.Boss()
	boss.Must(party.Cue{Title: "old-avi", Play: true})
	pid := child(t, p, dir)
	boss.Must(party.Say{Text: "still here"})
	p.Until("the chat", `document.querySelector('[role=log]').textContent.includes('still here')`)
	gone(t, pid)
	p.Until("the film", playing+` && Math.abs(window.watchparty.position - v.currentTime) < 0.2`)
}

// TestFFmpegMissing: without ffmpeg films are played as they are, and of one that would
// have to be converted the page says what is missing, in its reader's language.
func TestFFmpegMissing(t *testing.T) {
	films := library(t, "old.avi", "plain.mp4")
	b := Chromium(t)
	t.Setenv("PATH", t.TempDir())
	h := Host(t, shelve(t, films, shelved{file: "old.avi"}, shelved{file: "plain.mp4"}))
	page, phone := b.Open(h.Ready.Invite, Small), b.Open(h.URL("/"), Phone)
	page.Enter("Your name", "Sofa", "Join")
	phone.Fill("PIN", "123456")
	phone.Enter("Votre nom", "Canapé", "Rejoindre")
	boss := h.Boss()
	boss.Must(party.Cue{Title: "plain-mp4", Play: true})
	page.Until("the film", playing+` && v.currentTime > 0.5`)
	boss.Must(party.Cue{Title: "old-avi", Play: true})
	page.Until("the sentence", overFilm+`.includes('ffmpeg is not installed on the host’s machine')`)
	phone.Until("the sentence", overFilm+`.includes('ffmpeg n’est pas installé chez l’hôte')`)
	keepPictures(t, map[string]*Page{"no-ffmpeg": page, "no-ffmpeg-phone": phone})
	boss.Must(party.Cue{Title: "plain-mp4", Play: true})
	for _, p := range []*Page{page, phone} {
		p.Until("the film again", playing)
	}
}

// overFilm is what a card over the film says.
const overFilm = `(c = document.querySelector('.card')) && c.offsetParent && c.innerText`
