package party

import (
	"time"

	"watchparty/media/catalog"
)

const (
	longestTimeout = 14 * 24 * time.Hour
	maxWhy         = 200 // runes of a moderator's reason
)

type (
	// Mute silences a member in the chat: for a while, which is called a time-out, or until they are let talk again.
	Mute struct {
		Member  MemberID `json:"member"`
		Seconds int      `json:"seconds,omitempty"` // how long; 0: until an Unmute
		Why     string   `json:"why,omitempty"`
	}
	// Unmute lets them talk again.
	Unmute struct {
		Member MemberID `json:"member"`
	}
	// Remove shows a member the door; their pass dies with it.
	Remove struct {
		Member MemberID `json:"member"`
		Why    string   `json:"why,omitempty"`
	}
	// SetRole makes a member a guest, a trusted guest or a moderator.
	SetRole struct {
		Member MemberID `json:"member"`
		Role   Role     `json:"role"`
	}
	// Grant records what the host knows of a member's house and memberships.
	// What is nil stays as it is.
	Grant struct {
		Member MemberID              `json:"member"`
		Region *catalog.Region       `json:"region,omitempty"`
		Tiers  *[]catalog.Membership `json:"tiers,omitempty"`
		Rating *int                  `json:"rating,omitempty"`
	}
)

type (
	// Muted is the fact of a Mute or, with Off, of an Unmute.
	Muted struct {
		Member MemberID `json:"member"`
		Off    bool     `json:"off,omitempty"`
		Until  int64    `json:"until,omitempty"` // of host time, Unix milliseconds; 0: no end
		Why    string   `json:"why,omitempty"`
	}
	// Removed is the fact of a Remove or, with Left, of a Leave.
	Removed struct {
		Member MemberID `json:"member"`
		Left   bool     `json:"left,omitempty"`
		Why    string   `json:"why,omitempty"`
	}
)

func (Mute) power() Power    { return Moderate }
func (Unmute) power() Power  { return Moderate }
func (Remove) power() Power  { return Moderate }
func (SetRole) power() Power { return Manage }
func (Grant) power() Power   { return Manage }

func (c Mute) decide(s *State, env Env) ([]Event, error) {
	m, err := s.below(c.Member, env.By)
	if err != nil {
		return nil, err
	}
	e := Muted{Member: m.ID, Why: Clean(c.Why, maxWhy)}
	switch length := time.Duration(c.Seconds) * time.Second; {
	case c.Seconds < 0 || length > longestTimeout:
		return nil, refuse("WP-BAD", "A time-out takes 1 second to 14 days.")
	case c.Seconds > 0:
		e.Until = millis(env.Now.Add(length))
	case m.Muted && m.MutedUntil == 0:
		return nil, nil
	}
	return []Event{e}, nil
}

func (c Unmute) decide(s *State, env Env) ([]Event, error) {
	m, err := s.below(c.Member, env.By)
	if err != nil || !m.Muted {
		return nil, err
	}
	return []Event{Muted{Member: m.ID, Off: true}}, nil
}

func (c Remove) decide(s *State, env Env) ([]Event, error) {
	m, err := s.below(c.Member, env.By)
	if err != nil || m.Removed {
		return nil, err
	}
	return []Event{Removed{Member: m.ID, Why: Clean(c.Why, maxWhy)}}, nil
}

func (c SetRole) decide(s *State, env Env) ([]Event, error) {
	m, err := s.below(c.Member, env.By)
	if err != nil || m.Role == c.Role {
		return nil, err
	}
	if m.Removed {
		return nil, noMember()
	}
	if c.Role >= Host {
		return nil, refuse("WP-FORBIDDEN", "A party has one host; make them a moderator instead.")
	}
	m.Role = c.Role
	return []Event{joined(m)}, nil
}

func (c Grant) decide(s *State, env Env) ([]Event, error) {
	m, ok := s.Members[c.Member]
	if !ok || m.Removed {
		return nil, noMember()
	}
	if c.Region != nil {
		region, ok := catalog.ParseRegion(string(*c.Region))
		if !ok {
			return nil, refuse("WP-BAD", "That is no region: use two letters of ISO 3166-1, such as FR.")
		}
		m.Region = region
	}
	if c.Tiers != nil {
		if len(*c.Tiers) > 32 {
			return nil, refuse("WP-BAD", "More than 32 memberships for one person are too many.")
		}
		for _, t := range *c.Tiers {
			if !ValidTier(t.Tier) {
				return nil, refuse("WP-BAD", "A membership has a short name of letters, digits and dashes.")
			}
		}
		m.Tiers = *c.Tiers
	}
	if c.Rating != nil {
		if *c.Rating < 0 || *c.Rating > 21 {
			return nil, refuse("WP-BAD", "An age rating is a number of years from 0, for any, to 21.")
		}
		m.Rating = *c.Rating
	}
	return []Event{joined(m)}, nil
}

func (e Muted) apply(s *State, _ Record) {
	m := s.Members[e.Member]
	m.Muted, m.MutedUntil = !e.Off, e.Until
	s.put(m)
}

// Silent says whether the member is muted at that moment of host time.
func (m Member) Silent(now time.Time) bool {
	return m.Muted && (m.MutedUntil == 0 || now.UnixMilli() < m.MutedUntil)
}

func (e Removed) apply(s *State, _ Record) { s.out(e.Member, false) }

// out takes a member off the party, and off its stage.
func (s *State) out(id MemberID, banned bool) {
	m := s.Members[id]
	m.Removed, m.Banned, m.Screens = true, banned, []Screen{}
	s.put(m)
	if s.face(id) >= 0 {
		s.stage(id, func(Face) Face { return Face{} })
	}
}

func noMember() error { return refuse("WP-UNKNOWN", "Nobody of that name is at this party.") }

// below finds the member whom by wants to act on; one acts only on those below
// one's own role.
func (s *State) below(id, by MemberID) (Member, error) {
	m, ok := s.Members[id]
	if !ok {
		return m, noMember()
	}
	if by != House && m.Role >= s.Members[by].Role {
		return m, refuse("WP-FORBIDDEN", "You cannot do that to "+m.Name+".")
	}
	return m, nil
}
