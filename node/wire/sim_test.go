package wire

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quic-go/quic-go/testutils/simnet"
)

// simulated runs a test between a host and a guest of a simulated network with a
// round trip of that length, in virtual time.
func simulated(t *testing.T, rtt, jitter time.Duration, cfg Config, test func(t *testing.T, h, g *Endpoint)) {
	cfg.Identity = newIdentity(t)
	synctest.Test(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		var mu sync.Mutex
		link := simnet.NodeBiDiLinkSettings{
			Downlink: simnet.LinkSettings{MTU: 1400}, Uplink: simnet.LinkSettings{MTU: 1400},
			LatencyFunc: func(simnet.Packet) time.Duration {
				mu.Lock()
				defer mu.Unlock()
				if jitter == 0 {
					return rtt / 2
				}
				return rtt/2 + time.Duration(rng.Int64N(int64(jitter)))
			},
		}
		n := &simnet.Simnet{Router: &simnet.PerfectRouter{}}
		hostConn := n.NewEndpoint(&net.UDPAddr{IP: net.IPv4(1, 0, 0, 1), Port: 8470}, link)
		guestConn := n.NewEndpoint(&net.UDPAddr{IP: net.IPv4(1, 0, 0, 2), Port: 1}, link)
		if err := n.Start(); err != nil {
			t.Fatal(err)
		}
		h, g := NewEndpoint(hostConn, cfg), NewEndpoint(guestConn, Config{})
		if err := h.Listen(); err != nil {
			t.Fatal(err)
		}
		var served sync.WaitGroup
		served.Go(func() {
			for {
				p, err := h.Accept(context.Background())
				if err != nil {
					return
				}
				served.Go(func() { p.Serve(context.Background(), echo) })
			}
		})
		test(t, h, g)
		if err := errors.Join(g.Close(), h.Close(), n.Close()); err != nil {
			t.Error(err)
		}
		served.Wait()
	})
}

func dial(t *testing.T, g, h *Endpoint) *Peer {
	t.Helper()
	p, err := g.Dial(t.Context(), h.Addr(), h.cfg.Identity.ID(), Control)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Over 40 ms and without jitter, the offset from pings is exact to the microsecond.
func TestClockOverALink(t *testing.T) {
	const rtt, ahead = 40 * time.Millisecond, -17 * time.Minute
	now := func() time.Time { return time.Now().Add(ahead) }
	simulated(t, rtt, 0, Config{Now: now}, func(t *testing.T, h, g *Endpoint) {
		p := dial(t, g, h)
		s, err := p.OpenStream(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.WriteFrame(t.Context(), Hello{V: 1, Screen: "node"})
		began := time.Now()
		if _, err := s.ReadFrame(t.Context()); err != nil || time.Since(began) > 3*rtt/2 {
			t.Errorf("welcome after %v, %v", time.Since(began), err)
		}
		for range 5 {
			x, err := p.PingClock(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			wrong := x.Host.Sub(x.Sent.Add(x.Received.Sub(x.Sent)/2)) - ahead
			if x.Received.Sub(x.Sent) != rtt || wrong.Abs() > time.Microsecond {
				t.Errorf("round trip %v, offset wrong by %v", x.Received.Sub(x.Sent), wrong)
			}
			<-time.After(PingPeriod)
		}
	})
}

// A guest that stays quiet is kept while its node lives, and gone when it does not.
func TestLifeAndDeathOverALink(t *testing.T) {
	simulated(t, 40*time.Millisecond, 30*time.Millisecond, Config{}, func(t *testing.T, h, g *Endpoint) {
		p := dial(t, g, h)
		s, err := p.OpenStream(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.WriteFrame(t.Context(), Hello{V: 1, Screen: "node"})
		if _, err := s.ReadFrame(t.Context()); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Hour)
		if l := h.Load(); l.Peers != 1 {
			t.Fatalf("after an hour: %+v", l)
		}
		quiet, err := p.OpenStream(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		quiet.Write([]byte{0})
		<-time.After(FirstFrameTimeout + time.Second)
		if _, err := quiet.Read(make([]byte, 1)); err == nil {
			t.Error("a stream without a frame was kept")
		}
		select {
		case <-p.Done():
			t.Error("one bad stream ended the connection")
		default:
		}
	})
	simulated(t, 40*time.Millisecond, 0, Config{}, func(t *testing.T, h, g *Endpoint) {
		p := dial(t, g, h)
		began := time.Now()
		<-p.Done() // it never said a word
		if d := time.Since(began); d < FirstFrameTimeout-time.Second || d > FirstFrameTimeout+time.Second {
			t.Errorf("closed after %v", d)
		}
	})
}

func TestNobodyThere(t *testing.T) {
	simulated(t, 40*time.Millisecond, 0, Config{}, func(t *testing.T, _, g *Endpoint) {
		// the guest's own socket answers nobody
		began := time.Now()
		_, err := g.Dial(t.Context(), g.Addr(), "", Control)
		if code(err) != "WP-UNREACHABLE" || time.Since(began) > 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}
