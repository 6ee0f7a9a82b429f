package wire

import (
	"context"
	"errors"
	"net"
	"os"
	"time"
)

// A Conn is a control connection: frames both ways, over QUIC, TCP, a
// WebSocket, or within a process.
//
// Read is called by one goroutine at a time, everything else by any. After Read or
// Write has failed, or the context of one has ended, all that is left to do is
// Close, and it must be called; its bye still arrives, if no write is stuck.
type Conn interface {
	// Read waits for the next frame. A kind it does not know is an [Unknown].
	// After an orderly end it gives io.EOF; where the other side gave a reason, a
	// [Bye] comes before it. A malformed frame is a [*ProtoError].
	Read(ctx context.Context) (Frame, error)
	// Write sends one encoded frame, see [Marshal]. It may wait for a slow reader
	// up to the write timeout and is [ErrSlow] then. Once ctx ends, a frame that
	// is on its way gets one more second: half a frame would end the connection.
	Write(ctx context.Context, frame []byte) error
	// Close says bye, unless its code is empty, and ends the connection. It waits
	// at most a second or two for the other side to have read it. Only the first
	// call says something.
	Close(bye Bye) error
	// RemoteAddr is where the other side is.
	RemoteAddr() net.Addr
	// Carrier is quic, tcp, websocket or pipe.
	Carrier() string
}

// ErrSlow says that the other side did not read for as long as a write may take.
var ErrSlow = errors.New("the other side does not read")

// ErrGone says that nothing came from the other side for [IdleTimeout].
var ErrGone = errors.New("nothing was heard of the other side")

// Send encodes a frame and writes it.
func Send(ctx context.Context, c Conn, f Frame) error {
	b, err := Marshal(f)
	if err != nil {
		return err
	}
	return c.Write(ctx, b)
}

// A byteStream is what a byte stream needs to have to carry frames: a QUIC stream, a net.Conn.
type byteStream interface {
	Read([]byte) (int, error)
	Write([]byte) (int, error)
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// frames carries frames over a byte stream.
type frames struct {
	s       byteStream
	limit   int // longest frame to be read
	maxSend int
	timeout time.Duration // of a write

	turn   chan struct{} // holds a token while somebody writes; guards the rest
	buf    []byte
	broken error // of the write that failed; part of its frame may be out
}

func newFrames(s byteStream, limit, maxSend int, timeout time.Duration) frames {
	return frames{s: s, limit: limit, maxSend: maxSend, timeout: timeout, turn: make(chan struct{}, 1)}
}

func (f *frames) read(ctx context.Context) (Frame, error) {
	release := until(ctx, func() { f.s.SetReadDeadline(past) })
	b, err := readFrame(f.s, f.limit)
	if release() {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	return Parse(b, f.limit)
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// until calls cut when ctx ends. What it returns stops that, and says whether cut
// was called; it is over then.
func until(ctx context.Context, cut func()) (release func() bool) {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		cut()
		close(done)
	})
	return func() bool {
		if stop() {
			return false
		}
		<-done
		return true
	}
}

// write sends a frame. Those who wait behind a write that failed fail with it: a
// slow reader costs one timeout, not one for each.
func (f *frames) write(ctx context.Context, frame []byte) error {
	return f.writeThen(ctx, frame, func() error { return nil })
}

// writeThen sends a frame and, if that went well, calls then before anybody else
// can write.
func (f *frames) writeThen(ctx context.Context, frame []byte, then func() error) error {
	if len(frame) > f.maxSend {
		return tooLong(int64(len(frame)), f.maxSend)
	}
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-ctx.Done():
	}
	if ctx.Err() != nil { // nothing is out: a bye may still be said
		return context.Cause(ctx)
	}
	if f.broken == nil {
		f.broken = f.put(ctx, frame)
	}
	if f.broken != nil {
		return f.broken
	}
	return then()
}

func (f *frames) put(ctx context.Context, frame []byte) error {
	f.buf = appendFrame(f.buf[:0], frame)
	f.s.SetWriteDeadline(time.Now().Add(f.timeout))
	release := until(ctx, func() { f.s.SetWriteDeadline(time.Now().Add(lingerTimeout)) })
	_, err := f.s.Write(f.buf)
	cut := release()
	if cap(f.buf) > MaxToHost { // a snapshot: do not keep that much for every guest
		f.buf = nil
	}
	switch {
	case err == nil:
		return f.s.SetWriteDeadline(time.Time{}) // bytes may follow at their own pace
	case cut:
		return context.Cause(ctx)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ErrSlow
	}
	return err
}
