package nodetest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node"
	"watchparty/node/guest"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// den opens a guest's node on a folder that is kept from one evening to the next.
func den(t *testing.T, h *House, dir, link string) (*node.Guest, error) {
	t.Helper()
	addr, secret, pin, err := node.ParseLink(link)
	if err != nil {
		t.Fatal(err)
	}
	return node.OpenGuest(t.Context(), node.GuestConfig{
		Name: "Den", Addrs: []string{addr}, Secret: secret, Pin: pin, Screen: "node", Listen: "127.0.0.1:0",
		Data: dir, Log: slog.New(slog.DiscardHandler),
	})
}

// TestSecondEvening: a pass outlives the party, also for a node; a fresh
// invitation brings its own terms.
func TestSecondEvening(t *testing.T) {
	t.Parallel()
	h := Host(t)
	dir := t.TempDir()
	evening := func(link string) node.Joined {
		t.Helper()
		g, err := den(t, h, dir, link)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- g.Run(ctx) }()
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		return g.Joined()
	}
	link := h.Invite("FR", party.Guest)
	first := evening(link)
	if again := evening(link); again.Member != first.Member || again.URL != first.URL {
		t.Errorf("the same evening again as %+v, then %+v", first, again)
	}
	g, err := node.OpenGuest(t.Context(), node.GuestConfig{Screen: "node", Listen: "127.0.0.1:0", Data: dir, Log: quiet})
	if err != nil || g.Joined().Member != first.Member {
		t.Fatalf("without an address: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.Run(gone); err != nil {
		t.Fatal(err)
	}
	h.Boss().Must(party.End{})
	h.Stop()
	h.Start()
	if second := evening(link); second.Member != first.Member {
		t.Errorf("the second evening as %s instead of %s", second.Member, first.Member)
	}
	if other := evening(h.Invite("DE", party.Guest)); other.Region != "DE" {
		t.Errorf("a fresh invitation to DE makes a guest in %s", other.Region)
	}
}

