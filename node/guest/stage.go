package guest

import (
	"context"

	"watchparty/node/wire"
)

// Stage connects to the host's stage, once the host is there. The stream's peer is a connection of its own, which the
// caller closes; it ends with the guest's.
func (g *Guest) Stage(ctx context.Context) (*wire.Stream, error) {
	l, err := g.present(ctx)
	if err != nil {
		return nil, err
	}
	qctx, stop := context.WithTimeout(ctx, askTime)
	defer stop()
	peer, err := l.dial(qctx, l.peer.Road(), wire.Control)
	if err != nil {
		return nil, err
	}
	st, err := peer.OpenStream(qctx)
	if err == nil {
		err = st.WriteFrame(qctx, wire.Stage{Token: g.cfg.Token})
	}
	if err != nil {
		peer.Close(wire.CodeDone, "")
		return nil, err
	}
	return st, nil
}
