package clock

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// A watch looks at an estimate ten times a second, and says what is wrong with it.
type watch struct {
	l     *link
	e     *Estimator
	last  time.Time
	blind bool // something happened that no sample told of yet

	coldAndWarm float64 // sum of the two skews between which warming changes
}

// run pings every two seconds for a while.
func (w *watch) run(d time.Duration) error {
	for end := w.l.elapsed + d; w.l.elapsed < end; {
		if s, ok := w.l.ping(); ok {
			w.e.Add(s)
			w.blind = false
		}
		for range 20 {
			w.l.elapsed += 100 * time.Millisecond
			if err := w.look(); err != nil {
				return fmt.Errorf("after %v: %w", w.l.elapsed, err)
			}
		}
	}
	return nil
}

func (w *watch) look() error {
	if !w.e.Synced() {
		return nil
	}
	now := w.e.Now()
	if now.Before(w.last) {
		return fmt.Errorf("time ran back by %v", w.last.Sub(now))
	}
	w.last = now
	if wrong := w.l.wrong(w.e).Abs(); !w.blind && wrong > w.e.Error() {
		return fmt.Errorf("wrong by %v, bound %v", wrong, w.e.Error())
	}
	if skew, bound := w.e.Skew(); math.Abs(skew-w.l.skew) > bound+1e-12 {
		return fmt.Errorf("skew %.1f ppm ± %.1f, it is %.1f", skew*1e6, bound*1e6, w.l.skew*1e6)
	}
	return nil
}

// happenings are what a party meets with, in the middle of a film.
var happenings = map[string]func(w *watch){
	"nothing": func(*watch) {},
	"roaming": func(w *watch) { w.l.roam() },
	"warming": func(w *watch) { w.l.bend(w.coldAndWarm - w.l.skew) },
	"silence": func(w *watch) { // and an end of it
		if w.l.loss < 1 {
			w.l.loss = 1
		} else {
			w.l.loss = 0.3
		}
	},
	"sleep": func(w *watch) {
		w.l.asleep += w.l.between(time.Minute, time.Hour)
		w.blind = true
	},
	"sleep under way": func(w *watch) {
		s, _ := w.l.pingAsleep(w.l.between(time.Minute, time.Hour))
		w.e.Add(s)
		w.blind = true
	},
	"set forward": func(w *watch) {
		w.l.offset += w.l.between(2*time.Second, 5*time.Hour)
		w.blind = true
	},
	"set back by a little": func(w *watch) { // three times that is less than a minute
		w.l.offset -= w.l.between(2*time.Second, 19*time.Second)
		w.blind = true
	},
	"set back by hours": func(w *watch) { // time runs back, once
		w.l.offset -= w.l.between(time.Hour, 5*time.Hour)
		w.last = time.Time{}
		for ok := false; !ok; {
			var s Sample
			if s, ok = w.l.ping(); ok {
				w.e.Add(s)
			}
		}
	},
}

// Over any link the estimate is within the bound it gives, and time goes on,
// whatever happens.
func TestEstimateKeepsItsPromise(t *testing.T) {
	for name, happen := range happenings {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(15) {
				l := anyLink(seed)
				w := &watch{l: l, e: NewEstimator(l.local), coldAndWarm: 2*l.skew + wander}
				for range 3 {
					if err := w.run(l.between(time.Minute, 6*time.Minute)); err != nil {
						t.Fatalf("seed %d: %v", seed, err)
					}
					happen(w)
				}
				if err := w.run(time.Minute); err != nil {
					t.Fatalf("seed %d, in the end: %v", seed, err)
				}
			}
		})
	}
}

// On a steady link the bounds close in, and the skew is found.
func TestBoundsCloseIn(t *testing.T) {
	var before, after time.Duration
	for seed := range uint64(20) {
		l := (&link{rng: rand.New(rand.NewPCG(seed, 5)), skew: (float64(seed)/10 - 1) * 180e-6}).both(2*time.Millisecond, 20*time.Millisecond)
		e := NewEstimator(l.local)
		l.feed(e, 5*time.Second)
		before += e.Error()
		l.feed(e, 5*time.Minute)
		after += e.Error()
		if skew, bound := e.Skew(); bound > 80e-6 || math.Abs(skew-l.skew) > 25e-6 {
			t.Errorf("seed %d: skew %.1f ppm ± %.1f, it is %.1f", seed, skew*1e6, bound*1e6, l.skew*1e6)
		}
	}
	if after > before*2/3 {
		t.Errorf("bounds of %v became %v", before/20, after/20)
	}
}

