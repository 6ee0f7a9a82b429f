package nodetest

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"watchparty/node"
)

// Den is a guest's own node.
type Den struct {
	Guest *node.Guest
	url   string
}

// Node joins by a link with a node of one's own.
func (h *House) Node(name, link string) *Den {
	h.Helper()
	addr, secret, pin, err := node.ParseLink(link)
	if err != nil {
		h.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	g, err := node.OpenGuest(ctx, node.GuestConfig{
		Name: name, Addrs: []string{addr}, Secret: secret, Pin: pin, Screen: "node", Listen: "127.0.0.1:0",
		Data: h.TempDir(), Log: slog.New(slog.DiscardHandler),
	})
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
	d := &Den{g, strings.TrimSuffix(g.Joined().URL, "/")}
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
