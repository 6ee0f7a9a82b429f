package guest

import (
	"context"
	"net"
	"slices"
	"time"

	"watchparty/node/wire"
)

const (
	// seekTime is how long a host that does not answer is looked for before it is dialled again; one that is there says so in
	// less (RFC 6762, 6: 120 ms at most).
	seekTime = 400 * time.Millisecond
	// seekMisses is how many questions for the time, one after the other, go without an answer until the host is looked for.
	seekMisses = 2
	// mostSeen is how many addresses of a host, as the network says them, are dialled.
	mostSeen = 4
)

// seek looks for where the host is now, and gives what was not known. What the network says is a hint: who answers there
// has to have the host's key, as everywhere.
func (c Config) seek(ctx context.Context, limit time.Duration) (fresh []string) {
	if c.Seek == nil || c.Pin == "" {
		return nil
	}
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	for _, a := range c.Seek(ctx, c.Pin) {
		if !slices.Contains(c.Addrs, a) {
			fresh = append(fresh, a)
		}
	}
	return fresh[:min(len(fresh), mostSeen)]
}

// dial connects to the host, where it was or where it is seen now.
func (c Config) dial(ctx context.Context, e *wire.Endpoint) (*wire.Peer, net.Addr, error) {
	peer, addr, err := DialAny(ctx, e, c.Addrs, c.Pin, wire.Control, headStart)
	if err == nil || ctx.Err() != nil {
		return peer, addr, err
	}
	if fresh := c.seek(ctx, 5*seekTime); len(fresh) > 0 {
		return DialAny(ctx, e, fresh, c.Pin, wire.Control, headStart)
	}
	return nil, nil, err
}

// wait is the pause before the host is dialled again, or less if it is seen elsewhere meanwhile.
func (g *Guest) wait(ctx context.Context, d time.Duration) {
	began := time.Now()
	if g.moved(ctx) {
		return
	}
	pause(ctx, d-time.Since(began))
}

// moved looks for the host, and says whether it is seen where it is not known to be; there it is dialled first. Where it was
// is dialled too: what the network says may be false.
func (g *Guest) moved(ctx context.Context) bool {
	fresh := g.cfg.seek(ctx, seekTime)
	if len(fresh) == 0 || slices.Equal(fresh, g.seen) {
		return false
	}
	g.seen = fresh
	g.cfg.Log.Info("the host is seen at another address")
	return true
}

// roamed says whether a new connection by TCP comes to the host while the one that there is stays silent: where this machine has another
// address, or its router, TCP itself gives that one up only after a while.
func (g *Guest) roamed(ctx context.Context, p *wire.Peer) bool {
	g.mu.Lock()
	l := g.link
	g.mu.Unlock()
	if l == nil || p.Road() != wire.ByTCP {
		return false
	}
	ctx, stop := context.WithTimeout(ctx, 2*time.Second)
	defer stop()
	other, err := l.dial(ctx, wire.ByTCP, wire.Control)
	if err != nil {
		return false
	}
	other.Close(wire.CodeDone, "")
	pctx, stop := context.WithTimeout(ctx, time.Second)
	defer stop()
	_, err = p.PingClock(pctx)
	return err != nil
}
