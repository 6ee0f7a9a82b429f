package wire

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
)

// What the other side's sending comes to is asked for by datagram, like the clock: only a sender sees what is lost.
const (
	askMark, askSize   = 0x04, 1
	tellMark, tellSize = 0x05, 18
	tellsBBR           = 0x01
)

// Loss is what became of the packets that a host sent on a connection.
type Loss struct {
	Sent, Lost uint64
	BBR        bool // by TCP the host would not slow down for them
}

func appendLoss(b []byte, l Loss) []byte {
	what := byte(0)
	if l.BBR {
		what |= tellsBBR
	}
	b = binary.BigEndian.AppendUint64(append(b, tellMark, what), l.Sent)
	return binary.BigEndian.AppendUint64(b, l.Lost)
}

func parseLoss(b []byte) (l Loss, ok bool) {
	if len(b) != tellSize || b[0] != tellMark {
		return l, false
	}
	return Loss{binary.BigEndian.Uint64(b[2:]), binary.BigEndian.Uint64(b[10:]), b[1]&tellsBBR != 0}, true
}

// tellLoss answers a guest that asks.
func (p *Peer) tellLoss() {
	s := p.conn.stats()
	p.conn.send(appendLoss(make([]byte, 0, tellSize), Loss{s.PacketsSent, s.PacketsLost, BBR()}))
}

// AskLoss asks the host what was lost of what it sent on this connection. One asks at a time. A question or an answer that is
// lost itself, or a host that does not know the question, ends with ctx.
func (p *Peer) AskLoss(ctx context.Context) (Loss, error) {
	select { // of a question that was given up
	case <-p.losses:
	default:
	}
	if err := p.conn.send([]byte{askMark}); err != nil {
		return Loss{}, fmt.Errorf("ask for losses: %w", err)
	}
	select {
	case l := <-p.losses:
		return l, nil
	case <-ctx.Done():
		return Loss{}, context.Cause(ctx)
	case <-p.Done():
		return Loss{}, errors.Join(errors.New("ask for losses"), p.why())
	}
}
