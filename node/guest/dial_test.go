package guest

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"watchparty/node/party"
	"watchparty/node/wire"
)

func identity(t *testing.T) wire.Identity {
	t.Helper()
	key, err := wire.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	id, err := wire.LoadIdentity(key)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// behindAWall is a host that UDP does not reach. It says which secrets it was sent.
func behindAWall(t *testing.T, id wire.Identity) (addr string, secrets func() []string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	udp, err := net.ListenPacket("udp", "127.0.0.1:0") // of another port
	if err != nil {
		t.Fatal(err)
	}
	e := wire.NewEndpoint(udp, wire.Config{Identity: id})
	srv := &http.Server{}
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	var mu sync.Mutex
	var sent []string
	all.Go(func() { srv.Serve(e.Beside(l)) })
	all.Go(func() {
		for {
			p, err := e.AcceptTCP(ctx)
			if err != nil {
				return
			}
			all.Go(func() {
				p.Serve(ctx, func(ctx context.Context, s *wire.Stream, f wire.Frame) {
					mu.Lock()
					sent = append(sent, f.(wire.Join).Secret)
					mu.Unlock()
					s.WriteFrame(ctx, wire.Joined{Token: "good"})
				})
			})
		}
	})
	t.Cleanup(func() {
		stop()
		srv.Close()
		e.Close()
		all.Wait()
	})
	return l.Addr().String(), func() []string {
		mu.Lock()
		defer mu.Unlock()
		return sent
	}
}

func joinAt(addr, pin string) (wire.Joined, string, error) {
	cfg := Config{Addrs: []string{addr}, Pin: pin, Log: slog.New(slog.DiscardHandler)}
	return Join(context.Background(), cfg, wire.Join{Name: "Sofa", Secret: "s3cret"})
}

// Where UDP does not come through, a node comes in over TCP, and says the secret once.
func TestJoinOverTCP(t *testing.T) {
	t.Parallel()
	id := identity(t)
	addr, secrets := behindAWall(t, id)
	joined, fingerprint, err := joinAt(addr, id.Fingerprint())
	if err != nil || joined.Token != "good" || fingerprint != id.Fingerprint() {
		t.Fatalf("%+v from %s: %v", joined, fingerprint, err)
	}
	if got := secrets(); len(got) != 1 || got[0] != "s3cret" {
		t.Errorf("the host was sent %q", got)
	}
}

// Another key at the host's address is sent nothing by TCP either.
func TestImpostorOverTCP(t *testing.T) {
	t.Parallel()
	addr, secrets := behindAWall(t, identity(t))
	_, _, err := joinAt(addr, identity(t).Fingerprint())
	if r := (*party.Refusal)(nil); !errors.As(err, &r) || r.Code != "WP-HOST-KEY" {
		t.Errorf("an impostor: %v", err)
	}
	if got := secrets(); len(got) != 0 {
		t.Errorf("an impostor was sent %q", got)
	}
}

// A host that is there, but that no node gets to, is said to be so in time.
func TestNoRoad(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{}
	go srv.Serve(l)
	defer srv.Close()
	const within = 5 * time.Second // what people are promised
	began := time.Now()
	_, _, err = joinAt(l.Addr().String(), "")
	if r := (*party.Refusal)(nil); !errors.As(err, &r) || r.Code != "WP-UDP-BLOCKED" {
		t.Errorf("pages alone: %v", err)
	}
	if took := time.Since(began); took > within {
		t.Errorf("that was said after %v", took)
	}
}

// Where nothing answers at all, that is said, too.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, _, err = joinAt(l.Addr().String(), "")
	if r := (*party.Refusal)(nil); !errors.As(err, &r) || r.Code != "WP-UNREACHABLE" {
		t.Errorf("nobody there: %v", err)
	}
}
