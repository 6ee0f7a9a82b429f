package player

import (
	"math"
	"time"

	"watchparty/node/party"
)

// A scheduled start is everything: pause, seek to where the party will be after a
// lead, look where the player really landed, and let go at the very instant at which
// the timeline gets there, earlier by what this player has shown to need.

// settle stops on the timeline's exact frame.
func (f *Follow) settle() {
	f.plan()
	f.last = 0
	if f.stop(1) {
		return
	}
	pos := position(f.line, later(f.host(), f.line.At))
	if f.length > 0 {
		pos = min(pos, f.length)
	}
	if f.rest != nil && f.rest.asked == pos {
		f.stock()
		return
	}
	f.become(party.Seeking, "")
	f.seek(pos, func(time.Duration) { f.stock() })
}

// stop pauses, and makes the speed what a start needs.
func (f *Follow) stop(rate float64) (deaf bool) {
	if !f.paused {
		f.rest = nil
		if f.deaf(f.film.Pause(true)) {
			return true
		}
		f.paused = true
	}
	if f.speed != rate {
		if f.deaf(f.film.Speed(rate)) {
			return true
		}
		f.speed = rate
	}
	return false
}

// stock waits until a player that rests could also start.
func (f *Follow) stock() {
	ok, err := f.film.Stocked()
	switch {
	case f.deaf(err):
	case ok:
		f.become(party.Paused, "")
	default:
		f.become(party.Loading, party.WhyNetwork)
		f.after(beat, f.stock)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// start makes the film run with the timeline.
func (f *Follow) start(tries int) {
	f.plan()
	if f.stop(f.line.Rate) {
		return
	}
	now := f.host()
	if r := f.rest; r != nil && (r.opened || r.asked == f.line.Pos.Seconds()) {
		lag := &f.Learnt.Pause
		if r.opened {
			lag = &f.Learnt.Seek
		}
		when := reaches(f.line, r.frame)
		if when.Add(-lag.time()).After(now.Add(spin)) && !(r.opened && when.After(now.Add(slowSeek))) {
			f.arm(when, lag)
			return
		}
	}
	f.become(party.Seeking, "")
	ahead := time.Duration(lead(f.Learnt.SeekTime, tries) * float64(time.Millisecond))
	f.seek(position(f.line, now.Add(ahead)), func(took time.Duration) {
		f.Learnt.SeekTime = learnSeek(f.Learnt.SeekTime, took.Seconds()*1000)
		when, lag := reaches(f.line, f.rest.frame), &f.Learnt.Seek
		if when.Add(-lag.time()).After(f.host().Add(spin)) || tries >= 3 {
			f.arm(when, lag)
		} else {
			f.start(tries + 1)
		}
	})
}

func (l *Lag) time() time.Duration { return time.Duration(l.MS * float64(time.Millisecond)) }

// seek goes to a position and tells when the player has landed, and how long it took.
func (f *Follow) seek(to float64, then func(took time.Duration)) {
	f.rest = nil
	began := time.Now()
	if f.deaf(f.film.Seek(to)) {
		return
	}
	f.landed = func() {
		frame, err := f.film.Frame()
		if f.deaf(err) {
			return
		}
		f.plan()
		f.rest = &rest{asked: to, frame: frame}
		then(time.Since(began))
	}
	f.after(slowSeek, func() {
		f.become(party.Loading, party.WhyNetwork)
		f.after(settle, f.Again)
	})
}

// Landed says that the seek is over.
func (f *Follow) Landed() {
	if f.landed != nil {
		f.landed()
	}
}

// arm lets go so that the film is where it belongs at a moment of host time.
func (f *Follow) arm(when time.Time, lag *Lag) {
	f.become(party.Seeking, "")
	fire := when.Add(-lag.time())
	f.wait(fire, func() {
		late := f.host().Sub(fire) > 4*time.Millisecond
		if f.deaf(f.film.Pause(false)) {
			return
		}
		f.paused, f.rest = false, nil
		f.fired, f.last = time.Now(), 0
		if f.become(party.Playing, ""); f.dry {
			f.become(party.Loading, party.WhyNetwork)
		}
		f.after(quiet, func() { f.judge(lag, late) })
	})
}

// judge learns from the start that was, and makes one that went wrong again, once. One
// that came late teaches nothing.
func (f *Follow) judge(lag *Lag, late bool) {
	if len(f.errors) < enough || f.stepped {
		return
	}
	err := median(f.errors)
	if !late && math.Abs(err) < tooFar {
		lag.MS = learnLag(lag.MS, lag.N, err)
		lag.N++
	}
	if math.Abs(err) > wrong && f.redo {
		f.redo = false
		f.start(0)
	}
}
