package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// A Road is how a peer is reached.
type Road string

const (
	ByQUIC Road = "quic" // what there is where UDP comes through
	ByTCP  Road = "tcp"  // TLS over TCP: one lost packet holds up all behind it, but it comes through nearly everywhere
)

// Roads are those by which a guest's node reaches its host; empty while it does not.
type Roads struct {
	Control Road `json:"control"` // chat and clock
	Media   Road `json:"media"`   // films
}

// A carriage is one connection on a road. Its errors are those below, whatever library they came from.
type carriage interface {
	road() Road
	open(ctx context.Context) (lane, error)   // towards the host
	accept(ctx context.Context) (lane, error) // from a guest
	// send sends a datagram, and may lose it. It is a [errLarge] that the way does not take whole.
	send(datagram []byte) error
	receive(ctx context.Context) ([]byte, error)
	widest() int // bytes of a datagram that goes whole, at the moment
	close(code uint64, reason string) error
	context() context.Context // ends with the connection; its cause says why
	addr() net.Addr
	stats() Stats
}

// A lane is one stream of a carriage.
type lane interface {
	byteStream
	CloseWrite() error
	Cancel(code uint64) // both directions, at once
	Finish()            // what is written still arrives, nothing is read
}

// An overError ends a connection, with what its side gave as the reason.
type overError struct {
	code   uint64
	reason string
	remote bool
}

func (e *overError) Error() string { return fmt.Sprintf("closed with %d %.64q", e.code, e.reason) }

// Unwrap makes it a [net.ErrClosed].
func (e *overError) Unwrap() error { return net.ErrClosed }

// A cutError ends a stream before its end.
type cutError struct {
	code   uint64
	remote bool
}

func (e *cutError) Error() string { return fmt.Sprintf("stream cut with %d", e.code) }

// errLarge says that the way does not take a datagram whole.
var errLarge = errors.New("too large for a datagram")

// Stats is how the way to a peer does.
type Stats struct {
	MinRTT, SmoothedRTT time.Duration
	Sent, Received      uint64 // bytes
	PacketsSent         uint64
	PacketsLost         uint64 // by TCP: sent again
	Window              int    // bytes that may be on their way; 0: not known
	GSO                 bool   // the kernel cuts packets: half the work for films
	BBR                 bool   // what is sent does not slow down for a packet lost by chance
}