// Where every packet takes as long as the one before, the bounds of the skew only
// ever narrow, down to what the round trip and the grain leave open.
func TestSkewNarrows(t *testing.T) {
	l := (&link{rng: rand.New(rand.NewPCG(1, 5)), skew: 73e-6}).both(time.Millisecond, 0)
	e := NewEstimator(l.local)
	last := 2 * steepest
	for range 16 {
		l.feed(e, 15*time.Second)
		_, bound := e.Skew()
		if bound > last {
			t.Errorf("after %v: ±%.2f ppm, it was ±%.2f", l.elapsed, bound*1e6, last*1e6)
		}
		last = bound
	}
	if skew, _ := e.Skew(); last > 30e-6 || math.Abs(skew-l.skew) > 1e-6 {
		t.Errorf("in the end %.2f ppm ± %.2f", skew*1e6, last*1e6)
	}
}

// The skew of a machine that warms up is within its bound, even where all the grain is
// used up by readings that are a millisecond behind at first and exact in the end; and
// long silence may have changed it to anything.
func TestSkewChanges(t *testing.T) {
	l := &link{rng: rand.New(rand.NewPCG(1, 6)), grain: time.Millisecond}
	w := &watch{l: l, e: NewEstimator(l.local)}
	for _, at := range []time.Duration{999 * time.Microsecond, 250 * time.Second} {
		l.elapsed = at
		s, _ := l.ping()
		w.e.Add(s)
	}
	l.bend(wander)
	if err := w.look(); err != nil {
		t.Error(err)
	}
	l.elapsed += time.Duration(memory * 1e6)
	l.bend(-steepest)
	l.elapsed += time.Hour
	if wrong := l.wrong(w.e).Abs(); wrong > w.e.Error() {
		t.Errorf("after an hour of silence: wrong by %v, bound %v", wrong, w.e.Error())
	}
}

// What is late on one way only does not pull the estimate.
func TestOneWayJitter(t *testing.T) {
	for seed := range uint64(20) {
		l := &link{rng: rand.New(rand.NewPCG(seed, 6)), skew: 20e-6}
		l.there, l.back = way{5 * time.Millisecond, 0}, way{5 * time.Millisecond, 100 * time.Millisecond}
		e := NewEstimator(l.local)
		l.feed(e, 5*time.Minute)
		if wrong := l.wrong(e).Abs(); wrong > 5*time.Millisecond {
			t.Errorf("seed %d: wrong by %v", seed, wrong)
		}
	}
}

// A local wall clock that is a year off, or set meanwhile, changes nothing.
func TestWallClockDoesNotMatter(t *testing.T) {
	var told [2]time.Time
	for i, local0 := range []time.Duration{0, -365 * 24 * time.Hour} {
		l := (&link{rng: rand.New(rand.NewPCG(4, 4)), skew: 50e-6, local0: local0}).both(time.Millisecond, 9*time.Millisecond)
		e := NewEstimator(l.local)
		l.feed(e, 3*time.Minute)
		told[i] = e.Now()
		if got := e.Now().Sub(l.local()); (got - e.Offset()).Abs() > time.Millisecond {
			t.Errorf("%v after local time, offset %v", got, e.Offset())
		}
	}
	if apart := told[0].Sub(told[1]).Abs(); apart > time.Microsecond {
		t.Errorf("%v apart", apart)
	}
}

func TestNowSlewsToTheEstimate(t *testing.T) {
	l := &link{rng: rand.New(rand.NewPCG(2, 2)), offset: time.Minute}
	e := NewEstimator(l.local)
	slow := func(there, back time.Duration) {
		l.there, l.back = way{there, 0}, way{back, 0}
		s, _ := l.ping()
		e.Add(s)
	}
	slow(600*time.Millisecond, 0) // all the way there: 300 ms too much
	if got := l.wrong(e); got != 300*time.Millisecond {
		t.Fatalf("first sync is wrong by %v", got)
	}
	slow(0, 0)
	before := e.Now()
	l.elapsed += time.Second
	if got := e.Now().Sub(before); got != 950*time.Millisecond {
		t.Errorf("a second took %v, slewed at 5 %% it takes 950 ms", got)
	}
	if got, want := e.Error(), 251*time.Millisecond+200*time.Microsecond; got != want {
		t.Errorf("error %v, want %v", got, want)
	}
	l.elapsed += 5 * time.Second
	if got := l.wrong(e); got != 0 {
		t.Errorf("not caught up: %v", got)
	}
}

