package party_test

import (
	"testing"

	"watchparty/node/party"
)

// TestReply: a line answers another as long as that is among the last ones; an answer to what is gone stands alone.
func TestReply(t *testing.T) {
	s := newStage(t)
	s.must("g", party.Say{Text: "who is that?"})
	first := s.state.Messages[0].Seq
	s.must("h", party.Say{Text: "the aunt", Re: first})
	s.must("h", party.Say{Text: "waves", Me: true, Re: first + 1000})
	want := []party.Said{{Text: "who is that?"}, {Text: "the aunt", Re: first}, {Text: "waves", Me: true}}
	for i, m := range s.state.Messages {
		if m.Said != want[i] {
			t.Errorf("line %d is %+v, want %+v", i, m.Said, want[i])
		}
	}
}

// TestPin: moderators keep one line on top, which stays when it has long left the last ones.
func TestPin(t *testing.T) {
	s := newStage(t)
	s.must("g", party.Say{Text: "popcorn at ten"})
	line := s.state.Messages[0].Seq
	s.refused("WP-FORBIDDEN", "g", party.Pin{Line: line})
	s.refused("WP-UNKNOWN", "h", party.Pin{Line: line + 1})
	s.must("h", party.SetRole{Member: "g", Role: party.Moderator})
	s.must("g", party.Pin{Line: line})
	for range 201 {
		s.must("h", party.Say{Text: "x"})
	}
	if p := s.state.Pinned; p == nil || p.Seq != line || p.Text != "popcorn at ten" || p.By != "g" || p.Pinner != "g" {
		t.Errorf("pinned is %+v", p)
	}
	s.must("h", party.Erase{Line: s.state.Messages[0].Seq})
	s.must("h", party.Pin{Line: s.state.Messages[1].Seq})
	s.must("h", party.Erase{Line: s.state.Messages[1].Seq})
	if p := s.state.Pinned; p == nil || p.Text != "" || !p.Gone {
		t.Errorf("of a deleted line %+v is on top", p)
	}
	seq := s.state.Seq
	s.must("g", party.Pin{Line: s.state.Messages[9].Seq})
	s.must("h", party.Pin{})
	s.must("h", party.Pin{})
	if s.state.Pinned != nil || s.state.Seq != seq+2 {
		t.Errorf("pinned is %+v after %d records", s.state.Pinned, s.state.Seq-seq)
	}
}
