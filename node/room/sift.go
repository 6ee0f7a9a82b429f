package room

import (
	"slices"
	"time"

	"watchparty/node/party"
)

// siftEvery is how often it is looked who may watch what is on, beside when somebody has come or something was put on: a
// window opens by the clock, and a rule changes with the catalog.
const siftEvery = time.Second

// sifting is when that is to be looked at next. The room's one goroutine owns it.
type sifting struct{ next time.Time }

// kept has it looked at once more after what may have changed it.
func (s *sifting) kept(recs []party.Record) {
	if slices.ContainsFunc(recs, func(r party.Record) bool {
		switch r.Event.(type) {
		case party.Timed, party.Joined, party.Came, party.Went, party.Removed, party.Banned, party.Resumed:
			return true
		}
		return false
	}) {
		s.next = time.Time{}
	}
}

// sift is what the house has to wish about those who may not watch, if anything.
func (l *Local) sift(now time.Time) party.Command {
	if l.state.Timeline.Title == "" || now.Before(l.sifting.next) {
		return nil
	}
	l.sifting.next = now.Add(siftEvery)
	if l.state.Sifts(l.titles, now) {
		return party.Sift{}
	}
	return nil
}

// siftWait is how long until that is to be looked at.
func (l *Local) siftWait(now time.Time) (wait time.Duration, ok bool) {
	return max(l.sifting.next.Sub(now), l.gate.again.Sub(now), 0), l.state.Timeline.Title != "" && l.state.Ended == 0 && len(l.state.Members) > 0
}
