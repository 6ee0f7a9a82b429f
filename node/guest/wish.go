package guest

import (
	"context"

	"watchparty/node/party"
	"watchparty/node/wire"
)

// Wish sends a wish and waits for its answer, across as many connections as that
// takes.
func (g *Guest) Wish(ctx context.Context, n party.Nonce, c party.Command) (party.Seq, error) {
	frame, err := wire.Marshal(wire.Wish{Wish: party.Wish{Nonce: n, Command: c}})
	if err != nil {
		return 0, err
	}
	if len(frame) > wire.MaxToHost {
		return 0, &party.Refusal{Code: "WP-BAD", Reason: "That was too long."}
	}
	p := g.expect(n)
	defer g.forget(n, p)
	for {
		l, err := g.present(ctx)
		if err != nil {
			return 0, err
		}
		if err := l.conn.Write(ctx, frame); err != nil {
			l.conn.Close(wire.Bye{}) // its reader notices, and the guest comes back
		}
		select {
		case <-p.done:
			return p.outcome.seq, p.outcome.err
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-l.gone:
		}
	}
}

func (g *Guest) expect(n party.Nonce) *pending {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.pending[n]
	if p == nil {
		p = &pending{done: make(chan struct{})}
		g.pending[n] = p
	}
	p.waiting++
	return p
}

func (g *Guest) forget(n party.Nonce, p *pending) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.waiting--; p.waiting == 0 && g.pending[n] == p {
		delete(g.pending, n)
	}
}

func (g *Guest) answered(n party.Nonce, o outcome) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p := g.pending[n]; p != nil {
		p.outcome = o
		close(p.done)
		delete(g.pending, n)
	}
}

// Signal sends a signal if there is a connection; else it is worth nothing.
func (g *Guest) Signal(frame []byte) {
	g.mu.Lock()
	l := g.link
	g.mu.Unlock()
	if l != nil {
		ctx, stop := context.WithTimeout(context.Background(), wire.WriteTimeout)
		defer stop()
		l.conn.Write(ctx, frame)
	}
}
