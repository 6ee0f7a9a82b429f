package nodetest_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"watchparty/media/demo"
	"watchparty/node"
	. "watchparty/node/nodetest"
)

// withHTTPS has a host answer to HTTPS, and to a name that is not this machine's own.
func withHTTPS(c *node.HostConfig) { c.HTTPS, c.Names = true, []string{"salon.local"} }

// trusting is a client that trusts a house, and nobody else.
func trusting(t testing.TB, h *House) *http.Client {
	t.Helper()
	a := Do(t, "GET", h.URL("/trust/watchparty.crt"), "", nil)
	root, err := x509.ParseCertificate(a.Body)
	if err != nil {
		t.Fatalf("the certificate to trust: %d, %v", a.Status, err)
	}
	sum := sha256.Sum256(root.Raw)
	if got := strings.ReplaceAll(h.Ready.Certificate, ":", ""); got != fmt.Sprintf("%X", sum) {
		t.Errorf("the terminal shows the fingerprint %s of another certificate", got)
	}
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return &http.Client{Timeout: Patience, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool}}}
}

// fetched sends a request by a client of its own.
func fetched(t testing.TB, c *http.Client, url string, edit ...func(*http.Request)) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range edit {
		e(r)
	}
	a, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(a.Body); err != nil {
		t.Fatal(err)
	}
	return a, b.Bytes()
}

// TestHTTPS: at the same port, who trusts the house gets page, film and WebSocket without a warning, and so does who
// speaks plain HTTP.
func TestHTTPS(t *testing.T) {
	h := Host(t, withHTTPS)
	ann, c := h.Guest("Ann"), trusting(t, h)
	secure := "https://" + h.Ready.QUIC
	if got := h.Ready.HTTPS; len(got) != 1 || got[0] != secure+"/" {
		t.Errorf("the terminal shows %q", got)
	}
	a, page := fetched(t, c, secure+"/")
	if policy := a.Header.Get("Content-Security-Policy"); a.StatusCode != 200 || !strings.Contains(policy, " wss://"+h.Ready.QUIC) || !bytes.Contains(page, []byte(" data-https")) {
		t.Errorf("the page: %s, %q", a.Status, policy)
	}
	if a, _ := fetched(t, c, secure+"/", func(r *http.Request) { r.Host = "evil.example" }); a.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a rebound name: %s", a.Status)
	}

	film, err := fs.ReadFile(demo.Files(), "night-train.mp4")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(h.Ready.QUIC, ":")
	plain := func(r *http.Request) { r.Header.Set("Cookie", "watchparty_"+port+"="+ann.Token) }
	a, _ = fetched(t, c, secure+"/api/me", plain) // who comes from the page over plain HTTP
	cookie := a.Header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "__Host-watchparty_"+port+"="+ann.Token) || !strings.Contains(cookie, "; Secure") {
		t.Errorf("the cookie is %q", cookie)
	}
	kept, _, _ := strings.Cut(cookie, ";")
	span := func(r *http.Request) {
		r.Header.Set("Cookie", kept)
		r.Header.Set("Range", "bytes=1000-200999")
	}
	if a, got := fetched(t, c, secure+"/media/t/night-train/file", span); a.StatusCode != http.StatusPartialContent || !bytes.Equal(got, film[1000:201000]) {
		t.Errorf("a range of a film: %s, %d bytes", a.Status, len(got))
	}
	if a, _ := fetched(t, c, secure+"/media/t/night-train/file", plain); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("a film with a cookie that a page over plain HTTP may have set: %s", a.Status)
	}
	for origin, want := range map[string]bool{secure: true, "http://" + h.Ready.QUIC: false} {
		conn, a, err := websocket.Dial(t.Context(), secure+"/ws", &websocket.DialOptions{HTTPClient: c, HTTPHeader: http.Header{"Origin": {origin}}})
		if (err == nil) != want || !want && a.StatusCode != http.StatusForbidden {
			t.Errorf("a WebSocket from %s: %v", origin, err)
		}
		if conn != nil {
			conn.CloseNow()
		}
	}
	if got := ann.Get("/media/t/night-train/file"); !bytes.Equal(got.Body, film) || ann.Get("/").Header.Get("Content-Security-Policy") == a.Header.Get("Content-Security-Policy") {
		t.Errorf("a film over plain HTTP: %d, %d bytes", got.Status, len(got.Body))
	}
	ann.Say("still here")
	if without := Host(t); Do(t, "GET", without.URL("/trust"), "", nil).Status != http.StatusNotFound || without.Ready.HTTPS != nil {
		t.Error("a host without --https speaks of it")
	}
}
