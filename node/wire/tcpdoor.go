package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-yamux/v5"
)

// Beside lets nodes in by TCP at a listener that serves something else, too: what it gives are the connections of
// others. Those of nodes, which their handshake tells, go to [Endpoint.AcceptTCP].
//
// Nothing waits here: a connection is looked at by whoever reads it first, within their deadline.
func (e *Endpoint) Beside(l net.Listener) net.Listener { return beside{l, e} }

type beside struct {
	net.Listener
	e *Endpoint
}

// Accept implements net.Listener.
func (b beside) Accept() (net.Conn, error) {
	c, err := b.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &caller{Conn: c, e: b.e}, nil
}

// AcceptTCP waits for the next peer that came by TCP, see [Endpoint.Accept].
func (e *Endpoint) AcceptTCP(ctx context.Context) (*Peer, error) {
	select {
	case p := <-e.callers:
		return p, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-e.over:
		return nil, net.ErrClosed
	}
}

const (
	shake    = 0x16     // first byte of a TLS connection (RFC 8446 §5.1)
	maxFirst = 16 << 10 // bytes of a first message of TLS that are looked at
)

// A caller is a connection that may turn out to be a node's.
type caller struct {
	net.Conn
	e     *Endpoint
	known bool         // used by the reader alone
	first bytes.Reader // what was read to find out; used by the reader alone
	given atomic.Bool  // it is a node's, and not of whom it was accepted by any more
}

// Read implements net.Conn. For whoever accepted it, a node's connection ends at once.
func (c *caller) Read(b []byte) (int, error) {
	if c.given.Load() {
		return 0, io.EOF
	}
	if c.known {
		if c.first.Len() > 0 {
			return c.first.Read(b)
		}
		return c.Conn.Read(b)
	}
	n, err := c.Conn.Read(b)
	if n == 0 {
		return 0, err
	}
	if c.known = true; b[0] != shake {
		return n, err
	}
	look := &lookout{Conn: c.Conn, seen: bytes.Clone(b[:n])}
	ours := look.isNode()
	c.first.Reset(look.seen)
	if !ours {
		return c.first.Read(b)
	}
	c.given.Store(true)
	c.e.welcome(&begun{c.Conn, bytes.NewReader(look.seen)})
	return 0, io.EOF
}

// Close implements net.Conn.
func (c *caller) Close() error {
	if c.given.Load() {
		return nil
	}
	return c.Conn.Close()
}

// ReadFrom lets a file go to the socket inside the kernel.
func (c *caller) ReadFrom(r io.Reader) (int64, error) { return io.Copy(c.Conn, r) }

// CloseWrite lets a server end its half first.
func (c *caller) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// SetLinger says what becomes of what is still queued when it is closed, see [net.TCPConn.SetLinger].
func (c *caller) SetLinger(sec int) error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		return tcp.SetLinger(sec)
	}
	return nil
}

// A lookout remembers what is read, and writes nothing.
type lookout struct {
	net.Conn
	seen []byte
	at   int
}

func (l *lookout) Read(b []byte) (int, error) {
	if l.at == len(l.seen) {
		if len(l.seen) >= maxFirst {
			return 0, io.ErrShortBuffer
		}
		n, err := l.Conn.Read(b[:min(len(b), maxFirst-len(l.seen))])
		l.seen = append(l.seen, b[:n]...)
		l.at += n
		return n, err
	}
	n := copy(b, l.seen[l.at:])
	l.at += n
	return n, nil
}

func (l *lookout) Write(b []byte) (int, error) { return len(b), nil }

var errLooked = errors.New("looked at")

// isNode reads the first message of a TLS handshake, and says whether a node sent it (RFC 7301).
func (l *lookout) isNode() (node bool) {
	t := tls.Server(l, &tls.Config{GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
		node = slices.Contains(h.SupportedProtos, alpnTCP)
		return nil, errLooked
	}})
	t.Handshake() // fails in any case
	return node
}

// begun is a connection of which something has been read.
type begun struct {
	net.Conn
	first *bytes.Reader
}

func (b *begun) Read(p []byte) (int, error) {
	if b.first.Len() > 0 {
		return b.first.Read(p)
	}
	return b.Conn.Read(p)
}

// NetConn is the connection itself.
func (b *begun) NetConn() net.Conn { return b.Conn }

// welcome does the handshake with a node and hands it on, or closes the connection.
func (e *Endpoint) welcome(c net.Conn) {
	house := houseOf(c.RemoteAddr())
	c.SetDeadline(time.Now().Add(shakeTime))
	ticket, err := e.gate.admit(house, ByTCP)
	if err != nil {
		tls.Server(c, &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, err }}).Handshake()
		c.Close()
		return
	}
	t := tls.Server(c, overTCP(hostTLS(e.cfg.Identity)))
	if err := t.Handshake(); err != nil {
		e.cfg.Log.Debug("handshake by TCP", "addr", c.RemoteAddr(), "err", err)
		ticket.leave()
		c.Close()
		return
	}
	c.SetDeadline(time.Time{})
	ticket.settled()
	room := func() (yamux.MemoryManager, error) { return &unread{gate: e.gate, house: house}, nil }
	carriage, err := newTCP(t, tune(c), true, Control, room)
	if err != nil {
		ticket.leave()
		c.Close()
		return
	}
	context.AfterFunc(carriage.context(), ticket.leave)
	p := e.adopt(carriage, t.ConnectionState(), true)
	if p == nil {
		return
	}
	select {
	case e.callers <- p:
		e.cfg.Log.Debug("peer accepted", "addr", c.RemoteAddr(), "key", p.fingerprint, "road", ByTCP)
	case <-p.Done():
	}
}
