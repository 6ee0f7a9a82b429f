package party

import "slices"

type (
	// Erase deletes what a line of the chat says. One may delete one's own lines, and a moderator those of everybody
	// below them.
	Erase struct {
		Line Seq    `json:"line"`
		Why  string `json:"why,omitempty"`
	}
	// Erased is the fact of it. Whoever keeps records takes the text out of that one (see [Record.Without]), so that
	// it is in no log, no replay and no copy made later.
	Erased struct {
		Line   Seq      `json:"line"`
		Member MemberID `json:"member"` // whose line it was
		Why    string   `json:"why,omitempty"`
	}
)

func (Erase) power() Power { return Attend } // decide looks whose line it is

func (c Erase) decide(s *State, env Env) ([]Event, error) {
	line, ok := s.line(c.Line, env)
	if !ok {
		return nil, refuse("WP-UNKNOWN", "There is no such line.")
	}
	if line.By != env.By && env.By != House {
		if err := s.allows(env.By, Moderate); err != nil {
			return nil, err
		}
		if _, err := s.below(line.By, env.By); err != nil {
			return nil, err
		}
	}
	if line.Gone || line.Text == "" {
		return nil, nil
	}
	return []Event{Erased{line.Seq, line.By, Clean(c.Why, maxWhy)}}, nil
}

// line finds a line of the chat among those at hand, or in the log.
func (s *State) line(seq Seq, env Env) (Message, bool) {
	if i := slices.IndexFunc(s.Messages, func(m Message) bool { return m.Seq == seq }); i >= 0 {
		return s.Messages[i], true
	}
	if env.Record == nil {
		return Message{}, false
	}
	r, ok := env.Record(seq)
	switch e := r.Event.(type) {
	case Said:
		return Message{Seq: r.Seq, By: r.By, Said: e}, ok
	case Subscribed:
		return Message{Seq: r.Seq, By: r.By, Said: e.Said}, ok
	}
	return Message{}, false
}

func (e Erased) apply(s *State, _ Record) { s.Strike(e.Line) }

// Strike takes the text of a line out of those that a newcomer is shown. The line itself stays, so that a state to
// which this was done is the fold of a log in which the text never was.
func (s *State) Strike(line Seq) {
	if s.Pinned != nil && s.Pinned.Seq == line {
		held := *s.Pinned
		held.Said = held.without()
		s.Pinned = &held
	}
	i := slices.IndexFunc(s.Messages, func(m Message) bool { return m.Seq == line })
	if i < 0 {
		return
	}
	s.Messages = slices.Clone(s.Messages)
	s.Messages[i].Said = s.Messages[i].without()
}

// without is the line without its text. What it counted for stays: its moment, and its Bits.
func (e Said) without() Said {
	e.Text, e.Gone = "", true
	return e
}

// wordy is an event that holds what somebody wrote.
type wordy interface {
	words() string
	erased() Event
}

func (e Said) words() string { return e.Text }

func (e Said) erased() Event { return e.without() }

func (e Subscribed) erased() Event {
	e.Said = e.Said.without()
	return e
}

// Without is the record without what somebody wrote in it, in the same place and of the same moment; false: there
// is nothing in it that could be taken out.
func (r Record) Without() (Record, bool, error) {
	e, ok := r.Event.(wordy)
	if !ok {
		return r, false, nil
	}
	bare, err := NewRecord(r.Seq, r.At, r.By, r.Nonce, e.erased())
	return bare, err == nil, err
}

// Says says whether the record holds something that somebody wrote into the chat.
func (r Record) Says() bool {
	e, ok := r.Event.(wordy)
	return ok && e.words() != ""
}

// Erases is the line that this record deletes; 0: none.
func (r Record) Erases() Seq {
	if e, ok := r.Event.(Erased); ok {
		return e.Line
	}
	return 0
}
