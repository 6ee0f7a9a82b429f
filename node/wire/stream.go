package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"watchparty/node/party"
)

// A Stream is one stream of a connection: frames, and after the frame content, bytes. One
// goroutine reads at a time and one writes; the rest may be called by anybody.
type Stream struct {
	frames
	q    lane
	peer *Peer
}

// ErrUnwanted says that the reader of a stream wants no more.
var ErrUnwanted = errors.New("the other side wants no more")

var errRevoked = &party.Refusal{Code: "WP-REFUSED", Reason: "The host has ended this playback: what you may watch has changed."}

// Peer is the connection the stream belongs to.
func (s *Stream) Peer() *Peer { return s.peer }

// ReadFrame waits for the next frame, see [Conn].
func (s *Stream) ReadFrame(ctx context.Context) (Frame, error) {
	f, err := s.read(ctx)
	return f, streamError(err)
}

// WriteFrame sends a frame, within the write timeout.
func (s *Stream) WriteFrame(ctx context.Context, f Frame) error {
	b, err := Marshal(f)
	if err != nil {
		return err
	}
	return streamError(s.write(ctx, b))
}

// Read reads bytes; io.EOF is their orderly end. A host that takes the
// permission back ends them with a [*party.Refusal].
func (s *Stream) Read(b []byte) (int, error) {
	n, err := s.q.Read(b)
	return n, streamError(err)
}

// Write writes bytes, and waits for the reader as long as the deadline allows. It
// is [ErrUnwanted] when the reader has cancelled.
func (s *Stream) Write(b []byte) (int, error) {
	n, err := s.q.Write(b)
	return n, streamError(err)
}

// SetWriteDeadline bounds Write, the one that is waiting too; the zero time is none.
func (s *Stream) SetWriteDeadline(t time.Time) error { return s.q.SetWriteDeadline(t) }

// SetReadDeadline bounds Read, the one that is waiting too; the zero time is none.
func (s *Stream) SetReadDeadline(t time.Time) error { return s.q.SetReadDeadline(t) }

// CloseWrite says that nothing more will be written. Not while a Write waits.
func (s *Stream) CloseWrite() error { return s.q.CloseWrite() }

// Cancel ends both directions at once: CodeRefused from a host that takes the
// permission back, CodeDone from a client that wants no more.
func (s *Stream) Cancel(code uint64) { s.q.Cancel(code) }

// maxAside is how much of what nobody asked for is read, in bytes.
const maxAside = 1 << 10

// Wanted gives a context that ends when the other side cancels the stream, too; one that has only said that it sends no more is still
// waited for. Nothing is read meanwhile, and what comes is lost; stop ends that.
func (s *Stream) Wanted(ctx context.Context) (wanted context.Context, stop func()) {
	wanted, cancel := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if _, err := io.CopyN(io.Discard, s, maxAside); err != nil && err != io.EOF {
			cancel(err)
		}
	}()
	return wanted, func() {
		s.SetReadDeadline(past)
		<-ended
		cancel(nil)
	}
}

// finish gives the stream back: what is written still arrives, nothing is read.
func (s *Stream) finish() { s.q.Finish() }

func streamError(err error) error {
	if e, ok := err.(*cutError); ok && e.remote {
		if e.code == CodeRefused {
			return errRevoked
		}
		return ErrUnwanted
	}
	return err
}

// Control makes the stream the peer's control connection: the Conn's end is the
// connection's.
func (s *Stream) Control() Conn { return &control{s: s} }

type control struct {
	s    *Stream
	told atomic.Bool // the reason that came with the connection's end
	once sync.Once
}

func (c *control) Read(ctx context.Context) (Frame, error) {
	f, err := c.s.read(ctx)
	if _, ok := f.(Bye); ok {
		c.Close(Bye{}) // the host waits for it
	}
	if _, ok := err.(*cutError); ok {
		select { // the connection's end says more than the stream's
		case <-c.s.peer.Done():
			err = c.s.peer.why()
		default:
		}
	}
	if e, ok := err.(*overError); ok {
		// A bye may not have come through; its code is here too.
		if e.remote && strings.HasPrefix(e.reason, "WP-") && !c.told.Swap(true) {
			return Goodbye(e.reason), nil
		}
		return nil, io.EOF
	}
	return f, streamError(err)
}

func (c *control) Write(ctx context.Context, frame []byte) error {
	return streamError(c.s.write(ctx, frame))
}

func (c *control) Close(bye Bye) error {
	var err error
	c.once.Do(func() {
		if bye.Code != "" && c.s.last(bye) == nil {
			select {
			case <-c.s.peer.Done():
			case <-time.After(lingerTimeout):
			}
		}
		err = c.s.peer.Close(bye.quicCode(), bye.Code)
	})
	return err
}

func (c *control) RemoteAddr() net.Addr { return c.s.peer.RemoteAddr() }
func (c *control) Carrier() string      { return string(c.s.peer.Road()) }

// last writes a bye and ends the stream, unless a write is stuck.
func (s *Stream) last(bye Bye) error {
	ctx, cancel := context.WithTimeout(context.Background(), lingerTimeout)
	defer cancel()
	b, err := Marshal(bye)
	if err != nil {
		return err
	}
	return s.writeThen(ctx, b, func() error {
		s.broken = net.ErrClosed
		return s.q.CloseWrite()
	})
}
