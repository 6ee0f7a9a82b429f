package wire

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-yamux/v5"
)

// alpnTCP names the protocol over TCP: TLS 1.3, and in it yamux, whose first stream carries what QUIC has datagrams for.
const alpnTCP = "wp-tcp/1"

// overTCP makes a configuration for QUIC one for TCP.
func overTCP(c *tls.Config) *tls.Config {
	c.NextProtos = []string{alpnTCP}
	return c
}

const (
	shakeTime   = 5 * time.Second // for a handshake over TCP
	lastWords   = 100 * time.Millisecond
	sideStream  = 1    // number of the stream for datagrams: the client's first
	maxDatagram = 1600 // bytes
)

// tcpCarriage is TLS over TCP with streams in it.
type tcpCarriage struct {
	session *yamux.Session
	conn    *tcpConn
	host    bool
	ctx     context.Context
	came    chan *yamux.Stream // of a guest
	places  chan struct{}      // towards a host: holds one for each stream that is open
	aside   chan struct{}      // closed once side is there

	writing sync.Mutex
	side    *yamux.Stream // for datagrams
	put     []byte        // guarded by writing
}

// yamuxConfig bounds what a peer may have us keep: a window for each of so many streams.
func yamuxConfig(host bool, use Use) *yamux.Config {
	c := yamux.DefaultConfig()
	c.LogOutput = io.Discard
	c.AcceptBacklog = maxStreams + 1
	c.MaxIncomingStreams = maxStreams + 1
	c.MaxStreamWindowSize = c.InitialStreamWindowSize
	c.ConnectionWriteTimeout = WriteTimeout
	c.MeasureRTTInterval = time.Hour // windows do not grow
	c.MaxMessageSize = 16 << 10      // a record of TLS (RFC 8446 §5.1); 64 of them may wait
	c.EnableKeepAlive = !host
	c.KeepAliveInterval = 3 * time.Second
	if host {
		return c
	}
	c.MaxIncomingStreams = 0
	if use == Media {
		c.InitialStreamWindowSize, c.MaxStreamWindowSize = mediaWindow, mediaWindow
	}
	return c
}

func newTCP(t *tls.Conn, bbr, host bool, use Use, room func() (yamux.MemoryManager, error)) (*tcpCarriage, error) {
	c := &tcpCarriage{conn: &tcpConn{Conn: t, bbr: bbr}, host: host, aside: make(chan struct{})}
	open := yamux.Client
	if host {
		open = yamux.Server
	}
	var err error
	if c.session, err = open(c.conn, yamuxConfig(host, use), room); err != nil {
		return nil, err
	}
	var end context.CancelCauseFunc
	c.ctx, end = context.WithCancelCause(context.Background())
	if host {
		c.came = make(chan *yamux.Stream)
		go c.welcome(end)
		return c, nil
	}
	c.places = make(chan struct{}, maxStreams)
	go func() {
		_, err := c.session.AcceptStream() // there are none: it waits for the end
		end(c.ended(err))
	}()
	if c.side, err = c.session.OpenStream(c.ctx); err != nil {
		c.close(CodeDone, "")
		return nil, c.ended(err)
	}
	close(c.aside)
	return c, nil
}

// welcome takes what a guest opens until the connection ends.
func (c *tcpCarriage) welcome(end context.CancelCauseFunc) {
	for {
		s, err := c.session.AcceptStream()
		switch {
		case err != nil:
			end(c.ended(err))
			return
		case s.StreamID() == sideStream && c.side == nil:
			c.side = s
			close(c.aside)
		default:
			select {
			case c.came <- s:
			case <-c.session.CloseChan():
			}
		}
	}
}

func (c *tcpCarriage) road() Road { return ByTCP }

func (c *tcpCarriage) open(ctx context.Context) (lane, error) {
	select {
	case c.places <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.ctx.Done():
		return nil, context.Cause(c.ctx)
	}
	s, err := c.session.OpenStream(ctx)
	if err != nil {
		<-c.places
		return nil, c.ended(err)
	}
	return &tcpLane{Stream: s, c: c, leave: sync.OnceFunc(func() { <-c.places })}, nil
}

func (c *tcpCarriage) accept(ctx context.Context) (lane, error) {
	select {
	case s := <-c.came:
		return &tcpLane{Stream: s, c: c, leave: func() {}}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.ctx.Done():
		return nil, context.Cause(c.ctx)
	}
}

