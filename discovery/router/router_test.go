package router

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	home = netip.MustParseAddr("192.168.1.1")
	own  = netip.MustParseAddr("192.168.1.7")
)

// A fake is a router with one port at most.
type fake struct {
	sync.Mutex
	outside netip.Addr
	open    uint16
	until   time.Time
	granted time.Duration
	err     error
	gone    bool // it answers nobody
	missing int  // of the next searches none is answered
	asks    bool // it can be asked what is open
	opened  int  // how often it was asked to open
	wrote   int  // how often its port was remembered
	tried   int  // how often its address outside was tried from within
	renewed int
	kept    *run // whose memory of the port is looked at when it is asked for; nil: nobody's
	blind   bool // it was asked for without being remembered
}

func (f *fake) find(context.Context, Gate) ([]Gate, error) {
	f.Lock()
	defer f.Unlock()
	if f.missing--; f.gone || f.missing >= 0 {
		return nil, &Trouble{"WP-REMOTE-NONE", "nobody"}
	}
	return []Gate{f}, nil
}

func (f *fake) Asked(port uint16) Opening {
	return Opening{Way: NATPMP, Gateway: home, Inside: netip.AddrPortFrom(own, port)}
}

func (f *fake) Outside(context.Context) (netip.Addr, error) {
	f.Lock()
	defer f.Unlock()
	return f.outside, nil
}

func (f *fake) Holds(_ context.Context, _, outside uint16) bool {
	f.Lock()
	defer f.Unlock()
	return f.asks && f.open == outside && time.Now().Before(f.until)
}

func (f *fake) Open(_ context.Context, _, outside uint16, _ bool) (uint16, time.Duration, error) {
	f.Lock()
	defer f.Unlock()
	f.blind = f.blind || f.kept != nil && len(f.kept.kept) == 0
	if f.err != nil {
		return 0, 0, f.err
	}
	f.opened++
	if f.open != 0 {
		f.renewed++
	}
	f.open, f.until = outside, time.Now().Add(f.granted)
	return outside, f.granted, nil
}

func (f *fake) Close(context.Context, uint16, uint16) error {
	f.Lock()
	defer f.Unlock()
	if f.gone {
		return errors.New("no answer")
	}
	f.open = 0
	return nil
}

// A run is a host at a router.
type run struct {
	kept []byte
	told []State // guarded by the router's mutex
}

func (r *run) config(f *fake) Config {
	return Config{
		Port: 8470, Kept: r.kept, Find: f.find, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Keep: func(b []byte) error {
			f.Lock()
			defer f.Unlock()
			r.kept = b
			f.wrote++
			return nil
		},
		Reach: func(context.Context, netip.AddrPort) bool {
			f.Lock()
			defer f.Unlock()
			f.tried++
			return false
		},
		Tell: func(s State) {
			f.Lock()
			defer f.Unlock()
			r.told = append(r.told, s)
		},
	}
}

func (r *run) last() State { return r.told[len(r.told)-1] }

// TestRun: the port is open all evening, renewed before its time is over, closed at the end, and
// after a crash by the next run, whether that opens one or not.
func TestRun(t *testing.T) {
	for _, granted := range []time.Duration{time.Hour, 10 * time.Minute, time.Second} {
		synctest.Test(t, func(t *testing.T) {
			f, r := &fake{outside: netip.MustParseAddr("8.8.4.4"), granted: granted}, &run{}
			f.kept = r
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- Run(ctx, r.config(f)) }()
			for range 300 {
				time.Sleep(time.Minute + time.Millisecond)
				synctest.Wait()
				f.Lock()
				if granted > again && time.Now().After(f.until) {
					t.Errorf("granted for %v: it was over at %v", granted, f.until)
				}
				f.Unlock()
			}
			f.Lock()
			if f.open != 8470 || f.renewed < 5 || r.last().Outside.String() != "8.8.4.4:8470" || len(r.kept) == 0 {
				t.Errorf("open %d, renewed %d times, told %+v, kept %s", f.open, f.renewed, r.last(), r.kept)
			}
			if f.blind {
				t.Error("a crash at the wrong moment would leave a port that nobody knows of")
			}
			killed := run{kept: r.kept}
			f.Unlock()
			stop()
			if err := <-done; err != nil || f.open != 0 || len(r.kept) != 0 {
				t.Errorf("%v: open %d, kept %s", err, f.open, r.kept)
			}
			f.open = 8470
			Forget(t.Context(), killed.config(f))
			if f.open != 0 || len(killed.kept) != 0 {
				t.Errorf("after a crash: open %d, kept %s", f.open, killed.kept)
			}
		})
	}
}

