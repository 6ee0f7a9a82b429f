package nodetest

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"watchparty/node"
)

// Den is a guest's own node.
type Den struct {
	Guest *node.Guest
	Data  string // the node's folder
	url   string
}

// Node joins with a node of one's own, by a link; without one, by the standing
// invitation.
func (h *House) Node(name, link string, edit ...func(*node.GuestConfig)) *Den {
	h.Helper()
	if link == "" {
		link = h.Ready.Invite
	}
	addr, secret, pin, err := node.ParseLink(link)
	if err != nil {
		h.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cfg := node.GuestConfig{
		Name: name, Addrs: []string{addr}, Secret: secret, Pin: pin, Screen: "node", Listen: "127.0.0.1:0",
		Data: h.TempDir(), Log: slog.New(slog.DiscardHandler),
	}
	for _, e := range edit {
		e(&cfg)
	}
	g, err := node.OpenGuest(ctx, cfg)
	if err != nil {
		cancel()
		h.Fatalf("join as a node: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	h.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				h.Errorf("guest's node ended: %v", err)
			}
		case <-time.After(Patience):
			h.Errorf("the guest's node does not end")
		}
	})
	d := &Den{g, cfg.Data, strings.TrimSuffix(g.Joined().URL, "/")}
	wait, done := context.WithTimeout(ctx, Patience)
	defer done()
	if err := d.until(wait, func() bool { return g.House().State() != nil }); err != nil {
		h.Fatalf("the guest's node has no party: %v", err)
	}
	return d
}

// URL is an address on the node's own page.
func (d *Den) URL(path string) string { return d.url + path }

// Saw waits for a line in the chat as the node knows it.
func (d *Den) Saw(ctx context.Context, text string) error {
	return d.until(ctx, func() bool {
		for _, m := range d.Guest.House().State().Messages {
			if m.Text == text {
				return true
			}
		}
		return false
	})
}

func (d *Den) until(ctx context.Context, ok func() bool) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Forgot waits until a line is not in the chat any more, as the node knows it, and
// the node is at the party.
func (d *Den) Forgot(ctx context.Context, text string) error {
	return d.until(ctx, func() bool {
		s := d.Guest.House().State()
		for _, m := range s.Messages {
			if m.Text == text {
				return false
			}
		}
		return len(s.Members[d.Guest.Joined().Member].Screens) > 0
	})
}

// ReadInPart reads the beginning of an answer and gives what reads the rest.
func (d *Den) ReadInPart(t testing.TB, path, token string, n int) (begin []byte, rest func() []byte) {
	t.Helper()
	req, err := http.NewRequest("GET", d.URL(path), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v %v", path, res, err)
	}
	t.Cleanup(func() { res.Body.Close() })
	begin = make([]byte, n)
	if _, err := io.ReadFull(res.Body, begin); err != nil {
		t.Fatal(err)
	}
	return begin, func() []byte {
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Errorf("the rest: %v", err)
		}
		return b
	}
}

// Token is the pass of the node's owner, as their page has it.
func (d *Den) Token(t testing.TB) string {
	t.Helper()
	var me struct{ Token string }
	if err := json.Unmarshal(Do(t, "GET", d.URL("/api/me"), "", nil).Body, &me); err != nil {
		t.Fatal(err)
	}
	return me.Token
}
