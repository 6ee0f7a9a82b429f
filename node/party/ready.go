package party

import (
	"slices"
	"time"
)

// Waiting is what a start does about screens that are not ready.
type Waiting string

const (
	WaitAll  Waiting = "all"  // wait for them, but no longer than the patience
	WaitNone Waiting = "go"   // go on, they catch up
	WaitVote Waiting = "vote" // wait until most of those who are ready say go on
)

// UnmarshalText reads a policy; an unknown one is an error.
func (w *Waiting) UnmarshalText(b []byte) error {
	switch *w = Waiting(b); *w {
	case WaitAll, WaitNone, WaitVote:
		return nil
	}
	return refuse("WP-BAD", "What a start does about who is not ready is all, go or vote.")
}

const (
	patience    = 5  // seconds, where the host has not said
	maxPatience = 60 // seconds; also how long a vote may take

	leastLead = 100 * time.Millisecond // a network at home, and a player that was paused
	mostLead  = time.Second
	leadSpare = 30 * time.Millisecond // our own commit
)

// patience is how long a start waits at most.
func (p Policy) patience() time.Duration {
	switch {
	case p.Wait == WaitVote:
		return maxPatience * time.Second
	case p.Patience > 0:
		return time.Duration(p.Patience) * time.Second
	}
	return patience * time.Second
}

// Waits says whether starts wait for anybody.
func (p Policy) Waits() bool { return p.Wait != WaitNone }

// begin makes a timeline run: at once where all are ready, else it is held at its
// position until they are. usual is the lead where nobody has said what they need.
func (s *State) begin(t Timeline, usual time.Duration, env Env) Timeline {
	ready := env.Company.Ready(t, env.Now)
	if s.Policy.Waits() && !ready {
		t.At, t.Rate, t.Hold = later(t.At, env.Now), 0, env.Now.Add(s.Policy.patience())
		return t
	}
	lead := usual
	if ready {
		lead = env.Company.lead(usual)
	}
	t.At, t.Rate, t.Hold = later(t.At, env.Now.Add(lead)), 1, time.Time{}
	return t
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// release lets a held start go.
func (s *State) release(env Env) []Event {
	t := s.Timeline
	if t.Hold.IsZero() {
		return nil
	}
	t.At, t.Rate, t.Hold = later(t.At, env.Now.Add(env.Company.lead(LeadPlay))), 1, time.Time{}
	return []Event{Timed{Timeline: t, Why: WhyGo}}
}

type (
	// Urge says: go on without those who are not ready. Where the party votes, most
	// of those who are ready must say so; else one who may drive.
	Urge struct{}
	// Start lets a held start go, because all are ready or the patience is over. The
	// house wishes it.
	Start struct{}
	// Wait holds a running film for members whose screens have run dry. The house
	// wishes it.
	Wait struct{ For []MemberID }
	// Urged is a vote for going on. It counts until the timeline changes.
	Urged struct{}
)

func (Urge) power() Power  { return Chat }
func (Start) power() Power { return Attend }
func (Wait) power() Power  { return Attend }

func (Urge) decide(s *State, env Env) ([]Event, error) {
	if s.Timeline.Hold.IsZero() {
		return nil, nil
	}
	if s.Policy.Wait != WaitVote {
		if !s.May(s.Members[env.By].Role, Drive) {
			return nil, refuse("WP-FORBIDDEN", "Only the "+s.who(Drive)+" may go on before everybody is ready.")
		}
		return s.release(env), nil
	}
	if slices.Contains(s.Urged, env.By) {
		return nil, nil
	}
	events := []Event{Urged{}}
	if 2*(len(s.Urged)+1) > env.Company.Voters(s.Timeline, env.Now) {
		events = append(events, s.release(env)...)
	}
	return events, nil
}

func (Start) decide(s *State, env Env) ([]Event, error) { return s.release(env), nil }

func (c Wait) decide(s *State, env Env) ([]Event, error) {
	t := s.Timeline
	if t.Rate == 0 || !s.Policy.Waits() {
		return nil, nil
	}
	t = t.stop(env.Now)
	t.Hold = t.At.Add(s.Policy.patience())
	return []Event{Timed{t, WhyWait, c.For}}, nil
}

func (e Urged) apply(s *State, r Record) { s.Urged = append(slices.Clone(s.Urged), r.By) }
