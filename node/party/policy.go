package party

import (
	"slices"
	"time"
)

// Policy is what the host has set for this party.
type Policy struct {
	Drive    Role    `json:"drive"`              // lowest role that may choose, start, pause and seek
	Vote     bool    `json:"vote,omitempty"`     // the others may ask the room to pause, go on or seek
	Wait     Waiting `json:"wait,omitempty"`     // what a start does about who is not ready; empty: WaitAll
	Patience int     `json:"patience,omitempty"` // seconds that WaitAll waits at most; 0: 5
	Tariff
}

var defaultPolicy = Policy{Drive: Moderator}

type (
	// Set changes the policy. What is absent stays.
	Set struct {
		Drive    *Role    `json:"drive,omitempty"`
		Vote     *bool    `json:"vote,omitempty"`
		Wait     *Waiting `json:"wait,omitempty"`
		Patience *int     `json:"patience,omitempty"`
		Sub      *int64   `json:"sub,omitempty"`
		Least    *int64   `json:"least,omitempty"`
		Weekly   *int64   `json:"weekly,omitempty"`
		Train    *bool    `json:"train,omitempty"`
	}
	// End closes the party for good; its log stays.
	End struct{}
)

type (
	// Opened is a party's first record.
	Opened struct {
		ID   ID     `json:"id"`
		Name string `json:"name"`
	}
	// Resumed is the first record after the host was away: nobody is here yet.
	// The film counted on, unless a Timed follows that lets it wait.
	Resumed struct {
		Away int64 `json:"away"` // milliseconds since the last sign of life
	}
	// Ordered is a changed policy.
	Ordered struct{ Policy }
	// Ended is a party's last record, with what it came to.
	Ended struct {
		Evening *Evening `json:"evening,omitempty"`
	}
)

// MaxAway is how long the host may be gone while the film counts on: about what a
// guest has buffered, so that nobody notices. Longer, and the film waits.
const MaxAway = 30 * time.Second

// Open is the first wish of a party; the house wishes it.
type Open struct {
	ID     ID
	Name   string
	Tariff Tariff // of the party before
	Rules  Rules  // of the party before
}

// Resume takes a party up again after the host was away. The house wishes it.
type Resume struct {
	Alive time.Time // last sign of life
}

func (Set) power() Power    { return Manage }
func (End) power() Power    { return Manage }
func (Open) power() Power   { return Attend }
func (Resume) power() Power { return Attend }

func (c Set) decide(s *State, env Env) ([]Event, error) {
	p := s.Policy
	if c == (Set{}) {
		return nil, refuse("WP-BAD", "Say which setting: drive is the lowest role that may choose, start, pause and seek; "+
			"vote, true or false, lets the room decide what the others wish; wait is all, go or vote; patience is in seconds; sub, least and weekly are in Bits; train is true or false.")
	}
	if c.Drive != nil {
		p.Drive = *c.Drive
	}
	if c.Vote != nil {
		p.Vote = *c.Vote
	}
	if c.Wait != nil {
		p.Wait = *c.Wait
	}
	if c.Patience != nil {
		if p.Patience = *c.Patience; p.Patience < 1 || p.Patience > maxPatience {
			return nil, refuse("WP-BAD", "A start can wait 1 to 60 seconds.")
		}
	}
	if err := p.Tariff.set(c); err != nil {
		return nil, err
	}
	if p == s.Policy {
		return nil, nil
	}
	events := []Event{Ordered{p}}
	if p.Weekly != s.Policy.Weekly {
		with := *s
		with.Policy = p
		events = append(events, with.allowances(env)...)
	}
	return events, nil
}

func (End) decide(s *State, env Env) ([]Event, error) {
	events := slices.Concat(env.Company.measured(), env.Company.reacted(), s.lastPoll(), s.giveBack())
	if t := s.Timeline; t.Wanted() {
		t.Pos, t.At, t.Rate, t.Hold = t.Position(env.Now), env.Now, 0, time.Time{}
		events = append(events, Timed{Timeline: t, Why: WhyPause})
	}
	var last Ended
	if env.Evening != nil {
		if e, err := env.Evening(); err == nil { // else it ends without
			last.Evening = &e
		}
	}
	return append(events, last), nil
}

func (c Open) decide(s *State, _ Env) ([]Event, error) {
	if s.Seq > 0 {
		return nil, nil
	}
	events := []Event{Opened{c.ID, CleanName(c.Name)}}
	if c.Tariff != (Tariff{}) {
		p := defaultPolicy
		p.Tariff = c.Tariff
		events = append(events, Ordered{p})
	}
	if !c.Rules.same(Rules{}) {
		events = append(events, Ruled{c.Rules})
	}
	return events, nil
}

func (c Resume) decide(s *State, env Env) ([]Event, error) {
	away := max(env.Now.Sub(c.Alive), 0)
	events := []Event{Resumed{away.Milliseconds()}}
	if s.Coming != nil { // nobody has seen the countdown's end
		events = append(events, Stayed{})
	}
	setBack := c.Alive.After(env.Now) // the machine's clock was: how long we were away nobody knows
	if t := s.Timeline; t.Wanted() && (away > MaxAway || setBack) {
		t.Pos, t.At, t.Rate, t.Hold = t.Position(c.Alive), env.Now, 0, time.Time{}
		events = append(events, Timed{Timeline: t, Why: WhyResume})
	}
	return events, nil
}

func (e Opened) apply(s *State, r Record) {
	s.ID, s.Name, s.Opened, s.Policy = e.ID, e.Name, r.At.UnixMilli(), defaultPolicy
	s.Members, s.Queue, s.Messages = map[MemberID]Member{}, []Queued{}, []Message{}
}

func (e Resumed) apply(s *State, _ Record) {
	members := make(map[MemberID]Member, len(s.Members))
	for id, m := range s.Members {
		m.Screens = []Screen{}
		members[id] = m
	}
	s.Members = members
	s.Stage = nil // no camera outlives its host
	s.moot()
}

func (e Ordered) apply(s *State, _ Record) {
	if s.Policy = e.Policy; e.NoTrain {
		s.Train, s.Given = nil, nil
	}
	if !e.Vote {
		s.moot()
	}
}

func (e Ended) apply(s *State, r Record) {
	s.Evening = e.Evening

	s.Ended, s.Coming, s.Stage, s.Ballot = r.At.UnixMilli(), nil, nil, nil
	s.Poll, s.Prediction, s.Motion = nil, nil, nil
}
