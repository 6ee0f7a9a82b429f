package nodetest_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestForeignHost: a rebound DNS name, which the browser sends as Host, gets
// nothing and leaves no cookie.
func TestForeignHost(t *testing.T) {
	h := Host(t)
	for _, host := range []string{"evil.example", "127.0.0.1.evil.example", "192.0.2.1", "localhost.evil.example", "friday.local"} {
		for _, path := range []string{"/", "/desk", "/api/titles", "/api/join", "/ws", "/media/t/night-train/file"} {
			method, body := "GET", any(nil)
			if path == "/api/join" {
				method, body = "POST", map[string]string{"name": "x", "pin": "123456"}
			}
			a := Do(t, method, h.URL(path), "", body, func(r *http.Request) { r.Host = host })
			if a.Status != http.StatusMisdirectedRequest || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s %s: %d %s", host, path, a.Status, a.Body)
			}
		}
	}
	for _, host := range []string{h.Ready.QUIC, "localhost:80", "LOCALHOST.", "127.0.0.1"} {
		if a := Do(t, "GET", h.URL("/"), "", nil, func(r *http.Request) { r.Host = host }); a.Status != 200 {
			t.Errorf("own name %s: %d", host, a.Status)
		}
	}
}

// TestForeignOrigin: another page of the same browser, also on the same address at
// another port, changes nothing although the cookie is sent.
func TestForeignOrigin(t *testing.T) {
	h := Host(t)
	ann := h.Guest("Ann")
	cookie := func(r *http.Request) {
		_, port, _ := strings.Cut(h.Ready.QUIC, ":")
		r.Header.Set("Cookie", "watchparty_"+port+"="+ann.Token)
	}
	if a := Do(t, "GET", h.URL("/media/t/night-train/poster"), "", nil, cookie); a.Status != 200 {
		t.Fatalf("the page's own picture: %d", a.Status)
	}
	ann.Say("settled")
	seq := ann.State().Seq
	for _, origin := range []string{"", "null", "http://evil.example", "http://127.0.0.1:1", "http://" + h.Ready.QUIC + ".evil.example"} {
		for _, path := range []string{"/api/leave", "/api/invites", "/api/party", "/api/members", "/api/join"} {
			for _, kind := range []string{"application/json", "text/plain", "application/x-www-form-urlencoded"} {
				a := Do(t, "POST", h.URL(path), "", map[string]string{"name": "x", "pin": "123456"}, cookie, func(r *http.Request) {
					r.Header.Set("Content-Type", kind)
					if origin != "" {
						r.Header.Set("Origin", origin)
					}
				})
				if a.Status != 403 || a.Code() != "WP-ORIGIN" {
					t.Errorf("%s from %q as %s: %d %s", path, origin, kind, a.Status, a.Body)
				}
			}
		}
	}
	if ann.State().Seq != seq {
		t.Error("the party has changed")
	}
	for _, origin := range []string{"", "null", "http://evil.example", "http://127.0.0.1:1"} {
		a := Do(t, "GET", h.URL("/ws"), "", nil, cookie, func(r *http.Request) {
			r.Header.Set("Upgrade", "websocket")
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Sec-WebSocket-Version", "13")
			r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
			if origin != "" {
				r.Header.Set("Origin", origin)
			}
		})
		if a.Status != 403 {
			t.Errorf("WebSocket from %q: %d", origin, a.Status)
		}
	}
}

// TestPublicRoutes: without a pass, only what is documented answers.
func TestPublicRoutes(t *testing.T) {
	h := Host(t)
	public := map[string]int{"/": 200, "/desk": 200, "/healthz": 200, "/metrics": 200, "/favicon.ico": 200, "/nothing": 404}
	private := []string{"/api/me", "/api/party", "/api/titles", "/api/desk", "/api/members", "/media/t/night-train/file", "/media/t/night-train/poster", "/media/t/none/file"}
	for path, want := range public {
		a := Do(t, "GET", h.URL(path), "", nil)
		if a.Status != want {
			t.Errorf("%s: %d, want %d", path, a.Status, want)
		}
		policy := a.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s invites other origins", path)
		}
	}
	for _, path := range private {
		if a := Do(t, "GET", h.URL(path), "", nil); a.Status != 401 || a.Code() != "WP-PASS" {
			t.Errorf("%s without a pass: %d %s", path, a.Status, a.Body)
		}
		if a := Do(t, "GET", h.URL(path), "wrong", nil); a.Status != 401 {
			t.Errorf("%s with a wrong pass: %d", path, a.Status)
		}
	}
	ann := h.Guest("Ann")
	for _, path := range []string{"/api/desk", "/api/members"} {
		if a := ann.Get(path); a.Status != 403 || a.Code() != "WP-FORBIDDEN" {
			t.Errorf("%s as a guest: %d %s", path, a.Status, a.Body)
		}
	}
	for _, method := range []string{"PUT", "DELETE", "OPTIONS", "PATCH"} {
		if a := Do(t, method, h.URL("/api/party"), ann.Token, nil); a.Status < 400 {
			t.Errorf("%s: %d", method, a.Status)
		}
	}
}

