package web

import (
	"container/list"
	"io"
	"net"
	"sync"
)

// limit accepts no more than n connections at once, and a few beside them that are there to be told so. A connection rests
// while it has asked for nothing yet, or not in whole, or waits for the next request: as nginx does, the one that has rested
// longest is closed when somebody new comes and every place is taken. So whoever keeps many of them open, and sends a drop now
// and then, keeps out nobody. Where none rests, the new one is surplus: it is answered with WP-FULL and closed. Above those it
// waits in the system's queue.
//
// golang.org/x/net/netutil has a limit too, but hides the connection, which must be known to be reset (see [reset]) and half
// closed, and closes none.
func limit(l net.Listener, n int) *limited {
	d := &limited{Listener: l, places: n, spare: max(2, min(n/16, maxSpare))}
	d.left.L = &d.mu
	return d
}

// maxSpare is how many connections at most may wait to be told that there is no room.
const maxSpare = 32

type limited struct {
	net.Listener
	places, spare int

	mu      sync.Mutex // guards the rest
	left    sync.Cond  // somebody has left, or it is closed
	taken   int
	kept    bool      // one of them is for who comes next
	resting list.List // of *counted, longest first
	closed  bool
	full    int // connections that were surplus
}

// Accept waits for room, then for a connection.
func (l *limited) Accept() (net.Conn, error) {
	if !l.reserve() {
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		l.leave(nil)
		return nil, err
	}
	in := &counted{Conn: c, list: l}
	in.surplus = !l.seat()
	in.rest()
	return in, nil
}

// reserve waits until there is room for one more, at least to be told.
func (l *limited) reserve() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.taken >= l.places+l.spare && !l.closed {
		if old := l.oldest(); old != nil {
			l.mu.Unlock()
			old.Close()
			l.mu.Lock()
			continue
		}
		l.left.Wait()
	}
	l.taken++
	l.kept = true
	return !l.closed
}

// seat says whether who just came has a place, which another may have to give up.
func (l *limited) seat() bool {
	l.mu.Lock()
	l.kept = false
	if l.taken <= l.places {
		l.mu.Unlock()
		return true
	}
	old := l.oldest()
	if old == nil {
		l.full++
	}
	l.mu.Unlock()
	if old == nil {
		return false
	}
	old.Close()
	return true
}

// oldest takes the connection that has rested longest off the list; nil: none rests. It is called with the lock held.
func (l *limited) oldest() *counted {
	e := l.resting.Front()
	if e == nil {
		return nil
	}
	c := l.resting.Remove(e).(*counted)
	c.at = nil
	return c
}

func (l *limited) leave(c *counted) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c != nil {
		if c.left {
			return
		}
		c.left = true
		c.settle()
	} else {
		l.kept = false
	}
	l.taken--
	l.left.Broadcast()
}

// load is how many places are taken, and how many came for whom there was none.
func (l *limited) load() (taken, full int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept {
		return l.taken - 1, l.full
	}
	return l.taken, l.full
}

// Close ends Accept, also one that waits for a place.
func (l *limited) Close() error {
	l.mu.Lock()
	l.closed = true
	l.left.Broadcast()
	l.mu.Unlock()
	return l.Listener.Close()
}

// counted is a connection that has a place.
type counted struct {
	net.Conn
	list    *limited
	surplus bool          // there was no place: it is there to be told so
	at      *list.Element // in list.resting; nil: it does not rest; guarded by list.mu
	left    bool          // guarded by list.mu
}

// rest lets the place go to somebody else.
func (c *counted) rest() {
	c.list.mu.Lock()
	defer c.list.mu.Unlock()
	if c.settle(); !c.left {
		c.at = c.list.resting.PushBack(c)
	}
}

// work keeps the place.
func (c *counted) work() {
	c.list.mu.Lock()
	defer c.list.mu.Unlock()
	c.settle()
}

// settle takes it off the list, with the lock held.
func (c *counted) settle() {
	if c.at != nil {
		c.list.resting.Remove(c.at)
		c.at = nil
	}
}

// Close gives the place back.
func (c *counted) Close() error {
	defer c.list.leave(c)
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
