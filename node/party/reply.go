package party

import "slices"

// kept is one of the last lines, or nil.
func (s *State) kept(seq Seq) *Message {
	i := slices.IndexFunc(s.Messages, func(m Message) bool { return m.Seq == seq })
	if i < 0 {
		return nil
	}
	return &s.Messages[i]
}

// answers is the line that somebody wants to answer; 0 where it is gone meanwhile: then the answer stands alone.
func (s *State) answers(seq Seq) Seq {
	if s.kept(seq) == nil {
		return 0
	}
	return seq
}
