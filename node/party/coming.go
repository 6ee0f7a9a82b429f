package party

import (
	"errors"
	"time"

	"watchparty/media/catalog"
)

// countdown is how long everybody sees what comes next before it begins: time enough
// to stop it.
const countdown = 10 * time.Second

// Coming is the title that begins by itself at a moment of the host's clock, unless the
// timeline changes before: an episode after its countdown, unless somebody wishes to
// [Stay]; or while a track still plays, the one that follows at its end.
type Coming struct {
	Title catalog.TitleID `json:"title"`
	At    int64           `json:"at"` // Unix milliseconds
}

// Due is when it begins.
func (c Coming) Due() time.Time { return moment(c.At) }

type (
	// Stay stops the countdown to the next episode.
	Stay struct{}
	// Proceed begins the announced title once its time has come. The house wishes it.
	Proceed struct{}
	// Announced is the fact that an episode has ended and the next one will follow, or
	// which track will.
	Announced struct{ Coming }
	// Stayed is the fact that nothing begins by itself any more.
	Stayed struct{}
)

func (Stay) power() Power    { return Drive }
func (Proceed) power() Power { return Attend }

// announce says what follows the title that has just ended. A queue was made by people,
// and they put its films on.
func (s *State) announce(env Env) []Event {
	next, ok := env.Titles.Next(s.Timeline.Title)
	if !ok || len(s.Queue) > 0 {
		return nil
	}
	if d := env.Titles.Decide(next, catalog.Viewer{Host: true}, env.Now); !d.OK {
		return nil
	}
	return []Event{Announced{Coming{next, millis(env.Now.Add(countdown))}}}
}

func (Stay) decide(s *State, _ Env) ([]Event, error) {
	switch {
	case s.Coming == nil:
		return nil, nil
	case s.Timeline.Rate > 0:
		return nil, refuse("WP-NOTHING", "There is no countdown: the next track follows at once. Pause to stop the music.")
	}
	return []Event{Stayed{}}, nil
}

func (Proceed) decide(s *State, env Env) ([]Event, error) {
	if s.Coming == nil || s.Coming.Due().After(env.Now) {
		return nil, nil
	}
	if d := env.Titles.Decide(s.Coming.Title, catalog.Viewer{Host: true}, env.Now); d.OK && s.Timeline.Rate > 0 {
		return s.goOn(s.Coming.Title, s.Coming.Due(), env), nil
	}
	events, err := Cue{Title: s.Coming.Title, Play: true}.decide(s, env)
	if r := (*Refusal)(nil); errors.As(err, &r) { // it has left the catalog meanwhile
		return []Event{Stayed{}}, nil
	}
	return events, err
}

func (e Announced) apply(s *State, _ Record) { s.Coming = &e.Coming }

func (Stayed) apply(s *State, _ Record) { s.Coming = nil }
