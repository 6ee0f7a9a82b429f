//go:build long && linux

package nodetest_test

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/wire"
)

// resets is how many streams are opened, and reset at once, on each road.
const resets = 1_000_000

// TestOpenAndReset: a guest's node opens a million streams and resets each. That costs the host no memory, and the film goes on for others.
func TestOpenAndReset(t *testing.T) {
	dir := t.TempDir()
	tokens := passes(t, dir, 2)
	p, h := loaded(t, dir)
	film := watchOn(t, h, tokens[0])
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := wire.NewEndpoint(c, wire.Config{})
	defer e.Close()
	_, _, pin := cutLink(h.Ready.Invite)
	for road, dial := range map[wire.Road]func(ctx context.Context, addr net.Addr, pin string, use wire.Use) (*wire.Peer, error){wire.ByQUIC: e.Dial, wire.ByTCP: e.DialTCP} {
		to, err := net.ResolveUDPAddr("udp", h.Ready.QUIC) // DialTCP takes it as well
		if err != nil {
			t.Fatal(err)
		}
		peer, err := dial(t.Context(), to, pin, wire.Media)
		if err != nil {
			t.Fatal(road, err)
		}
		answered(t, peer, tokens[1]) // and is no stranger
		resetting(t, peer, resets/20)
		before, most, began := p.memory(), 0, time.Now()
		for range 19 {
			resetting(t, peer, resets/20)
			most = max(most, p.memory())
		}
		t.Logf("by %s: %d streams in %v, %d MB more at most; %.0f goroutines", road, resets, time.Since(began).Round(time.Second), (most-before)>>10, gauge(h, "goroutines"))
		if most-before > 8<<10 {
			t.Errorf("by %s: %d MB more", road, (most-before)>>10)
		}
		answered(t, peer, tokens[1])
		peer.Close(wire.CodeDone, "")
	}
	film.ends(t)
}

// resetting opens n streams and resets each, a few at once.
func resetting(t *testing.T, peer *wire.Peer, n int) {
	t.Helper()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range n / 8 {
				s, err := peer.OpenStream(t.Context())
				if err != nil {
					t.Errorf("open: %v", err)
					return
				}
				s.Cancel(wire.CodeDone)
			}
		})
	}
	all.Wait()
}

// answered asks for the titles.
func answered(t *testing.T, peer *wire.Peer, token string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), Patience)
	defer stop()
	s, err := peer.OpenStream(ctx)
	if err == nil {
		defer s.Cancel(wire.CodeDone)
		err = s.WriteFrame(ctx, wire.Titles{Token: token})
	}
	if err == nil {
		_, err = s.ReadFrame(ctx)
	}
	if err != nil {
		t.Errorf("titles: %v", err)
	}
}
