package nodetest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/media/catalog"
	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// hardFilms are films as people have them: what makes each, after the sources.
var hardFilms = []struct {
	id, file string
	args     []string
}{
	{"hevc", "hevc.mkv", []string{"-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=error", "-c:a", "eac3"}},
	{"old", "old.avi", []string{"-c:v", "mpeg4", "-q:v", "5", "-c:a", "libmp3lame"}},
	{"tv", "tv.ts", []string{"-c:v", "mpeg2video", "-q:v", "5", "-c:a", "mp2"}},
	{"web", "web.webm", []string{"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"}},
}

// films makes the films, and a catalog of them.
func films(t *testing.T) (list string) {
	t.Helper()
	path, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	dir := t.TempDir()
	text := "version: 1\nlibrary: .\ndefaults: {regions: {allow: [world]}}\ntitles:\n"
	for _, f := range hardFilms {
		args := []string{"-hide_banner", "-loglevel", "error", "-nostdin", "-y",
			"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-t", "40", "-g", "50"}
		out, err := exec.Command(path, append(append(args, f.args...), filepath.Join(dir, f.file))...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", f.file, err, out)
		}
		text += fmt.Sprintf("  - {id: %s, title: %s, file: %s}\n", f.id, f.id, f.file)
	}
	if err := os.WriteFile(filepath.Join(dir, "hevc.en.srt"), []byte("1\n00:00:01,000 --> 00:00:39,000\nAll of it\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	list = filepath.Join(dir, "catalog.yaml")
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestAnyFilm: films that no browser reads, and one that it does, play in a browser and
// in mpv at one party, and seek to where the party goes.
func TestAnyFilm(t *testing.T) {
	silentMPV(t)
	list := films(t)
	h := Host(t, func(c *node.HostConfig) { c.Catalog, c.Cache = list, 1<<30 })
	b := Chromium(t)
	sofa := b.Open(h.Ready.Invite, Small)
	sofa.Enter("Your name", "Sofa", "Join")
	den := newCinema(h, "Den", "")
	boss := h.Boss()
	if text := string(Do(t, "GET", h.URL("/metrics"), "", nil).Body); !strings.Contains(text, "\nwatchparty_conversions_working 0\n") || !strings.Contains(text, "\nwatchparty_conversions_waiting 0\n") {
		t.Errorf("the metrics tell nothing of conversions:\n%s", text)
	}
	for i, f := range hardFilms {
		sofa.Until("what "+f.id+" is", fmt.Sprintf(`fetch('/api/titles').then(r => r.json()).then(l => !!l.find(t => t.id === %q && t.play))`, f.id))
		boss.Must(party.Cue{Title: catalog.TitleID(f.id), Play: true})
		sofa.Until(f.id, playing+` && v.currentTime > 0.5 && v.videoWidth === 320 && Math.abs(window.watchparty.position - v.currentTime) < 0.2`)
		den.follows(f.id)
		for _, to := range []float64{31, 7.3} {
			boss.Must(party.Seek{Position: party.At(to)})
			sofa.Until(fmt.Sprintf("%s at %v", f.id, to), playing+fmt.Sprintf(` && v.currentTime > %v && v.currentTime < %v && Math.abs(window.watchparty.position - v.currentTime) < 0.2`, to, to+9))
			den.follows(f.id)
		}
		if i == 0 { // the only one with subtitles
			sofa.Click("Subtitles")
			sofa.Until("the menu", `document.querySelector('.words:popover-open')`)
			continue
		}
		sofa.Until("no menu of another film", `!document.querySelector('.words:popover-open')`)
	}
}
