package player

import (
	"testing"
	"time"

	"watchparty/node/party"
)

// TestGoesOn: a player that goes on to the next track by itself a little early is kept on that track's timeline without a
// seek, and the party's word for it changes nothing.
func TestGoesOn(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.set(func(l *party.Timeline) { l.Length = 5 * time.Second })
		s.start(0, party.LeadSeek)
		s.pass(3 * time.Second)
		s.within(3, "the first track")
		ends, _ := s.line.Ends()
		s.pass(ends.Sub(s.clock.Now()) - 12*time.Millisecond)
		seeks := s.seeks
		s.sim.set(0, time.Now()) // its file was that much shorter
		next := party.Timeline{Title: "b", At: ends, Rate: 1, Began: ends}
		s.line = next
		s.follow.Went(next, 5)
		if r := s.reports[len(s.reports)-1]; r.Title != "b" || r.State != party.Playing || r.Measured() {
			t.Errorf("it reports %+v", r)
		}
		s.pass(40 * time.Millisecond)
		s.set(func(l *party.Timeline) { l.Length = 5 * time.Second })
		s.pass(4 * time.Second)
		s.within(3, "the second track")
		if s.seeks != seeks {
			t.Errorf("sought %d times", s.seeks-seeks)
		}
	})
}