// TestElsewhere: what is open at another router is remembered until its time is over.
func TestElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &run{kept: []byte(`{"way":"UPnP","gateway":"192.168.1.254","inside":"192.168.1.7:8470","outside":"8.8.4.4:8470","until":"` + time.Now().Add(time.Hour).Format(time.RFC3339) + `"}`)}
		f := &fake{open: 1}
		Forget(t.Context(), r.config(f))
		if f.open != 1 || len(r.kept) == 0 {
			t.Errorf("open %d, kept %q", f.open, r.kept)
		}
		time.Sleep(2 * time.Hour)
		if Forget(t.Context(), r.config(f)); len(r.kept) != 0 {
			t.Errorf("kept %q", r.kept)
		}
	})
}

// TestTrouble: what is in the way is named, nothing stays open, and it is tried anew.
func TestTrouble(t *testing.T) {
	for _, c := range []struct {
		outside, code string
		err           error
		gone          bool
	}{
		{outside: "100.64.3.4", code: "WP-REMOTE-SHARED"},
		{outside: "100.127.255.254", code: "WP-REMOTE-SHARED"},
		{outside: "192.0.0.2", code: "WP-REMOTE-SHARED"},
		{outside: "192.168.1.7", code: "WP-REMOTE-DOUBLE"},
		{outside: "10.0.0.2", code: "WP-REMOTE-DOUBLE"},
		{outside: "127.0.0.1", code: "WP-REMOTE-DOUBLE"},
		{outside: "0.0.0.0", code: "WP-REMOTE-NONE"},
		{outside: "192.0.0.9", code: "WP-REMOTE-RESERVED"},
		{outside: "192.0.2.9", code: "WP-REMOTE-RESERVED"},
		{outside: "198.51.100.9", code: "WP-REMOTE-RESERVED"},
		{outside: "203.0.113.9", code: "WP-REMOTE-RESERVED"},
		{outside: "198.19.255.254", code: "WP-REMOTE-RESERVED"},
		{outside: "192.88.99.1", code: "WP-REMOTE-RESERVED"},
		{outside: "240.0.0.1", code: "WP-REMOTE-RESERVED"},
		{outside: "0.1.2.3", code: "WP-REMOTE-RESERVED"},
		{outside: "8.8.4.4", err: errors.New("not allowed"), code: "WP-REMOTE-REFUSED"},
		{outside: "8.8.4.4", err: &Trouble{"WP-REMOTE-PERMANENT", ""}, code: "WP-REMOTE-PERMANENT"},
		{outside: "8.8.4.4", gone: true, code: "WP-REMOTE-NONE"},
	} {
		synctest.Test(t, func(t *testing.T) {
			f, r := &fake{outside: netip.MustParseAddr(c.outside), err: c.err, gone: c.gone, granted: time.Hour}, &run{}
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- Run(ctx, r.config(f)) }()
			synctest.Wait()
			f.Lock()
			if s := r.last(); s.Trouble == nil || s.Trouble.Code != c.code || s.Outside.IsValid() || f.open != 0 {
				t.Errorf("%+v: %+v, open %d", c, s, f.open)
			}
			f.outside, f.err, f.gone = netip.MustParseAddr("8.8.4.4"), nil, false // it is mended
			f.Unlock()
			time.Sleep(again + time.Second)
			synctest.Wait()
			f.Lock()
			if s := r.last(); s.Trouble != nil || f.open != 8470 {
				t.Errorf("%+v, mended: %+v, open %d", c, s.Trouble, f.open)
			}
			f.Unlock()
			stop()
			<-done
		})
	}
}
