//go:build long && linux

package nodetest_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// A deaf socket sends what it is given, and hears nothing: handshakes stay half open.
type deafSocket struct {
	net.PacketConn
	sent   atomic.Int64
	closed chan struct{}
	once   sync.Once
}

func newDeaf(t *testing.T, addr string) *deafSocket {
	t.Helper()
	c, err := net.ListenPacket("udp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return &deafSocket{PacketConn: c, closed: make(chan struct{})}
}

func (d *deafSocket) ReadFrom([]byte) (int, net.Addr, error) {
	<-d.closed
	return 0, nil, net.ErrClosed
}

func (d *deafSocket) WriteTo(b []byte, a net.Addr) (int, error) {
	d.sent.Add(1)
	return d.PacketConn.WriteTo(b, a)
}

func (d *deafSocket) SetReadDeadline(time.Time) error {
	d.once.Do(func() { close(d.closed) })
	return nil
}

func (d *deafSocket) Close() error {
	d.once.Do(func() { close(d.closed) })
	return d.PacketConn.Close()
}

// handshakes is how many are begun, a hundred at once: not each is sent before it is given up.
const handshakes, handshakesAtOnce = 15_000, 100

// floodHandshakes begins handshakes from one socket, each of which is given up as soon as it has had time to be sent.
func floodHandshakes(t *testing.T, from *deafSocket, to net.Addr, n int, each func(i int)) {
	t.Helper()
	e := wire.NewEndpoint(from, wire.Config{})
	defer e.Close()
	var all sync.WaitGroup
	turn := make(chan struct{}, handshakesAtOnce)
	for i := range n {
		turn <- struct{}{}
		all.Go(func() {
			defer func() { <-turn }()
			ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer stop()
			e.Dial(ctx, to, "", wire.Control)
		})
		each(i)
	}
	all.Wait()
}

// dialFrom does a whole handshake from an address of this machine.
func dialFrom(t *testing.T, addr string, to net.Addr, pin string) (*wire.Peer, error) {
	t.Helper()
	c, err := net.ListenPacket("udp", addr)
	if err != nil {
		t.Fatal(err)
	}
	e := wire.NewEndpoint(c, wire.Config{})
	t.Cleanup(func() { e.Close() })
	ctx, stop := context.WithTimeout(t.Context(), Patience)
	defer stop()
	return e.Dial(ctx, to, pin, wire.Control)
}

// TestHalfOpenQUIC: ten thousand handshakes and more are begun and never ended. They cost the host no more than 64 MB, and somebody
// who means it comes in meanwhile.
func TestHalfOpenQUIC(t *testing.T) {
	dir := t.TempDir()
	tokens := passes(t, dir, 1)
	p, h := loaded(t, dir)
	film := watchOn(t, h, tokens[0])
	to, err := net.ResolveUDPAddr("udp", h.Ready.QUIC)
	if err != nil {
		t.Fatal(err)
	}
	before, most := p.memory(), 0
	var took []float64
	deaf := newDeaf(t, "127.0.0.9:0")
	floodHandshakes(t, deaf, to, handshakes, func(i int) {
		if i%500 == 499 {
			most = max(most, p.memory())
			began := time.Now()
			peer, err := dialFrom(t, "127.0.0.1:0", to, "")
			if err != nil {
				t.Errorf("somebody who means it: %v", err)
				return
			}
			took = append(took, float64(time.Since(began))/float64(time.Millisecond))
			peer.Close(wire.CodeDone, "")
		}
	})
	most = max(most, p.memory())
	t.Logf("%d packets, %.0f addresses had to prove themselves, %.0f handshakes are open; %d MB more at most; a handshake that is meant takes %.0f ms, %.0f at most",
		deaf.sent.Load(), gauge(h, "node_retries_total"), gauge(h, "node_handshakes"), (most-before)>>10, quantile(took, .5), slices.Max(took))
	if most-before > 64<<10 {
		t.Errorf("%d MB", (most-before)>>10)
	}
	if n := gauge(h, "node_retries_total"); n < 5000 {
		t.Errorf("%.0f retries: the flood did not arrive", n)
	}
	film.ends(t)
	den := join(t, "", "Den", h.Ready.Invite)
	den.kill()
	eventually(t, "no handshake is open", func() bool { return gauge(h, "node_handshakes") == 0 })
}

// silent is how many connections are begun by somebody who then says nothing, and how many of them at once.
const silent, silentAtOnce = 10_000, 64

// A silence is somebody who connects again and again, and says nothing.
type silence struct {
	from             *wire.Endpoint
	to               net.Addr
	refused, failed  atomic.Int64
	in, done, mostIn atomic.Int64 // connections: now, in all, at once at most
	longest          atomic.Int64 // one was there, in ns
	all              sync.WaitGroup
}

func (s *silence) dial(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), Patience)
	defer stop()
	peer, err := s.from.Dial(ctx, s.to, "", wire.Control)
	var r *party.Refusal
	switch {
	case err == nil:
		since := time.Now()
		s.done.Add(1)
		raise(&s.mostIn, s.in.Add(1))
		s.all.Go(func() {
			<-peer.Done()
			s.in.Add(-1)
			raise(&s.longest, int64(time.Since(since)))
		})
	case errors.As(err, &r) && r.Code == wire.ByeFull:
		s.refused.Add(1)
	default:
		s.failed.Add(1)
	}
}

