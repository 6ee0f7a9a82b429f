package room

import (
	"time"

	"watchparty/node/party"
)

// recountEvery is how often it is looked who may watch what is voted on, and recountLeast how often where something has
// happened.
const recountEvery, recountLeast = time.Second, 100 * time.Millisecond

// recount is when that was looked at last, and at which record. The room's one goroutine owns it.
type recount struct {
	at  time.Time
	seq party.Seq
}

// ballot is what the house has to wish about a ballot now, if anything.
func (l *Local) ballot(now time.Time) party.Command {
	b := l.state.Ballot
	if b == nil {
		return nil
	}
	if due := b.Due(); !due.IsZero() && !now.Before(due) {
		return party.Count{}
	}
	since := now.Sub(l.recounted.at)
	if since < recountLeast || since < recountEvery && l.recounted.seq == l.state.Seq {
		return nil
	}
	l.recounted = recount{now, l.state.Seq}
	if l.state.Recounts(l.titles, now) {
		return party.Recount{}
	}
	return nil
}

// ballotWait is how long until a ballot is to be looked at.
func (l *Local) ballotWait(now time.Time) (wait time.Duration, ok bool) {
	b := l.state.Ballot
	if b == nil {
		return 0, false
	}
	wait = recountEvery
	if l.recounted.seq != l.state.Seq {
		wait = recountLeast
	}
	if due := b.Due(); !due.IsZero() {
		wait = min(wait, max(due.Sub(now), l.gate.again.Sub(now), 0))
	}
	return wait, true
}
