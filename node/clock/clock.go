// Package clock tells host time: the time everybody at a party agrees on.
//
// The host's own clock is [Steady]: the wall clock read once, and counted on from
// there, so that it never jumps when somebody sets the wall clock. Everybody else
// keeps an [Estimator] of it, fed with pings. Both promise that time does not run
// backwards; see [Estimator.Now] for the one exception.
package clock

import "time"

// A Clock tells host time.
type Clock interface {
	// Now is the host time at this moment. It may be called by anybody at any time.
	Now() time.Time
}

// Steady is a clock that starts at the wall clock's time and then counts elapsed
// time only. It does not count while the machine is suspended, on systems whose
// monotonic clock does not.
func Steady() Clock {
	start := time.Now()
	return steady{start.Round(0), func() time.Duration { return time.Since(start) }}
}

type steady struct {
	start   time.Time            // without a monotonic reading
	elapsed func() time.Duration // never falls
}

func (s steady) Now() time.Time { return s.start.Add(s.elapsed()) }
