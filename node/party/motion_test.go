package party_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"watchparty/node/party"
)

// voting is a party of a host and guests g, a, b and c, who are all here, where the room votes about the film.
func voting(t *testing.T) *stage {
	s := newStage(t)
	for _, id := range []party.MemberID{"a", "b", "c"} {
		s.must(party.House, party.Admit{Member: party.Member{ID: id, Name: string(id)}})
	}
	for _, id := range []party.MemberID{"h", "g", "a", "b", "c"} {
		s.must(id, party.Come{Screen: party.Screen{ID: party.ScreenID("of " + id), Kind: "page"}})
	}
	s.must("h", party.Cue{Title: "open", Play: true})
	s.refused("WP-FORBIDDEN", "g", party.Pause{})
	s.must("h", party.Set{Vote: ptr(true)})
	s.after(time.Second)
	return s
}

// TestMotion: who may not drive asks the room; more yes than no of those who are here within 15 seconds does it, most of all
// at once; one vote at a time, and who was voted down waits a minute.
func TestMotion(t *testing.T) {
	s := voting(t)
	s.refused("WP-FORBIDDEN", "g", party.Cue{Title: "tide"})
	s.must("g", party.Play{}) // it runs already: nobody is asked
	if s.state.Motion != nil {
		t.Fatalf("a vote about nothing: %+v", s.state.Motion)
	}
	s.must("g", party.Pause{})
	m := *s.state.Motion
	if m.By != "g" || m.What != "pause" || !m.Votes["g"] || m.Until != s.now.Add(15*time.Second).UnixMilli() || s.state.Timeline.Rate == 0 {
		t.Fatalf("the vote is %+v", m)
	}
	s.refused("WP-BUSY", "a", party.Seek{Position: party.At(5)})
	s.refused("WP-CLOSED", "a", party.Back{Motion: "0", Yes: true})
	s.must("a", party.Back{Motion: m.ID})
	s.must("a", party.Pause{}) // the same wish is a yes
	if s.state.Timeline.Rate == 0 {
		t.Error("two of five paused it")
	}
	s.must("b", party.Back{Motion: m.ID, Yes: true})
	if m := s.state.Motion; s.state.Timeline.Rate != 0 || !m.Passed || m.Yes != 3 || m.Closed == 0 {
		t.Errorf("most of all said yes: %+v, %+v", s.state.Timeline, m)
	}
	s.refused("WP-SLOW", "c", party.Play{})

	s.after(6 * time.Second)
	s.must("c", party.Seek{Position: party.At(40)})
	s.must("a", party.Back{Motion: s.state.Motion.ID})
	s.after(15 * time.Second)
	s.refused("WP-CLOSED", "b", party.Back{Motion: s.state.Motion.ID, Yes: true})
	s.must(party.House, party.Resolve{})
	if m := s.state.Motion; m.Passed || m.Yes != 1 || m.No != 1 || s.state.Timeline.Position(s.now) > 30*time.Second {
		t.Errorf("a tie did it: %+v", m)
	}
	s.after(10 * time.Second)
	s.refused("WP-SLOW", "c", party.Play{})
	s.must("b", party.Seek{Position: party.At(40)})
	s.after(15 * time.Second)
	s.must(party.House, party.Resolve{})
	if s.state.Timeline.Position(s.now) != 40*time.Second {
		t.Errorf("nobody minded, and the film is at %v", s.state.Timeline.Position(s.now))
	}
	s.after(time.Minute)
	s.must("c", party.Play{})
	s.must("h", party.Play{})
	if s.state.Motion != nil || s.state.Timeline.Rate == 0 {
		t.Errorf("the host drives, and the vote is %+v", s.state.Motion)
	}
	s.must("h", party.Mute{Member: "c"})
	s.refused("WP-MUTED", "c", party.Pause{})
	s.must("a", party.Pause{})
	s.must("h", party.Set{Vote: ptr(false)})
	if s.state.Motion != nil {
		t.Error("a vote goes on where none is held")
	}
	s.keepMotions(t)
}

// TestMotionVotes: only who is here counts; most of all against ends it at once; who is alone is asked nothing.
func TestMotionVotes(t *testing.T) {
	s := voting(t)
	s.must("g", party.Pause{})
	s.must("a", party.Back{Motion: s.state.Motion.ID, Yes: true})
	s.must("a", party.Go{Screen: "of a"})
	s.must("b", party.Back{Motion: s.state.Motion.ID})
	s.must("c", party.Back{Motion: s.state.Motion.ID})
	if m := s.state.Motion; m.Passed || m.Closed == 0 || m.Yes != 1 || m.No != 2 {
		t.Errorf("half of the four who are here said no: %+v", m)
	}
	s.after(time.Minute)
	s.must("b", party.Pause{})
	s.must("c", party.Back{Motion: s.state.Motion.ID, Yes: true})
	if s.state.Motion.Closed != 0 {
		t.Error("two of four are most of all")
	}
	s.after(15 * time.Second)
	s.must(party.House, party.Resolve{})
	for _, id := range []party.MemberID{"h", "b", "c"} {
		s.must(id, party.Go{Screen: party.ScreenID("of " + id)})
	}
	s.after(time.Minute)
	s.must("g", party.Seek{Position: party.At(7)})
	if m := s.state.Motion; !m.Passed || s.state.Timeline.Pos != 7*time.Second {
		t.Errorf("alone, and asked: %+v", m)
	}
	s.after(time.Minute)
	s.must("h", party.Come{Screen: party.Screen{ID: "of h", Kind: "page"}})
	s.must("g", party.Seek{Position: party.At(1)})
	s.must(party.House, party.Resume{Alive: s.now})
	if s.state.Motion != nil {
		t.Error("a vote outlives its host")
	}
}

// keepMotions keeps the bytes of votes and what each makes of them: the page folds the same.
func (s *stage) keepMotions(t *testing.T) {
	t.Helper()
	var b bytes.Buffer
	var folded party.State
	for _, r := range s.log {
		var kept party.State // as a snapshot leaves it
		if text, err := json.Marshal(folded); err != nil || json.Unmarshal(text, &kept) != nil {
			t.Fatal(err)
		}
		folded = kept
		folded.Apply(r)
		state, err := json.Marshal(folded.Motion)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n%s\n", r.Bytes(), state)
	}
	golden(t, "motion.jsonl", b.Bytes())
}
