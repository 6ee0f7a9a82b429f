package wire

import (
	"bytes"
	"context"
	"testing"
	"time"
)

// Packets of faces come as they were sent, those too that are larger than the path takes in one piece. What is too
// much for the way is dropped, sound last, and does not come late.
func TestPacketsOverALink(t *testing.T) {
	simulated(t, 20*time.Millisecond, 0, Config{}, func(t *testing.T, h, g *Endpoint) {
		p := dial(t, g, h)
		hello(t, p)
		h.mu.Lock()
		var there *Peer
		for there = range h.peers {
		}
		h.mu.Unlock()
		type arrival struct {
			Packet
			at time.Time
		}
		came := make(chan arrival, 10_000)
		there.OnPacket(func(p Packet) { came <- arrival{p, time.Now()} })
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		post := p.Post()
		go func() { ended <- post.Run(ctx) }()

		for i, size := range []int{12, 1200, maxRTP} {
			sent := Packet{Face: 513, Video: i > 0, Size: uint8(i), RTP: bytes.Repeat([]byte{byte(i), 1, 2, 3}, size/4)}
			post.Send(sent)
			if got := <-came; got.Face != sent.Face || got.Video != sent.Video || got.Size != sent.Size || !bytes.Equal(got.RTP, sent.RTP) {
				t.Errorf("%d bytes came as %d of %d, %v, size %d", size, len(got.RTP), got.Face, got.Video, got.Size)
			}
		}
		p.conn.send([]byte{packetMark})
		p.conn.send(appendPacket(nil, Packet{Face: 1, RTP: make([]byte, 700)}, secondHalf, 9)) // of no first

		stop()
		if err := <-ended; err != context.Canceled {
			t.Error(err)
		}

		const much = 1000
		post = p.Post()
		post.Send(Packet{Face: 3, RTP: make([]byte, 100)})
		<-time.After(lateAfter + time.Millisecond)
		began := time.Now()
		for range much {
			post.Send(Packet{Face: 1, Video: true, RTP: make([]byte, 1200)})
		}
		post.Send(Packet{Face: 2, RTP: make([]byte, 100)})
		go func() { ended <- post.Run(t.Context()) }()
		<-time.After(5 * time.Second)
		n, first := len(came), <-came
		last := first
		for range n - 1 {
			last = <-came
		}
		if n != maxPosted+1 || int(post.Dropped()) != much-maxPosted+1 || first.Face != 2 || last.at.Sub(began) > lateAfter {
			t.Errorf("of %d packets %d came and %d were dropped; the first was of face %d, the last came after %v", much, n, post.Dropped(), first.Face, last.at.Sub(began))
		}
		p.Close(CodeDone, "")
		if err := <-ended; err == nil {
			t.Error("a post goes on without a connection")
		}
	})
}

func FuzzPacket(f *testing.F) {
	f.Add(appendPacket(nil, Packet{Face: 7, Video: true, Size: 3, RTP: make([]byte, 20)}, firstHalf, 65535))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, half, count, ok := parsePacket(b)
		if !ok {
			return
		}
		again := appendPacket(nil, p, half, count)
		if len(again) != len(b) || !bytes.Equal(again[2:], b[2:]) {
			t.Errorf("%x came back as %x", b, again)
		}
		var in inbox
		in.take(b, time.Now())
		in.take(b, time.Now())
	})
}
