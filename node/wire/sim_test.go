package wire

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quic-go/quic-go/testutils/simnet"
)

// simulated runs a test between a host and a guest of a simulated network with a
// round trip of that length, in virtual time.
func simulated(t *testing.T, rtt, jitter time.Duration, cfg Config, test func(t *testing.T, h, g *Endpoint)) {
	t.Helper()
	simulatedBy(t, rtt, jitter, cfg, func(c net.PacketConn) net.PacketConn { return c }, test)
}

// simulatedBy has the host send by a socket of the test's.
func simulatedBy(t *testing.T, rtt, jitter time.Duration, cfg Config, by func(net.PacketConn) net.PacketConn, test func(t *testing.T, h, g *Endpoint)) {
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
		h, g := NewEndpoint(by(hostConn), cfg), NewEndpoint(guestConn, Config{})
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

// A narrow socket loses what is longer than so many bytes, once it is told to.
type narrow struct {
	net.PacketConn
	to atomic.Int64
}

func (n *narrow) WriteTo(b []byte, a net.Addr) (int, error) {
	if to := n.to.Load(); to > 0 && int64(len(b)) > to {
		return len(b), nil
	}
	return n.PacketConn.WriteTo(b, a)
}

// A connection on which long packets are lost from some moment on is given up soon; one on which all are lost, only after a while.
func TestBlackHoleOverALink(t *testing.T) {
	for _, c := range []struct {
		to          int64
		least, most time.Duration
	}{{600, time.Second, 5 * time.Second}, {1, IdleTimeout - time.Second, IdleTimeout + 4*time.Second}} {
		var hole *narrow
		by := func(c net.PacketConn) net.PacketConn {
			hole = &narrow{PacketConn: c}
			return hole
		}
		simulatedBy(t, 40*time.Millisecond, 0, Config{}, by, func(t *testing.T, h, g *Endpoint) {
			p := dial(t, g, h)
			hello(t, p)
			<-time.After(time.Minute)
			began := time.Now()
			hole.to.Store(c.to)
			select {
			case <-p.Done():
			case <-time.After(time.Minute):
			}
			if took := time.Since(began); took < c.least || took > c.most {
				t.Errorf("with %d bytes, it ends after %v", c.to, took)
			}
			hole.to.Store(0)
		})
	}
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
