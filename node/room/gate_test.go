package room_test

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"watchparty/node/party"
	"watchparty/node/room"
)

// told keeps whom the room said it waits for, and when.
type told struct {
	mu    sync.Mutex
	began time.Time
	all   []string // "2s g network"
}

func (w *told) hear(x room.Waiting) {
	w.mu.Lock()
	defer w.mu.Unlock()
	line := time.Since(w.began).Round(100*time.Millisecond).String() + " nobody"
	for i, one := range x.For {
		if i == 0 {
			line = line[:len(line)-len(" nobody")]
		}
		line += " " + string(one.Member) + " " + one.Why
	}
	w.all = append(w.all, line)
}

func (s *stage) screen(by party.MemberID, id party.ScreenID, r party.Report) {
	r.Title = "x"
	s.room.Signal(room.Signal{By: by, Screen: id, Report: &r})
	synctest.Wait()
}

// heldStarts are what can happen when somebody is not ready, in virtual time.
var heldStarts = []struct {
	name  string
	scene func(*stage)
	want  []string      // who was waited for
	lost  time.Duration // how much later than at once the film is at its place
}{
	{"all are ready", func(s *stage) {
		s.screen("g", "s", rests)
		s.must("h", party.Play{})
		<-time.After(10 * time.Second)
	}, nil, 0},
	{"one comes round after a second and a half", func(s *stage) {
		s.screen("g", "s", dry)
		s.must("h", party.Play{})
		<-time.After(1500 * time.Millisecond)
		s.screen("g", "s", rests)
		<-time.After(8500 * time.Millisecond)
	}, []string{"0s g network", "1s g network", "1.5s nobody"}, 1500 * time.Millisecond},
	{"one does not, and the policy's five seconds pass", func(s *stage) {
		s.must("h", party.Play{}) // nobody has said anything: nobody is waited for
		<-time.After(3 * time.Second)
		s.screen("g", "s", plays)
		for range 12 { // dry for twelve seconds
			s.screen("g", "s", dry)
			<-time.After(time.Second)
		}
		s.screen("g", "s", plays)
	}, []string{"4s g network", "5s g network", "6s g network", "7s g network", "8s g network", "9s g network", "9.2s nobody"}, 5 * time.Second},
	{"a host who wants to go on", func(s *stage) {
		s.screen("g", "s", dry)
		s.must("h", party.Play{})
		<-time.After(time.Second / 2)
		s.must("h", party.Urge{})
		<-time.After(9500 * time.Millisecond)
	}, []string{"0s g network", "500ms nobody"}, time.Second / 2},
	{"who leaves is not waited for", func(s *stage) {
		s.must("g", party.Come{Screen: party.Screen{ID: "s", Kind: "page"}})
		s.screen("g", "s", dry)
		s.must("h", party.Play{})
		<-time.After(time.Second / 2)
		s.must("g", party.Go{Screen: "s"})
		<-time.After(9500 * time.Millisecond)
	}, []string{"0s g network", "500ms nobody"}, time.Second / 2},
}

var (
	dry   = party.Report{State: party.Loading, Why: party.WhyNetwork}
	rests = party.Report{State: party.Paused}
	plays = party.Report{State: party.Playing, MS: 3}
)

// TestHeldStart plays them.
func TestHeldStart(t *testing.T) {
	for _, c := range heldStarts {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := open(t, t.TempDir())
				s.must("h", party.Cue{Title: "x"})
				w := &told{began: time.Now()}
				s.local.OnWaiting(w.hear)
				began := time.Now()
				c.scene(s)
				tl := s.room.State().Timeline
				ran := tl.Position(time.Now())
				if lost := time.Since(began) - ran; lost < c.lost || lost > c.lost+700*time.Millisecond || tl.Rate != 1 {
					t.Errorf("lost %v, want %v and a lead: %+v", lost, c.lost, tl)
				}
				w.mu.Lock()
				defer w.mu.Unlock()
				if !slices.Equal(w.all, c.want) {
					t.Errorf("told %q\nwant %q", w.all, c.want)
				}
				s.stop()
			})
		})
	}
}

// TestDriftIsKept: what screens say of their drift is in the log a minute later, and
// when the party ends.
func TestDriftIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir())
		s.must("h", party.Cue{Title: "x", Play: true})
		<-time.After(time.Second)
		s.screen("g", "s", party.Report{State: party.Playing, MS: -4})
		<-time.After(66 * time.Second)
		synctest.Wait()
		if n := s.room.State().Drift.Count(); n != 1 {
			t.Errorf("%d reports are kept after a minute, want 1", n)
		}
		s.screen("g", "s", party.Report{State: party.Playing, MS: 900})
		s.must("h", party.End{})
		if n := s.room.State().Drift.Count(); n != 2 {
			t.Errorf("%d reports are kept at the end, want 2", n)
		}
		s.stop()
	})
}
