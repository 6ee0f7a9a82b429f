package party

import (
	"unicode/utf8"

	"watchparty/media/catalog"
)

// keptMessages is how many lines a newcomer is shown. The log has them all.
const keptMessages = 200

// Say is a chat line.
type Say struct {
	Text string  `json:"text"`
	Pos  float64 `json:"pos,omitempty"` // seconds at which the film is for whom says it, if behind the others
	Re   Seq     `json:"re,omitempty"`  // the line it answers
	Me   bool    `json:"me,omitempty"`  // what one does rather than says: "Ann waves"
}

// Said is a chat line with the moment of the film at which it was said.
type Said struct {
	Text  string          `json:"text"`
	Title catalog.TitleID `json:"title,omitempty"`
	Pos   float64         `json:"pos,omitempty"`   // seconds
	Still bool            `json:"still,omitempty"` // the film stood still
	Bits  int64           `json:"bits,omitempty"`  // that the line cheers
	Gone  bool            `json:"gone,omitempty"`  // its text was deleted
	Re    Seq             `json:"re,omitempty"`    // the line it answers
	Me    bool            `json:"me,omitempty"`
}

// Message is a chat line as the state keeps it. One of somebody who subscribed, or gave subscriptions, says so, and
// its text may be empty.
type Message struct {
	Seq Seq      `json:"seq"`
	At  int64    `json:"at"` // Unix milliseconds
	By  MemberID `json:"by"`
	Said
	Months int        `json:"months,omitempty"` // subscribed, that many months altogether
	Gifts  []Received `json:"gifts,omitempty"`  // subscriptions given
}

func (Say) power() Power { return Chat }

func (c Say) decide(s *State, env Env) ([]Event, error) {
	said, err := s.said(c.Text, env)
	if err != nil {
		return nil, err
	}
	said.from(c.Pos)
	if said.Text == "" {
		return nil, refuse("WP-BAD", "There was nothing to say in that line.")
	}
	bits, due, err := s.spend(said.Text, env)
	if err != nil {
		return nil, err
	}
	said.Bits, said.Re, said.Me = bits, s.answers(c.Re), c.Me
	return append(due, said), nil
}

// said is a text as a line of the chat, at this moment of the film; it may be empty.
func (s *State) said(text string, env Env) (Said, error) {
	said := Said{Text: Clean(text, maxSaid+1), Title: s.Timeline.Title}
	if utf8.RuneCountInString(said.Text) > maxSaid {
		return said, refuse("WP-BAD", "A line has at most 500 characters: make it two.")
	}
	if err := s.maySay(said.Text, env); err != nil {
		return said, err
	}
	if said.Title != "" {
		said.Pos, said.Still = seconds(s.Timeline.Position(env.Now)), s.Timeline.Rate == 0
	}
	return said, nil
}

func (e Said) entries(by MemberID) []Entry {
	if e.Bits == 0 {
		return nil
	}
	return []Entry{{by, Purse{Bits: -e.Bits, Ever: e.Bits}}, {HostID, Purse{Bits: e.Bits}}}
}

func (e Said) spent() int64 { return e.Bits }

func (e Said) apply(s *State, r Record) {
	s.keep(Message{Said: e}, r)
	s.enter(r)
}

// keep adds a line to those a newcomer is shown.
func (s *State) keep(m Message, r Record) {
	if len(s.Messages) >= keptMessages {
		s.Messages = s.Messages[len(s.Messages)-keptMessages+1:]
	}
	m.Seq, m.At, m.By = r.Seq, r.At.UnixMilli(), r.By
	s.Messages = append(s.Messages, m)
	if m.Text != "" || m.Gone {
		s.spoke(r)
	}
}
