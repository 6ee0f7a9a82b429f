package web

import (
	"io"
	"net"
	"sync"
)

// maxConns is how many connections a node's pages may have at once: a full party's, each with a few for its film.
const maxConns = 4096

// connections is that, or two thirds of the files that the process may have open: films, the store and other nodes need some too.
func connections() int { return max(1, min(maxConns, 2*openFiles()/3)) }

// limit accepts no more than n connections at once. Those above it wait in the
// system's queue until one closes.
//
// golang.org/x/net/netutil has the same, but hides the connection, which must be
// known to be reset (see [reset]) and half closed.
func limit(l net.Listener, n int) net.Listener {
	return &limited{Listener: l, places: make(chan struct{}, n), closed: make(chan struct{})}
}

type limited struct {
	net.Listener
	places chan struct{}
	closed chan struct{}
	once   sync.Once
}

// Accept waits for a free place, then for a connection.
func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.places
		return nil, err
	}
	return &counted{Conn: c, leave: sync.OnceFunc(func() { <-l.places })}, nil
}

// Close ends Accept, also one that waits for a place.
func (l *limited) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// counted is a connection that has a place.
type counted struct {
	net.Conn
	leave func()
}

// Close gives the place back.
func (c *counted) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// ReadFrom lets a file go to the socket inside the kernel.
func (c *counted) ReadFrom(r io.Reader) (int64, error) { return io.Copy(c.Conn, r) }

// CloseWrite lets the server end its half first, so that a refusal is read before
// the connection is reset.
func (c *counted) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
