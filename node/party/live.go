package party

import (
	"time"

	"watchparty/media/catalog"
)

// GoLive brings everybody to the edge of what is live, and lets it run.
type GoLive struct{}

func (GoLive) power() Power { return Drive }

func (GoLive) decide(s *State, env Env) ([]Event, error) {
	t, err := s.onAir()
	if err != nil {
		return nil, err
	}
	_, at, ok := env.Titles.Live(t.Title, env.Now)
	if !ok {
		return nil, refuse("WP-NOTHING", "What is on is not live: seek in it instead.")
	}
	t.Pos, t.At, t.Rate, t.Hold = t.clamp(at), env.Now, 0, time.Time{}
	return []Event{Timed{Timeline: s.begin(t, LeadSeek, env), Why: WhyLive}}, nil
}

// edge is where a title begins: what is live where it is now, others at their beginning.
func edge(id catalog.TitleID, env Env) time.Duration {
	_, at, _ := env.Titles.Live(id, env.Now)
	return at.Truncate(time.Millisecond)
}

// kept is the nearest position of which there are pictures: what is live is not kept for ever,
// and nobody is ahead of it.
func kept(t Timeline, pos time.Duration, env Env) time.Duration {
	from, at, ok := env.Titles.Live(t.Title, env.Now)
	if !ok {
		return pos
	}
	return max(min(pos, at), from).Truncate(time.Millisecond)
}
