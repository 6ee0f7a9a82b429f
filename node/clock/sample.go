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

// farthest is how far a host's clock may be from ours: no clock at a party is a
// century off, and sums of a few such offsets still fit in a Duration.
const farthest = 100 * 365 * 24 * time.Hour

// possible says whether one host could have given the sample.
func (s Sample) possible() bool {
	return s.RoundTrip() >= 0 && !s.Host.IsZero() && s.Host.Sub(s.Sent).Abs() < farthest
}
