package wire

import (
	"crypto/tls"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// tcpConn is a TLS connection whose other side must be heard of.
type tcpConn struct {
	*tls.Conn
	bbr   bool
	quiet atomic.Bool // nothing was heard for too long

	mu   sync.Mutex
	last time.Time // when the last may be written; zero: not closing
}

// Read ends with a connection over which nothing comes.
func (c *tcpConn) Read(b []byte) (int, error) {
	c.SetReadDeadline(time.Now().Add(IdleTimeout))
	n, err := c.Conn.Read(b)
	if err != nil && os.IsTimeout(err) {
		c.quiet.Store(true)
	}
	return n, err
}

// hurry has the end of the connection not wait for a reader that is stuck.
func (c *tcpConn) hurry() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last.IsZero() {
		c.last = time.Now().Add(lastWords)
		c.Conn.SetWriteDeadline(c.last)
	}
}

// SetWriteDeadline implements net.Conn.
func (c *tcpConn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.last.IsZero() {
		t = c.last
	}
	return c.Conn.SetWriteDeadline(t)
}

// Close does not wait for a reader either: the end is said within, by a go-away.
func (c *tcpConn) Close() error { return c.NetConn().Close() }

func (c *tcpConn) stats() Stats {
	s := Stats{BBR: c.bbr}
	if raw, ok := socketOf(c.NetConn()); ok {
		tcpStats(raw, &s)
	}
	return s
}

// socketOf is the socket below.
func socketOf(c net.Conn) (*net.TCPConn, bool) {
	for {
		switch below := c.(type) {
		case *net.TCPConn:
			return below, true
		case interface{ NetConn() net.Conn }:
			c = below.NetConn()
		default:
			return nil, false
		}
	}
}

// tune asks the kernel for what bulk needs, and says whether it sends by BBR.
func tune(c net.Conn) (bbr bool) {
	raw, ok := socketOf(c)
	return ok && askBBR(raw)
}
