package wire

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"
)

func TestPingClock(t *testing.T) { onRoads(t, pingClockOn) }

func pingClockOn(t *testing.T, dial dialler) {
	const ahead = 3 * time.Hour
	h := host(t, Config{Now: func() time.Time { return time.Now().Add(ahead) }}, echo)
	p, err := dial(endpoint(t, Config{}), within(t), h.Addr(), "", Control)
	if err != nil {
		t.Fatal(err)
	}
	hello(t, p)
	p.conn.send([]byte("what is this?"))
	p.conn.send(appendPong(nil, pingID{}, time.Time{}))
	var all sync.WaitGroup
	for range 20 { // several in flight, each with its own answer
		all.Go(func() {
			s, err := p.PingClock(within(t))
			if err != nil {
				t.Error(err)
				return
			}
			host := s.Host.Add(-ahead)
			if host.Before(s.Sent.Add(-time.Millisecond)) || host.After(s.Received.Add(time.Millisecond)) {
				t.Errorf("host time %v is not between %v and %v", host, s.Sent, s.Received)
			}
		})
	}
	all.Wait()
	p.Close(CodeDone, "")
	if _, err := p.PingClock(within(t)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
	if len(p.pings) != 0 {
		t.Errorf("%d pings are remembered", len(p.pings))
	}
}

// A host without a clock to tell, and a guest that is asked, keep silent.
func TestPingsThatAreNotAnswered(t *testing.T) { onRoads(t, pingsThatAreNotAnsweredOn) }

func pingsThatAreNotAnsweredOn(t *testing.T, dial dialler) {
	h := host(t, Config{}, echo)
	p, err := dial(endpoint(t, Config{Now: time.Now}), within(t), h.Addr(), "", Control)
	if err != nil {
		t.Fatal(err)
	}
	hello(t, p)
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	var all sync.WaitGroup
	tooMany := make(chan error, maxPings+1)
	for range maxPings + 1 {
		all.Go(func() {
			if _, err := p.PingClock(ctx); !errors.Is(err, context.DeadlineExceeded) {
				tooMany <- err
			}
		})
	}
	all.Wait()
	if len(tooMany) != 1 {
		t.Errorf("%d pings were refused, want one", len(tooMany))
	}
}
