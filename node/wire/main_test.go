package wire

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
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
	var tcp net.Listener
	var udp net.PacketConn
	for udp == nil { // until a port is free for both
		var err error
		if tcp, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		if udp, err = net.ListenPacket("udp", tcp.Addr().String()); err != nil {
			tcp.Close()
		}
	}
	e := closedWith(t, NewEndpoint(udp, cfg))
	serveOn(t, e, handle)
	serveBeside(t, e, tcp, handle)
	return e
}

// serveBeside lets nodes in by TCP at a web server's port.
func serveBeside(t testing.TB, e *Endpoint, l net.Listener, handle func(context.Context, *Stream, Frame)) {
	t.Helper()
	srv := &http.Server{ReadHeaderTimeout: 2 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "a page")
	})}
	var all sync.WaitGroup
	all.Go(func() { srv.Serve(e.Beside(l)) })
	ctx, cancel := context.WithCancel(context.Background())
	all.Go(func() { acceptAll(ctx, e.AcceptTCP, handle) })
	t.Cleanup(func() {
		cancel()
		srv.Close()
		all.Wait()
	})
}

func acceptAll(ctx context.Context, accept func(context.Context) (*Peer, error), handle func(context.Context, *Stream, Frame)) {
	for {
		p, err := accept(ctx)
		if err != nil {
			return
		}
		go p.Serve(ctx, handle)
	}
}

// A dialler is [Endpoint.Dial] or [Endpoint.DialTCP].
type dialler func(e *Endpoint, ctx context.Context, addr net.Addr, pin string, use Use) (*Peer, error)

var roads = map[Road]dialler{ByQUIC: (*Endpoint).Dial, ByTCP: (*Endpoint).DialTCP}

// onRoads runs a test on each road.
func onRoads(t *testing.T, test func(t *testing.T, dial dialler)) {
	for road, dial := range roads {
		t.Run(string(road), func(t *testing.T) { test(t, dial) })
	}
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
		acceptAll(ctx, e.Accept, handle)
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

// peerPair is a control connection over a real socket.
func peerPair(t *testing.T, dial dialler, write time.Duration) (hostSide, guestSide Conn) {
	t.Helper()
	conns := make(chan Conn)
	h := host(t, Config{WriteTimeout: write}, func(ctx context.Context, s *Stream, _ Frame) {
		conns <- s.Control()
		<-ctx.Done()
	})
	p, err := dial(endpoint(t, Config{}), within(t), h.Addr(), h.cfg.Identity.Fingerprint(), Control)
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
