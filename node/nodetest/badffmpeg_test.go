//go:build long

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

// illFFmpeg puts an ffmpeg on the PATH that is the real one but for the first children that
// make pictures, which do what each says. It keeps a list of all that convert.
func illFFmpeg(t testing.TB, ills ...string) (dir string) {
	t.Helper()
	real, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	dir = t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\ncd %q\ncase \"$*\" in *pipe:1) echo \"$*\" >>starts ;; esac\ncase \"$*\" in *libx264*pipe:1)\n", dir)
	for i, what := range ills {
		script += fmt.Sprintf("\tif mkdir ill%d 2>/dev/null; then echo $$ >ill%[1]d/pid; %s; exit; fi\n", i+1, strings.ReplaceAll(what, "FFMPEG", real))
	}
	script += fmt.Sprintf(";; esac\nexec %s \"$@\"\n", real)
	if err := os.WriteFile(filepath.Join(dir, "ffmpeg"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return dir
}

// child waits for the nth of the ill ones, and gives its process id.
func child(t *testing.T, p *Page, dir string, n int) (pid int) {
	t.Helper()
	for range 300 {
		if b, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("ill%d", n), "pid")); err == nil {
			if pid, err = strconv.Atoi(strings.TrimSpace(string(b))); err == nil {
				return pid
			}
		}
		Eval[bool](p, `new Promise(ok => setTimeout(() => ok(true), 50))`)
	}
	t.Fatal("nothing was converted")
	return 0
}

// TestFFmpegIll: an ffmpeg that stands still is ended by the watchdog, and meanwhile the party
// lives. The next one is killed in the middle of a segment. Then the film goes on by itself,
// and of all that the page has no more to say than that it waits; the desk has one sentence.
func TestFFmpegIll(t *testing.T) {
	films := library(t, "old.avi")
	dir := illFFmpeg(t, "kill -STOP $$", `FFMPEG "$@" | head -c 99999; kill -KILL $$`)
	h := Host(t, shelve(t, films, shelved{file: "old.avi"}))
	b := Chromium(t)
	p, desk := b.Open(h.Ready.Invite, Small), b.Open(h.Ready.Desk, Small)
	p.Enter("Your name", "Sofa", "Join")
	boss := h.Boss()
	boss.Must(party.Cue{Title: "old-avi", Play: true})
	stopped := child(t, p, dir, 1)
	boss.Must(party.Say{Text: "still here"})
	p.Until("the chat", `document.querySelector('[role=log]').textContent.includes('still here')`)
	gone(t, stopped)
	gone(t, child(t, p, dir, 2))
	p.Until("the film", playing+` && v.currentTime > 1 && Math.abs(window.watchparty.position - v.currentTime) < 0.2`)
	if Eval[bool](p, overFilm+` || false`) {
		t.Error("the page tells of it")
	}
	desk.Until("the desk to tell of it", atDesk+`.includes('Converting a film broke off: it is tried again by itself.')`)
	if Eval[bool](p, `(`+atDesk+`) || false`) {
		t.Error("a guest is told of it")
	}
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

// atDesk is what the desk says went wrong.
const atDesk = `(m = document.querySelector('.mishaps')) && m.offsetParent && m.innerText`

// overFilm is what a card over the film says.
const overFilm = `(c = document.querySelector('.card')) && c.offsetParent && c.innerText`
