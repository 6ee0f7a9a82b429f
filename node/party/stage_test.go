package party_test

import (
	"testing"

	"watchparty/node/party"
)

// TestOnStage: who may be seen, who may call up, hush and take off whom; and that there are four at most.
func TestOnStage(t *testing.T) {
	s := newStage(t)
	s.refused("WP-UNKNOWN", "h", party.Beckon{Member: "nobody"})
	s.refused("WP-UNKNOWN", "h", party.Beckon{Member: "g"}) // not here
	s.must("g", party.Come{Screen: party.Screen{ID: "s1", Kind: "page"}})
	s.refused("WP-FORBIDDEN", "g", party.Beckon{Member: "g"})
	s.refused("WP-FORBIDDEN", party.House, party.Appear{Member: "g"})
	s.must("h", party.Beckon{Member: "g"})
	s.must(party.House, party.Appear{Member: "g"})
	s.must(party.House, party.Appear{Member: "h"})
	s.refused("WP-FORBIDDEN", "g", party.Hush{Member: "h"})
	s.refused("WP-FORBIDDEN", "g", party.Bow{Member: "h"})
	s.must("h", party.Hush{Member: "g"})
	if f := s.state.Stage[0]; f.Member != "g" || f.Since == 0 || !f.Hushed {
		t.Errorf("%+v", f)
	}
	s.must(party.House, party.Vanish{Member: "g"})
	s.must(party.House, party.Vanish{Member: "h"})
	if len(s.state.Stage) != 1 || s.state.Stage[0].Since != 0 {
		t.Errorf("who was called up keeps the place, and the host needs none: %+v", s.state.Stage)
	}
	for _, id := range []party.MemberID{"a", "b", "c", "d"} {
		s.must(party.House, party.Admit{Member: party.Member{ID: id, Name: string(id), Region: "FR"}})
		s.must(id, party.Come{Screen: party.Screen{ID: party.ScreenID(id), Kind: "page"}})
		if id != "d" {
			s.must("h", party.Beckon{Member: id})
		}
	}
	s.refused("WP-FULL", "h", party.Beckon{Member: "d"})
	s.refused("WP-FULL", party.House, party.Appear{Member: "h"})
	s.must("g", party.Bow{})
	s.must("h", party.Remove{Member: "a"})
	s.must("h", party.Beckon{Member: "d"})
	if len(s.state.Stage) != 3 {
		t.Errorf("%+v", s.state.Stage)
	}
}
