package party

import (
	"math"
	"slices"

	"watchparty/media/catalog"
)

// DriftBounds are the upper bounds of a [Drift]'s buckets, in milliseconds: fine up
// to a frame of film (42 ms), coarse beyond. A last bucket takes what is further off.
var DriftBounds = [...]float64{1, 2, 3, 5, 8, 12, 17, 25, 33, 42, 60, 84, 125, 250, 500, 1000, 2000}

// A Drift counts how far screens were from the timeline while they played, by
// amount: one count per bound, and one for what is further off. nil counts nothing.
type Drift []int64

// Add counts one report of a screen that was off by ms, either way. It returns a
// fresh value: older states keep theirs.
func (d Drift) Add(ms float64) Drift {
	n := make(Drift, len(DriftBounds)+1)
	copy(n, d)
	i, _ := slices.BinarySearch(DriftBounds[:], math.Abs(ms))
	n[i]++
	return n
}

// Plus is both together.
func (d Drift) Plus(o Drift) Drift {
	if d == nil && o == nil {
		return nil
	}
	n := make(Drift, len(DriftBounds)+1)
	copy(n, d)
	for i, c := range o {
		if i < len(n) && c > 0 {
			n[i] += c
		}
	}
	return n
}

// Count is how many reports were counted.
func (d Drift) Count() (n int64) {
	for _, c := range d {
		n += c
	}
	return n
}

// Quantile is the drift in milliseconds below which the share q of the reports lies,
// straight between the bounds of a bucket; at most the highest bound. It is 0 where
// nothing was counted.
func (d Drift) Quantile(q float64) float64 {
	left, low := q*float64(d.Count()), 0.0
	for i, bound := range DriftBounds {
		if i >= len(d) || left <= 0 {
			break
		}
		if c := float64(d[i]); left <= c {
			return low + (bound-low)*left/c
		} else {
			left -= c
		}
		low = bound
	}
	return low
}

// Measure keeps what screens have told of their drift since it was kept last. The
// house wishes it.
type Measure struct{}

// Measured is how far the screens were off while a title played.
type Measured struct {
	Title catalog.TitleID `json:"title,omitempty"`
	Drift Drift           `json:"drift"`
}

func (Measure) power() Power { return Attend }

func (Measure) decide(_ *State, env Env) ([]Event, error) { return env.Company.measured(), nil }

func (e Measured) apply(s *State, _ Record) { s.Drift = s.Drift.Plus(e.Drift) }
