package player

import (
	"math"
	"time"

	"watchparty/node/party"
)

// Then almost nothing: inside the dead band the film is left alone; outside of it the
// speed is changed by some thousandths; far off, it is started again.

// look takes a reading and corrects what it shows.
func (f *Follow) look() {
	if f.doing == party.Paused {
		f.still()
		return
	}
	if time.Since(f.fired) < calm {
		return
	}
	r, err := f.film.Where()
	if f.deaf(err) || f.over() {
		return
	}
	if r.Took > slow {
		return
	}
	then := f.host().Add(-time.Since(r.At)) // host time when it was true
	f.stepped = r.Stepped
	f.errors = append(f.errors, (r.Pos-position(f.line, then))*1000)
	if len(f.errors) > recent {
		f.errors = f.errors[1:]
	}
	if len(f.errors) < enough {
		return
	}
	f.last = median(f.errors)
	if time.Since(f.fired) >= quiet+beat/2 {
		f.correct()
	}
}

func (f *Follow) correct() {
	habits := smooth
	if f.stepped {
		habits = stepped
	}
	start, speed := steer(f.last, f.speed, f.line.Rate, habits)
	switch {
	case start && time.Since(f.fired) > again:
		f.start(0)
	case start, time.Since(f.sped) < gap, math.Abs(speed-f.speed) < habits.Step/2:
	case !f.deaf(f.film.Speed(speed)):
		f.speed, f.sped, f.errors = speed, time.Now(), nil
	}
}

// still puts a picture back that somebody has moved by a frame.
func (f *Follow) still() {
	frame, err := f.film.Frame()
	if !f.deaf(err) && f.rest != nil && math.Abs(frame-f.rest.frame) > 0.001 {
		f.rest, f.paused = nil, false // or it may even run
		f.settle()
	}
}

// Starved says whether the player waits for bytes. It goes on by itself when they are
// there; then it is late, and looked at again.
func (f *Follow) Starved(now bool) {
	f.dry = now
	switch {
	case now && f.doing == party.Playing:
		f.errors = nil
		f.become(party.Loading, party.WhyNetwork)
	case !now && f.doing == party.Loading && f.why == party.WhyNetwork && !f.paused && !f.hands && f.title != "":
		f.plan()
		if f.line.Rate == 0 {
			f.settle()
			return
		}
		f.errors, f.fired = nil, time.Now().Add(-again)
		f.become(party.Playing, "")
	}
}
