package party_test

import (
	"fmt"
	"testing"
	"time"

	"watchparty/node/party"
)

// TestSeen: who was there for four fifths of a title has seen it, over several evenings and whichever parts; what was watched twice counts once, and not what ran
// while the host was away or somebody else was there.
func TestSeen(t *testing.T) {
	s := newStage(t)
	s.must("g", party.Come{Screen: party.Screen{ID: "s1", Kind: "page"}})
	s.comes("late", "half")
	s.must("late", party.Go{Screen: s.state.Members["late"].Screens[0].ID})
	s.must("h", party.Cue{Title: "open", Play: true}) // 74 s
	s.after(party.LeadSeek + 30*time.Second)
	s.must("late", party.Come{Screen: party.Screen{ID: "s7", Kind: "page"}})
	s.must("h", party.Seek{Position: party.At(10)}) // again
	s.after(party.LeadSeek + 25*time.Second)
	s.must("half", party.Go{Screen: s.state.Members["half"].Screens[0].ID})
	s.after(35 * time.Second)
	s.must("h", party.Pause{})
	s.after(time.Hour)
	evening := &party.Seen{}
	for _, r := range s.log {
		evening.Add(r)
	}
	here := []party.MemberID{"g", "half", "late"}
	if got := fmt.Sprint(evening.By(here)); got != "map[open:[g late]]" {
		t.Errorf("seen are %s", got)
	}
	if got := evening.By(here[1:2]); len(got) != 0 {
		t.Errorf("seen by one are %v", got)
	}
	next := newStage(t)
	next.comes("half")
	next.must("h", party.Cue{Title: "open"})
	next.must("h", party.Seek{Position: party.At(45)})
	next.must("h", party.Play{})
	next.after(party.LeadSeek + 25*time.Second)
	alive := next.now
	next.after(20 * time.Second)
	next.must(party.House, party.Resume{Alive: alive})
	both := &party.Seen{}
	for _, r := range next.log {
		both.Add(r)
	}
	both.Pass(next.now.Add(time.Minute))
	if got := both.By(here); len(got) != 0 {
		t.Errorf("half a film seen is %v", got)
	}
	both.Join(evening)
	if got := fmt.Sprint(both.By(here)); got != "map[open:[g half late]]" {
		t.Errorf("seen at both are %s", got)
	}
}

// TestSeenLeast: four fifths have run when the middle of the 80th hundredth has.
func TestSeenLeast(t *testing.T) {
	s := newStage(t)
	s.must("g", party.Come{Screen: party.Screen{ID: "s1", Kind: "page"}})
	s.must("h", party.Cue{Title: "open", Play: true}) // 74 s: that middle is at 58.83 s
	for after, want := range map[time.Duration]int{58500 * time.Millisecond: 0, 59 * time.Second: 1} {
		all := &party.Seen{}
		for _, r := range s.log {
			all.Add(r)
		}
		line := s.state.Timeline
		begin := s.now
		for line.Position(begin) == 0 {
			begin = begin.Add(time.Millisecond)
		}
		all.Pass(begin.Add(after))
		if got := all.By([]party.MemberID{"g"})["open"]; len(got) != want {
			t.Errorf("after %v of it, it is seen by %v", after, got)
		}
	}
}
