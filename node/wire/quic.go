package wire

import (
	"context"
	"errors"
	"net"

	"github.com/quic-go/quic-go"
)

// quicCarriage is a QUIC connection (RFC 9000).
type quicCarriage struct{ *quic.Conn }

func (c quicCarriage) road() Road { return ByQUIC }

func (c quicCarriage) open(ctx context.Context) (lane, error) {
	q, err := c.OpenStreamSync(ctx)
	if err != nil {
		return nil, fromQUIC(err)
	}
	return quicLane{q}, nil
}

func (c quicCarriage) accept(ctx context.Context) (lane, error) {
	q, err := c.AcceptStream(ctx)
	if err != nil {
		return nil, fromQUIC(err)
	}
	return quicLane{q}, nil
}

func (c quicCarriage) send(datagram []byte) error {
	err := c.SendDatagram(datagram)
	if _, large := errors.AsType[*quic.DatagramTooLargeError](err); large {
		return errLarge
	}
	return fromQUIC(err)
}

func (c quicCarriage) widest() int {
	large, _ := errors.AsType[*quic.DatagramTooLargeError](c.SendDatagram(make([]byte, maxDatagram)))
	if large == nil {
		return 0 // the connection has ended
	}
	return int(large.MaxDatagramPayloadSize)
}

func (c quicCarriage) receive(ctx context.Context) ([]byte, error) {
	b, err := c.ReceiveDatagram(ctx)
	return b, fromQUIC(err)
}

func (c quicCarriage) close(code uint64, reason string) error {
	return c.CloseWithError(quic.ApplicationErrorCode(code), reason)
}

func (c quicCarriage) context() context.Context { return c.Context() }
func (c quicCarriage) addr() net.Addr           { return c.RemoteAddr() }

func (c quicCarriage) stats() Stats {
	s := c.ConnectionStats()
	return Stats{MinRTT: s.MinRTT, SmoothedRTT: s.SmoothedRTT, Sent: s.BytesSent, Received: s.BytesReceived,
		PacketsSent: s.PacketsSent, PacketsLost: s.PacketsLost, Window: int(s.CongestionWindow), GSO: c.ConnectionState().GSO}
}

// quicLane is a stream of one.
type quicLane struct{ *quic.Stream }

func (l quicLane) Read(b []byte) (int, error) {
	n, err := l.Stream.Read(b)
	return n, fromQUIC(err)
}

func (l quicLane) Write(b []byte) (int, error) {
	n, err := l.Stream.Write(b)
	return n, fromQUIC(err)
}

func (l quicLane) CloseWrite() error { return l.Close() }

func (l quicLane) Cancel(code uint64) {
	l.CancelRead(quic.StreamErrorCode(code))
	l.CancelWrite(quic.StreamErrorCode(code))
}

func (l quicLane) Finish() {
	l.CancelRead(CodeDone)
	l.Close()
}

// fromQUIC translates the library's errors.
func fromQUIC(err error) error {
	switch e := err.(type) {
	case *quic.ApplicationError:
		return &overError{uint64(e.ErrorCode), e.ErrorMessage, e.Remote}
	case *quic.IdleTimeoutError, *quic.StatelessResetError:
		return ErrGone
	case *quic.StreamError:
		return &cutError{uint64(e.ErrorCode), e.Remote}
	}
	return err
}
