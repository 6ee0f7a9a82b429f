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
	answer := make(chan outcome, 1)
	g.mu.Lock()
	g.pending[n] = answer
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.pending, n)
	}()
	for {
		l, err := g.present(ctx)
		if err != nil {
			return 0, err
		}
		if err := l.conn.Write(ctx, frame); err != nil {
			l.conn.Close(wire.Bye{}) // its reader notices, and the guest comes back
		}
		select {
		case o := <-answer:
			return o.seq, o.err
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-l.gone:
		}
	}
}

func (g *Guest) answered(n party.Nonce, o outcome) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if answer := g.pending[n]; answer != nil {
		answer <- o
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
