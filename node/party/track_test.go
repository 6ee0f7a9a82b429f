package party_test

import (
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// nearTheEnd is a party at which the next track has just been announced.
func nearTheEnd(t *testing.T, id catalog.TitleID) (s *stage, ends time.Time) {
	s = newStage(t)
	s.must("h", party.Cue{Title: id, Play: true})
	ends, _ = s.state.Timeline.Ends()
	s.now = ends.Add(-20*time.Second - time.Millisecond)
	s.must(party.House, party.Foretell{})
	s.coming("")
	s.after(time.Millisecond)
	s.must(party.House, party.Foretell{})
	return s, ends
}

// on checks what plays, and since when.
func (s *stage) on(id catalog.TitleID, at time.Time) {
	s.t.Helper()
	if l := s.state.Timeline; l.Title != id || l.Rate != 1 || l.Pos != 0 || !l.At.Equal(at) || !l.Began.Equal(at) {
		s.t.Errorf("%+v is on, want %s at %v", l, id, at)
	}
}

// The next track begins at the very instant at which one ends, also where the house is late.
func TestTheNextTrackFollows(t *testing.T) {
	s, ends := nearTheEnd(t, "track1")
	s.coming("track2")
	if !s.state.Coming.Due().Equal(ends) {
		t.Errorf("at %v, want %v", s.state.Coming.Due(), ends)
	}
	s.refused("WP-NOTHING", "h", party.Stay{})
	s.now = ends.Add(-time.Millisecond)
	s.must(party.House, party.Proceed{})
	s.coming("track2")
	s.now = ends.Add(700 * time.Millisecond)
	s.must(party.House, party.Proceed{})
	s.on("track2", ends)
	s.coming("")
	ends, _ = s.state.Timeline.Ends()
	s.now = ends.Add(time.Millisecond)
	s.must(party.House, party.Finish{}) // whatever comes first
	s.on("track3", ends)
	s.now = ends.Add(75 * time.Second)
	s.must(party.House, party.Foretell{})
	s.must(party.House, party.Finish{})
	s.coming("")
	if l := s.state.Timeline; l.Title != "track3" || l.Rate != 0 {
		t.Errorf("after the last track: %+v", l)
	}
}

func TestWhatIsToFollow(t *testing.T) {
	s, ends := nearTheEnd(t, "track1")
	if c, at := s.state.Follows(titles{}, s.now); c != (party.Proceed{}) || !at.Equal(ends) {
		t.Errorf("%T at %v", c, at)
	}
	s.must("h", party.Seek{Position: party.At(3)})
	s.coming("")
	ends, _ = s.state.Timeline.Ends()
	if c, at := s.state.Follows(titles{}, s.now); c != (party.Foretell{}) || !at.Equal(ends.Add(-20*time.Second)) {
		t.Errorf("%T at %v", c, at)
	}
	for name, change := range map[string]func(){
		"paused": func() { s.must("h", party.Pause{}) },
		"a film": func() { s.must("h", party.Cue{Title: "tide", Play: true}) },
		"a film in the queue": func() {
			s.must("h", party.Cue{Title: "track1", Play: true})
			s.must("h", party.Enqueue{Title: "open"})
		},
	} {
		change()
		if c, _ := s.state.Follows(titles{}, s.now); c != nil {
			t.Errorf("%s: %T", name, c)
		}
	}
	if c, _ := s.state.Follows(gone{}, s.now); c != nil {
		t.Errorf("%T", c)
	}
}

// Tracks that people put into the queue come first, and leave it.
func TestQueuedTracksFollow(t *testing.T) {
	s := newStage(t)
	s.must("h", party.Enqueue{Title: "track3"})
	s.must("h", party.Enqueue{Title: "open"})
	s.must("h", party.Cue{Title: "track1", Play: true})
	ends, _ := s.state.Timeline.Ends()
	s.now = ends.Add(-time.Second)
	s.must(party.House, party.Foretell{})
	s.coming("track3")
	s.now = ends
	s.must(party.House, party.Proceed{})
	s.on("track3", ends)
	if len(s.state.Queue) != 1 || s.state.Queue[0].Title != "open" {
		t.Errorf("the queue is %+v", s.state.Queue)
	}
}

// A track that has left the catalog meanwhile does not follow.
func TestTheNextTrackIsGone(t *testing.T) {
	s, ends := nearTheEnd(t, "track1")
	s.now = ends
	events, err := s.state.Decide(party.Proceed{}, party.Env{Now: s.now, Titles: none{}})
	if len(events) != 1 || err != nil || events[0] != (party.Stayed{}) {
		t.Errorf("without the track: %v, %v", events, err)
	}
}

// none is a catalog without any title.
type none struct{ titles }

func (none) Decide(_ catalog.TitleID, v catalog.Viewer, at time.Time) catalog.Decision {
	return titles{}.Decide("nothing", v, at)
}
