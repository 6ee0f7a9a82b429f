package wire

import (
	"context"
	"sync"
	"testing"
	"time"

	"watchparty/node/party"
)

func BenchmarkParseWish(b *testing.B) {
	text := []byte(`{"wish":{"nonce":"7f3a","say":{"text":"Did you see that? Wind it back!"}}}`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if f, err := Parse(text, MaxToHost); err != nil || f.(Wish).Refusal != nil {
			b.Fatal(f, err)
		}
	}
}

func benchRecord(b *testing.B) []byte {
	r, err := party.NewRecord(413, time.UnixMilli(1763843201456), "q7", "7f", party.Said{Text: "Did you see that?", Title: "aurora", Pos: 61.5})
	if err != nil {
		b.Fatal(err)
	}
	return RecordFrame(r.Bytes())
}

// BenchmarkFrames is how many frames a second one connection carries.
func BenchmarkFrames(b *testing.B) {
	frame := benchRecord(b)
	for name, open := range map[string]func(*testing.B) (Conn, Conn){
		"pipe": func(*testing.B) (Conn, Conn) { return Pipe() },
		"quic": benchQUIC,
	} {
		b.Run(name, func(b *testing.B) {
			h, g := open(b)
			defer h.Close(Bye{})
			defer g.Close(Bye{})
			ctx := context.Background()
			var all sync.WaitGroup
			all.Go(func() {
				for range b.N {
					if _, err := g.Read(ctx); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.SetBytes(int64(len(frame)))
			b.ResetTimer()
			for range b.N {
				if err := h.Write(ctx, frame); err != nil {
					b.Fatal(err)
				}
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
		})
	}
}

func benchQUIC(b *testing.B) (Conn, Conn) {
	conns := make(chan Conn)
	h := host(b, Config{}, func(ctx context.Context, s *Stream, _ Frame) {
		conns <- s.Control()
		<-ctx.Done()
	})
	p, err := endpoint(b, Config{}).Dial(within(b), h.Addr(), "", Control)
	if err != nil {
		b.Fatal(err)
	}
	s, err := p.OpenStream(within(b))
	if err != nil {
		b.Fatal(err)
	}
	s.WriteFrame(within(b), Hello{V: 1, Screen: "node"})
	return <-conns, s.Control()
}

// BenchmarkHandshake is what a guest's coming costs both sides together.
func BenchmarkHandshake(b *testing.B) {
	h := host(b, Config{}, echo)
	guest := endpoint(b, Config{Identity: newIdentity(b)})
	for b.Loop() {
		p, err := guest.Dial(within(b), h.Addr(), h.cfg.Identity.Fingerprint(), Control)
		if err != nil {
			b.Fatal(err)
		}
		p.Close(CodeDone, "")
		<-p.Done()
	}
}

// BenchmarkPacket is what a packet of a face costs on its way to another node, both ends together, one at a time as
// cameras send them: a camera at 1.2 Mbit/s is 125 a second, and 50 of sound.
func BenchmarkPacket(b *testing.B) {
	peers := make(chan *Peer)
	h := host(b, Config{}, func(ctx context.Context, s *Stream, _ Frame) {
		peers <- s.Peer()
		<-ctx.Done()
	})
	g, err := endpoint(b, Config{}).Dial(within(b), h.Addr(), "", Control)
	if err != nil {
		b.Fatal(err)
	}
	s, err := g.OpenStream(within(b))
	if err != nil {
		b.Fatal(err)
	}
	s.WriteFrame(within(b), Stage{})
	came := make(chan Packet, 1)
	g.OnPacket(func(p Packet) { came <- p })
	ctx, stop := context.WithCancel(context.Background())
	post := (<-peers).Post()
	ended := make(chan error, 1)
	go func() { ended <- post.Run(ctx) }()
	p := Packet{Face: 1, Video: true, RTP: make([]byte, 50)} // a larger one would meet the bound on bytes here
	b.ReportAllocs()
	lost := 0
	for b.Loop() {
		post.Send(p)
		select {
		case <-came:
		case <-time.After(time.Second):
			lost++
		}
	}
	b.ReportMetric(float64(lost), "lost")
	stop()
	<-ended
}
