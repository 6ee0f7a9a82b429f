package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// tcpAddr is where nodes are let in beside pages.
func tcpAddr(h *Endpoint) string { return h.Addr().String() }

// At one port there are pages, and nodes; what is neither costs nobody anything.
func TestPagesBeside(t *testing.T) {
	h := host(t, Config{}, echo)
	p, err := endpoint(t, Config{}).DialTCP(within(t), h.Addr(), h.cfg.Identity.Fingerprint(), Control)
	if err != nil {
		t.Fatal(err)
	}
	hello(t, p)
	if p.Road() != ByTCP || h.Load().TCP != 1 || h.Load().Shaking != 0 {
		t.Errorf("by %s: %+v", p.Road(), h.Load())
	}
	res, err := http.Get("http://" + tcpAddr(h) + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); string(b) != "a page" {
		t.Errorf("the page is %q", b)
	}
	browser := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}
	if c, err := tls.Dial("tcp", tcpAddr(h), browser); err == nil {
		c.Close()
		t.Error("a browser's TLS was taken for a node's")
	}
	hello(t, p)
}

// firstMessage is what a node says first on a connection.
func firstMessage(t testing.TB) []byte {
	t.Helper()
	ours, theirs := net.Pipe()
	defer ours.Close()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go tls.Client(theirs, overTCP(guestTLS(Identity{}, nil))).HandshakeContext(ctx)
	b := make([]byte, 8<<10)
	n, err := ours.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return b[:n]
}

// Handshakes over TCP that are begun and not ended are bounded, and hold up nobody who comes by another road, or a page.
func TestHalfOpenOverTCP(t *testing.T) {
	const flood = 60
	h := host(t, Config{}, echo)
	first := firstMessage(t)
	var all []net.Conn
	for range flood {
		c, err := net.Dial("tcp", tcpAddr(h))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.Write(first)
		all = append(all, c)
	}
	eventually(t, "the flood", func() bool {
		l := h.Load()
		if l.Shaking > maxShakesPerAddr {
			t.Fatalf("%+v", l)
		}
		return l.Refused >= flood-maxShakesPerAddr
	})
	_, err := endpoint(t, Config{}).DialTCP(within(t), h.Addr(), "", Control)
	if code(err) != ByeFull {
		t.Errorf("no room: %v", err)
	}
	p, err := endpoint(t, Config{}).Dial(within(t), h.Addr(), "", Control)
	if err != nil {
		t.Fatal(err)
	}
	hello(t, p)
	for _, c := range all {
		c.Close()
	}
	eventually(t, "room", func() bool { return h.Load().Shaking == 0 })
	if p, err = endpoint(t, Config{}).DialTCP(within(t), h.Addr(), "", Control); err != nil {
		t.Fatal(err)
	}
	hello(t, p)
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for ctx := within(t); !ok(); <-time.After(time.Millisecond) {
		if ctx.Err() != nil {
			t.Fatalf("waiting for %s", what)
		}
	}
}

// raw is a connection of a node that speaks TLS and then says what it likes.
func raw(t testing.TB, h *Endpoint) *tls.Conn {
	t.Helper()
	d := tls.Dialer{Config: overTCP(guestTLS(Identity{}, nil))}
	c, err := d.DialContext(within(t), "tcp", tcpAddr(h))
	if err != nil {
		t.Fatal(err)
	}
	return c.(*tls.Conn)
}

func muxed(kind, flags byte, stream, length uint32, body string) []byte {
	b := []byte{0, kind, 0, flags}
	b = binary.BigEndian.AppendUint32(b, stream)
	return append(binary.BigEndian.AppendUint32(b, length), body...)
}

// malformed is what no node sends.
var malformed = map[string][]byte{
	"no multiplexing":        []byte("GET / HTTP/1.1\r\nHost: here\r\n\r\n"),
	"another version":        {9, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0},
	"an unknown kind":        muxed(7, 0, 0, 0, ""),
	"a stream twice":         append(muxed(1, 1, 3, 0, ""), muxed(1, 1, 3, 0, "")...),
	"a stream of the host's": muxed(1, 1, 2, 0, ""),
	"more than the window":   append(muxed(1, 1, 3, 0, ""), muxed(0, 0, 3, 1<<30, strings.Repeat("x", 300<<10))...),
	"a datagram of nothing":  append(muxed(1, 1, 1, 0, ""), muxed(0, 0, 1, 2, "\x00\x00")...),
	"a datagram too long":    append(muxed(1, 1, 1, 0, ""), muxed(0, 0, 1, 2, "\xff\xff")...),
}

