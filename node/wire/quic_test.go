package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quic-go/quic-go"

	"watchparty/node/party"
)

// echo answers each first frame: a control stream with a welcome.
func echo(ctx context.Context, s *Stream, f Frame) {
	if h, ok := f.(Hello); ok {
		s.WriteFrame(ctx, Welcome{V: 1, Name: h.Token})
		<-ctx.Done()
	}
}

func hello(t *testing.T, p *Peer) *Stream {
	t.Helper()
	s, err := p.OpenStream(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.WriteFrame(within(t), Hello{V: 1, Token: "hi", Screen: "node"}); err != nil {
		t.Fatal(err)
	}
	if f, err := s.ReadFrame(within(t)); err != nil || f.(Welcome).Name != "hi" {
		t.Fatalf("%#v, %v", f, err)
	}
	return s
}

func code(err error) string {
	if r, ok := errors.AsType[*party.Refusal](err); ok {
		return r.Code
	}
	return ""
}

func TestPinnedHost(t *testing.T) { onRoads(t, pinnedHostOn) }

func pinnedHostOn(t *testing.T, dial dialler) {
	var frames atomic.Int32
	h := host(t, Config{}, func(ctx context.Context, s *Stream, f Frame) {
		frames.Add(1)
		echo(ctx, s, f)
	})
	id, other := h.cfg.Identity, newIdentity(t)
	guest := endpoint(t, Config{Identity: newIdentity(t)})
	for _, pin := range []string{id.Fingerprint(), id.ID(), ""} {
		p, err := dial(guest, within(t), h.Addr(), pin, Control)
		if err != nil {
			t.Fatalf("pin %q: %v", pin, err)
		}
		if p.Fingerprint() != id.Fingerprint() {
			t.Errorf("the host's key is %q, want %q", p.Fingerprint(), id.Fingerprint())
		}
		hello(t, p)
		p.Close(CodeDone, "")
	}
	before := frames.Load()
	for _, pin := range []string{other.Fingerprint(), other.ID()} {
		if _, err := dial(guest, within(t), h.Addr(), pin, Control); code(err) != "WP-HOST-KEY" {
			t.Errorf("a wrong pin: %v", err)
		}
	}
	if _, err := dial(guest, within(t), h.Addr(), "short", Control); err == nil {
		t.Error("a pin of five characters was taken")
	}
	if frames.Load() != before {
		t.Error("the host saw a frame of a guest that did not trust it")
	}
}

// An impostor that skips no step still gets no byte before the key is checked.
func TestImpostorSeesNothing(t *testing.T) {
	impostor := endpoint(t, Config{Identity: newIdentity(t)})
	if err := impostor.Listen(); err != nil {
		t.Fatal(err)
	}
	accepted := make(chan error, 1)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, err := impostor.Accept(ctx)
		accepted <- err
	}()
	if _, err := endpoint(t, Config{}).Dial(within(t), impostor.Addr(), newIdentity(t).Fingerprint(), Control); code(err) != "WP-HOST-KEY" {
		t.Error(err)
	}
	cancel()
	if err := <-accepted; !errors.Is(err, context.Canceled) {
		t.Errorf("the impostor's handshake went through: %v", err)
	}
}

func TestClientKey(t *testing.T) { onRoads(t, clientKeyOn) }

func clientKeyOn(t *testing.T, dial dialler) {
	id := newIdentity(t)
	for want, cfg := range map[string]Config{id.Fingerprint(): {Identity: id}, "": {}} {
		got := make(chan string, 1)
		h := host(t, Config{}, func(_ context.Context, s *Stream, _ Frame) { got <- s.Peer().Fingerprint() })
		p, err := dial(endpoint(t, cfg), within(t), h.Addr(), "", Control)
		if err != nil {
			t.Fatal(err)
		}
		s, _ := p.OpenStream(within(t))
		s.WriteFrame(within(t), Titles{})
		if f := <-got; f != want {
			t.Errorf("the guest's key is %q, want %q", f, want)
		}
	}
}

func TestWrongALPN(t *testing.T) {
	h := host(t, Config{}, echo)
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c := guestTLS(Identity{}, nil)
	c.NextProtos = []string{"wp/2"}
	_, err = quic.Dial(within(t), conn, h.Addr(), c, guestQUIC(Control))
	if err == nil {
		t.Fatal("another protocol was accepted")
	}
	if err := dialError(within(t), h.Addr(), err); code(err) != ByeVersion {
		t.Error(err)
	}
}

// A range stream: a question, an answer, exactly so many bytes, the end.
// TestWanted: a host learns that a guest wants no more; that it says no more, or more than was asked, is no sign of that.
func TestWanted(t *testing.T) { onRoads(t, wantedOn) }

