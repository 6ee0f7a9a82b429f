package wire

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"
	"time"
)

// Packets of cameras are datagrams (RFC 9221). One that does not fit the path is cut in two.
const (
	packetMark = 0x03
	packetHead = 6    // mark, what, number of the face, number of the datagram
	maxRTP     = 1500 // bytes

	isVideo    = 0x80
	firstHalf  = 0x40
	secondHalf = 0x20
	sizeBits   = 0x0f
)

// A Packet is one RTP packet of a face (RFC 3550) on its way between two nodes.
type Packet struct {
	Face  uint16 // see [Face]
	Video bool
	Size  uint8 // of several sizes of a picture, which: 0 to 15
	RTP   []byte
}

// appendPacket writes a packet, or with half a part of it; count goes up by one with each datagram.
func appendPacket(b []byte, p Packet, half byte, count uint16) []byte {
	what := p.Size&sizeBits | half
	if p.Video {
		what |= isVideo
	}
	b = append(b, packetMark, what)
	b = binary.BigEndian.AppendUint16(b, p.Face)
	b = binary.BigEndian.AppendUint16(b, count)
	return append(b, p.RTP...)
}

func parsePacket(b []byte) (p Packet, half byte, count uint16, ok bool) {
	if len(b) <= packetHead || len(b) > packetHead+maxRTP || b[0] != packetMark {
		return p, 0, 0, false
	}
	p = Packet{binary.BigEndian.Uint16(b[2:]), b[1]&isVideo != 0, b[1] & sizeBits, b[packetHead:]}
	return p, b[1] & (firstHalf | secondHalf), binary.BigEndian.Uint16(b[4:]), true
}

// Rates of packets, either way. Four faces of a browser come to 900 KB/s.
const (
	mostRate   = 2 << 20   // bytes a second: a node that sends twice as much is not heard
	leastRate  = 32 << 10  // bytes a second, also where the way seems to take less
	mostAtOnce = 256 << 10 // bytes: whole pictures of four faces
	lateAfter  = 150 * time.Millisecond
	maxPosted  = 256 // packets that wait
)

// budget is how many bytes may pass.
type budget struct {
	left float64
	at   time.Time
}

// take takes n bytes out of what has come together at a rate, and says how many are owed then.
func (b *budget) take(n int, rate float64, now time.Time) (owed float64) {
	b.left, b.at = min(b.left+now.Sub(b.at).Seconds()*rate, mostAtOnce)-float64(n), now
	return -b.left
}

// An inbox puts together what comes in. It belongs to the pump.
type inbox struct {
	budget budget
	first  Packet // half of a packet
	count  uint16 // of it
}

// take gives the packet that a datagram brings or completes. What comes faster than cameras do is dropped.
func (i *inbox) take(b []byte, now time.Time) (p Packet, ok bool) {
	p, half, count, ok := parsePacket(b)
	if !ok {
		return p, false
	}
	if owed := i.budget.take(len(b), 2*mostRate, now); owed > 0 { // who sends that much pays no heed to mostRate
		i.budget.left += float64(len(b))
		return p, false
	}
	switch half {
	case 0:
		return p, true
	case firstHalf:
		i.first, i.count = p, count
	case secondHalf:
		whole := i.first
		i.first = Packet{}
		if whole.RTP != nil && whole.Face == p.Face && i.count+1 == count && len(whole.RTP)+len(p.RTP) <= maxRTP {
			whole.RTP = append(whole.RTP, p.RTP...)
			return whole, true
		}
	}
	return p, false
}

// OnPacket has take called with the packets of faces that come; the bytes are its to keep. It must not wait.
func (p *Peer) OnPacket(take func(Packet)) { p.taker.Store(&take) }

// A Post sends packets of faces to a peer. What the way does not take in time is dropped, the oldest first, so that
// nothing is queued; sound goes before pictures.
type Post struct {
	peer  *Peer
	count uint16 // of datagrams; of Run alone
	pace  budget // of Run alone

	mu      sync.Mutex
	more    chan struct{} // holds one
	waiting [2][]posted   // sound and pictures, oldest first; guarded by mu
	dropped uint64        // guarded by mu
}

type posted struct {
	Packet
	at time.Time
}

// Post makes a post to the peer; Run sends what it is given.
func (p *Peer) Post() *Post { return &Post{peer: p, more: make(chan struct{}, 1)} }

// Send gives a packet to be sent, and does not wait. The bytes are the post's until they are.
func (t *Post) Send(p Packet) {
	kind := 0
	if p.Video {
		kind = 1
	}
	t.mu.Lock()
	if q := t.waiting[kind]; len(q) >= maxPosted {
		t.waiting[kind] = q[1:]
		t.dropped++
	}
	t.waiting[kind] = append(t.waiting[kind], posted{p, time.Now()})
	t.mu.Unlock()
	select {
	case t.more <- struct{}{}:
	default:
	}
}

// Dropped is how many packets were not sent because they were late.
func (t *Post) Dropped() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dropped
}

// next takes the packet out that is to be sent next, and drops those that are late.
func (t *Post) next(now time.Time) (Packet, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for kind := range t.waiting {
		for len(t.waiting[kind]) > 0 {
			p := t.waiting[kind][0]
			t.waiting[kind] = t.waiting[kind][1:]
			if now.Sub(p.at) <= lateAfter {
				return p.Packet, true
			}
			t.dropped++
		}
	}
	return Packet{}, false
}

// Run sends until ctx or the connection ends.
func (t *Post) Run(ctx context.Context) error {
	for {
		p, ok := t.next(time.Now())
		if !ok {
			select {
			case <-t.more:
				continue
			case <-t.peer.Done():
				return t.peer.why()
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if owed := t.pace.take(packetHead+len(p.RTP), t.rate(), time.Now()); owed > 0 {
			select {
			case <-time.After(time.Duration(owed / t.rate() * float64(time.Second))):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err := t.send(p); err != nil {
			return err
		}
	}
}

// rate is how many bytes a second the way takes, a little less than the connection would send: what it cannot
// send it queues (32 datagrams), where nothing gets past any more.
func (t *Post) rate() float64 {
	s := t.peer.Stats()
	if s.SmoothedRTT <= 0 || s.Window == 0 {
		return mostRate
	}
	return min(max(0.9*float64(s.Window)/s.SmoothedRTT.Seconds(), leastRate), mostRate)
}

func (t *Post) send(p Packet) error {
	err := t.datagram(p, 0)
	if err != errLarge {
		return err
	}
	first, second := p, p
	middle := len(p.RTP) / 2
	first.RTP, second.RTP = p.RTP[:middle], p.RTP[middle:]
	return errors.Join(t.datagram(first, firstHalf), t.datagram(second, secondHalf))
}

func (t *Post) datagram(p Packet, half byte) error {
	t.count++
	return t.peer.conn.send(appendPacket(make([]byte, 0, packetHead+len(p.RTP)), p, half, t.count))
}
