//go:build long && linux

package nodetest_test

import (
	"context"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "watchparty/node/nodetest"
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

// TestSilentQUIC: somebody does as many handshakes as they are let, from one address, and says nothing. That has a bound, others
// come in meanwhile, and who says nothing is sent away.
func TestSilentQUIC(t *testing.T) {
	p, h := loaded(t, t.TempDir())
	to, err := net.ResolveUDPAddr("udp", h.Ready.QUIC)
	if err != nil {
		t.Fatal(err)
	}
	before := p.memory()
	c, err := net.ListenPacket("udp", "127.0.0.9:0")
	if err != nil {
		t.Fatal(err)
	}
	e := wire.NewEndpoint(c, wire.Config{})
	defer e.Close()
	var in []*wire.Peer
	refused := 0
	for range 300 {
		ctx, stop := context.WithTimeout(t.Context(), Patience)
		peer, err := e.Dial(ctx, to, "", wire.Control)
		stop()
		if err != nil {
			refused++
			continue
		}
		in = append(in, peer)
	}
	t.Logf("%d are in, %d were refused, %d MB more", len(in), refused, (p.memory()-before)>>10)
	if len(in) > 250 || refused == 0 || len(in) < 20 {
		t.Errorf("%d in, %d refused", len(in), refused)
	}
	den := join(t, "", "Den", h.Ready.Invite) // from another address
	began := time.Now()
	for _, peer := range in {
		select {
		case <-peer.Done():
		case <-time.After(Patience):
			t.Fatal("somebody who says nothing is still there")
		}
	}
	t.Logf("all of them are gone after %v", time.Since(began).Round(100*time.Millisecond))
	den.must("s1", "say", struct {
		Text string `json:"text"`
	}{"hello"})
}
