package wire

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"
)

// deaf is a socket that sends and never hears: its handshakes stay half open.
type deaf struct {
	net.PacketConn
	closed chan struct{}
	once   sync.Once
}

func (d *deaf) ReadFrom([]byte) (int, net.Addr, error) {
	<-d.closed
	return 0, nil, net.ErrClosed
}

func (d *deaf) SetReadDeadline(time.Time) error {
	d.once.Do(func() { close(d.closed) })
	return nil
}

func (d *deaf) Close() error {
	d.once.Do(func() { close(d.closed) })
	return d.PacketConn.Close()
}

// Handshakes of those who do not prove their address are not even begun, and somebody who does comes in.
func TestHalfOpenFlood(t *testing.T) {
	const flood = 100
	h := host(t, Config{MaxPeersPerAddr: 1000}, echo)
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	attacker := NewEndpoint(&deaf{PacketConn: conn, closed: make(chan struct{})}, Config{})
	ctx, stop := context.WithCancel(within(t))
	var all sync.WaitGroup
	defer func() {
		stop()
		all.Wait()
		attacker.Close()
	}()
	for range flood {
		all.Go(func() {
			if _, err := attacker.Dial(ctx, h.Addr(), "", Control); err == nil {
				t.Error("a deaf client's handshake went through")
			}
		})
	}
	for l := h.Load(); l.Retries < flood; l = h.Load() {
		if l.HalfOpen > 0 {
			t.Fatalf("%+v", l)
		}
		if ctx.Err() != nil {
			t.Fatalf("the flood did not arrive: %+v", l)
		}
		<-time.After(time.Millisecond)
	}
	began := time.Now()
	p, err := endpoint(t, Config{}).Dial(ctx, h.Addr(), h.cfg.Identity.Fingerprint(), Control)
	if err != nil {
		t.Fatal(err)
	}
	hello(t, p)
	t.Logf("joined in %v, %+v", time.Since(began), h.Load())
	if l := h.Load(); l.HalfOpen > 0 || l.Peers != 1 {
		t.Errorf("%+v", l)
	}
	p.Close(CodeDone, "")
}

// A host that was killed and is back resets its old guests at once: its reset key
// comes from its identity.
func TestRestartedHostIsNoticed(t *testing.T) {
	id := newIdentity(t)
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := conn.LocalAddr()
	mute := &mutable{PacketConn: conn}
	old := NewEndpoint(mute, Config{Identity: id})
	if err := old.Listen(); err != nil {
		t.Fatal(err)
	}
	go func() {
		if p, err := old.Accept(context.Background()); err == nil {
			p.Serve(context.Background(), echo)
		}
	}()
	p, err := endpoint(t, Config{}).Dial(within(t), addr, id.Fingerprint(), Control)
	if err != nil {
		t.Fatal(err)
	}
	s := hello(t, p)
	mute.kill() // no word of farewell
	old.Close()
	again, err := net.ListenPacket("udp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	closedWith(t, NewEndpoint(again, Config{Identity: id})).Listen()
	began := time.Now()
	s.WriteFrame(within(t), Ping{1})
	if f, err := s.Control().Read(within(t)); err != ErrGone {
		t.Errorf("%#v, %v", f, err)
	}
	if waited := time.Since(began); waited > IdleTimeout/2 {
		t.Errorf("noticed after %v", waited)
	}
}

// mutable is a socket whose sending can be cut off, as by kill -9.
type mutable struct {
	net.PacketConn
	mu   sync.Mutex
	dead bool
}

func (m *mutable) kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dead = true
}

func (m *mutable) WriteTo(b []byte, a net.Addr) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return len(b), nil
	}
	return m.PacketConn.WriteTo(b, a)
}
