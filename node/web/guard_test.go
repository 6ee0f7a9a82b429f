package web

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// FuzzGuard: a Host that is let in names this very address, loopback or a name that was allowed, and an Origin that is taken for
// our own names the same host; whatever language is asked for is one of two.
func FuzzGuard(f *testing.F) {
	for _, host := range []string{"127.0.0.1:80", "LOCALHOST.", "salon.local:1", "[::1]:80", "127.0.0.1.evil.example", "evil.example", "127.1", "0x7f.1", "[::ffff:127.0.0.1]", "a@127.0.0.1", "127.0.0.1%25lo", "localhost..", "\x00"} {
		f.Add(host, "http://"+host, "fr;q=0.5,en")
	}
	f.Add("127.0.0.1:80", "null", strings.Repeat("en,", 100))
	f.Add("127.0.0.1:80", "https://127.0.0.1:80@evil.example", "*")
	s := &Server{names: map[string]bool{"salon.local": true}}
	here := context.WithValue(context.Background(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80})
	f.Fuzz(func(t *testing.T, host, origin, accept string) {
		r := httptest.NewRequestWithContext(here, "POST", "/api/leave", nil)
		r.Host = host
		if s.hostAllowed(r) {
			name := strings.ToLower(strings.TrimSuffix(hostname(host), "."))
			ip, err := netip.ParseAddr(name)
			if name != "localhost" && name != "salon.local" && (err != nil || !ip.Unmap().IsLoopback()) {
				t.Errorf("%q is let in", host)
			}
			if strings.ContainsAny(host, "@/ \r\n") {
				t.Errorf("%q is let in", host)
			}
		}
		if sameOrigin(r, origin) {
			_, after, _ := strings.Cut(origin, "://")
			after, _, _ = strings.Cut(after, "/")
			if before, rest, ok := strings.Cut(after, "@"); ok && before != "" {
				after = rest
			}
			if !strings.HasPrefix(strings.ToLower(after), strings.ToLower(host)) && !strings.Contains(after, "%") {
				t.Errorf("%q is taken for %q", origin, host)
			}
		}
		if lang := speaks(accept); lang != "en" && lang != "fr" {
			t.Errorf("%q is spoken", lang)
		}
	})
}
