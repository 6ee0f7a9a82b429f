package wire

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"

	"github.com/quic-go/quic-go"
)

// A gate bounds what strangers may cost before they have shown anything: while
// many handshakes are half open, an address must first prove itself by a Retry
// (RFC 9000 §8.1.2), which costs the host no memory; and connections are counted.
type gate struct {
	total, perAddr, halfOpen int // limits

	mu     sync.Mutex // guards the rest
	load   Load
	byAddr map[netip.Prefix]int
}

// Load is what an endpoint is busy with.
type Load struct {
	Peers    int // connections to us, handshakes included
	HalfOpen int // of them in their handshake
	Retries  int // addresses asked to prove themselves, since the start
	Refused  int // connections there was no room for, since the start
}

func newGate(c Config) *gate {
	return &gate{total: c.MaxPeers, perAddr: c.MaxPeersPerAddr, halfOpen: c.MaxHalfOpen, byAddr: map[netip.Prefix]int{}}
}

// mustProve says whether an unverified address is asked to prove itself.
func (g *gate) mustProve(net.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.load.HalfOpen < g.halfOpen {
		return false
	}
	g.load.Retries++
	return true
}

var errFull = errors.New("no room")

type ticketKey struct{}

// A ticket is a connection's place in the gate's count.
type ticket struct {
	gate  *gate
	shook bool
}

// enter counts a new connection until its context ends, or refuses it.
func (g *gate) enter(ctx context.Context, info *quic.ClientInfo) (context.Context, error) {
	house := houseOf(info.RemoteAddr)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.load.Peers >= g.total || g.byAddr[house] >= g.perAddr {
		g.load.Refused++
		return nil, errFull
	}
	g.load.Peers++
	g.load.HalfOpen++
	g.byAddr[house]++
	t := &ticket{gate: g}
	context.AfterFunc(ctx, func() { t.leave(house) })
	return context.WithValue(ctx, ticketKey{}, t), nil
}

// handshakeDone takes a connection out of the half-open ones.
func handshakeDone(ctx context.Context) {
	t := ctx.Value(ticketKey{}).(*ticket)
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	t.settle()
}

func (t *ticket) settle() {
	if !t.shook {
		t.shook = true
		t.gate.load.HalfOpen--
	}
}

func (t *ticket) leave(house netip.Prefix) {
	g := t.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	t.settle()
	g.load.Peers--
	if g.byAddr[house]--; g.byAddr[house] == 0 {
		delete(g.byAddr, house)
	}
}

// houseOf is what one subscriber has at least: an IPv4 address, an IPv6 /64.
func houseOf(a net.Addr) netip.Prefix {
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Prefix{}
	}
	ip := ap.Addr().Unmap()
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.WithZone("").Prefix(bits) // bits are right for the family
	return p
}
