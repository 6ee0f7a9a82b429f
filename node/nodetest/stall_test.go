//go:build long

package nodetest_test

import (
	"fmt"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestStall: a guest whose bytes stop for ten seconds in the middle costs the others the
// policy's seconds, once; they are told whom they wait for; and the guest catches up alone.
func TestStall(t *testing.T) {
	t.Parallel()
	h := Host(t)
	b := Chromium(t)
	sofa := b.Open(h.Ready.Invite, Small)
	sofa.Enter("Your name", "Sofa", "Join")
	boss := h.Boss()
	boss.Must(party.Cue{Title: "night-train"})
	sofa.Until("a film that rests", ready)
	rate := Eval[float64](sofa, `fetch('/api/titles').then(r => r.json()).then(l => l.find(t => t.id === 'night-train').bytesPerSecond)`)
	v := h.Valve(int(2.5 * rate)) // so that the page has little in store
	den := b.Open(v.Through(h.Ready.Invite), Small)
	den.Enter("Your name", "Den", "Join")
	den.Until("a film that rests", ready)
	boss.Must(party.Play{})
	for _, p := range []*Page{sofa, den} {
		p.Until("the film", playing+` && v.currentTime > 2`)
	}

	began, line := time.Now(), boss.State().Timeline
	from := line.Position(began)
	v.Shut()
	sofa.Until("whom it waits for", cardSays("Waiting for Den", "their network is slow", "Goes on in"))
	dry := time.Now()
	sofa.Until("no card any more", noCard)
	sofa.Until("the film goes on", playing)
	sofa.Until("ten seconds without bytes", fmt.Sprintf("Date.now() > %d", dry.Add(10*time.Second).UnixMilli()))
	v.Open()
	den.Until("the others' place", playing+` && Math.abs(window.watchparty.position - v.currentTime) < 0.3`)
	sofa.Until("the film", playing)

	now := time.Now()
	line = boss.State().Timeline
	lost := now.Sub(began) - (line.Position(now) - from)
	t.Logf("the others lost %v", lost.Round(time.Millisecond))
	if lost > 5*time.Second+party.LeadPlay+time.Second {
		t.Errorf("the others lost %v of %v", lost, now.Sub(began))
	}
	if n := boss.Timed(party.WhyWait); n != 1 {
		t.Errorf("the film was held %d times", n)
	}
}
