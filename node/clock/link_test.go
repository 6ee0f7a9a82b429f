package clock

import (
	"math/rand/v2"
	"time"
)

// A link is a simulated way to a host and back, between clocks that part.
type link struct {
	rng         *rand.Rand
	there, back way
	loss        float64
	grain       time.Duration // local readings are rounded down to it; 0 if they are exact
	skew        float64       // how much faster the host's clock runs, 200e-6 for 200 ppm
	offset      time.Duration // host clock minus local clock at the beginning
	local0      time.Duration // the local wall clock is this wrong, and the offset is against the right one

	elapsed time.Duration // of the local clock
	asleep  time.Duration // in which the local clock stood still
}

// A way is how long packets are under way in one direction: evenly between base
// and base+jitter.
type way struct{ base, jitter time.Duration }

func (l *link) take(w way) time.Duration {
	if w.jitter == 0 {
		return w.base
	}
	return w.base + time.Duration(l.rng.Int64N(int64(w.jitter)))
}

// both makes the ways there and back alike.
func (l *link) both(base, jitter time.Duration) *link {
	l.there, l.back = way{base, jitter}, way{base, jitter}
	return l
}

var epoch = time.UnixMilli(1763843200000)

func (l *link) host() time.Time {
	passed := l.elapsed + l.asleep
	return epoch.Add(l.offset + passed + time.Duration(l.skew*float64(passed)))
}

// bend changes the skew from now on.
func (l *link) bend(skew float64) {
	l.offset += time.Duration((l.skew - skew) * float64(l.elapsed+l.asleep))
	l.skew = skew
}

func (l *link) local() time.Time {
	now := l.elapsed
	if l.grain > 0 {
		now = now.Truncate(l.grain)
	}
	return epoch.Add(l.local0 + now)
}

// ping lets time pass for a round trip; false if it was lost.
func (l *link) ping() (Sample, bool) { return l.pingAsleep(0) }

// pingAsleep is a ping whose answer finds the local machine asleep.
func (l *link) pingAsleep(d time.Duration) (Sample, bool) {
	s := Sample{Sent: l.local()}
	l.elapsed += l.take(l.there)
	s.Host = l.host()
	l.asleep += d
	l.elapsed += l.take(l.back)
	s.Received = l.local()
	return s, l.rng.Float64() >= l.loss
}

// feed pings every two seconds for a while.
func (l *link) feed(e *Estimator, d time.Duration) {
	for end := l.elapsed + d; l.elapsed < end; l.elapsed += 2 * time.Second {
		if s, ok := l.ping(); ok {
			e.Add(s)
		}
	}
}

// wrong is how far an estimate is from the host's clock.
func (l *link) wrong(e *Estimator) time.Duration { return e.Now().Sub(l.host()) }

func (l *link) between(least, most time.Duration) time.Duration {
	return least + time.Duration(l.rng.Int64N(int64(most-least)+1))
}

// anyLink is a link between any two machines, good or bad, near or far.
func anyLink(seed uint64) *link {
	l := &link{rng: rand.New(rand.NewPCG(seed, 7))}
	l.roam()
	l.loss = l.rng.Float64() * 0.5
	l.skew = (l.rng.Float64()*2 - 1) * (steepest - wander)
	l.offset = l.between(-time.Hour, time.Hour)
	if seed%3 == 1 {
		l.grain = time.Millisecond
	}
	if seed%4 == 1 {
		l.local0 = -365 * 24 * time.Hour
	}
	return l
}

// roam moves to another network: both ways are others.
func (l *link) roam() {
	l.there = way{l.between(0, 150*time.Millisecond), l.between(0, 150*time.Millisecond)}
	l.back = way{l.between(0, 150*time.Millisecond), l.between(0, 150*time.Millisecond)}
	if l.rng.IntN(3) == 0 { // a home
		l.there, l.back = way{l.there.base / 100, l.there.jitter / 20}, way{l.back.base / 100, l.back.jitter / 10}
	}
}
