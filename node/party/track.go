package party

import (
	"time"

	"watchparty/media/catalog"
)

// foretold is how long before a track's end everybody is told which one follows: time
// enough to have it ready, so that it begins at the instant at which this one ends.
const foretold = 20 * time.Second

// Foretell announces the track that follows while the one before still plays. The house
// wishes it.
type Foretell struct{}

func (Foretell) power() Power { return Attend }

// Follows is what the house has to wish about what comes next, and when; nil: nothing.
func (s *State) Follows(titles Titles, now time.Time) (Command, time.Time) {
	if s.Coming != nil {
		return Proceed{}, s.Coming.Due()
	}
	if _, ends, ok := s.nextTrack(titles, now); ok {
		return Foretell{}, ends.Add(-foretold)
	}
	return nil, time.Time{}
}

// nextTrack is what follows running music by itself, and when: the next track of its album,
// or the music that people have put first into the queue. A film in the queue they put on
// themselves.
func (s *State) nextTrack(titles Titles, now time.Time) (next catalog.TitleID, ends time.Time, ok bool) {
	ends, ok = s.Timeline.Ends()
	if !ok || !titles.Music(s.Timeline.Title) {
		return "", ends, false
	}
	if len(s.Queue) > 0 {
		next = s.Queue[0].Title
		ok = titles.Music(next)
	} else {
		next, ok = titles.Next(s.Timeline.Title)
	}
	ok = ok && titles.Decide(next, catalog.Viewer{Host: true}, now).OK
	return next, ends, ok
}

func (Foretell) decide(s *State, env Env) ([]Event, error) {
	next, ends, ok := s.nextTrack(env.Titles, env.Now)
	if !ok || s.Coming != nil || ends.Sub(env.Now) > foretold {
		return nil, nil
	}
	return []Event{Announced{Coming{next, millis(ends)}}}, nil
}

// goOn begins a track at the instant at which the one before ends, whenever that is decided:
// all have had it ready, and nobody waits.
func (s *State) goOn(next catalog.TitleID, at time.Time, env Env) []Event {
	t := Timeline{Title: next, At: at, Rate: s.Timeline.Rate, Began: at, Length: env.Titles.Length(next)}
	events := []Event{Timed{Timeline: t, Why: WhyFollow}}
	if len(s.Queue) > 0 && s.Queue[0].Title == next {
		events = append(events, Dequeued{s.Queue[0].ID})
	}
	return events
}
