//go:build long

package nodetest_test

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// reference is a second picture in a page: the same film as a file that browsers read.
const reference = `(() => { const r = window.reference = document.createElement('video'); r.muted = true; r.src = '/media/t/night-train/file'; r.load(); })()`

// TestCopiedPicture: a film that no browser reads for its container and its sound comes with
// its own picture, and wherever the party is, each screen shows the frame that the file has
// there.
func TestCopiedPicture(t *testing.T) {
	t.Parallel()
	ffmpeg, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	b := Chromium(t)
	h := Host(t, Catalog(t, "version: 1\nlibrary: films\ndefaults: {regions: {allow: [FR]}}\ntitles: [{id: night-train, title: Night Train, file: night-train.mp4}, {id: train, title: Train, file: train.mkv}]"),
		func(c *node.HostConfig) {
			c.Cache = 1 << 30
			films := filepath.Join(filepath.Dir(c.Catalog), "films")
			if out, err := exec.CommandContext(t.Context(), ffmpeg, "-v", "error", "-nostdin", "-i", filepath.Join(films, "night-train.mp4"),
				"-c:v", "copy", "-c:a", "ac3", filepath.Join(films, "train.mkv")).CombinedOutput(); err != nil {
				t.Fatalf("ffmpeg: %v\n%s", err, out)
			}
		})
	ann := h.By("Ann", h.Invite("FR", party.Guest))
	ann.Get("/media/t/train/hls/source/list.m3u8") // waits for the key frames, as long as it takes
	if a := ann.Get("/media/t/train/hls/main.m3u8"); !strings.Contains(string(a.Body), "source/list.m3u8") {
		t.Fatalf("the picture is not copied: %d %s", a.Status, a.Body)
	}
	boss := h.Boss()
	pages := map[string]*Page{}
	for name, scripts := range map[string][]string{"native": nil, "mse": {noNative}} {
		pages[name] = b.Open(h.Invite("FR", party.Guest), Small, scripts...)
		pages[name].Enter("Your name", name, "Join")
	}
	boss.Must(party.Cue{Title: "train", Play: true})
	for name, p := range pages {
		p.Until(name+": the film", playing+` && v.currentTime > 1`)
		Eval[any](p, reference)
		if got := Eval[string](p, `window.watchparty.source`); got != name {
			t.Errorf("%s: the film comes by %q", name, got)
		}
	}
	boss.Must(party.Pause{})
	for range 10 {
		at := float64(rand.N(1340)+24)/24 + 1.0/48 // the middle of a frame
		boss.Must(party.Seek{Position: party.At(at)})
		for name, p := range pages {
			p.Until(fmt.Sprintf("%s: the frame at %f", name, at), video+`.paused && !`+video+`.seeking && Math.abs(`+video+`.currentTime - window.watchparty.position) < 0.005 && Math.abs(window.watchparty.position - `+fmt.Sprint(at)+`) < 0.001 && window.watchparty.doing === 'paused'`)
			Eval[any](p, `void (window.reference.currentTime = `+video+`.currentTime)`)
			p.Until("the file's frame", `!window.reference.seeking && window.reference.readyState > 1`)
			got, want := Eval[string](p, stamp), Eval[string](p, strings.Replace(stamp, video, "window.reference", 1))
			if got != want || !strings.Contains(got, "#") {
				t.Errorf("%s: at %f s the number of the frame is\n%s\nand the file's\n%s", name, at, got, want)
			}
		}
	}
	t.Log("by the browser's own HLS:", Eval[string](pages["native"], `performance.getEntriesByType('resource').map((e) => e.name).filter((n) => /hls/.test(n)).join(' ')`))
	fetched := Eval[string](pages["mse"], `performance.getEntriesByType('resource').map((e) => e.name).filter((n) => /\.m4s$/.test(n)).join('\n')`)
	if !strings.Contains(fetched, "/hls/source/") || strings.Contains(fetched, "/hls/720/") {
		t.Errorf("the page fetched\n%s", fetched)
	}
}
