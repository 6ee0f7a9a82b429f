package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// maxHeld is how much a cork holds back, in bytes: as much as is worth a system call of its own.
const maxHeld = 32 << 10

// A cork is a connection that can hold back what is written, so that several frames go out at once: of what a large crowd is
// told, most of the cost is system calls.
type cork struct {
	net.Conn

	mu   sync.Mutex
	in   bool   // guarded by mu, as is held
	held []byte // written, and not sent yet
}

// Write is net.Conn's.
func (c *cork) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.in {
		return c.Conn.Write(b)
	}
	c.held = append(c.held, b...)
	if len(c.held) < maxHeld {
		return len(b), nil
	}
	return len(b), c.send()
}

// put puts the cork in.
func (c *cork) put() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in = true
}

// pull sends what was held back, and holds nothing back any more.
func (c *cork) pull() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in = false
	err := c.send()
	c.held = nil // a seat that is told little keeps no buffer
	return err
}

func (c *cork) send() error {
	if len(c.held) == 0 {
		return nil
	}
	_, err := c.Conn.Write(c.held)
	c.held = c.held[:0]
	return err
}

// WriteAll sends several frames as [Conn.Write] sends each, at once where that is cheaper.
func WriteAll(ctx context.Context, c Conn, frames ...[]byte) error {
	ws, ok := c.(*webSocket)
	if !ok || ws.cork == nil || len(frames) < 2 {
		return writeEach(ctx, c, frames)
	}
	ws.cork.put()
	if err := writeEach(ctx, c, frames); err != nil {
		ws.net.SetWriteDeadline(time.Now().Add(lingerTimeout))
		ws.cork.pull() // a bye goes behind what there is
		return err
	}
	return ws.flush(ctx)
}

// flush sends what was held back, as patiently as [webSocket.Write].
func (c *webSocket) flush(ctx context.Context) error {
	c.net.SetWriteDeadline(time.Now().Add(c.timeouts.Write))
	release := until(ctx, func() { c.net.SetWriteDeadline(time.Now().Add(lingerTimeout)) })
	err := c.cork.pull()
	cut := release()
	switch {
	case err == nil:
		c.net.SetWriteDeadline(time.Time{})
		return nil
	case cut:
		return context.Cause(ctx)
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.net.Close() // half a frame has gone out
		return ErrSlow
	}
	return fmt.Errorf("write websocket: %w", err)
}

func writeEach(ctx context.Context, c Conn, frames [][]byte) error {
	for _, f := range frames {
		if err := c.Write(ctx, f); err != nil {
			return err
		}
	}
	return nil
}