// TestStalledRanges: films that nobody reads on hold nothing else up.
func TestStalledRanges(t *testing.T) {
	h := Host(t)
	g := nodeOf(t, h.By("Ann", h.Invite("FR", party.Guest, "prime")))
	for _, title := range []string{"night-train", "aurora", "harbour-lights", "night-train", "aurora"} {
		if _, _, err := g.Get(t.Context(), wire.Get{Title: title, Part: "file", Length: -1}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := g.Titles(t.Context(), "en"); err != nil {
		t.Errorf("titles: %v", err)
	}
	_, s, err := g.Get(t.Context(), wire.Get{Title: "night-train", Part: "poster", Length: -1})
	if err != nil {
		t.Fatalf("poster: %v", err)
	}
	s.SetReadDeadline(time.Now().Add(Patience))
	if b, err := io.ReadAll(s); err != nil || len(b) < 1000 {
		t.Errorf("poster: %d bytes, %v", len(b), err)
	}
}

// TestLargeCatalog: ten thousand titles reach a guest's node.
func TestLargeCatalog(t *testing.T) {
	h := Host(t)
	ann := h.Guest("Ann")
	g := nodeOf(t, ann)
	var b strings.Builder
	b.WriteString("version: 1\ntitles:\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "  - {id: song-%d, title: A song with a usual name %d, kind: music, file: night-train.mp4, regions: {allow: [world]}}\n", i, i)
	}
	c, problems := catalog.Parse("large", []byte(b.String()), time.UTC)
	if c == nil {
		t.Fatal(problems)
	}
	h.Host.UseCatalog(c)
	list, err := g.Titles(t.Context(), "en")
	if err != nil || len(list) < 1<<20 {
		t.Errorf("titles: %d bytes, %v", len(list), err)
	}
	_, _, pin := cutLink(h.Ready.Invite)
	cfg := guest.Config{Addrs: []string{h.Ready.QUIC}, Pin: pin, Token: ann.Token, Log: quiet}
	if err := guest.Check(t.Context(), cfg); err != nil {
		t.Errorf("a good pass: %v", err)
	}
	cfg.Token = "wrong"
	if err := guest.Check(t.Context(), cfg); err == nil {
		t.Error("a wrong pass is good")
	}
}

// TestLongWish: a wish that does not fit a frame is refused here, and costs no
// connection.
func TestLongWish(t *testing.T) {
	n := Host(t).Node("Den", "")
	_, err := n.Guest.Wish(t.Context(), party.Wish{Nonce: "1", Command: party.Say{Text: strings.Repeat("<", 20_000)}})
	var r *party.Refusal
	if !errors.As(err, &r) || r.Code != "WP-BAD" {
		t.Errorf("a wish of 120 KB: %v", err)
	}
	if _, err := n.Guest.Wish(t.Context(), party.Wish{Nonce: "2", Command: party.Say{Text: "short"}}); err != nil {
		t.Error(err)
	}
}

// TestWishWhileAway: a page at a guest's node keeps its connection while its wish
// waits for the host, and the wish is done when the host is back.
func TestWishWhileAway(t *testing.T) {
	t.Parallel()
	h := Host(t)
	n := h.Node("Den", "")
	token := field(t, Do(t, "GET", n.URL("/api/me"), "", nil).Body, "token")
	c, err := wire.DialWebSocket(t.Context(), "ws://"+strings.TrimPrefix(n.URL("/ws"), "http://"), wire.Timeouts{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(wire.Bye{})
	ctx, stop := context.WithTimeout(t.Context(), Patience)
	defer stop()
	await := func(what string, ok func(wire.Frame) bool) {
		t.Helper()
		for {
			f, err := c.Read(ctx)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if ok(f) {
				return
			}
		}
	}
	wire.Send(ctx, c, wire.Hello{V: 1, Token: token, Screen: "page"})
	await("welcome", func(f wire.Frame) bool { _, ok := f.(wire.Welcome); return ok })
	h.Stop()
	await("that the host is away", func(f wire.Frame) bool { s, ok := f.(wire.Signal); return ok && s.Host != nil && s.Host.Away })
	wire.Send(ctx, c, wire.Wish{Wish: party.Wish{Nonce: "a", Command: party.Say{Text: "hello"}}})
	wire.Send(ctx, c, wire.Ping{ID: 7})
	await("a pong", func(f wire.Frame) bool { p, ok := f.(wire.Pong); return ok && p.ID == 7 })
	h.Start()
	await("the answer", func(f wire.Frame) bool { a, ok := f.(wire.OK); return ok && a.Nonce == "a" })
}

// TestWhatATitleLacks: a poster that is not there is no trouble, on any node.
func TestWhatATitleLacks(t *testing.T) {
	h := Host(t, Catalog(t, "version: 1\nlibrary: films\ntitles: [{id: x, title: X, file: aurora.mp4, regions: {allow: [world]}}]\n"), func(c *node.HostConfig) {
		if err := os.Remove(filepath.Join(filepath.Dir(c.Catalog), "films", "aurora.jpg")); err != nil {
			t.Fatal(err)
		}
	})
	n := h.Node("Den", "")
	token := field(t, Do(t, "GET", n.URL("/api/me"), "", nil).Body, "token")
	for _, path := range []string{"/media/t/x/poster", "/media/t/x/subtitles/xx.vtt"} {
		if a := Do(t, "GET", n.URL(path), token, nil); a.Status != 404 || a.Code() != "WP-UNKNOWN" {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}

// TestHostRestored: after a host went back to an earlier state of its party, its
// guests' nodes follow that.
func TestHostRestored(t *testing.T) {
	t.Parallel()
	h := Host(t)
	n := h.Node("Den", "")
	ann := h.Guest("Ann")
	ann.Say("before")
	h.Stop()
	file := filepath.Join(h.Cfg.Data, "party.db")
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	h.Start()
	ann.Sit()
	for range 8 {
		ann.Say("will be lost")
	}
	ctx, stop := context.WithTimeout(t.Context(), Patience)
	defer stop()
	if err := n.Saw(ctx, "will be lost"); err != nil {
		t.Fatal(err)
	}
	said := make(chan string, 100)
	go n.Guest.Follow(ctx, func(r party.Record) {
		if s, ok := r.Event.(party.Said); ok {
			said <- s.Text
		}
	})
	h.Stop()
	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	h.Start()
	if err := n.Forgot(ctx, "will be lost"); err != nil {
		t.Fatal(err)
	}
	h.Guest("Bob").Say("after")
	for {
		select {
		case text := <-said:
			if text == "after" {
				return
			}
		case <-ctx.Done():
			t.Fatal("who follows the node never heard of it")
		}
	}
}

// TestRangeGoesOn: a range that was being read goes on from the same byte when the
// host is back.
func TestRangeGoesOn(t *testing.T) {
	t.Parallel()
	use := Catalog(t, "version: 1\nlibrary: films\ntitles: [{id: long, title: Long, file: long.mp4, regions: {allow: [world]}}]\n")
	var cfg node.HostConfig
	use(&cfg)
	film := make([]byte, 24<<20) // more than the buffers on the way hold
	for i := range film {
		film[i] = byte(i * i >> 8)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(cfg.Catalog), "films", "long.mp4"), film, 0o600); err != nil {
		t.Fatal(err)
	}
	h := Host(t, use)
	n := h.Node("Den", "")
	token := field(t, Do(t, "GET", n.URL("/api/me"), "", nil).Body, "token")
	begin, rest := n.ReadInPart(t, "/media/t/long/file", token, 1<<20)
	h.Stop()
	h.Start()
	if got := append(begin, rest()...); !bytes.Equal(got, film) {
		t.Errorf("%d bytes are not the film's %d", len(got), len(film))
	}
}

// TestVoidPass: a guest whose pass is void waits for nothing: films, titles and wishes are refused with the reason.
func TestVoidPass(t *testing.T) {
	t.Parallel()
	ann := Host(t).Guest("Ann")
	ann.Token = "void"
	g := nodeOf(t, ann)
	_, _, get := g.Get(t.Context(), wire.Get{Title: "night-train", Part: "file", Length: -1})
	_, list := g.Titles(t.Context(), "en")
	_, wish := g.Wish(t.Context(), "1", party.Say{Text: "hello"})
	for what, err := range map[string]error{"a film": get, "titles": list, "a wish": wish} {
		var r *party.Refusal
		if !errors.As(err, &r) || r.Code != wire.ByePass || !errors.Is(err, guest.ErrOver) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
