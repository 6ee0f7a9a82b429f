package party

import (
	"cmp"
	wide "math/bits"
	"slices"
	"time"

	"watchparty/media/catalog"
)

const (
	seenParts = 100 // of a title
	seenLeast = 80  // of them make it seen
)

// seenOf is which hundredths of a title somebody has watched, a bit each: those whose middle a film ran past while they were there.
type seenOf [2]uint64

func (a seenOf) count() int { return wide.OnesCount64(a[0]) + wide.OnesCount64(a[1]) }

// Seen is who has watched which parts of which titles, by a party's records, in their order.
type Seen struct {
	State State

	since time.Time
	parts map[catalog.TitleID]map[MemberID]seenOf
}

// Add adds a record.
func (s *Seen) Add(r Record) {
	until := r.At
	if e, ok := r.Event.(Resumed); ok { // nobody watched while the host was away
		until = until.Add(-time.Duration(e.Away) * time.Millisecond)
	}
	s.Pass(until)
	s.State.Apply(r)
	s.since = r.At
}

// Pass counts the time since the last record, in which all stayed as it was.
func (s *Seen) Pass(until time.Time) {
	from, line := s.since, s.State.Timeline
	if from.IsZero() || !until.After(from) {
		return
	}
	s.since = until
	if line.Title == "" || line.Rate == 0 || line.Length <= 0 {
		return
	}
	var ran seenOf
	a, b := line.Position(from), line.Position(until)
	for i := range seenParts {
		if middle := line.Length * time.Duration(2*i+1) / (2 * seenParts); a <= middle && middle < b {
			ran[i/64] |= 1 << (i % 64)
		}
	}
	if ran == (seenOf{}) {
		return
	}
	for _, id := range s.State.watching() {
		s.add(line.Title, id, ran)
	}
}

func (s *Seen) add(title catalog.TitleID, id MemberID, ran seenOf) {
	if s.parts == nil {
		s.parts = map[catalog.TitleID]map[MemberID]seenOf{}
	}
	if s.parts[title] == nil {
		s.parts[title] = map[MemberID]seenOf{}
	}
	had := s.parts[title][id]
	s.parts[title][id] = seenOf{had[0] | ran[0], had[1] | ran[1]}
}

// Join adds what was seen at another party.
func (s *Seen) Join(other *Seen) {
	for title, members := range other.parts {
		for id, ran := range members {
			s.add(title, id, ran)
		}
	}
}

// By is who of these has seen most of which title.
func (s *Seen) By(here []MemberID) map[catalog.TitleID][]MemberID {
	all := map[catalog.TitleID][]MemberID{}
	for title, members := range s.parts {
		for id, ran := range members {
			if slices.Contains(here, id) && ran.count() >= seenLeast {
				all[title] = append(all[title], id)
			}
		}
		slices.SortFunc(all[title], cmp.Compare[MemberID])
	}
	return all
}
