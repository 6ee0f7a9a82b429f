//go:build long

package nodetest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// What a browser says that it cannot do: scripts for Open.
const (
	noFile = `(f => HTMLMediaElement.prototype.canPlayType = function (t) { return /mpegurl/i.test(t) ? f.call(this, t) : '' })(HTMLMediaElement.prototype.canPlayType);`
	noMSE  = `delete window.MediaSource; delete window.ManagedMediaSource;`
)

// started counts the children that made pictures and sound since the beginning.
func started(t testing.TB, dir string) (pictures, sounds int) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "starts"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Count(string(b), " -force_key_frames "), strings.Count(string(b), " -c:a ")
}

// TestThreeViewers: of three viewers with different abilities one gets the file and two get
// HLS, each in its way; at each place that is new to all, one child at most makes the pictures
// and one the sound, for everybody, also where the picture is large enough for a smaller size.
func TestThreeViewers(t *testing.T) {
	silentMPV(t)
	for film, places := range map[string][]float64{"long.mkv": {0, 7200, 12000}, "tall.mkv": {0, 102, 202}} {
		t.Run(film, func(t *testing.T) { threeViewers(t, shelved{file: film}, places) })
	}
}

func threeViewers(t *testing.T, film shelved, places []float64) {
	films := library(t, film.file)
	dir := illFFmpeg(t)
	h := Host(t, shelve(t, films, film))
	b := Chromium(t)
	mse, native := b.Open(h.Ready.Invite, Small, noNative), b.Open(h.Ready.Invite, Small, noMSE)
	for i, p := range []*Page{mse, native} {
		p.Enter("Your name", fmt.Sprintf("Sofa %d", i), "Join")
		p.Until("what it is", `fetch('/api/titles').then(r => r.json()).then(l => l[0].play)`)
	}
	den, boss := newCinema(h, "Den", ""), h.Boss()
	boss.Must(party.Cue{Title: film.id(), Play: true})
	for i, at := range places {
		if at > 0 {
			boss.Must(party.Seek{Position: party.At(at)})
		}
		for _, p := range []*Page{mse, native} { // for two segments and more, so that another size could be chosen
			p.Until("the film", playing+fmt.Sprintf(` && v.currentTime > %v && v.currentTime < %v && Math.abs(window.watchparty.position - v.currentTime) < 0.2`, at+5, at+30))
		}
		den.follows("the film")
		if pictures, sounds := started(t, dir); pictures > i+1 || sounds > i+1 { // fewer where what was made ahead reaches so far
			t.Errorf("after %d places, pictures were made %d times and sound %d times", i+1, pictures, sounds)
		}
	}
	for p, way := range map[*Page]string{mse: "mse", native: "native"} {
		if got := Eval[string](p, `window.watchparty.source`); got != way {
			t.Errorf("it comes as %s, not %s", got, way)
		}
	}
}

// TestSlowNetwork: whose network is too slow for the size that is made for all gets a smaller one.
func TestSlowNetwork(t *testing.T) {
	h := Host(t, shelve(t, library(t, "tall.mkv"), shelved{file: "tall.mkv"}))
	b := Chromium(t)
	for _, way := range []string{noNative, noMSE} {
		p := b.Open(h.Ready.Invite, Small, noFile+way)
		p.Enter("Your name", "Sofa", "Join")
		p.Until("what it is", `fetch('/api/titles').then(r => r.json()).then(l => l[0].play)`)
		h.Boss().Must(party.Cue{Title: "tall-mkv", Play: true})
		p.Until("the film", playing+` && v.currentTime > 1 && v.videoHeight === 512`)
		p.Throttle(60_000)
		h.Boss().Must(party.Seek{Position: party.At(120)}) // where nothing was fetched yet
		for range 6 {                                      // it takes two pieces that take long
			if Eval[bool](p, `new Promise(ok => { const look = setInterval(() => {
				if (performance.getEntriesByType('resource').some(e => e.name.endsWith('/main.480.m3u8'))) { clearInterval(look); ok(true) }
			}, 200); setTimeout(() => { clearInterval(look); ok(false) }, 10000) })`) {
				break
			}
		}
		p.Throttle(0)
		p.Until("the film", playing+` && v.videoHeight === 480`)
		p.Close()
	}
}
