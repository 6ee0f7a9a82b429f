package wire

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"

	"github.com/quic-go/quic-go"
)

// A gate bounds what strangers may cost before they have shown anything: an address
// must first prove itself by a Retry (RFC 9000 §8.1.2), which costs the host no
// memory; and connections are counted.
type gate struct {
	total, perAddr int // limits

	mu     sync.Mutex // guards the rest
	load   Load
	byAddr map[netip.Prefix]int
	shakes map[netip.Prefix]int // handshakes over TCP
	unread map[netip.Prefix]int // bytes that streams over TCP may hold
	held   int                  // of all
}

// Over TCP an address is proven, but memory is spent before anything is shown. So there is a limit to what one house
// can take from the others, too.
const (
	maxShakes        = 64       // handshakes over TCP at once
	maxShakesPerAddr = 16       // of them from one house
	maxUnread        = 96 << 20 // bytes that streams of guests may hold unread
	maxUnreadPerAddr = 16 << 20
)

// Load is what an endpoint is busy with.
type Load struct {
	Peers    int // connections to us, handshakes included
	HalfOpen int // of them in their handshake, by QUIC
	TCP      int // of them by TCP, handshakes included
	Shaking  int // of them in their handshake
	Retries  int // addresses asked to prove themselves, since the start
	Refused  int // connections there was no room for, since the start
}

func newGate(c Config) *gate {
	return &gate{total: c.MaxPeers, perAddr: c.MaxPeersPerAddr, byAddr: map[netip.Prefix]int{},
		shakes: map[netip.Prefix]int{}, unread: map[netip.Prefix]int{}}
}

// mustProve has every address prove itself that has not yet. Without, it would be sent three times as many bytes as came in its
// name (RFC 9000 §8.1), and by quic-go the rest of a packet more.
func (g *gate) mustProve(net.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.load.Retries++
	return true
}

var errFull = errors.New("no room")

type ticketKey struct{}

// A ticket is a connection's place in the gate's count.
type ticket struct {
	gate  *gate
	house netip.Prefix
	by    Road
	shook bool // guarded by the gate's mu
}

// enter counts a new connection until its context ends, or refuses it.
func (g *gate) enter(ctx context.Context, info *quic.ClientInfo) (context.Context, error) {
	t, err := g.admit(houseOf(info.RemoteAddr), ByQUIC)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, t.leave)
	return context.WithValue(ctx, ticketKey{}, t), nil
}

// admit counts a new connection, if there is room for it.
func (g *gate) admit(house netip.Prefix, by Road) (*ticket, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	full := by == ByTCP && (g.load.Shaking >= maxShakes || g.shakes[house] >= maxShakesPerAddr)
	if full || g.load.Peers >= g.total || g.byAddr[house] >= g.perAddr {
		g.load.Refused++
		return nil, errFull
	}
	g.load.Peers++
	g.byAddr[house]++
	if by == ByTCP {
		g.load.TCP++
		g.load.Shaking++
		g.shakes[house]++
	} else {
		g.load.HalfOpen++
	}
	return &ticket{gate: g, house: house, by: by}, nil
}

// handshakeDone takes a connection out of the half-open ones.
func handshakeDone(ctx context.Context) {
	ctx.Value(ticketKey{}).(*ticket).settled()
}

func (t *ticket) settled() {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	t.settle()
}

// settle is called with the gate locked.
func (t *ticket) settle() {
	switch {
	case t.shook:
	case t.by == ByTCP:
		t.gate.load.Shaking--
		drop(t.gate.shakes, t.house, 1)
	default:
		t.gate.load.HalfOpen--
	}
	t.shook = true
}

// leave gives the place back, once.
func (t *ticket) leave() {
	g := t.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	t.settle()
	g.load.Peers--
	if t.by == ByTCP {
		g.load.TCP--
	}
	drop(g.byAddr, t.house, 1)
}

// hold takes room for bytes that a guest may send before anybody reads them.
func (g *gate) hold(house netip.Prefix, n int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.held+n > maxUnread || g.unread[house]+n > maxUnreadPerAddr {
		return errFull
	}
	g.held += n
	g.unread[house] += n
	return nil
}

func (g *gate) release(house netip.Prefix, n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held -= n
	drop(g.unread, house, n)
}

// drop takes n off a house's count.
func drop(counts map[netip.Prefix]int, house netip.Prefix, n int) {
	if counts[house] -= n; counts[house] == 0 {
		delete(counts, house)
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
