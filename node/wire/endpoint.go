package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"github.com/quic-go/quic-go"

	"watchparty/node/party"
)

// Config is how an [Endpoint] behaves. Zero fields mean what is said beside them.
type Config struct {
	Identity Identity         // needed to listen; without one a dialler stays anonymous
	Now      func() time.Time // host time that clock pings are answered with; none: they are not
	Log      *slog.Logger     // none: silent

	// Secrets that must survive a restart, so that guests notice it at once and
	// tokens stay good (RFC 9000 §10.3, §8.1.3). Zero: derived from the identity.
	ResetKey, TokenKey [32]byte

	MaxPeers        int // connections to us, 58 KB each when idle, three of a node; 384, for 1 GB of memory
	MaxPeersPerAddr int // of them from one IPv4 address or IPv6 /64; 96

	WriteTimeout      time.Duration // of a control frame; [WriteTimeout]
	FirstFrameTimeout time.Duration // [FirstFrameTimeout]
}

func (c Config) orDefault() Config {
	for _, d := range []struct {
		v   *int
		def int
	}{{&c.MaxPeers, 384}, {&c.MaxPeersPerAddr, 96}} {
		if *d.v == 0 {
			*d.v = d.def
		}
	}
	if c.WriteTimeout == 0 {
		c.WriteTimeout = WriteTimeout
	}
	if c.FirstFrameTimeout == 0 {
		c.FirstFrameTimeout = FirstFrameTimeout
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Identity.key != nil && c.ResetKey == [32]byte{} {
		c.ResetKey = c.Identity.derive("stateless reset")
	}
	if c.Identity.key != nil && c.TokenKey == [32]byte{} {
		c.TokenKey = c.Identity.derive("address token")
	}
	return c
}

// An Endpoint is one UDP socket for QUIC, to listen and to dial; and, see [Endpoint.Beside] and [Endpoint.DialTCP], TCP
// for those whom UDP does not reach.
type Endpoint struct {
	cfg       Config
	conn      net.PacketConn
	transport *quic.Transport
	gate      *gate
	listener  *quic.Listener // nil until Listen
	callers   chan *Peer     // who came by TCP
	over      chan struct{}  // closed with the endpoint

	mu     sync.Mutex // guards the rest
	peers  map[*Peer]struct{}
	closed bool
	pumps  sync.WaitGroup // of peers
}

// NewEndpoint makes an endpoint of a socket and owns it from then on.
//
// It sets QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING in the environment: small kernel
// buffers are worth a line in a check-up, not one on everybody's terminal.
func NewEndpoint(conn net.PacketConn, cfg Config) *Endpoint {
	os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true")
	cfg = cfg.orDefault()
	g := newGate(cfg)
	t := &quic.Transport{Conn: conn, VerifySourceAddress: g.mustProve, ConnContext: g.enter}
	if cfg.ResetKey != [32]byte{} {
		t.StatelessResetKey = (*quic.StatelessResetKey)(&cfg.ResetKey)
	}
	if cfg.TokenKey != [32]byte{} {
		t.TokenGeneratorKey = (*quic.TokenGeneratorKey)(&cfg.TokenKey)
	}
	return &Endpoint{cfg: cfg, conn: conn, transport: t, gate: g, callers: make(chan *Peer), over: make(chan struct{}), peers: map[*Peer]struct{}{}}
}

// Addr is the socket's address.
func (e *Endpoint) Addr() net.Addr { return e.conn.LocalAddr() }

// Load is what the endpoint is busy with.
func (e *Endpoint) Load() Load {
	e.gate.mu.Lock()
	defer e.gate.mu.Unlock()
	return e.gate.load
}

// Listen lets others connect. [Endpoint.Accept] must be called in a loop then.
func (e *Endpoint) Listen() error {
	if e.cfg.Identity.key == nil {
		return errors.New("listen: no identity")
	}
	l, err := e.transport.Listen(hostTLS(e.cfg.Identity), hostQUIC())
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	e.listener = l
	return nil
}

// Accept waits for the next peer with which the handshake is done. One that says
// nothing for FirstFrameTimeout is closed. After [Endpoint.Close] the error is
// net.ErrClosed.
func (e *Endpoint) Accept(ctx context.Context) (*Peer, error) {
	for {
		c, err := e.listener.Accept(ctx)
		if errors.Is(err, quic.ErrServerClosed) || errors.Is(err, quic.ErrTransportClosed) {
			return nil, net.ErrClosed
		}
		if err != nil {
			return nil, fmt.Errorf("accept: %w", err)
		}
		handshakeDone(c.Context())
		if p := e.adopt(quicCarriage{c}, c.ConnectionState().TLS, true); p != nil {
			e.cfg.Log.Debug("peer accepted", "addr", c.RemoteAddr(), "key", p.fingerprint)
			return p, nil
		}
	}
}

// A Use says what a connection is for, and so how it is tuned.
type Use int

const (
	Control Use = iota // small windows, and gone after ten seconds of silence
	Media              // windows for a film
)

// Dial connects to a host whose key is the pin: a fingerprint, an ID, or "" to
// trust whoever answers; [Peer.Fingerprint] tells who did. An error is a
// [*party.Refusal] where a person can do something about it: WP-HOST-KEY,
// WP-VERSION, WP-FULL, WP-UNREACHABLE.
func (e *Endpoint) Dial(ctx context.Context, addr net.Addr, pin string, use Use) (*Peer, error) {
	want, err := parsePin(pin)
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	c, err := e.transport.Dial(ctx, addr, guestTLS(e.cfg.Identity, want), guestQUIC(use))
	if err != nil {
		return nil, dialError(ctx, addr, err)
	}
	p := e.adopt(quicCarriage{c}, c.ConnectionState().TLS, false)
	if p == nil {
		return nil, net.ErrClosed
	}
	return p, nil
}

func dialError(ctx context.Context, addr net.Addr, err error) error {
	if r, ok := errors.AsType[*party.Refusal](err); ok {
		return r
	}
	const noALPN = 0x100 + 120 // no_application_protocol, RFC 9001 §4.8 and RFC 7301 §3.2
	if t, ok := errors.AsType[*quic.TransportError](err); ok {
		switch t.ErrorCode {
		case quic.ConnectionRefused:
			b := Goodbye(ByeFull)
			return &party.Refusal{Code: b.Code, Reason: b.Reason}
		case noALPN:
			b := Goodbye(ByeVersion)
			return &party.Refusal{Code: b.Code, Reason: b.Reason}
		}
	}
	if _, ok := errors.AsType[*quic.VersionNegotiationError](err); ok {
		b := Goodbye(ByeVersion)
		return &party.Refusal{Code: b.Code, Reason: b.Reason}
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() && ctx.Err() == nil {
		return &party.Refusal{Code: "WP-UNREACHABLE", Reason: "Nobody answers at " + addr.String() +
			" by UDP. Is the host on, on the same network, and not behind a firewall?"}
	}
	return fmt.Errorf("dial %s: %w", addr, err)
}

// Close ends all connections with WP-CLOSING, and returns when everything the
// endpoint started has ended. Who wants to say more says bye first.
func (e *Endpoint) Close() error {
	e.mu.Lock()
	if !e.closed {
		close(e.over)
	}
	e.closed = true
	var all sync.WaitGroup // by TCP, one that is stuck takes a moment
	for p := range e.peers {
		all.Go(func() { p.conn.close(CodeDone, ByeClosing) })
	}
	e.mu.Unlock()
	all.Wait()
	e.pumps.Wait()
	var err error
	if e.listener != nil {
		err = e.listener.Close()
	}
	return errors.Join(err, e.transport.Close(), e.conn.Close())
}
