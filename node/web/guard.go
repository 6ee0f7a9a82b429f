package web

import (
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// guard is the first thing every request meets: the Host it was sent to, then
// where it comes from. See RFC 9110 §7.4 (421) and RFC 6454 (Origin).
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		overTLS(r)
		// Also for what is refused unread: the server reads it to the end. Once it has
		// the whole body it takes the deadline off again.
		if r.ContentLength != 0 {
			http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
			if place := placeOf(r.Context()); place != nil {
				place.rest()
				r.Body = arriving{r.Body, place}
			}
		}
		h := w.Header()
		if len(r.TransferEncoding) > 0 { // there may have been a length besides, which a proxy went by (RFC 9112, 6.1)
			h.Set("Connection", "close")
		}
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
		if !s.hostAllowed(r) {
			h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
			refuse(w, http.StatusMisdirectedRequest, "WP-HOST",
				"This address is not one of this party's. Open the link the host gave you; a name must be allowed with --allow-host.")
			return
		}
		h.Set("Content-Security-Policy", pagePolicy(r))
		if s.isSurplus(w, r) {
			return
		}
		if !safe(r.Method) && !fromHere(r) {
			refuse(w, http.StatusForbidden, "WP-ORIGIN", "This request comes from another page. Use the party's own.")
			return
		}
		if !safe(r.Method) && !isJSON(r) && !ofStage(r) {
			refuse(w, http.StatusUnsupportedMediaType, "WP-BAD", "Send JSON, and say so: Content-Type: application/json.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// pagePolicy lets the page load nothing but what this node serves. Safari before
// 15.4 does not take 'self' for a WebSocket, so its address is spelled out.
func pagePolicy(r *http.Request) string {
	socket := " ws://" + r.Host
	if r.TLS != nil {
		socket = " wss://" + r.Host
	}
	if strings.HasPrefix(r.Host, "[") { // a policy cannot name an IPv6 address (CSP 3, 2.3.1)
		socket = ""
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
		"media-src 'self' blob:; connect-src 'self'" + socket + "; font-src 'self'; worker-src 'self'; " +
		"manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'"
}

// hostAllowed admits the very address the connection came in at, localhost on
// loopback, and names that the owner allowed. A rebound DNS name is none of them.
func (s *Server) hostAllowed(r *http.Request) bool {
	name := strings.ToLower(strings.TrimSuffix(hostname(r.Host), "."))
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	tcp, ok := local.(*net.TCPAddr)
	if !ok || name == "" {
		return false
	}
	here := tcp.AddrPort().Addr().Unmap().WithZone("")
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.Unmap().WithZone("") == here
	}
	if name == "localhost" {
		return here.IsLoopback()
	}
	return s.names[name]
}

// hostname takes the port and brackets off a Host header.
func hostname(host string) string {
	u := url.URL{Host: host}
	return u.Hostname()
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead
}

// fromHere says whether a request that changes something comes from this very
// origin. A program names none; then it may not carry a browser's cookie either,
// and it must be JSON, which a foreign page's form cannot send.
func fromHere(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return r.Header.Get("Cookie") == ""
	}
	return len(origins) == 1 && sameOrigin(r, origins[0])
}

func isJSON(r *http.Request) bool { return contentType(r) == "application/json" }

func contentType(r *http.Request) string {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}

// sameOrigin compares an Origin with the Host that the guard has already allowed. The page over plain HTTP, which others
// on the network can write, is not the one over HTTPS; the other way round there may be a proxy between.
func sameOrigin(r *http.Request, origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http" && r.TLS == nil) && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}
