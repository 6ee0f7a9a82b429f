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
	return strings.Count(string(b), " -c:v "), strings.Count(string(b), " -c:a ")
}

// TestThreeViewers: of three viewers with different abilities one gets the file and two get
// HLS, each in its way; at each place that is new to all, one child makes the pictures and
// one the sound, for everybody.
func TestThreeViewers(t *testing.T) {
	silentMPV(t)
	films := library(t, "long.mkv")
	dir := illFFmpeg(t)
	h := Host(t, shelve(t, films, shelved{file: "long.mkv"}))
	b := Chromium(t)
	mse, native := b.Open(h.Ready.Invite, Small, noNative), b.Open(h.Ready.Invite, Small, noMSE)
	for i, p := range []*Page{mse, native} {
		p.Enter("Your name", fmt.Sprintf("Sofa %d", i), "Join")
		p.Until("what it is", `fetch('/api/titles').then(r => r.json()).then(l => l[0].play)`)
	}
	den, boss := newCinema(h, "Den", ""), h.Boss()
	boss.Must(party.Cue{Title: "long-mkv", Play: true})
	for i, at := range []float64{0, 7200, 12000} {
		if at > 0 {
			boss.Must(party.Seek{Position: party.At(at)})
		}
		for _, p := range []*Page{mse, native} {
			p.Until("the film", playing+fmt.Sprintf(` && v.currentTime > %v && v.currentTime < %v && Math.abs(window.watchparty.position - v.currentTime) < 0.2`, at+0.5, at+20))
		}
		den.follows("the film")
		if pictures, sounds := started(t, dir); pictures != i+1 || sounds != i+1 {
			t.Errorf("after %d places, pictures were made %d times and sound %d times", i+1, pictures, sounds)
		}
	}
	for p, way := range map[*Page]string{mse: "mse", native: "native"} {
		if got := Eval[string](p, `window.watchparty.source`); got != way {
			t.Errorf("it comes as %s, not %s", got, way)
		}
	}
}
