package party

// maxSofa is how many people may sit before one member's screens.
const maxSofa = 20

type (
	// Sit says how many people are before one's own screens, or with Member, as the host knows it, before somebody else's.
	// They count in the hours watched from then on, and in nothing else.
	Sit struct {
		People int      `json:"people"`
		Member MemberID `json:"member,omitempty"`
	}
	// Sat is that from now on.
	Sat struct {
		Member MemberID `json:"member"`
		People int      `json:"people"`
	}
)

func (Sit) power() Power { return Chat }

func (c Sit) decide(s *State, env Env) ([]Event, error) {
	if c.Member == "" {
		c.Member = env.By
	}
	m, known := s.Members[c.Member]
	switch {
	case c.People < 1 || c.People > maxSofa:
		return nil, refuse("WP-BAD", "One to 20 people can sit before somebody's screens.")
	case c.Member != env.By && !s.May(s.Members[env.By].Role, Manage):
		return nil, refuse("WP-FORBIDDEN", "Only the host may say how many others are.")
	case !known || m.Removed:
		return nil, refuse("WP-UNKNOWN", "Nobody by that name is at this party.")
	case m.Heads() == c.People:
		return nil, nil
	}
	return []Event{Sat{c.Member, c.People}}, nil
}

func (e Sat) apply(s *State, _ Record) {
	m := s.Members[e.Member]
	if m.People = e.People; m.People == 1 {
		m.People = 0
	}
	s.put(m)
}

// Heads is how many people a member's screens are watched by.
func (m Member) Heads() int { return max(m.People, 1) }
