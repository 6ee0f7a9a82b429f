package web

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync/atomic"

	"watchparty/node/auth"
)

// handshake is the first byte of a TLS connection (RFC 8446, 5.1), which no request of HTTP begins with.
const handshake = 0x16

// either is a listener on whose port browsers may speak HTTP and HTTPS.
type either struct {
	net.Listener
	config *tls.Config
}

// secured is how an authority's node speaks TLS; nil without one.
func secured(a *auth.Authority) *tls.Config {
	if a == nil {
		return nil
	}
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"http/1.1"}, // a WebSocket, and a film that is cut, need a connection of their own
		GetCertificate: a.Certificate,
	}
}

func (s *Server) either(l net.Listener) net.Listener {
	if s.tls == nil {
		return l
	}
	return either{l, s.tls}
}

// Accept does not wait for the first byte: that is for who reads it.
func (l either) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &doorway{Conn: c, config: l.config, first: bufio.NewReaderSize(c, 16)}, nil
}

// A doorway is a connection that may turn out to be TLS when its first byte has come. A server reads before it writes.
type doorway struct {
	net.Conn
	config *tls.Config
	first  *bufio.Reader // what was read to find out; used by the reader alone
	known  bool          // used by the reader alone
	tls    atomic.Pointer[tls.Conn]
}

// begun is the bytes of a connection from the first on.
type begun struct {
	net.Conn
	first *bufio.Reader
}

func (b begun) Read(p []byte) (int, error) { return b.first.Read(p) }

// Read implements net.Conn.
func (d *doorway) Read(p []byte) (int, error) {
	if !d.known {
		b, err := d.first.Peek(1)
		if err != nil {
			return 0, err
		}
		if d.known = true; b[0] == handshake {
			d.tls.Store(tls.Server(begun{d.Conn, d.first}, d.config))
		}
	}
	if t := d.tls.Load(); t != nil {
		return t.Read(p)
	}
	return d.first.Read(p)
}

// Write implements net.Conn.
func (d *doorway) Write(p []byte) (int, error) {
	if t := d.tls.Load(); t != nil {
		return t.Write(p)
	}
	return d.Conn.Write(p)
}

// ReadFrom lets a file go to the socket inside the kernel where nothing is encrypted.
func (d *doorway) ReadFrom(r io.Reader) (int64, error) {
	if t := d.tls.Load(); t != nil {
		return io.Copy(struct{ io.Writer }{t}, r)
	}
	return io.Copy(d.Conn, r)
}

// Close implements net.Conn.
func (d *doorway) Close() error {
	if t := d.tls.Load(); t != nil {
		return t.Close()
	}
	return d.Conn.Close()
}

// CloseWrite lets the server end its half first.
func (d *doorway) CloseWrite() error {
	if t := d.tls.Load(); t != nil {
		return t.CloseWrite()
	}
	if half, ok := d.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// overTLS notes in a request what its connection is, as net/http does for one that is TLS from the beginning.
func overTLS(r *http.Request) {
	if d, ok := r.Context().Value(doorKey{}).(*doorway); ok {
		if t := d.tls.Load(); t != nil {
			state := t.ConnectionState()
			r.TLS = &state
		}
	}
}

type doorKey struct{}

// root is the certificate of the house's authority, for a device whose owner wants to trust it.
func (s *Server) root(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/x-x509-ca-cert")
	h.Set("Cache-Control", "no-store")
	w.Write(s.authority.Root())
}

// trust says what there is to compare before anybody trusts it.
func (s *Server) trust(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]string{"fingerprint": s.authority.Fingerprint()})
}

func (s *Server) httpsRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /trust", s.page.serve("trust.html"))
	mux.HandleFunc("GET /trust/watchparty.crt", s.root)
	mux.HandleFunc("GET /api/trust", s.trust)
}
