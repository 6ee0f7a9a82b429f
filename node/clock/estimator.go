package clock

import (
	"math"
	"sync"
	"time"
)

const (
	// slew is the share of elapsed time by which Now runs fast or slow until it
	// has caught up: too little to be seen in a film.
	slew = 0.05

	// astray is an error too large to be slewed away in reasonable time.
	astray = time.Second
)

// An Estimator estimates the host's clock from samples: the offset of the one of
// least error among the last 16. It is safe for concurrent use.
type Estimator struct {
	now   func() time.Time
	start time.Time // local times count from here, monotonic

	mu     sync.Mutex // guards the rest
	filter filter
	synced bool
	shown  time.Duration // offset that Now applied at the local time at
	at     time.Duration
}

// NewEstimator makes an estimator on top of a local clock, time.Now for instance,
// from which the samples' Sent and Received are read too. Until the first sample
// it tells local time.
func NewEstimator(now func() time.Time) *Estimator {
	return &Estimator{now: now, start: now()}
}

// local is a local moment, since the start. Where both have a monotonic reading,
// setting the local wall clock changes nothing.
func (e *Estimator) local(t time.Time) time.Duration { return t.Sub(e.start) }

// Add takes a sample in. A sample that ends before it began is passed over.
func (e *Estimator) Add(s Sample) {
	rtt := s.RoundTrip()
	if rtt < 0 || s.Host.IsZero() {
		return
	}
	sent := e.local(s.Sent)
	middle := e.start.Round(0).Add(sent + rtt/2)
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.local(e.now())
	e.settle(now)
	e.filter.add(measure{received: sent + rtt, offset: s.Host.Sub(middle), half: rtt - rtt/2})
	if !e.synced || (e.filter.best.offset-e.shown).Abs() > astray {
		e.shown = e.filter.best.offset
	}
	e.synced = true
}

// settle moves the offset that is shown towards the estimate, no faster than slew.
func (e *Estimator) settle(now time.Duration) {
	step := time.Duration(slew * float64(max(now-e.at, 0)))
	e.at = max(now, e.at)
	if e.synced {
		e.shown += min(max(e.filter.best.offset-e.shown, -step), step)
	}
}

// Now is the estimated host time. It never falls and never jumps, with one
// exception: at the first sample, and when it proves wrong by more than a second
// because a clock was set, it steps to the estimate in either direction.
func (e *Estimator) Now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.local(e.now())
	e.settle(now)
	return e.start.Round(0).Add(e.at + e.shown)
}

// Offset is the present estimate of host time minus local time. Now may still be
// on its way there.
func (e *Estimator) Offset() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.filter.best.offset
}

// Error bounds how far Now can be from the host's clock: half a round trip, what
// the clocks may have parted since, and what is still to be slewed. Before the
// first sample it is the longest duration there is.
func (e *Estimator) Error() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.synced {
		return math.MaxInt64
	}
	now := e.local(e.now())
	e.settle(now)
	return e.filter.best.bound(now) + (e.filter.best.offset - e.shown).Abs()
}

// Synced says whether there was a sample yet.
func (e *Estimator) Synced() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.synced
}
