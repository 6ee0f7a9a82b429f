package party_test

import (
	"testing"
	"time"

	"watchparty/node/party"
)

// TestLive: what is live begins at the edge for all, keeps its place while it is paused, and
// nobody gets beyond the edge or to what is not kept any more.
func TestLive(t *testing.T) {
	s := newStage(t)
	at := func(what string, want time.Duration) {
		t.Helper()
		if got := s.state.Timeline.Pos; got != want {
			t.Errorf("%s: at %v, want %v", what, got, want)
		}
	}
	s.refused("WP-NOTHING", "h", party.GoLive{})
	s.must("h", party.Cue{Title: "open"})
	at("a film", 0)
	s.refused("WP-NOTHING", "h", party.GoLive{})
	s.after(20 * time.Minute)
	s.must("h", party.Cue{Title: "match", Play: true})
	at("put on", 20*time.Minute)
	if line := s.state.Timeline; line.Rate != 1 || line.At.Before(s.now) {
		t.Errorf("put on, and does not run: %+v", line)
	}
	s.after(time.Minute)
	s.must("h", party.Pause{})
	paused := s.state.Timeline.Pos
	s.after(2 * time.Minute)
	s.must("h", party.Play{})
	at("goes on where it was", paused)
	s.must("h", party.Seek{Position: party.At(86400)})
	at("to the future", 23*time.Minute)
	s.must("h", party.Seek{Position: party.At(600)})
	at("back", 10*time.Minute)
	s.must("h", party.Pause{})
	s.refused("WP-FORBIDDEN", "g", party.GoLive{})
	s.after(time.Minute)
	s.must("h", party.GoLive{})
	at("to the edge", 24*time.Minute)
	if line := s.state.Timeline; line.Rate != 1 || s.log[len(s.log)-1].Event.(party.Timed).Why != party.WhyLive {
		t.Errorf("at the edge it does not run: %+v", line)
	}
	s.must("h", party.Pause{})
	s.after(time.Hour)
	s.must("h", party.Play{})
	at("what was paused is gone by now", 54*time.Minute)
}
