package party_test

import (
	"strconv"
	"testing"

	"watchparty/node/party"
)

// TestScreensOfOne: one may be there on many screens, but not on any number; one that comes again leaves its place to itself, and
// nobody else's.
func TestScreensOfOne(t *testing.T) {
	s := newStage(t)
	s.must("h", party.Come{Screen: party.Screen{ID: "h1", Kind: "page"}})
	for i := range 16 {
		s.must("g", party.Come{Screen: party.Screen{ID: party.ScreenID(strconv.Itoa(i)), Kind: "page"}, Was: "h1"})
	}
	s.refused("WP-FULL", "g", party.Come{Screen: party.Screen{ID: "more", Kind: "page"}, Was: "h1"})
	s.must("g", party.Come{Screen: party.Screen{ID: "again", Kind: "page"}, Was: "7"})
	var came, went int
	for _, r := range s.log {
		switch r.Event.(type) {
		case party.Came:
			came++
		case party.Went:
			went++
		}
	}
	if h, g := s.state.Members["h"].Screens, s.state.Members["g"].Screens; len(h) != 1 || len(g) != 16 || g[15].ID != "again" || came != 18 || went != 1 {
		t.Errorf("%v and %v after %d came and %d went", h, g, came, went)
	}
}
