package guest

import (
	"testing"
	"time"

	"watchparty/node/wire"
)

// TestChoiceOfRoad: the road changes for loss that lasts, not for a bad beginning, and only where TCP is faster; and back after
// a while that grows.
func TestChoiceOfRoad(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	var c choice
	var l wire.Loss
	sends := func(sent, lost uint64, bbr bool) bool {
		l = wire.Loss{Sent: l.Sent + sent, Lost: l.Lost + lost, BBR: bbr}
		now = now.Add(lookEvery)
		return c.look(l, now)
	}
	for i, step := range []struct {
		sent, lost uint64
		bbr, moves bool
	}{
		{5000, 100, true, false}, // a start that is too fast
		{5000, 4, true, false},
		{5000, 100, true, false},
		{10, 9, true, false}, // too few to say anything
		{5000, 100, false, false},
		{5000, 100, true, true},
	} {
		if got := sends(step.sent, step.lost, step.bbr); got != step.moves {
			t.Fatalf("step %d: %v", i, got)
		}
	}
	for _, stay := range []time.Duration{firstStay, 2 * firstStay, 4 * firstStay} {
		c.took(true, now)
		if now = now.Add(stay - time.Second); c.due(now) {
			t.Errorf("QUIC is tried again before %v", stay)
		}
		if now = now.Add(time.Second); !c.due(now) {
			t.Errorf("QUIC is not tried again after %v", stay)
		}
		c.took(false, now)
		now = now.Add(time.Minute)
	}
	now = now.Add(goodStay)
	if c.took(true, now); c.stay != firstStay {
		t.Errorf("after a good while on QUIC it stays away for %v", c.stay)
	}
	c.took(false, now)
	l = wire.Loss{}
	if sends(2000, 100, true) {
		t.Error("another connection's count was taken for this one's")
	}
}