// A host that comes back with its wall clock corrected is followed: at once where
// that is forward, at half speed where it is back, unless that would take minutes.
func TestClockWasSet(t *testing.T) {
	for by, within := range map[time.Duration]time.Duration{
		time.Hour: 0, 2 * time.Second: 0, -time.Hour: 0, -61 * time.Second: 0,
		-300 * time.Millisecond: 7 * time.Second, -20 * time.Second: time.Minute, -59 * time.Second: 2*time.Minute + 20*time.Second,
	} {
		l := (&link{rng: rand.New(rand.NewPCG(3, 3))}).both(5*time.Millisecond, 30*time.Millisecond)
		e := NewEstimator(l.local)
		l.feed(e, time.Minute)
		l.offset += by
		s, _ := l.ping()
		e.Add(s)
		if got := (e.Offset() - by).Abs(); got > 20*time.Millisecond {
			t.Errorf("set by %v: the estimate is wrong by %v", by, got)
		}
		last := e.Now()
		for end := l.elapsed + within; l.elapsed < end; {
			l.elapsed += 20 * time.Millisecond
			now := e.Now()
			if took := now.Sub(last); took < 10*time.Millisecond || took > 21*time.Millisecond {
				t.Fatalf("set by %v: 20 ms took %v", by, took)
			}
			last = now
		}
		if got := l.wrong(e).Abs(); got > 20*time.Millisecond {
			t.Errorf("set by %v: Now is wrong by %v", by, got)
		}
	}
}

// Rounded clocks contradict each other a little. That is no reason to forget.
func TestRoundingIsHarmless(t *testing.T) {
	l := (&link{rng: rand.New(rand.NewPCG(8, 8)), grain: time.Millisecond}).both(10*time.Microsecond, 20*time.Microsecond)
	e := NewEstimator(l.local)
	l.feed(e, 4*time.Minute)
	if n := len(e.corridor.slots); n < 29 {
		t.Errorf("only %d slots are left", n)
	}
	if _, bound := e.Skew(); bound > 25e-6 {
		t.Errorf("skew is off by at most %.1f ppm", bound*1e6)
	}
}

// However long it runs and however often it is asked, what it keeps is bounded.
func TestMemoryIsBounded(t *testing.T) {
	l := (&link{rng: rand.New(rand.NewPCG(8, 9))}).both(time.Millisecond, time.Second)
	e := NewEstimator(l.local)
	for range 20000 {
		s, _ := l.ping()
		e.Add(s)
		if n := len(e.corridor.slots); n > 32 {
			t.Fatalf("%d slots after %v", n, l.elapsed)
		}
	}
}

func BenchmarkErrorUnderJitter(b *testing.B) {
	const settled = 16 // samples
	for _, c := range []struct {
		name        string
		there, back way
	}{
		{"cable", way{100 * time.Microsecond, 400 * time.Microsecond}, way{100 * time.Microsecond, 400 * time.Microsecond}},
		{"wifi", way{time.Millisecond, 20 * time.Millisecond}, way{time.Millisecond, 20 * time.Millisecond}},
		{"far", way{75 * time.Millisecond, 75 * time.Millisecond}, way{75 * time.Millisecond, 75 * time.Millisecond}},
		{"wan", way{20 * time.Millisecond, 40 * time.Millisecond}, way{20 * time.Millisecond, 40 * time.Millisecond}},
		{"asymmetric", way{5 * time.Millisecond, 2 * time.Millisecond}, way{5 * time.Millisecond, 60 * time.Millisecond}},
	} {
		b.Run(c.name, func(b *testing.B) {
			l := &link{rng: rand.New(rand.NewPCG(9, 9)), there: c.there, back: c.back, loss: 0.05, skew: -100e-6}
			e := NewEstimator(l.local)
			var sum, worst, bound time.Duration
			n := 0
			for b.Loop() {
				if s, ok := l.ping(); ok {
					e.Add(s)
				}
				l.elapsed += 2 * time.Second
				if n++; n > settled {
					wrong := l.wrong(e).Abs()
					sum, worst, bound = sum+wrong, max(worst, wrong), bound+e.Error()
				}
			}
			counted := float64(max(n-settled, 1))
			b.ReportMetric(float64(sum.Microseconds())/counted/1000, "ms-mean")
			b.ReportMetric(float64(worst.Microseconds())/1000, "ms-worst")
			b.ReportMetric(float64(bound.Microseconds())/counted/1000, "ms-bound")
		})
	}
}

func BenchmarkNow(b *testing.B) {
	e := NewEstimator(time.Now)
	now := time.Now()
	e.Add(Sample{now, now, now})
	for b.Loop() {
		e.Now()
	}
}