func wantedOn(t *testing.T, dial dialler) {
	ctx := within(t)
	given, told := make(chan struct{}), make(chan error, 1)
	h := host(t, Config{}, func(ctx context.Context, s *Stream, f Frame) {
		if _, other := f.(Titles); other {
			s.WriteFrame(ctx, Content{})
			return
		}
		wanted, stop := s.Wanted(ctx)
		defer stop()
		given <- struct{}{}
		<-wanted.Done()
		told <- context.Cause(wanted)
	})
	for name, does := range map[string]func(*Stream) error{
		"":         nil,
		"an end":   (*Stream).CloseWrite,
		"too much": func(s *Stream) error { _, err := s.Write(make([]byte, 2*maxAside)); return err },
	} {
		peer, err := dial(endpoint(t, Config{}), ctx, h.Addr(), "", Media)
		if err != nil {
			t.Fatal(err)
		}
		s := questioned(t, peer, Get{Title: "a", Part: "file", Length: -1})
		<-given
		if does == nil {
			s.Cancel(CodeDone)
			if err := <-told; err != ErrUnwanted {
				t.Errorf("it ends by %v", err)
			}
			continue
		}
		if err := does(s); err != nil {
			t.Fatal(err)
		}
		if _, err := questioned(t, peer, Titles{Token: "t"}).ReadFrame(ctx); err != nil { // which takes its time
			t.Fatal(err)
		}
		select {
		case err := <-told:
			t.Errorf("by %s it ends: %v", name, err)
		default:
		}
		peer.Close(CodeDone, "")
		<-told
	}
}

