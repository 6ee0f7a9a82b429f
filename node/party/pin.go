package party

type (
	// Pin puts a line of the chat on top, in the place of the one that is there; 0: none.
	Pin struct {
		Line Seq `json:"line,omitempty"`
	}
	// Pinned is the fact of it.
	Pinned struct {
		Line Seq `json:"line,omitempty"`
	}
)

// Held is the line on top, kept also when it is no longer among the last ones.
type Held struct {
	Message
	Pinner MemberID `json:"pinner"`
}

func (Pin) power() Power { return Moderate }

func (c Pin) decide(s *State, _ Env) ([]Event, error) {
	if c.Line == 0 {
		if s.Pinned == nil {
			return nil, nil
		}
		return []Event{Pinned{}}, nil
	}
	m := s.kept(c.Line)
	switch {
	case m == nil || m.Text == "":
		return nil, refuse("WP-UNKNOWN", "That line is not there any more: only one of the last 200 can be pinned.")
	case s.Pinned != nil && s.Pinned.Seq == c.Line:
		return nil, nil
	}
	return []Event{Pinned(c)}, nil
}

func (e Pinned) apply(s *State, r Record) {
	s.Pinned = nil
	if m := s.kept(e.Line); m != nil {
		s.Pinned = &Held{*m, r.By}
	}
}
