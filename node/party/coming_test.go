package party_test

import (
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// atTheEnd is a party at which a title has just reached its end.
func atTheEnd(t *testing.T, id catalog.TitleID) *stage {
	s := newStage(t)
	s.must("h", party.Cue{Title: id, Play: true})
	s.after(75 * time.Second)
	s.must(party.House, party.Finish{})
	return s
}

func (s *stage) coming(want catalog.TitleID) {
	s.t.Helper()
	var got catalog.TitleID
	if s.state.Coming != nil {
		got = s.state.Coming.Title
	}
	if got != want {
		s.t.Errorf("%q is coming, want %q", got, want)
	}
}

func TestTheNextEpisodeFollows(t *testing.T) {
	s := atTheEnd(t, "tide")
	s.coming("storm")
	if d := s.state.Coming.Due().Sub(s.now); d != 10*time.Second {
		t.Errorf("in %v, want 10 s", d)
	}
	s.after(9999 * time.Millisecond)
	s.must(party.House, party.Proceed{})
	s.coming("storm") // not yet
	s.after(time.Millisecond)
	s.must(party.House, party.Proceed{})
	s.coming("")
	if l := s.state.Timeline; l.Title != "storm" || l.Rate != 1 || l.Pos != 0 {
		t.Errorf("after the countdown: %+v", l)
	}
	seq := s.state.Seq
	s.must(party.House, party.Proceed{})
	s.must("h", party.Stay{})
	if s.state.Seq != seq {
		t.Error("with nothing coming there is nothing to do")
	}
}

func TestTheNextEpisodeCanBeStopped(t *testing.T) {
	for name, stop := range map[string]func(*stage){
		"stay":    func(s *stage) { s.must("h", party.Stay{}) },
		"again":   func(s *stage) { s.must("h", party.Play{}) },
		"seek":    func(s *stage) { s.must("h", party.Seek{Position: party.At(3)}) },
		"another": func(s *stage) { s.must("h", party.Cue{Title: "open"}) },
		"away":    func(s *stage) { s.must(party.House, party.Resume{Alive: s.now}) },
		"end":     func(s *stage) { s.must("h", party.End{}) },
	} {
		t.Run(name, func(t *testing.T) {
			s := atTheEnd(t, "tide")
			s.refused("WP-FORBIDDEN", "g", party.Stay{})
			stop(s)
			s.coming("")
		})
	}
}

func TestNothingFollows(t *testing.T) {
	atTheEnd(t, "open").coming("") // a film
	atTheEnd(t, "storm").coming("")
	s := newStage(t)
	s.must("h", party.Enqueue{Title: "open"})
	s.must("h", party.Cue{Title: "tide", Play: true})
	s.after(75 * time.Second)
	s.must(party.House, party.Finish{})
	s.coming("") // people have chosen something else
}

// gone is the catalog without the next episode.
type gone struct{ titles }

func (gone) Decide(id catalog.TitleID, v catalog.Viewer, at time.Time) catalog.Decision {
	if id == "storm" {
		id = "nothing"
	}
	return titles{}.Decide(id, v, at)
}

func TestTheNextEpisodeIsGone(t *testing.T) {
	s := atTheEnd(t, "tide")
	s.after(10 * time.Second)
	events, err := s.state.Decide(party.Proceed{}, party.Env{Now: s.now, Titles: gone{}})
	if len(events) != 1 || err != nil || events[0] != (party.Stayed{}) {
		t.Errorf("without the episode: %v, %v", events, err)
	}
	s.state.Coming = nil
	s.must("h", party.Play{})
	s.after(75 * time.Second)
	events, err = s.state.Decide(party.Finish{}, party.Env{Now: s.now, Titles: gone{}})
	if len(events) != 1 || err != nil {
		t.Errorf("an episode that is not there is not announced: %v, %v", events, err)
	}
}
