package router

import (
	"context"
	"encoding/json"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

// begin runs a host at a router; stop ends it.
func (r *run) begin(t *testing.T, f *fake) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, r.config(f)) }()
	synctest.Wait()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// after lets time go by and then looks at the router.
func after(f *fake, d time.Duration, look func()) {
	time.Sleep(d)
	synctest.Wait()
	f.Lock()
	defer f.Unlock()
	look()
}

// TestRestart: a router that has forgotten the port has it again within a minute, by the same number, whether it can be asked
// what is open or not; one that can is asked to open no more often than it needs to be, and little is written.
func TestRestart(t *testing.T) {
	for _, asks := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			f, r := &fake{outside: netip.MustParseAddr("8.8.4.4"), granted: time.Hour, asks: asks}, &run{}
			stop := r.begin(t, f)
			after(f, 5*time.Hour+time.Second, func() {
				if most := map[bool]int{true: 11, false: 301}[asks]; f.opened > most || f.wrote > 62 || f.tried != 11 || len(r.told) < 300 {
					t.Errorf("asks %v: asked to open %d times, remembered %d times, tried from within %d times, told %d times", asks, f.opened, f.wrote, f.tried, len(r.told))
				}
				var left Opening
				if err := json.Unmarshal(r.kept, &left); err != nil || f.until.Sub(left.Until) > 5*time.Minute {
					t.Errorf("asks %v: open until %v, of which is remembered %s", asks, f.until, r.kept)
				}
				f.open = 0
			})
			after(f, again, func() {
				if s := r.last(); f.open != 8470 || s.Outside.String() != "8.8.4.4:8470" || s.Moved {
					t.Errorf("asks %v: a minute after it was restarted open %d, told %+v", asks, f.open, r.last())
				}
				f.open, f.outside = 0, netip.MustParseAddr("8.8.8.8") // and another line
			})
			after(f, again, func() {
				if s := r.last(); f.open != 8470 || s.Outside.String() != "8.8.8.8:8470" || !s.Moved {
					t.Errorf("asks %v: a minute after it was restarted with another address open %d, told %+v", asks, f.open, r.last())
				}
				f.outside = netip.MustParseAddr("8.8.4.4")
			})
			after(f, again, func() {
				if r.last().Outside.String() != "8.8.4.4:8470" {
					t.Errorf("asks %v: of another address is told %+v", asks, r.last())
				}
			})
			stop()
			if f.open != 0 || len(r.kept) != 0 {
				t.Errorf("asks %v: open %d, kept %s", asks, f.open, r.kept)
			}
		})
	}
}

// TestMissed: a router that does not answer once or twice is no trouble, and nothing is closed; one that answers no more is, and
// once it is back the port is too. At the beginning it is said at once, and asked again soon.
func TestMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, r := &fake{outside: netip.MustParseAddr("8.8.4.4"), granted: time.Hour, asks: true, missing: 1}, &run{}
		defer r.begin(t, f)()
		after(f, soon, func() {
			if s := r.last(); s.Trouble != nil || f.open != 8470 {
				t.Errorf("without an answer at the beginning: %+v, open %d", s.Trouble, f.open)
			}
		})
		for misses := 1; misses < enough; misses++ {
			after(f, 0, func() { f.missing = misses })
			after(f, again+time.Duration(misses)*soon, func() {
				if s := r.last(); f.missing > 0 || s.Trouble != nil || f.open != 8470 || f.opened != 1 {
					t.Errorf("after %d without an answer: %+v, open %d, opened %d times", misses, s.Trouble, f.open, f.opened)
				}
			})
		}
		after(f, 0, func() { f.outside = netip.Addr{} }) // no connection, which is not for long as a rule
		after(f, again+time.Second, func() {
			if r.last().Trouble != nil {
				t.Errorf("at once: %+v", r.last().Trouble)
			}
		})
		after(f, enough*soon, func() {
			if s := r.last(); s.Trouble == nil || s.Trouble.Code != none || f.open != 8470 {
				t.Errorf("without a connection: %+v, open %d", s, f.open)
			}
			f.outside = netip.MustParseAddr("8.8.4.4")
		})
		after(f, again, func() {
			if s := r.last(); s.Trouble != nil || f.opened != 1 {
				t.Errorf("with a connection again: %+v, opened %d times", s, f.opened)
			}
			f.gone = true
		})
		after(f, again+enough*soon, func() {
			if s := r.last(); s.Trouble == nil || s.Trouble.Code != none || len(r.kept) == 0 {
				t.Errorf("gone: %+v, kept %s", s, r.kept)
			}
			f.gone, f.open = false, 0
		})
		after(f, again, func() {
			if s := r.last(); s.Trouble != nil || f.open != 8470 {
				t.Errorf("back: %+v, open %d", s.Trouble, f.open)
			}
			f.outside = netip.MustParseAddr("100.64.3.4")
		})
		after(f, again, func() {
			if s := r.last(); s.Trouble == nil || s.Trouble.Code != "WP-REMOTE-SHARED" || f.open != 0 {
				t.Errorf("shared: %+v, open %d", s.Trouble, f.open)
			}
		})
	})
}

// TestForgetAgain: what a crash has left is closed although the router does not answer at first.
func TestForgetAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, r := &fake{outside: netip.MustParseAddr("8.8.4.4"), granted: time.Hour}, &run{}
		stop := r.begin(t, f)
		crashed := run{kept: r.kept}
		stop()
		f.open, f.missing = 8470, enough-1
		if Forget(t.Context(), crashed.config(f)); f.open != 0 || len(crashed.kept) != 0 {
			t.Errorf("open %d, kept %s", f.open, crashed.kept)
		}
	})
}

// TestSamePort: after a crash the port outside is the one of before, which links name.
func TestSamePort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{outside: netip.MustParseAddr("8.8.4.4"), open: 50123, granted: time.Hour}
		r := &run{kept: []byte(`{"way":"NAT-PMP","gateway":"192.168.1.1","inside":"192.168.1.7:8470","outside":"8.8.4.4:50123"}`)}
		defer r.begin(t, f)()
		if s := r.last(); s.Outside.String() != "8.8.4.4:50123" {
			t.Errorf("%+v", s)
		}
	})
}

// TestStands: a gate that is known is the way as long as it answers and the routes lead there.
func TestStands(t *testing.T) {
	f := &fake{outside: netip.MustParseAddr("8.8.4.4")}
	other := netip.MustParseAddr("192.168.1.8")
	if !stands(t.Context(), f, own, home) || stands(t.Context(), f, other, home) || stands(t.Context(), f, own, other) || stands(t.Context(), nil, own, home) {
		t.Error("it is the way of this machine at this router, and no other")
	}
	f.outside = netip.Addr{}
	if stands(t.Context(), f, own, home) {
		t.Error("a router without a connection is searched for")
	}
}
