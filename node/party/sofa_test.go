package party_test

import (
	"testing"
	"time"

	"watchparty/node/party"
)

// TestSofa: who says that three sit before their screen counts three times in the hours from then on, and in the most at once; not
// twice with two screens, and not while they are away. Only the host says it for others.
func TestSofa(t *testing.T) {
	s := newStage(t)
	s.must("h", party.Come{Screen: party.Screen{ID: "s1", Kind: "page"}})
	s.must("g", party.Come{Screen: party.Screen{ID: "s2", Kind: "page"}})
	s.must("g", party.Come{Screen: party.Screen{ID: "s3", Kind: "page"}})
	s.must("h", party.Cue{Title: "open", Play: true})
	s.must("h", party.Play{})
	began := s.state.Timeline.At
	s.after(began.Sub(s.now) + 10*time.Second)
	for _, people := range []int{0, -1, 21} {
		s.refused("WP-BAD", "g", party.Sit{People: people})
	}
	s.refused("WP-FORBIDDEN", "g", party.Sit{People: 2, Member: "h"})
	s.refused("WP-UNKNOWN", "h", party.Sit{People: 2, Member: "nobody"})
	s.must("g", party.Sit{People: 3})
	seq := s.state.Seq
	s.must("g", party.Sit{People: 3})
	if s.state.Seq != seq {
		t.Error("the same was said twice")
	}
	s.after(10 * time.Second)
	s.must("h", party.Sit{People: 2, Member: "g"})
	s.after(10 * time.Second)
	s.must("g", party.Go{Screen: "s2"})
	s.must("g", party.Go{Screen: "s3"})
	s.after(10 * time.Second)
	s.must("h", party.Pause{})
	tally := party.NewTally()
	for _, r := range s.log {
		tally.Add(r)
	}
	e := tally.Evening()
	people := map[party.MemberID]party.Attended{}
	for _, p := range e.People {
		people[p.Member] = p
	}
	if h, g := people["h"], people["g"]; h.Watched != 40 || h.People != 0 || g.Watched != 10+3*10+2*10 || g.People != 3 {
		t.Errorf("the host watched %+v, the sofa %+v", h, g)
	}
	if e.Watched != 100 || e.Peak != 4 || e.Shown[0].Watched != 100 {
		t.Errorf("%v watched together, %d at once, %+v", e.Watched, e.Peak, e.Shown)
	}
}
