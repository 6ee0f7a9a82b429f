package party

import "unicode/utf8"

// A Goal is what the host does when so many Bits have come together at this party.
type Goal struct {
	Bits    int64  `json:"bits"`
	Text    string `json:"text"`
	Got     int64  `json:"got"`               // since it was set
	Reached int64  `json:"reached,omitempty"` // when, Unix milliseconds
}

const (
	maxGoal     = 100_000_000 // Bits
	maxGoalText = 80          // runes
)

type (
	// Aim sets a goal in the place of the one there is; without Bits there is none any more.
	Aim struct {
		Bits int64  `json:"bits,omitempty"`
		Text string `json:"text,omitempty"`
	}
	// Aimed is the fact of an Aim.
	Aimed struct {
		Bits int64  `json:"bits,omitempty"`
		Text string `json:"text,omitempty"`
	}
)

func (Aim) power() Power { return Manage }

func (c Aim) decide(s *State, _ Env) ([]Event, error) {
	text := Clean(c.Text, maxGoalText+1)
	switch {
	case c.Bits == 0 && s.Goal == nil:
		return nil, nil
	case c.Bits == 0:
		return []Event{Aimed{}}, nil
	case c.Bits < 0 || c.Bits > maxGoal:
		return nil, refuse("WP-BAD", "A goal is 1 to 100,000,000 Bits.")
	case text == "" || utf8.RuneCountInString(text) > maxGoalText:
		return nil, refuse("WP-BAD", "Say in at most 80 characters what happens when the goal is reached.")
	}
	return []Event{Aimed{c.Bits, text}}, nil
}

func (e Aimed) apply(s *State, _ Record) {
	s.Goal = nil
	if e.Bits > 0 {
		s.Goal = &Goal{Bits: e.Bits, Text: e.Text}
	}
}

// near brings the goal nearer by what was given.
func (s *State) near(r Record, bits int64) {
	if s.Goal == nil {
		return
	}
	g := *s.Goal
	if g.Got += bits; g.Got >= g.Bits && g.Reached == 0 {
		g.Reached = r.At.UnixMilli()
	}
	s.Goal = &g
}
