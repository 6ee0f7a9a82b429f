//go:build long

package nodetest_test

import (
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// stadium is a live source on loopback.
type stadium struct {
	testing.TB
	url string
	cmd *exec.Cmd
}

// newStadium sends a picture that moves and a tone, as MPEG-TS by UDP.
func newStadium(t *testing.T) *stadium {
	t.Helper()
	_, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &stadium{TB: t, url: "udp://" + c.LocalAddr().String()}
	c.Close()
	s.send()
	t.Cleanup(s.silence)
	return s
}

func (s *stadium) send() {
	s.Helper()
	s.cmd = exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi", "-i", "sine=440",
		"-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", "-f", "mpegts", s.url)
	if err := s.cmd.Start(); err != nil {
		s.Fatal(err)
	}
}

func (s *stadium) silence() {
	if s.cmd != nil {
		s.cmd.Process.Kill()
		s.cmd.Wait()
		s.cmd = nil
	}
}

// theMatch has a host show what is live.
func (s *stadium) theMatch(t *testing.T) Option {
	t.Helper()
	list := filepath.Join(t.TempDir(), "catalog.yaml")
	text := fmt.Sprintf("version: 1\ntitles: [{id: match, title: The Match, kind: sport, source: %q, regions: {allow: [FR]}}]\n", s.url)
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(c *node.HostConfig) { c.Catalog, c.Cache = list, 1<<30 }
}

const (
	lit = `(v => { const c = document.createElement('canvas'); c.width = c.height = 8; const g = c.getContext('2d'); g.drawImage(v, 0, 0, 8, 8); return g.getImageData(0, 0, 8, 8).data.some((x, i) => i % 4 < 3 && x > 60) })(` + video + `)`
	say = `document.querySelector('.live-note:not([hidden])')?.textContent`
)

// TestLive: two pages, one of them at a guest's node, see a live source together: at its edge, paused,
// back at the edge by one button; and when it falls silent, the party lives and is told.
func TestLive(t *testing.T) {
	from := newStadium(t)
	h := Host(t, from.theMatch(t))
	b := Chromium(t)
	desk := b.Open(h.Ready.Desk, Small, `HTMLMediaElement.prototype.canPlayType = () => ""`) // by hls.js, the other by itself
	sofa := b.Open(h.Node("Sofa", "").URL("/"), Small)
	boss := h.Boss()
	boss.Must(party.Cue{Title: "match", Play: true})
	pages := []*Page{desk, sofa}
	for _, p := range pages {
		p.Until("the picture", playing+` && `+lit)
	}
	if one, other := Eval[string](desk, `watchparty.source`), Eval[string](sofa, `watchparty.source`); one != "mse" || other != "native" {
		t.Errorf("the pages get it by %s and %s", one, other)
	}
	pagesApart(t, pages, 4*time.Second)
	keepPictures(t, map[string]*Page{"live-desk": desk, "live-sofa": sofa})

	desk.Click("Pause")
	for _, p := range pages {
		p.Until("the pause", video+`.paused && !`+video+`.seeking && Math.abs(`+video+`.currentTime - watchparty.position) < 0.042`)
	}
	desk.Until("the edge to move on", `document.querySelector('.live-late').textContent.match(/^−0:(1\d|0[6-9])$/)`)
	keepPictures(t, map[string]*Page{"live-late": desk})
	desk.Click("Back to live")
	for _, p := range pages {
		p.Until("the edge", playing+` && document.querySelector('.live.near') && Math.abs(watchparty.drift) < 45`)
	}

	from.silence()
	for _, p := range pages {
		p.Until("a sentence", say+`.startsWith('The source is silent')`)
		p.Until("the film to go on", playing+` && !`+lit)
	}
	keepPictures(t, map[string]*Page{"live-silent": sofa})
	from.send()
	for _, p := range pages {
		p.Until("the picture again", playing+` && `+lit+` && !`+say)
	}
}

// pagesApart measures how far two pages are apart, and wants it to be within a picture.
func pagesApart(t *testing.T, pages []*Page, d time.Duration) {
	t.Helper()
	end := time.Now().Add(d)
	var apart []float64
	for time.Now().Before(end) {
		a, b := Eval[float64](pages[0], video+`.currentTime - watchparty.position`), Eval[float64](pages[1], video+`.currentTime - watchparty.position`)
		apart = append(apart, math.Abs(a-b)*1000)
		pages[0].Until("a moment", fmt.Sprintf("Date.now() > %d", time.Now().Add(300*time.Millisecond).UnixMilli()))
	}
	slices.Sort(apart)
	t.Logf("apart %.0f ms in the middle, %.0f ms at most", apart[len(apart)/2], apart[len(apart)-1])
	if apart[len(apart)/2] > 45 {
		t.Errorf("%.0f ms apart", apart[len(apart)/2])
	}
}

// TestLiveInMPV: mpv shows what is live as any film: with the others, still on the frame of a pause, back at the
// edge, at an earlier place and at one it has never had; it comes back from a silent source, and goes on with the next film.
func TestLiveInMPV(t *testing.T) {
	silentMPV(t)
	from := newStadium(t)
	h := Host(t, Catalog(t, fmt.Sprintf("version: 1\nlibrary: films\ndefaults: {regions: {allow: [FR]}}\ntitles:\n"+
		"  - {id: match, title: The Match, kind: live, source: %q}\n  - {id: aurora, title: Aurora, file: aurora.mp4}\n", from.url)),
		func(c *node.HostConfig) { c.Cache = 1 << 30 })
	den := newCinema(h, "Den", "")
	boss := h.Boss()
	boss.Must(party.Cue{Title: "match", Play: true})
	den.follows("the match")
	sofa := Chromium(t).Open(h.Ready.Invite, Small) // comes late, and the two are together
	sofa.Enter("Your name", "Sofa", "Join")
	sofa.Until("the picture", playing+` && `+lit+` && Math.abs(watchparty.drift) < 45`)
	den.follows("the match with somebody else")
	boss.Signalled("mpv in step", func(s wire.Signal) bool {
		return s.By == den.Guest.Joined().Member && s.Drift != nil && s.Drift.State == party.Playing && s.Drift.Title == "match" && math.Abs(s.Drift.MS) < 20
	})
	den.rests(boss)
	if rest := boss.State().Timeline.Pos.Seconds(); math.Abs(den.number("time-pos")-rest) > 0.042 {
		t.Errorf("mpv rests at %f, where the party is at %f", den.number("time-pos"), rest)
	}
	boss.Must(party.GoLive{})
	den.follows("the edge")
	boss.Must(party.Seek{Position: party.At(3)})
	den.follows("an earlier place")
	boss.Must(party.GoLive{})
	den.follows("the edge again")
	boss.Must(party.Cue{Title: "aurora", Play: true})
	den.follows("the film")
}
