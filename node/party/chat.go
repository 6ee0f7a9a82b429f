package party

import (
	"unicode/utf8"

	"watchparty/media/catalog"
)

// keptMessages is how many lines a newcomer is shown. The log has them all.
const keptMessages = 200

// Say is a chat line.
type Say struct {
	Text string `json:"text"`
}

// Said is a chat line with the moment of the film at which it was said.
type Said struct {
	Text  string          `json:"text"`
	Title catalog.TitleID `json:"title,omitempty"`
	Pos   float64         `json:"pos,omitempty"`  // seconds
	Bits  int64           `json:"bits,omitempty"` // that the line cheers
}

// Message is a chat line as the state keeps it.
type Message struct {
	Seq Seq      `json:"seq"`
	At  int64    `json:"at"` // Unix milliseconds
	By  MemberID `json:"by"`
	Said
}

func (Say) power() Power { return Chat }

func (c Say) decide(s *State, env Env) ([]Event, error) {
	text := Clean(c.Text, maxSaid+1)
	if utf8.RuneCountInString(text) > maxSaid {
		return nil, refuse("WP-BAD", "A line has at most 500 characters: make it two.")
	}
	if text == "" {
		return nil, refuse("WP-BAD", "There was nothing to say in that line.")
	}
	if s.Members[env.By].Muted {
		return nil, refuse("WP-MUTED", "You are muted: ask the host or a moderator.")
	}
	bits, err := s.spend(text, env)
	if err != nil {
		return nil, err
	}
	said := Said{Text: text, Title: s.Timeline.Title, Bits: bits}
	if said.Title != "" {
		said.Pos = seconds(s.Timeline.Position(env.Now))
	}
	return []Event{said}, nil
}

func (e Said) apply(s *State, r Record) {
	if len(s.Messages) >= keptMessages {
		s.Messages = s.Messages[len(s.Messages)-keptMessages+1:]
	}
	s.Messages = append(s.Messages, Message{r.Seq, r.At.UnixMilli(), r.By, e})
	s.enter(r)
}
