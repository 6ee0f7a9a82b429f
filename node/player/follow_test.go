package player

import (
	"math"
	"testing"
	"time"

	"watchparty/node/party"
)

// TestSteady: sound cards run apart by 200 parts in a million, readings are noisy,
// and for ten minutes the player is never further off than a few milliseconds.
func TestSteady(t *testing.T) {
	for _, drift := range []float64{-200e-6, 0, 200e-6} {
		play(t, sim{drift: drift, noise: 0.6, lag: 2 * time.Millisecond}, func(s *stage) {
			s.start(-1, party.LeadPlay)
			s.pass(2 * time.Second)
			s.pass(9 * time.Minute)
			s.within(3, "at the end")
			if s.worst > 3.5 {
				s.Errorf("drift %v: %.2f ms off at worst", drift, s.worst)
			}
			if s.seeks > 1 {
				s.Errorf("drift %v: %d seeks", drift, s.seeks)
			}
			if drift == 0 && s.speeds > 6 {
				s.Errorf("%d changes of speed without a reason", s.speeds)
			}
		})
	}
}

// TestStartOnTheInstant: from a pause nothing is sought, and the player runs when the
// party does.
func TestStartOnTheInstant(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.set(func(l *party.Timeline) { l.Pos = 20 * time.Second })
		s.pass(time.Second)
		seeks := s.seeks
		s.start(-1, 300*time.Millisecond)
		s.pass(250 * time.Millisecond)
		if !s.paused {
			s.Error("did not wait for the instant")
		}
		s.pass(150 * time.Millisecond)
		s.within(1, "at once")
		if s.seeks != seeks {
			s.Error("sought though it was there")
		}
	})
}

// TestSeeks: a slow seek is aimed ahead of, and what a player needs is learnt.
func TestSeeks(t *testing.T) {
	play(t, sim{seek: 700 * time.Millisecond, lag: 60 * time.Millisecond}, func(s *stage) {
		for i, pos := range []float64{60, 120, 240, 30} {
			s.start(pos, party.LeadSeek)
			s.pass(3 * time.Second)
			s.pass(6 * time.Second)
			s.within(2.5, "after a seek")
			if i == 3 && s.worst > 12 {
				s.Errorf("the fourth seek was %.1f ms off at worst: nothing was learnt", s.worst)
			}
		}
		if lag := s.follow.Learnt.Seek; math.Abs(lag.MS-60) > 8 {
			s.Errorf("learnt a lag of %.1f ms, it is 60", lag.MS)
		}
	})
}

// TestLateJoin: who comes in the middle starts on the timeline, and where the film
// opened in time without another seek.
func TestLateJoin(t *testing.T) {
	for took, seeks := range map[time.Duration]int{150 * time.Millisecond: 0, 900 * time.Millisecond: 1} {
		play(t, sim{}, func(s *stage) {
			s.follow.Rest(party.Loading)
			s.start(0, 0)
			s.pass(77 * time.Second)
			if s.follow.Doing() != party.Loading {
				s.Errorf("without a film it is %s", s.follow.Doing())
			}
			before := s.seeks
			s.open(took)
			s.pass(700 * time.Millisecond)
			s.within(2, "after joining")
			if n := s.seeks - before; n != seeks {
				s.Errorf("opened in %v: %d seeks", took, n)
			}
		})
	}
}

// TestOpensElsewhere: a film that opened while the party went back is not waited for.
func TestOpensElsewhere(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.follow.Rest(party.Loading)
		s.start(300, 0)
		s.pass(time.Second)
		at := s.follow.Opening()
		s.start(20, party.LeadSeek)
		s.sim.set(at, time.Now())
		s.follow.Loaded("a", 600, at)
		s.pass(2 * time.Second)
		s.within(2, "after the party went back")
	})
}

// TestPause: all stop on the frame that was agreed, and say when they are ready.
func TestPause(t *testing.T) {
	play(t, sim{drift: 150e-6, noise: 0.5}, func(s *stage) {
		s.start(10, party.LeadSeek)
		s.pass(20 * time.Second)
		s.stops()
		s.pass(100 * time.Millisecond)
		if s.paused {
			s.Error("stopped before the agreed instant")
		}
		s.pass(time.Second)
		want := math.Ceil(s.line.Pos.Seconds()/picture-1e-6) * picture
		if !s.paused || math.Abs(s.now()-want) > 1e-6 {
			s.Errorf("rests at %v, want %v", s.now(), want)
		}
		last := s.reports[len(s.reports)-1]
		if last.State != party.Paused || last.Pos != s.line.Pos.Seconds() || last.Title != "a" || last.Need < 30 || last.Need > 100 {
			s.Errorf("reported %+v", last)
		}
		s.pos -= 3 * picture // somebody steps by a frame
		s.pass(time.Second)
		if math.Abs(s.now()-want) > 1e-6 {
			s.Errorf("stepped to %v and stayed there, want %v", s.now(), want)
		}
	})
}

// TestHold: a start that waits for others is waited for at its position, and only who
// has bytes is ready.
func TestHold(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.dry = true
		s.set(func(l *party.Timeline) {
			l.Pos, l.At, l.Hold = 33*time.Second, s.clock.Now(), s.clock.Now().Add(5*time.Second)
		})
		s.pass(time.Second)
		if r := s.reports[len(s.reports)-1]; r.State != party.Loading || r.Why != party.WhyNetwork {
			s.Errorf("without bytes it says %+v", r)
		}
		s.dry = false
		s.pass(time.Second)
		if r := s.reports[len(s.reports)-1]; r.State != party.Paused || r.Pos != 33 {
			s.Errorf("with bytes it says %+v", r)
		}
		s.start(-1, 120*time.Millisecond)
		s.pass(time.Second)
		s.within(1.5, "after the hold")
	})
}

