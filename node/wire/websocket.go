package wire

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// Timeouts are those of a connection; zero fields mean the protocol's.
type Timeouts struct {
	Write time.Duration // WriteTimeout
	Idle  time.Duration // IdleTimeout
}

func (t Timeouts) orDefault() Timeouts {
	if t.Write == 0 {
		t.Write = WriteTimeout
	}
	if t.Idle == 0 {
		t.Idle = IdleTimeout
	}
	return t
}

// AcceptWebSocket makes a guest's request a connection. The request's Origin must
// be its Host, or it is answered with 403 (RFC 6455 §10.2); on an error the
// request has been answered. Messages are not compressed: they are small, and a
// window each would cost more memory than the connection itself.
func AcceptWebSocket(w http.ResponseWriter, r *http.Request, t Timeouts) (Conn, error) {
	h := &hijacked{ResponseWriter: w}
	ws, err := websocket.Accept(h, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return nil, fmt.Errorf("accept websocket: %w", err)
	}
	c := newWebSocket(ws, h.conn, MaxToHost, MaxToGuest, t)
	c.cork = h.cork
	return c, nil
}

// hijacked keeps hold of the connection below the WebSocket.
type hijacked struct {
	http.ResponseWriter
	conn net.Conn
	cork *cork // over conn, below the WebSocket's own buffer
}

func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.conn, h.cork = conn, &cork{Conn: conn}
	rw.Writer.Reset(h.cork)
	return h.cork, rw, nil
}

// DialWebSocket connects to a node's /ws, at ws://HOST:PORT/ws, as a page would.
func DialWebSocket(ctx context.Context, url string, t Timeouts) (Conn, error) {
	var conn net.Conn
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, addr string) (_ net.Conn, err error) {
			conn, err = new(net.Dialer).DialContext(ctx, network, addr)
			return conn, err
		},
	}}
	origin := "http" + strings.TrimSuffix(strings.TrimPrefix(url, "ws"), "/ws")
	ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPClient:      client,
		HTTPHeader:      http.Header{"Origin": {origin}},
		CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, fmt.Errorf("dial websocket: %w", err)
	}
	return newWebSocket(ws, conn, MaxToGuest, MaxToHost, t), nil
}

// webSocket is a Conn. A goroutine of its own reads, until Close: the library
// gives up a connection when the context of a read ends, and a Read that is
// cancelled must leave it good for a bye.
type webSocket struct {
	ws       *websocket.Conn
	net      net.Conn // below the WebSocket
	cork     *cork    // between them; nil: of one that dialled
	limit    int
	maxSend  int
	timeouts Timeouts
	in       chan incoming // closed after an error
	quit     chan struct{}
	closed   atomic.Bool // by us, or told by the other side
	quitting atomic.Bool
}

type incoming struct {
	frame Frame
	err   error
}

func newWebSocket(ws *websocket.Conn, conn net.Conn, limit, maxSend int, t Timeouts) *webSocket {
	ws.SetReadLimit(-1) // next has its own, so that a bye can still be sent
	c := &webSocket{ws: ws, net: conn, limit: limit, maxSend: maxSend, timeouts: t.orDefault(),
		in: make(chan incoming), quit: make(chan struct{})}
	go c.pump()
	return c
}

func (c *webSocket) pump() {
	defer close(c.in)
	for {
		f, err := c.next()
		select {
		case c.in <- incoming{f, err}:
		case <-c.quit:
			return
		}
		if err != nil {
			return
		}
	}
}

func (c *webSocket) next() (Frame, error) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), c.timeouts.Idle, ErrGone)
	defer cancel()
	kind, r, err := c.ws.Reader(ctx)
	var b []byte
	if err == nil {
		b, err = io.ReadAll(io.LimitReader(r, int64(c.limit)+1)) // grows with what comes
	}
	if err != nil {
		return c.ended(ctx, err)
	}
	if kind != websocket.MessageText {
		return nil, &ProtoError{Reason: "a binary message"}
	}
	return Parse(b, c.limit)
}

func (c *webSocket) Read(ctx context.Context) (Frame, error) {
	select {
	case got, ok := <-c.in:
		if !ok {
			return nil, io.EOF
		}
		if _, bye := got.frame.(Bye); bye {
			c.Close(Bye{}) // the host waits for it
		}
		return got.frame, got.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// ended tells why a read failed. The reason in a close frame is a bye too, for
// one whose bye could not be written any more.
func (c *webSocket) ended(ctx context.Context, err error) (Frame, error) {
	closed, ok := errors.AsType[websocket.CloseError](err)
	switch {
	case ok && strings.HasPrefix(closed.Reason, "WP-") && !c.closed.Swap(true):
		return Goodbye(closed.Reason), nil
	case ok, c.closed.Load():
		return nil, io.EOF
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	}
	return nil, fmt.Errorf("read websocket: %w", err)
}

func (c *webSocket) Write(ctx context.Context, frame []byte) error {
	if len(frame) > c.maxSend {
		return tooLong(int64(len(frame)), c.maxSend)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	// The library gives up the connection when the context of a write ends, and a
	// bye may have to follow: it gets one that ends only for slow readers.
	patient, cancel := context.WithTimeout(context.Background(), c.timeouts.Write)
	defer cancel()
	release := until(ctx, func() { c.net.SetWriteDeadline(time.Now().Add(lingerTimeout)) })
	err := c.ws.Write(patient, websocket.MessageText, frame)
	cut := release()
	switch {
	case err == nil:
		return nil
	case patient.Err() != nil:
		return ErrSlow
	case cut:
		return context.Cause(ctx)
	}
	return fmt.Errorf("write websocket: %w", err)
}

func (c *webSocket) Close(bye Bye) error {
	if c.quitting.Swap(true) {
		return nil
	}
	c.closed.Store(true)
	c.net.SetDeadline(time.Now().Add(lingerTimeout)) // for bye and closing handshake
	if bye.Code != "" {
		if b, err := Marshal(bye); err == nil {
			c.ws.Write(context.Background(), websocket.MessageText, b) // a reader that is gone needs no word
		}
	}
	close(c.quit)
	c.ws.Close(bye.status(), bye.Code) // likewise
	for range c.in {                   // until the pump has ended
	}
	return nil
}

func (c *webSocket) RemoteAddr() net.Addr { return c.net.RemoteAddr() }
func (c *webSocket) Carrier() string      { return "websocket" }
