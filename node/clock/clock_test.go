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
	if skew, bound := e.Skew(); skew != 0 || bound != steepest {
		t.Errorf("skew %v ± %v", skew, bound)
	}
	e.Add(Sample{Sent: epoch.Add(1), Received: epoch, Host: epoch}) // answered before asked
	e.Add(Sample{Sent: epoch, Received: epoch})                     // never answered
	e.Add(Sample{Sent: epoch, Received: epoch, Host: time.Unix(math.MaxInt32*1000, 0)})
	if e.Synced() {
		t.Error("synced by samples that cannot be")
	}
}

// Samples read from time.Now and from its wall part alone are the same samples.
func TestMonotonicReadings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := NewEstimator(time.Now)
		sent := time.Now()
		<-time.After(40 * time.Millisecond)
		e.Add(Sample{sent, time.Now(), sent.Add(20*time.Millisecond + 3*time.Second).Round(0)}) // the grain is 1 ms
		if (e.Offset()-3*time.Second).Abs() > 10*time.Microsecond || (e.Error()-21*time.Millisecond).Abs() > 10*time.Microsecond {
			t.Errorf("offset %v ± %v", e.Offset(), e.Error())
		}
		if got := e.Now(); got.Sub(time.Now().Add(e.Offset())) != 0 || got != got.Round(0) {
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
