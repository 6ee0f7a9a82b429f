package clock

import (
	"math/rand/v2"
	"time"
)

// A link is a simulated way to a host and back, between clocks that part.
type link struct {
	rng    *rand.Rand
	least  time.Duration // shortest way in one direction
	jitter time.Duration // at most added to each direction
	loss   float64
	parts  float64       // how much faster the local clock runs, 200e-6 for 200 ppm
	offset time.Duration // host clock minus local clock at the beginning

	elapsed time.Duration // true time; the host's clock runs with it
}

var epoch = time.UnixMilli(1763843200000)

func (l *link) host() time.Time { return epoch.Add(l.offset + l.elapsed) }

func (l *link) local() time.Time {
	return epoch.Add(l.elapsed + time.Duration(l.parts*float64(l.elapsed)))
}

func (l *link) way() time.Duration {
	if l.jitter == 0 {
		return l.least
	}
	return l.least + time.Duration(l.rng.Int64N(int64(l.jitter)))
}

// ping lets time pass for a round trip; false if it was lost.
func (l *link) ping() (Sample, bool) {
	s := Sample{Sent: l.local()}
	l.elapsed += l.way()
	s.Host = l.host()
	l.elapsed += l.way()
	s.Received = l.local()
	return s, l.rng.Float64() >= l.loss
}

// wrong is how far an estimate is from the host's clock.
func (l *link) wrong(e *Estimator) time.Duration { return e.Now().Sub(l.host()) }
