package web

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
)

// TestCutOverTLS: a film that is no longer permitted is cut over HTTPS as it is without, with nothing still delivered.
func TestCutOverTLS(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{log: slog.New(slog.DiscardHandler), tls: certified.TLS, most: mostHere, handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		overTLS(r)
		if _, err := w.Write(bytes.Repeat([]byte{1}, 1<<20)); err != nil {
			t.Error(err)
		}
		if r.URL.Path == "/cut" {
			reset(r.Context())
		}
		if r.TLS == nil != (r.URL.Path == "/plain") {
			t.Errorf("%s is over TLS: %v", r.URL, r.TLS != nil)
		}
	})}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, tcp) }()
	for url, cut := range map[string]bool{"https://%s/whole": false, "https://%s/cut": true, "http://%s/plain": false} {
		c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
		a, err := c.Get(fmt.Sprintf(url, tcp.Addr()))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(a.Body)
		if a.Body.Close(); cut != errors.Is(err, syscall.ECONNRESET) || !cut && len(b) != 1<<20 {
			t.Errorf("%s: %d bytes, %v", url, len(b), err)
		}
		c.CloseIdleConnections()
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
