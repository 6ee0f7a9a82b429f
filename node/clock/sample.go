package clock

import "time"

// A Sample is one question for the host's time and its answer. Sent and Received
// are read from the local clock (with their monotonic part where there is one),
// Host is what the host said in between.
type Sample struct {
	Sent, Received, Host time.Time
}

// RoundTrip is how long the answer took.
func (s Sample) RoundTrip() time.Duration { return s.Received.Sub(s.Sent) }

const (
	window = 16 // samples looked at: half a minute of pings

	// drift is how far two quartz clocks part at the worst, 200 ppm. A sample
	// grows old with it: after ten seconds it is worth 2 ms less.
	drift = 200e-6

	// coarse is the grain of the worst clock in use, that of a web page.
	coarse = time.Millisecond
)

// measure is a sample in the estimator's terms.
type measure struct {
	received time.Duration // local time, since the estimator's start
	offset   time.Duration // host time minus local time, at the middle of the round trip
	half     time.Duration // half the round trip: the host answered somewhere within
}

// bound is how far the offset can be off at a local time: the way may have been
// all there or all back, and the clocks have parted since.
func (m measure) bound(now time.Duration) time.Duration {
	return m.half + time.Duration(drift*float64(now-m.received))
}

// filter picks from the last samples the one that can be off the least.
type filter struct {
	last []measure // oldest first, at most window
	best measure
}

// add takes a sample in. One that no single clock could have given together with
// the chosen one tells that a clock was set; then only the new one counts.
func (f *filter) add(m measure) {
	if len(f.last) > 0 {
		apart := (m.offset - f.best.offset).Abs()
		if apart > m.half+f.best.bound(m.received)+coarse {
			f.last = f.last[:0]
		}
	}
	if len(f.last) == window {
		f.last = append(f.last[:0], f.last[1:]...)
	}
	f.last = append(f.last, m)
	f.best = m
	for _, o := range f.last {
		if o.bound(m.received) < f.best.bound(m.received) {
			f.best = o
		}
	}
}
