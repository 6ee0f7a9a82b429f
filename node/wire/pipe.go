package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Pipe is a connection within a process, with the framing of a stream and no
// buffer: host reads what guest writes, and the other way round. It is for tests
// in which nothing but time shall pass.
func Pipe() (host, guest Conn) {
	h, g := net.Pipe()
	return newPipe(h, MaxToHost, MaxToGuest), newPipe(g, MaxToGuest, MaxToHost)
}

type pipeConn struct {
	frames
	net  net.Conn
	once sync.Once
}

func newPipe(c net.Conn, limit, maxSend int) *pipeConn {
	return &pipeConn{frames: newFrames(c, limit, maxSend, WriteTimeout), net: c}
}

func (p *pipeConn) Read(ctx context.Context) (Frame, error) {
	p.net.SetReadDeadline(time.Now().Add(IdleTimeout))
	f, err := p.read(ctx)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = ErrGone
	case errors.Is(err, io.ErrClosedPipe):
		err = io.EOF
	}
	if _, ok := f.(Bye); ok {
		p.Close(Bye{})
	}
	return f, err
}

func (p *pipeConn) Write(ctx context.Context, frame []byte) error { return p.write(ctx, frame) }

func (p *pipeConn) Close(bye Bye) error {
	var err error
	p.once.Do(func() {
		if bye.Code != "" {
			ctx, cancel := context.WithTimeout(context.Background(), lingerTimeout)
			defer cancel()
			if b, e := Marshal(bye); e == nil {
				p.write(ctx, b) // a reader that is gone needs no word
			}
		}
		err = p.net.Close()
	})
	return err
}

func (p *pipeConn) RemoteAddr() net.Addr { return p.net.RemoteAddr() }
func (p *pipeConn) Carrier() string      { return "pipe" }