// TestNodeOfAGuest: its owner's page needs no pass on this machine, and nobody
// else comes in by it.
func TestNodeOfAGuest(t *testing.T) {
	h := Host(t)
	n := h.Node("Den", h.Ready.Invite)
	me := Do(t, "GET", n.URL("/api/me"), "", nil)
	if me.Status != 200 {
		t.Fatalf("owner: %d %s", me.Status, me.Body)
	}
	token := field(t, me.Body, "token")
	if a := Do(t, "GET", n.URL("/media/t/night-train/file"), token, nil); a.Status != 200 || len(a.Body) < 100_000 {
		t.Errorf("film through the node: %d, %d bytes", a.Status, len(a.Body))
	}
	if a := Do(t, "GET", n.URL("/media/t/harbour-lights/file"), token, nil); a.Status != 403 {
		t.Errorf("locked film through the node: %d", a.Status)
	}
	h.Boss().Must(party.Grant{Member: n.Guest.Joined().Member, Tiers: &[]catalog.Membership{{Tier: "prime"}}})
	for began := time.Now(); Do(t, "GET", n.URL("/media/t/harbour-lights/file"), token, nil).Status != 200; {
		if time.Since(began) > Patience {
			t.Fatal("what the host granted never held at the node")
		}
	}
	if a := Do(t, "POST", n.URL("/api/join"), "", map[string]string{"name": "x", "pin": "123456"}); a.Status != 403 {
		t.Errorf("joining at a guest's node: %d %s", a.Status, a.Body)
	}
	fromOtherGuests(t, h, n)
	if a := Do(t, "GET", n.URL("/api/me"), "", nil, func(r *http.Request) { r.Host = "evil.example" }); a.Status != 421 {
		t.Errorf("rebound name: %d", a.Status)
	}
}

// fromOtherGuests asks a guest's node for films, as guests whom the host admits: nobody gets any there but its owner, and it speaks
// no protocol of nodes.
func fromOtherGuests(t *testing.T, h *House, n *Den) {
	t.Helper()
	for _, p := range []*Person{h.Boss(), h.Guest("Greta"), h.By("Gustav", h.Invite("DE", party.Guest))} {
		for _, path := range []string{"/media/t/night-train/file", "/media/t/aurora/poster", "/api/titles", "/api/party"} {
			if a := Do(t, "GET", n.URL(path), p.Token, nil); a.Status != 401 || len(a.Body) > 400 {
				t.Errorf("%s by %s: %d, %d bytes", path, p.Joined.Name, a.Status, len(a.Body))
			}
		}
	}
	to, err := net.ResolveUDPAddr("udp", strings.TrimPrefix(n.URL(""), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := wire.NewEndpoint(c, wire.Config{})
	defer e.Close()
	for road, dial := range map[string]func(context.Context, net.Addr, string, wire.Use) (*wire.Peer, error){"UDP": e.Dial, "TCP": e.DialTCP} {
		ctx, stop := context.WithTimeout(t.Context(), 500*time.Millisecond)
		if _, err := dial(ctx, to, "", wire.Media); err == nil {
			t.Errorf("by %s a guest's node takes nodes in", road)
		}
		stop()
	}
}

// TestNodeComesBack: a guest's node waits for its host, and a range that was being
// read goes on.
func TestNodeComesBack(t *testing.T) {
	t.Parallel()
	h := Host(t)
	n := h.Node("Den", h.Ready.Invite)
	h.Stop()
	h.Start()
	h.Guest("Ann").Say("back again")
	ctx, stop := context.WithTimeout(t.Context(), Patience)
	defer stop()
	if err := n.Saw(ctx, "back again"); err != nil {
		t.Fatal(err)
	}
}