// send puts a datagram behind two bytes of length. What does not get away within a second is lost.
func (c *tcpCarriage) send(datagram []byte) error {
	select {
	case <-c.aside:
	default:
		return nil // its guest has opened nothing yet
	}
	if len(datagram) > maxDatagram {
		return errLarge
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.put = append(binary.BigEndian.AppendUint16(c.put[:0], uint16(len(datagram))), datagram...)
	c.side.SetWriteDeadline(time.Now().Add(time.Second))
	n, err := c.side.Write(c.put)
	if errors.Is(err, yamux.ErrTimeout) && n == 0 {
		return nil
	}
	if err != nil { // half of one is out
		c.close(CodeDone, ByeSlow)
	}
	return c.ended(err)
}

func (c *tcpCarriage) widest() int { return maxDatagram }

func (c *tcpCarriage) receive(ctx context.Context) ([]byte, error) {
	select {
	case <-c.aside:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	var head [2]byte
	if _, err := io.ReadFull(c.side, head[:]); err != nil {
		return nil, c.ended(err)
	}
	n := binary.BigEndian.Uint16(head[:])
	if n == 0 || n > maxDatagram {
		c.close(CodeEnded, ByeProto)
		return nil, &ProtoError{Reason: "a datagram of a length that there is not"}
	}
	b := make([]byte, n)
	_, err := io.ReadFull(c.side, b)
	return b, c.ended(err)
}

func (c *tcpCarriage) close(code uint64, reason string) error {
	c.conn.hurry()
	return c.session.CloseWithError(goAway(code, reason))
}

func (c *tcpCarriage) context() context.Context { return c.ctx }
func (c *tcpCarriage) addr() net.Addr           { return c.conn.RemoteAddr() }
func (c *tcpCarriage) stats() Stats             { return c.conn.stats() }

// ended translates the library's errors.
func (c *tcpCarriage) ended(err error) error {
	var cut *yamux.StreamError
	var away *yamux.GoAwayError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &cut):
		return &cutError{uint64(cut.ErrorCode), cut.Remote}
	case c.conn.quiet.Load(), errors.Is(err, yamux.ErrKeepAliveTimeout), errors.Is(err, yamux.ErrConnectionWriteTimeout):
		return ErrGone
	case errors.As(err, &away):
		code, reason := parseGoAway(away.ErrorCode)
		return &overError{code, reason, away.Remote}
	case errors.Is(err, yamux.ErrTimeout):
		return os.ErrDeadlineExceeded
	case c.session.IsClosed(): // the other side's system says so; its go-away may not have come through
		return &overError{CodeDone, "", true}
	}
	return err
}

// reasons are those of yamux's go-away: it has room for a number only. New ones go to the end.
var reasons = []string{"", ByeProto, ByeVersion, ByePass, ByeRemoved, ByeEnded, ByeClosing, ByeSlow, ByeMoved, ByeFull, ByeBanned}

// goAway puts a code and its reason into one number; the lowest ones are yamux's own.
func goAway(code uint64, reason string) uint32 {
	i := max(slices.Index(reasons, reason), 0)
	return 1<<16 | uint32(code&0xff)<<8 | uint32(i)
}

func parseGoAway(n uint32) (code uint64, reason string) {
	if n>>16 != 1 {
		return CodeDone, ""
	}
	if i := int(n & 0xff); i < len(reasons) {
		reason = reasons[i]
	}
	return uint64(n>>8) & 0xff, reason
}

// tcpLane is one stream.
type tcpLane struct {
	*yamux.Stream
	c     *tcpCarriage
	leave func() // gives the place back

	read, wrote atomic.Bool // to its end
}

func (l *tcpLane) Read(b []byte) (int, error) {
	n, err := l.Stream.Read(b)
	if err == io.EOF {
		if l.read.Store(true); l.wrote.Load() {
			l.leave()
		}
		return n, err
	}
	return n, l.c.ended(err)
}

func (l *tcpLane) Write(b []byte) (int, error) {
	n, err := l.Stream.Write(b)
	return n, l.c.ended(err)
}

func (l *tcpLane) CloseWrite() error {
	err := l.c.ended(l.Stream.CloseWrite())
	if l.wrote.Store(true); l.read.Load() {
		l.leave()
	}
	return err
}

func (l *tcpLane) Cancel(code uint64) {
	l.ResetWithError(uint32(code))
	l.leave()
}

func (l *tcpLane) Finish() {
	l.Close()
	l.leave()
}

// unread counts the memory that one stream of a guest may take.
type unread struct {
	gate  *gate
	house netip.Prefix
	n     int
}

// ReserveMemory implements yamux.MemoryManager.
func (u *unread) ReserveMemory(size int, _ uint8) error {
	err := u.gate.hold(u.house, size)
	if err == nil {
		u.n += size
	}
	return err
}

// ReleaseMemory implements yamux.MemoryManager.
func (u *unread) ReleaseMemory(size int) {
	u.gate.release(u.house, size)
	u.n -= size
}

// Done implements yamux.MemoryManager.
func (u *unread) Done() { u.ReleaseMemory(u.n) }