// questioned is a stream on which a question was asked.
func questioned(t *testing.T, p *Peer, question Frame) *Stream {
	t.Helper()
	s, err := p.OpenStream(within(t))
	if err == nil {
		err = s.WriteFrame(within(t), question)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRange(t *testing.T) { onRoads(t, rangeOn) }

func rangeOn(t *testing.T, dial dialler) {
	film := bytes.Repeat([]byte("film"), 1<<20)
	cancelled := make(chan error)
	h := host(t, Config{}, func(ctx context.Context, s *Stream, f Frame) {
		g, ok := f.(Get)
		if !ok {
			s.WriteFrame(ctx, Refuse("", errors.New("out of turn")))
			return
		}
		part := film[g.Offset:][:g.Length]
		if err := s.WriteFrame(ctx, Content{Size: int64(len(film)), Type: "video/mp4", Length: g.Length}); err != nil {
			t.Error(err)
		}
		_, err := s.Write(part)
		if g.Title == "unwanted" {
			cancelled <- err
		} else if err != nil {
			t.Error(err)
		}
		if g.Title == "revoked" {
			io.Copy(io.Discard, s) // what a cut overtakes is not delivered, and the head is looked at
			s.Cancel(CodeRefused)
		}
	})
	p, err := dial(endpoint(t, Config{}), within(t), h.Addr(), "", Media)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(g Get) *Stream { return asked(t, p, g) }
	for range 30 { // more than may be open at once: each gives its place back
		s := ask(Get{Title: "film", Offset: 5, Length: 1<<20 + 3})
		s.CloseWrite()
		if got, err := io.ReadAll(s); err != nil || !bytes.Equal(got, film[5:][:1<<20+3]) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
	revoked := ask(Get{Title: "revoked", Length: 1 << 20})
	revoked.CloseWrite()
	if _, err := io.ReadAll(revoked); code(err) != "WP-REFUSED" {
		t.Errorf("revoked: %v", err)
	}
	s := ask(Get{Title: "unwanted", Length: 4 << 20})
	io.ReadFull(s, make([]byte, 1000))
	s.Cancel(CodeDone)
	if err := <-cancelled; !errors.Is(err, ErrUnwanted) {
		t.Errorf("cancelled: %v", err)
	}
	if s := p.Stats(); s.Received < 30<<20 || s.MinRTT <= 0 {
		t.Errorf("%+v", s)
	}
}

// asked asks for a range, and reads the head of the answer.
func asked(t *testing.T, p *Peer, g Get) *Stream {
	t.Helper()
	s := questioned(t, p, g)
	if f, err := s.ReadFrame(within(t)); err != nil || f.(Content).Length != g.Length {
		t.Fatalf("%#v, %v", f, err)
	}
	return s
}

// What is out of order on a stream costs that guest its connection, and nobody else.
func TestMalformedFirstFrame(t *testing.T) { onRoads(t, malformedFirstFrameOn) }

func malformedFirstFrameOn(t *testing.T, dial dialler) {
	h := host(t, Config{}, echo)
	good, err := dial(endpoint(t, Config{}), within(t), h.Addr(), "", Control)
	if err != nil {
		t.Fatal(err)
	}
	hello(t, good)
	for name, in := range map[string][]byte{
		"no bytes":    {0, 0, 0, 0},
		"2^31-1":      {0x7f, 0xff, 0xff, 0xff},
		"2^32-1":      {0xff, 0xff, 0xff, 0xff},
		"no JSON":     appendFrame(nil, []byte("GET / HTTP/1.1")),
		"two members": appendFrame(nil, []byte(`{"get":{},"join":{}}`)),
	} {
		bad, err := dial(endpoint(t, Config{}), within(t), h.Addr(), "", Control)
		if err != nil {
			t.Fatal(err)
		}
		s, err := bad.OpenStream(within(t))
		if err != nil {
			t.Fatal(err)
		}
		s.Write(in)
		if f, err := s.Control().Read(within(t)); err != nil || f.(Bye).Code != ByeProto {
			t.Errorf("%s: %#v, %v", name, f, err)
		}
		<-bad.Done()
	}
	hello(t, good)
	s, _ := good.OpenStream(within(t))
	s.s.Write(appendFrame(nil, []byte(`{"cheer":{}}`)))
	if _, err := s.ReadFrame(within(t)); code(err) != "WP-REFUSED" {
		t.Errorf("a stream of an unknown kind: %v", err)
	}
	hello(t, good)
}

func TestSilentPeerIsClosed(t *testing.T) { onRoads(t, silentPeerIsClosedOn) }

func silentPeerIsClosedOn(t *testing.T, dial dialler) {
	h := host(t, Config{FirstFrameTimeout: 200 * time.Millisecond}, echo)
	guest := endpoint(t, Config{})
	talks, err := dial(guest, within(t), h.Addr(), "", Control)
	if err != nil {
		t.Fatal(err)
	}
	hello(t, talks)
	for _, opens := range []bool{false, true} {
		p, err := dial(guest, within(t), h.Addr(), "", Control)
		if err != nil {
			t.Fatal(err)
		}
		s, err := p.OpenStream(within(t))
		if err != nil {
			t.Fatal(err)
		}
		if opens {
			s.Write([]byte{0, 0, 1}) // and no more
		}
		select {
		case <-p.Done():
		case <-within(t).Done():
			t.Error("a silent peer was kept")
		}
		// It is told with the connection's end, for want of a stream to say it on.
		c := s.Control()
		if f, err := c.Read(within(t)); err != nil || f != Goodbye(ByeProto) {
			t.Errorf("%#v, %v", f, err)
		}
		if f, err := c.Read(within(t)); err != io.EOF {
			t.Errorf("after the bye: %#v, %v", f, err)
		}
	}
	hello(t, talks)
}

func TestCaps(t *testing.T) { onRoads(t, capsOn) }

func capsOn(t *testing.T, dial dialler) {
	h := host(t, Config{MaxPeers: 6, MaxPeersPerAddr: 4}, echo)
	guest := endpoint(t, Config{})
	var peers []*Peer
	for range 4 {
		p, err := dial(guest, within(t), h.Addr(), "", Control)
		if err != nil {
			t.Fatal(err)
		}
		hello(t, p)
		peers = append(peers, p)
	}
	if _, err := dial(guest, within(t), h.Addr(), "", Control); code(err) != ByeFull {
		t.Errorf("the fifth: %v", err)
	}
	if l := h.Load(); l.Peers != 4 || l.HalfOpen != 0 || l.Refused == 0 {
		t.Errorf("%+v", l)
	}
	peers[0].Close(CodeDone, "")
	for h.Load().Peers > 3 {
		<-time.After(time.Millisecond)
	}
	p, err := dial(guest, within(t), h.Addr(), "", Control)
	if err != nil {
		t.Fatal(err)
	}
	hello(t, p)
}

func TestListenNeedsAnIdentity(t *testing.T) {
	if err := endpoint(t, Config{}).Listen(); err == nil {
		t.Error("a host without a key listens")
	}
}

func TestHouseOf(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.7:1": "192.0.2.7/32", "[::ffff:192.0.2.7]:2": "192.0.2.7/32",
		"[2001:db8:1:2:3:4:5:6]:3": "2001:db8:1:2::/64", "[fe80::1%eth0]:4": "fe80::/64", "nowhere": "invalid Prefix",
	} {
		if got := houseOf(textAddr(addr)).String(); got != want {
			t.Errorf("%s is %s, want %s", addr, got, want)
		}
	}
}

type textAddr string

func (textAddr) Network() string  { return "udp" }
func (a textAddr) String() string { return string(a) }
