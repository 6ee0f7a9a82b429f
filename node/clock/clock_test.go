package clock

import (
	"math"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

func TestSteady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := Steady()
		begin := time.Now()
		for range 100 {
			if got := c.Now(); !got.Equal(time.Now()) || got != got.Round(0) {
				t.Fatalf("after %v: %v", time.Since(begin), got)
			}
			<-time.After(1234567 * time.Microsecond)
		}
	})
}

func TestSteadyDoesNotSeeTheWallClock(t *testing.T) {
	elapsed := time.Duration(0)
	c := steady{epoch, func() time.Duration { return elapsed }}
	elapsed = time.Hour
	if got := c.Now(); got != epoch.Add(time.Hour) {
		t.Errorf("Now() = %v", got)
	}
}

func TestBeforeTheFirstSample(t *testing.T) {
	l := &link{rng: rand.New(rand.NewPCG(1, 1))}
	e := NewEstimator(l.local)
	if e.Synced() || e.Error() != math.MaxInt64 || e.Offset() != 0 || e.Now() != l.local() {
		t.Errorf("synced %v, error %v, offset %v, now %v", e.Synced(), e.Error(), e.Offset(), e.Now())
	}
	e.Add(Sample{Sent: epoch.Add(1), Received: epoch, Host: epoch}) // answered before asked
	e.Add(Sample{Sent: epoch, Received: epoch})                     // never answered
	if e.Synced() {
		t.Error("synced by samples that cannot be")
	}
}

// Over any link the estimate is within the bound it gives, and time goes on.
func TestEstimateKeepsItsPromise(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 7))
		l := &link{
			rng:    rng,
			least:  time.Duration(rng.Int64N(int64(50 * time.Millisecond))),
			jitter: time.Duration(rng.Int64N(int64(100 * time.Millisecond))),
			loss:   rng.Float64() * 0.5,
			parts:  (rng.Float64()*2 - 1) * drift,
			offset: time.Duration(rng.Int64N(int64(2*time.Hour))) - time.Hour,
		}
		e := NewEstimator(l.local)
		var last time.Time
		for range 200 {
			if s, ok := l.ping(); ok {
				e.Add(s)
			}
			for range 20 {
				l.elapsed += 100 * time.Millisecond
				if !e.Synced() {
					continue
				}
				now := e.Now()
				if now.Before(last) {
					t.Fatalf("seed %d: time ran back by %v", seed, last.Sub(now))
				}
				last = now
				if wrong := l.wrong(e).Abs(); wrong > e.Error()+time.Microsecond {
					t.Fatalf("seed %d: wrong by %v, bound %v", seed, wrong, e.Error())
				}
			}
		}
	}
}

func TestNowSlewsToTheEstimate(t *testing.T) {
	l := &link{rng: rand.New(rand.NewPCG(2, 2)), offset: time.Minute}
	e := NewEstimator(l.local)
	slow := func(there, back time.Duration) {
		s := Sample{Sent: l.local()}
		l.elapsed += there
		s.Host = l.host()
		l.elapsed += back
		s.Received = l.local()
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
	if got, want := e.Error(), 250*time.Millisecond+200*time.Microsecond; got != want {
		t.Errorf("error %v, want %v", got, want)
	}
	l.elapsed += 5 * time.Second
	if got := l.wrong(e); got != 0 {
		t.Errorf("not caught up: %v", got)
	}
}

// A host that comes back with its wall clock corrected is followed at once.
func TestClockWasSet(t *testing.T) {
	for _, by := range []time.Duration{time.Hour, -time.Hour, 2 * time.Second, -300 * time.Millisecond} {
		l := &link{rng: rand.New(rand.NewPCG(3, 3)), least: 5 * time.Millisecond, jitter: 30 * time.Millisecond}
		e := NewEstimator(l.local)
		for range 30 {
			s, _ := l.ping()
			e.Add(s)
			l.elapsed += 2 * time.Second
		}
		l.offset += by
		s, _ := l.ping()
		e.Add(s)
		if got := (e.Offset() - by).Abs(); got > 20*time.Millisecond {
			t.Errorf("set by %v: the estimate is wrong by %v", by, got)
		}
		if by.Abs() < astray { // slewed: 300 ms take 6 s
			l.elapsed += 6 * time.Second
		}
		if got := l.wrong(e).Abs(); got > 20*time.Millisecond {
			t.Errorf("set by %v: Now is wrong by %v", by, got)
		}
	}
}

// Samples read from time.Now and from its wall part alone are the same samples.
func TestMonotonicReadings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := NewEstimator(time.Now)
		sent := time.Now()
		<-time.After(40 * time.Millisecond)
		e.Add(Sample{sent, time.Now(), sent.Add(20*time.Millisecond + 3*time.Second).Round(0)})
		if e.Offset() != 3*time.Second || e.Error() != 20*time.Millisecond {
			t.Errorf("offset %v ± %v", e.Offset(), e.Error())
		}
		if got := e.Now(); !got.Equal(time.Now().Add(3*time.Second)) || got != got.Round(0) {
			t.Errorf("Now() = %v at %v", got, time.Now())
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	e := NewEstimator(time.Now)
	done := make(chan bool)
	for range 4 {
		go func() {
			for range 500 {
				now := time.Now()
				e.Add(Sample{now, time.Now(), now})
				e.Now()
				e.Error()
			}
			done <- true
		}()
	}
	for range 4 {
		<-done
	}
}

func BenchmarkErrorUnderJitter(b *testing.B) {
	for _, c := range []struct {
		name          string
		least, jitter time.Duration
	}{
		{"cable", 100 * time.Microsecond, 400 * time.Microsecond},
		{"wifi", time.Millisecond, 20 * time.Millisecond},
		{"far", 75 * time.Millisecond, 75 * time.Millisecond},
	} {
		b.Run(c.name, func(b *testing.B) {
			l := &link{rng: rand.New(rand.NewPCG(9, 9)), least: c.least, jitter: c.jitter, loss: 0.05, parts: 100e-6}
			e := NewEstimator(l.local)
			var sum, worst time.Duration
			n := 0
			for b.Loop() {
				if s, ok := l.ping(); ok {
					e.Add(s)
				}
				l.elapsed += 2 * time.Second
				if n++; n > window {
					sum += l.wrong(e).Abs()
					worst = max(worst, l.wrong(e).Abs())
				}
			}
			b.ReportMetric(float64(sum.Microseconds())/float64(max(n-window, 1))/1000, "ms-mean")
			b.ReportMetric(float64(worst.Microseconds())/1000, "ms-worst")
		})
	}
}
