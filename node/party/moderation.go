package party

import "watchparty/media/catalog"

type (
	// Mute silences a member in the chat.
	Mute struct {
		Member MemberID `json:"member"`
	}
	// Unmute lets them talk again.
	Unmute struct {
		Member MemberID `json:"member"`
	}
	// Remove shows a member the door; their pass dies with it.
	Remove struct {
		Member MemberID `json:"member"`
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
	}
	// Removed is the fact of a Remove or, with Left, of a Leave.
	Removed struct {
		Member MemberID `json:"member"`
		Left   bool     `json:"left,omitempty"`
	}
)

func (Mute) power() Power    { return Moderate }
func (Unmute) power() Power  { return Moderate }
func (Remove) power() Power  { return Moderate }
func (SetRole) power() Power { return Manage }
func (Grant) power() Power   { return Manage }

func (c Mute) decide(s *State, env Env) ([]Event, error) {
	m, err := s.below(c.Member, env.By)
	if err != nil || m.Muted {
		return nil, err
	}
	return []Event{Muted{Member: m.ID}}, nil
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
	return []Event{Removed{Member: m.ID}}, nil
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
	m.Muted = !e.Off
	s.put(m)
}

func (e Removed) apply(s *State, _ Record) {
	m := s.Members[e.Member]
	m.Removed, m.Screens = true, []Screen{}
	s.put(m)
	if s.face(e.Member) >= 0 {
		s.stage(e.Member, func(Face) Face { return Face{} })
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
