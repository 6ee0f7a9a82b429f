package room

import (
	"time"

	"watchparty/node/party"
)

// poll is what the house has to wish about a poll, a prediction or a motion now, if anything.
func (l *Local) poll(now time.Time) party.Command {
	if due := l.state.Poll.Due(); !due.IsZero() && !now.Before(due) {
		return party.ClosePoll{}
	}
	if due := l.state.Prediction.Due(); !due.IsZero() && !now.Before(due) {
		return party.Lock{}
	}
	if due := l.state.Motion.Due(); !due.IsZero() && !now.Before(due) {
		return party.Resolve{}
	}
	return nil
}

// pollWait is how long until one of them is due.
func (l *Local) pollWait(now time.Time) (wait time.Duration, ok bool) {
	for _, due := range []time.Time{l.state.Poll.Due(), l.state.Prediction.Due(), l.state.Motion.Due()} {
		if left := max(due.Sub(now), l.gate.again.Sub(now), 0); !due.IsZero() && (!ok || left < wait) {
			wait, ok = left, true
		}
	}
	return wait, ok
}