// raise keeps the greatest of what was seen.
func raise(most *atomic.Int64, n int64) {
	for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
	}
}

// TestSilentQUIC: somebody does ten thousand handshakes, as many as they are let, from one address, and says nothing. What they hold
// has a bound, who says nothing is sent away, and somebody else comes in meanwhile.
func TestSilentQUIC(t *testing.T) {
	p, h := loaded(t, t.TempDir())
	to, err := net.ResolveUDPAddr("udp", h.Ready.QUIC)
	if err != nil {
		t.Fatal(err)
	}
	before, most := p.memory(), 0
	c, err := net.ListenPacket("udp", "127.0.0.9:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &silence{from: wire.NewEndpoint(c, wire.Config{}), to: to}
	defer s.from.Close()
	var den *program
	var came time.Duration
	turn := make(chan struct{}, silentAtOnce)
	began := time.Now()
	for i := range silent {
		turn <- struct{}{}
		s.all.Go(func() {
			defer func() { <-turn }()
			s.dial(t)
		})
		if i%500 == 499 {
			most = max(most, p.memory())
		}
		if i == silent/2 {
			asked := time.Now()
			den = join(t, "", "Den", h.Ready.Invite) // from another address
			came = time.Since(asked)
		}
	}
	took := time.Since(began)
	eventually(t, "all of the silent are gone", func() bool { return s.in.Load() == 0 && len(turn) == 0 })
	s.all.Wait()
	longest := time.Duration(s.longest.Load())
	t.Logf("%d in %v: %d were in, %d of them at once at most, for %v at most; %d were refused, %d had no answer; %d MB more at most; a node came in within %v",
		silent, took.Round(time.Second), s.done.Load(), s.mostIn.Load(), longest.Round(100*time.Millisecond), s.refused.Load(), s.failed.Load(),
		(most-before)>>10, came.Round(time.Millisecond))
	if s.mostIn.Load() > 120 || s.done.Load() < 96 || s.refused.Load() < silent/2 {
		t.Errorf("%d were in at once, %d in all, %d refused", s.mostIn.Load(), s.done.Load(), s.refused.Load())
	}
	if longest > 10*time.Second {
		t.Error("somebody who says nothing is there for too long")
	}
	if most-before > 64<<10 {
		t.Errorf("%d MB", (most-before)>>10)
	}
	den.must("s1", "say", party.Say{Text: "hello"})
	eventually(t, "their places are free", func() bool { return gauge(h, `node_connections{road="quic"}`) <= 3 })
}
