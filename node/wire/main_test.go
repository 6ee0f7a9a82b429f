package wire

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain fails if something is left running.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 {
		if left := leftRunning(); left != "" {
			os.Stderr.WriteString("left running:\n" + left)
			code = 1
		}
	}
	os.Exit(code)
}

// leftRunning waits a moment for goroutines that are on their way out.
func leftRunning() string {
	var left string
	for range 200 {
		buf := make([]byte, 1<<20)
		left = ""
		for g := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			if strings.Contains(g, "watchparty/node/wire") && !strings.Contains(g, "leftRunning") {
				left += g + "\n\n"
			}
		}
		if left == "" {
			return ""
		}
		<-time.After(10 * time.Millisecond)
	}
	return left
}

func newIdentity(t testing.TB) Identity {
	t.Helper()
	key, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	id, err := LoadIdentity(key)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// endpoint opens one on loopback, closed with the test.
func endpoint(t testing.TB, cfg Config) *Endpoint {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return closedWith(t, NewEndpoint(conn, cfg))
}

func closedWith(t testing.TB, e *Endpoint) *Endpoint {
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("close endpoint: %v", err)
		}
		if len(e.peers) != 0 {
			t.Errorf("%d peers are remembered after the end", len(e.peers))
		}
	})
	return e
}

// host is a listening endpoint whose peers are served by handle.
func host(t testing.TB, cfg Config, handle func(context.Context, *Stream, Frame)) *Endpoint {
	t.Helper()
	if cfg.Identity.key == nil {
		cfg.Identity = newIdentity(t)
	}
	e := endpoint(t, cfg)
	serveOn(t, e, handle)
	return e
}

func serveOn(t testing.TB, e *Endpoint, handle func(context.Context, *Stream, Frame)) {
	t.Helper()
	if err := e.Listen(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(done)
		for {
			p, err := e.Accept(ctx)
			if err != nil {
				return
			}
			go p.Serve(ctx, handle)
		}
	}()
	t.Cleanup(func() { // before the endpoint's own
		cancel()
		<-done
	})
}

// within is a context for everything that shall be quick.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// quicPair is a control connection over real UDP.
func quicPair(t *testing.T, write time.Duration) (hostSide, guestSide Conn) {
	t.Helper()
	conns := make(chan Conn)
	h := host(t, Config{WriteTimeout: write}, func(ctx context.Context, s *Stream, _ Frame) {
		conns <- s.Control()
		<-ctx.Done()
	})
	p, err := endpoint(t, Config{}).Dial(within(t), h.Addr(), h.cfg.Identity.Fingerprint(), Control)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.OpenStream(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.WriteFrame(within(t), Hello{V: 1, Screen: "node"}); err != nil {
		t.Fatal(err)
	}
	return <-conns, s.Control()
}

// webSocketPair is a control connection over real TCP and HTTP.
func webSocketPair(t *testing.T, limits Timeouts) (hostSide, guestSide Conn) {
	t.Helper()
	conns := make(chan Conn, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := AcceptWebSocket(w, r, limits)
		if err != nil {
			t.Error(err)
			return
		}
		conns <- c
	}))
	t.Cleanup(srv.Close)
	g, err := DialWebSocket(within(t), "ws"+strings.TrimPrefix(srv.URL, "http")+"/ws", Timeouts{})
	if err != nil {
		t.Fatal(err)
	}
	return <-conns, g
}
