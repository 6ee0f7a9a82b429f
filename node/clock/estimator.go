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

	// astray is an error too large to be slewed away in reasonable time. Forward
	// Now steps over it; backward it waits, at half speed.
	astray = time.Second

	// strange is so far back that it is another host, or one whose clock was set:
	// minutes of a slow clock would be worse than a step.
	strange = time.Minute
)

// An Estimator estimates the host's clock and how it drifts from samples, with
// bounds that hold however unevenly the ways there and back delay them: as long as
// clocks part by no more than 200 ppm, change that by no more than 5 ppm within four
// minutes, and are not set; and once one was, from the first sample thereafter. It
// is safe for concurrent use.
type Estimator struct {
	now   func() time.Time
	start time.Time // local times count from here, monotonic

	mu       sync.Mutex // guards the rest
	corridor corridor
	base     time.Duration // offsets in the corridor count from here, to be exact
	synced   bool
	shown    time.Duration // offset that Now applied at the local time at
	at       time.Duration
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

// Add takes a sample in. One that ends before it began is passed over, as is a host
// a century away.
func (e *Estimator) Add(s Sample) {
	if !s.possible() {
		return
	}
	sent, received := e.local(s.Sent), e.local(s.Received)
	host := s.Host.Sub(e.start.Round(0))
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	if !e.synced {
		e.base = host - sent
	}
	e.corridor.add(millis(sent), millis(received), millis(host-e.base))
	gap := e.estimate() - e.shown
	if !e.synced || gap > astray || gap < -strange {
		e.shown += gap
	}
	e.synced = true
}

// settle moves the offset that is shown towards the estimate, no faster than slew
// unless it is far ahead.
func (e *Estimator) settle() {
	now := e.local(e.now())
	elapsed := max(now-e.at, 0)
	e.at += elapsed
	if !e.synced {
		return
	}
	gap := e.estimate() - e.shown
	step := time.Duration(slew * float64(elapsed))
	if gap < -astray {
		step = elapsed / 2
	}
	e.shown += min(max(gap, -step), step)
}

// estimate is the most likely offset at the local time at.
func (e *Estimator) estimate() time.Duration {
	return e.base + duration(e.corridor.likely(millis(e.at)))
}

func millis(d time.Duration) float64 { return float64(d) / 1e6 }

func duration(ms float64) time.Duration { return time.Duration(math.Round(ms * 1e6)) }

// Now is the estimated host time. It never falls, and jumps only forward, when it
// is more than a second behind. There are two exceptions, where it steps to the
// estimate in either direction: at the first sample, and when the estimate turns
// out more than a minute behind, because the host is another or its clock was set.
func (e *Estimator) Now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	return e.start.Round(0).Add(e.at + e.shown)
}

// Offset is the present estimate of host time minus local time. Now may still be
// on its way there.
func (e *Estimator) Offset() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.synced {
		return 0
	}
	e.settle()
	return e.estimate()
}

// Skew is by how much the host's clock runs faster than the local one (1e-6 is a
// microsecond per second), and how far that can be off.
func (e *Estimator) Skew() (skew, bound float64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.synced {
		return 0, steepest
	}
	c := &e.corridor
	return c.skew, max(c.fast-c.skew, c.skew-c.slow)
}

// Error bounds how far Now can be from the host's clock: what the samples leave
// open, what the clocks may have parted since, and what is still to be slewed.
// Before the first sample it is the longest duration there is.
func (e *Estimator) Error() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.synced {
		return math.MaxInt64
	}
	e.settle()
	lower, upper := e.corridor.between(millis(e.at))
	return max(e.base+duration(upper)-e.shown, e.shown-e.base-duration(lower))
}

// Synced says whether there was a sample yet.
func (e *Estimator) Synced() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.synced
}