// What is malformed ends its own connection, and no other.
func TestMalformedOverTCP(t *testing.T) {
	h := host(t, Config{}, echo)
	good, err := endpoint(t, Config{}).DialTCP(within(t), h.Addr(), "", Control)
	if err != nil {
		t.Fatal(err)
	}
	hello(t, good)
	for name, b := range malformed {
		c := raw(t, h)
		c.Write(b)
		c.SetReadDeadline(time.Now().Add(FirstFrameTimeout / 2)) // sooner than silence is
		if _, err := io.Copy(io.Discard, c); isTimeout(err) {
			t.Errorf("%s: the connection goes on", name)
		}
		c.Close()
	}
	hello(t, good)
	eventually(t, "the others' end", func() bool { return h.Load().Peers == 1 })
}

func isTimeout(err error) bool {
	n, ok := err.(net.Error)
	return ok && n.Timeout()
}

// What streams of guests may hold unread is bounded for each house.
func TestMemoryOverTCP(t *testing.T) {
	g := newGate(Config{}.orDefault())
	a, b := houseOf(textAddr("192.0.2.1:1")), houseOf(textAddr("192.0.2.2:1"))
	room := &unread{gate: g, house: a}
	if err := room.ReserveMemory(maxUnreadPerAddr, 255); err != nil {
		t.Fatal(err)
	}
	if (&unread{gate: g, house: a}).ReserveMemory(1, 255) == nil {
		t.Error("a house may hold more than its share")
	}
	if err := (&unread{gate: g, house: b}).ReserveMemory(1<<20, 255); err != nil {
		t.Errorf("another house: %v", err)
	}
	room.Done()
	if g.held != 1<<20 || len(g.unread) != 1 {
		t.Errorf("%d bytes of %d houses are held after the end", g.held, len(g.unread))
	}
}

func TestGoAway(t *testing.T) {
	for _, reason := range reasons {
		for _, c := range []uint64{CodeDone, CodeRefused, CodeEnded} {
			if code, got := parseGoAway(goAway(c, reason)); code != c || got != reason {
				t.Errorf("%d %q is read as %d %q", c, reason, code, got)
			}
		}
	}
	for code := range endings {
		if _, got := parseGoAway(goAway(CodeEnded, code)); got != code {
			t.Errorf("%s has no number", code)
		}
	}
}

// FuzzTCP: whatever a node says once its handshake is done, the host goes on.
func FuzzTCP(f *testing.F) {
	for _, b := range malformed {
		f.Add(b)
	}
	hi, _ := Marshal(Hello{V: 1, Token: "hi", Screen: "node"})
	said := appendFrame(nil, hi)
	f.Add(append(muxed(1, 1, 3, 0, ""), muxed(0, 0, 3, uint32(len(said)), string(said))...))
	h := host(f, Config{MaxPeersPerAddr: 300}, echo)
	f.Fuzz(func(t *testing.T, b []byte) {
		c := raw(t, h)
		defer c.Close()
		c.Write(b)
		c.CloseWrite()
		c.SetReadDeadline(time.Now().Add(2 * FirstFrameTimeout))
		if _, err := io.Copy(io.Discard, c); isTimeout(err) {
			t.Error("the connection goes on")
		}
	})
}

// FuzzFirstMessage: a lookout gives back all that it read.
func FuzzFirstMessage(f *testing.F) {
	f.Add(firstMessage(f))
	f.Add([]byte{shake, 3, 1, 0, 1, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 {
			return
		}
		ours, theirs := net.Pipe()
		go func() {
			theirs.Write(b)
			theirs.Close()
		}()
		look := &lookout{Conn: ours, seen: nil}
		look.isNode()
		rest, _ := io.ReadAll(ours)
		if got := append(look.seen, rest...); !bytes.Equal(got, b) {
			t.Errorf("%d bytes came back of %d", len(got), len(b))
		}
	})
}

// TestQuietOverTCP: a host gives up a node that shook hands and then says nothing, and calls it gone, as over QUIC.
func TestQuietOverTCP(t *testing.T) {
	id := newIdentity(t)
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		guest := tls.Client(far, overTCP(guestTLS(newIdentity(t), nil)))
		go io.Copy(io.Discard, guest) // shakes hands, takes everything, says nothing
		host := tls.Server(near, overTCP(hostTLS(id)))
		if err := host.HandshakeContext(t.Context()); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		c, err := newTCP(host, false, true, Control, nil)
		if err != nil {
			t.Fatal(err)
		}
		<-c.ctx.Done()
		if err := context.Cause(c.ctx); !errors.Is(err, ErrGone) || time.Since(began) != IdleTimeout {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		c.close(CodeDone, "")
		guest.NetConn().Close()
	})
}
