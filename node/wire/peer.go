package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A Peer is a connection to another node, by whatever road. Its methods may be called by
// anybody at any time.
type Peer struct {
	conn        carriage
	cfg         *Config
	host        bool // we are: the other side dialled
	fingerprint string
	quiet       *time.Timer                  // closes a client that says nothing
	taker       atomic.Pointer[func(Packet)] // nil: packets of faces are passed over

	losses chan Loss // the answer to [Peer.AskLoss]
	echoes chan int  // bytes of a datagram that came back, see keepWide

	mu    sync.Mutex // guards the rest
	pings map[pingID]chan<- pong
}

// adopt makes a peer of a connection; nil if the endpoint is closing. The peer's
// pump of datagrams ends with the connection.
func (e *Endpoint) adopt(c carriage, state tls.ConnectionState, host bool) *Peer {
	p := &Peer{conn: c, cfg: &e.cfg, host: host, pings: map[pingID]chan<- pong{}, losses: make(chan Loss, 1), echoes: make(chan int, 2*widthTries)}
	if spki, err := peerKey(state); err == nil {
		p.fingerprint = fingerprint(spki)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		c.close(CodeDone, ByeClosing)
		return nil
	}
	if host {
		p.quiet = time.AfterFunc(e.cfg.FirstFrameTimeout, func() { p.Close(CodeEnded, ByeProto) })
	}
	if !host && c.road() == ByQUIC {
		e.pumps.Go(p.keepWide)
	}
	e.peers[p] = struct{}{}
	e.pumps.Go(func() {
		p.pump()
		if host {
			p.quiet.Stop()
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.peers, p)
	})
	return p
}

// Fingerprint is that of the other side's key; "" if it showed none.
func (p *Peer) Fingerprint() string { return p.fingerprint }

// RemoteAddr is where the other side is now; it may move.
func (p *Peer) RemoteAddr() net.Addr { return p.conn.addr() }

// Road is how the other side is reached.
func (p *Peer) Road() Road { return p.conn.road() }

// Done is closed when the connection has ended.
func (p *Peer) Done() <-chan struct{} { return p.conn.context().Done() }

// why is the reason for which the connection has ended.
func (p *Peer) why() error { return fromQUIC(context.Cause(p.conn.context())) }

// Close ends the connection at once, with one of the codes above and a short
// reason for programs. What was written and not sent yet is lost; a [Conn]'s Close
// says bye first.
func (p *Peer) Close(code uint64, reason string) error {
	return p.conn.close(code, reason)
}

// Stats tells how the way does.
func (p *Peer) Stats() Stats { return p.conn.stats() }

// OpenStream opens a stream towards the host; its first frame says what it is for.
// The host learns of it with that frame only.
func (p *Peer) OpenStream(ctx context.Context) (*Stream, error) {
	q, err := p.conn.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open stream: %w", err)
	}
	return p.stream(q), nil
}

func (p *Peer) stream(q lane) *Stream {
	limit, maxSend := MaxToGuest, MaxToHost
	if p.host {
		limit, maxSend = maxSend, limit
	}
	return &Stream{newFrames(q, limit, maxSend, p.cfg.WriteTimeout), q, p}
}

// Serve hands each stream that the client opens to handle, together with its
// first frame, in a goroutine of its own, and closes the stream afterwards. It
// returns when the connection or ctx has ended and every handle has returned; the
// connection is closed then. handle's context ends as soon as one of the two does.
//
// A first frame that is malformed ends the connection with WP-PROTO. One that
// does not come within FirstFrameTimeout, or is of an unknown kind, ends only its
// stream.
func (p *Peer) Serve(ctx context.Context, handle func(context.Context, *Stream, Frame)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.conn.context(), cancel)()
	var all sync.WaitGroup
	var err error
	for err == nil {
		var q lane
		if q, err = p.conn.accept(ctx); err == nil {
			all.Go(func() { p.serve(ctx, p.stream(q), handle) })
		}
	}
	if ctx.Err() == nil { // the connection ended; its context follows
		cancel()
	}
	all.Wait()
	p.Close(CodeDone, ByeClosing)
	if errors.Is(err, context.Canceled) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (p *Peer) serve(ctx context.Context, s *Stream, handle func(context.Context, *Stream, Frame)) {
	defer s.finish()
	first, cancel := context.WithTimeout(ctx, p.cfg.FirstFrameTimeout)
	f, err := s.ReadFrame(first)
	cancel()
	if _, unknown := f.(Unknown); unknown {
		s.Cancel(CodeRefused)
		return
	}
	if err != nil {
		if bye := ByeFor(err); bye.Code != "" {
			p.cfg.Log.Info("peer closed", "addr", p.RemoteAddr(), "err", err)
			s.Control().Close(bye)
		}
		s.Cancel(CodeDone)
		return
	}
	p.quiet.Stop()
	handle(ctx, s, f)
}
