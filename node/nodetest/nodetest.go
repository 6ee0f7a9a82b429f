// Package nodetest puts hosts and guests on a stage: whole nodes in one process,
// with real sockets and a real store, for tests that read like a play.
package nodetest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/media/demo"
	"watchparty/node"
	"watchparty/node/party"
)

// Patience is how long anything that must happen may take here. It bounds a
// failing test; a passing one waits for events only.
const Patience = 15 * time.Second

// Need asks for a tool that a test cannot do without. In CI a missing tool is a
// failure; elsewhere the test is left out, with the reason.
func Need(t testing.TB, have bool, what string) {
	t.Helper()
	switch {
	case have:
	case os.Getenv("CI") == "true":
		t.Fatalf("CI must have %s", what)
	default:
		t.Skipf("without %s", what)
	}
}

// House is a running host.
type House struct {
	testing.TB
	Host  *node.Host
	Ready node.Ready
	Cfg   node.HostConfig
	stop  func()
}

// Option changes how a host is made.
type Option func(*node.HostConfig)

// Host starts a host with the demo titles, on loopback, in France.
func Host(t testing.TB, options ...Option) *House {
	t.Helper()
	cfg := node.HostConfig{
		Name: "Friday", Host: "Host", Data: t.TempDir(), Listen: "127.0.0.1:0", Region: "FR", PIN: "123456",
		Demo: node.Demo{Catalog: demo.Catalog(), Files: demo.Files()},
		Log:  slog.New(slog.DiscardHandler), Tell: func(node.Event) {},
	}
	for _, o := range options {
		o(&cfg)
	}
	h := &House{TB: t, Cfg: cfg}
	h.Start()
	t.Cleanup(func() { h.Stop() })
	return h
}

// Start starts the host, or starts it again on the data it had.
func (h *House) Start() {
	h.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	host, err := node.OpenHost(ctx, h.Cfg)
	if err != nil {
		cancel()
		h.Fatalf("open host: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- host.Run(ctx) }()
	h.stop = func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				h.Errorf("host ended: %v", err)
			}
		case <-time.After(Patience):
			h.Errorf("the host does not end")
		}
	}
	wait, done := context.WithTimeout(ctx, Patience)
	defer done()
	if h.Ready, err = host.Ready(wait); err != nil {
		h.Fatalf("host is not ready: %v (%v)", err, <-ended)
	}
	h.Host = host
	h.Cfg.Listen = h.Ready.QUIC // the same port after a restart
}

// Stop stops the host in good order.
func (h *House) Stop() {
	if h.stop != nil {
		h.stop()
		h.stop = nil
	}
}

// URL is an address on the host's page.
func (h *House) URL(path string) string { return "http://" + h.Ready.QUIC + path }

// Secret takes an invitation's secret out of its link.
func Secret(link string) string {
	_, fragment, _ := strings.Cut(link, "#")
	secret, _, _ := strings.Cut(fragment, ".")
	return secret
}

// Answer is what came back over HTTP.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Code is the WP- code of a refusal.
func (a Answer) Code() string {
	var r party.Refusal
	json.Unmarshal(a.Body, &r)
	return r.Code
}

// Do sends a request as a program would, with a token if there is one.
func Do(t testing.TB, method, url, token string, body any, edit ...func(*http.Request)) Answer {
	t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, url, r)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for _, e := range edit {
		e(req)
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Logf("%s %s: body ended: %v", method, url, err)
	}
	return Answer{res.StatusCode, res.Header, b}
}

var client = &http.Client{
	Timeout:       Patience,
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Invite makes an invitation at the desk.
func (h *House) Invite(region catalog.Region, role party.Role, tiers ...catalog.Tier) string {
	h.Helper()
	boss := h.Boss()
	a := Do(h, "POST", h.URL("/api/invites"), boss.Token, map[string]any{"region": region, "role": role, "tiers": tiers, "uses": 100})
	var inv struct{ Link string }
	if err := json.Unmarshal(a.Body, &inv); err != nil || a.Status != 200 {
		h.Fatalf("invite: %d %s", a.Status, a.Body)
	}
	return inv.Link
}

// Catalog writes a catalog file beside the demo films and has the host use it.
func Catalog(t testing.TB, text string) Option {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "films"), demo.Files()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "catalog.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(c *node.HostConfig) { c.Catalog = path }
}
