package wire

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Clock pings are datagrams (RFC 9221): not sent again when lost, not queued
// behind a stream.
const (
	pingMark, pingSize = 0x01, 9
	pongMark, pongSize = 0x02, 17

	maxPings = 64 // in flight
)

// pingID is what a client chose to know its ping's answer by.
type pingID [8]byte

func appendPing(b []byte, id pingID) []byte { return append(append(b, pingMark), id[:]...) }

func parsePing(b []byte) (pingID, bool) {
	if len(b) != pingSize || b[0] != pingMark {
		return pingID{}, false
	}
	return pingID(b[1:]), true
}

func appendPong(b []byte, id pingID, host time.Time) []byte {
	b = append(append(b, pongMark), id[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(host.UnixMicro()))
}

func parsePong(b []byte) (id pingID, host time.Time, ok bool) {
	if len(b) != pongSize || b[0] != pongMark {
		return id, host, false
	}
	return pingID(b[1:9]), time.UnixMicro(int64(binary.BigEndian.Uint64(b[9:]))), true
}

// pong is an answer, and when it came.
type pong struct{ received, host time.Time }

// Sample is a clock ping and its answer: local times with their monotonic
// readings, and the host's time in between.
type Sample struct {
	Sent, Received, Host time.Time
}

// pump reads datagrams until the connection ends: answers pings, hands out pongs
// and packets of faces, and passes over everything else.
func (p *Peer) pump() {
	ctx := p.conn.context()
	var in inbox
	for {
		b, err := p.conn.receive(ctx)
		if err != nil {
			<-ctx.Done() // Close waits for the end of the connection, not of the datagrams
			return
		}
		now := time.Now()
		if take := p.taker.Load(); take != nil && len(b) > 0 && b[0] == packetMark {
			if packet, ok := in.take(b, now); ok {
				(*take)(packet)
			}
			continue
		}
		if id, ok := parsePing(b); ok && p.host && p.cfg.Now != nil {
			p.conn.send(appendPong(make([]byte, 0, pongSize), id, p.cfg.Now()))
		}
		if p.host && len(b) == askSize && b[0] == askMark {
			p.tellLoss()
		}
		if p.host && len(b) > 0 && b[0] == widthMark {
			b[0] = echoMark
			p.conn.send(b[:min(len(b), p.conn.widest())]) // this way may take less
		}
		if !p.host && len(b) > 0 && b[0] == echoMark {
			select {
			case p.echoes <- len(b):
			default:
			}
		}
		if l, ok := parseLoss(b); ok && !p.host {
			select {
			case p.losses <- l:
			default:
			}
		}
		if id, host, ok := parsePong(b); ok {
			p.mu.Lock()
			if answer := p.pings[id]; answer != nil {
				answer <- pong{now, host} // has room for one, and only one comes
				delete(p.pings, id)
			}
			p.mu.Unlock()
		}
	}
}

// PingClock asks the host for its time. Several may be on their way. A lost one
// ends with ctx, so give it a deadline.
func (p *Peer) PingClock(ctx context.Context) (Sample, error) {
	var id pingID
	rand.Read(id[:])
	answer := make(chan pong, 1)
	p.mu.Lock()
	if len(p.pings) >= maxPings {
		p.mu.Unlock()
		return Sample{}, errors.New("ping clock: too many on their way")
	}
	p.pings[id] = answer
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.pings, id)
	}()
	sent := time.Now()
	if err := p.conn.send(appendPing(make([]byte, 0, pingSize), id)); err != nil {
		return Sample{}, fmt.Errorf("ping clock: %w", err)
	}
	select {
	case a := <-answer:
		return Sample{sent, a.received, a.host}, nil
	case <-ctx.Done():
		return Sample{}, fmt.Errorf("ping clock: %w", context.Cause(ctx))
	case <-p.Done():
		return Sample{}, fmt.Errorf("ping clock: %w", p.why())
	}
}