// TestHiccups: a player that falls behind by a little catches up, by a lot is started again.
func TestHiccups(t *testing.T) {
	play(t, sim{noise: 0.5}, func(s *stage) {
		s.start(0, party.LeadSeek)
		s.pass(5 * time.Second)
		seeks := s.seeks
		s.pos -= 0.040
		s.pass(8 * time.Second)
		s.within(2.5, "after 40 ms")
		if s.seeks != seeks {
			s.Error("40 ms were sought")
		}
		s.pos -= 1.5
		s.pass(2 * time.Second)
		s.within(2.5, "after 1.5 s")
		if s.seeks == seeks {
			s.Error("1.5 s were not sought")
		}
	})
}

// TestStarved: a player without bytes says so, and comes back to the timeline.
func TestStarved(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.start(0, party.LeadSeek)
		s.pass(5 * time.Second)
		s.follow.Starved(true)
		s.set(func(*party.Timeline) {})
		s.sim.set(s.now(), time.Now().Add(3*time.Second)) // stands still
		s.pass(3 * time.Second)
		if r := s.reports[len(s.reports)-1]; r.State != party.Loading || r.Why != party.WhyNetwork {
			s.Errorf("says %+v", r)
		}
		s.follow.Starved(false)
		s.pass(2 * time.Second)
		s.within(2.5, "with bytes again")
	})
}

// TestStarvedNoMore: that a player has bytes says nothing of a film that is still being opened.
func TestStarvedNoMore(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.start(0, party.LeadSeek)
		s.pass(5 * time.Second)
		s.follow.Rest(party.Loading)
		s.set(func(l *party.Timeline) { l.Pos, l.Rate = 90*time.Second, 0 })
		seeks := s.seeks
		s.follow.Starved(false)
		s.pass(100 * time.Millisecond)
		if s.seeks != seeks {
			s.Error("sought in a film that is not open")
		}
	})
}

// TestSlowSeek: a seek that does not land says why the others wait, and is not made
// again and again.
func TestSlowSeek(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.seek = 4 * time.Second
		seeks := s.seeks
		s.set(func(l *party.Timeline) {
			l.Pos, l.At, l.Hold = 90*time.Second, s.clock.Now(), s.clock.Now().Add(5*time.Second)
		})
		s.pass(2 * time.Second)
		if r := s.reports[len(s.reports)-1]; r.State != party.Loading || r.Why != party.WhyNetwork {
			s.Errorf("says %+v", r)
		}
		s.pass(3 * time.Second)
		if r := s.reports[len(s.reports)-1]; r.State != party.Paused || r.Pos != 90 || s.seeks != seeks+1 {
			s.Errorf("says %+v after %d seeks", r, s.seeks-seeks)
		}
	})
}

// TestDeaf: a player that does not answer is no screen that is ready, and is taken
// back when it does.
func TestDeaf(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.start(0, party.LeadSeek)
		s.pass(5 * time.Second)
		s.hangs = true
		s.pass(4 * time.Second)
		if r := s.reports[len(s.reports)-1]; r.State != party.Loading || r.Why != party.WhyDecoder {
			s.Errorf("says %+v", r)
		}
		s.hangs = false
		s.pass(3 * time.Second)
		s.within(2.5, "awake again")
	})
}

// TestLateStartTeachesNothing: a machine that was busy says nothing about the player.
func TestLateStartTeachesNothing(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.start(-1, 200*time.Millisecond)
		s.pass(100 * time.Millisecond)
		time.Sleep(250 * time.Millisecond)
		s.pass(5 * time.Second)
		if l := s.follow.Learnt.Pause; l.N != 0 || l.MS != 0 {
			s.Errorf("learnt %+v", l)
		}
	})
}

// TestOffset: a screen whose sound is heard late plays early, and pauses early.
func TestOffset(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.follow.Offset = 80 * time.Millisecond
		s.start(0, party.LeadSeek)
		s.pass(4 * time.Second)
		s.within(2.5, "with an offset")
		if ahead := s.error() + 80; math.Abs(ahead-80) > 3 {
			s.Errorf("%.1f ms ahead", ahead)
		}
		if r := s.reports[len(s.reports)-1]; r.Need < 110 {
			s.Errorf("who plays 80 ms early says that %v ms of warning will do", r.Need)
		}
	})
}

// TestHands: while a person has the picture, it stays as they put it.
func TestHands(t *testing.T) {
	play(t, sim{}, func(s *stage) {
		s.start(0, party.LeadSeek)
		s.pass(4 * time.Second)
		s.Pause(true)
		s.follow.Hands(true)
		s.pass(2 * time.Second)
		if !s.paused {
			s.Error("went on while a person had it")
		}
		s.follow.Again()
		s.pass(2 * time.Second)
		s.within(2.5, "given back")
	})
}

// TestStepped: a film without sound is kept to half a picture or so.
func TestStepped(t *testing.T) {
	play(t, sim{stepped: true, drift: 100e-6}, func(s *stage) {
		s.start(0, party.LeadSeek)
		s.pass(2 * time.Second)
		s.pass(3 * time.Minute)
		if s.worst > 25 {
			s.Errorf("%.1f ms off at worst", s.worst)
		}
	})
}
