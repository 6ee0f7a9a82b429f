package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// carriers open a connection whose host side waits for a slow reader as long as
// said.
var carriers = map[string]func(*testing.T, time.Duration) (Conn, Conn){
	"quic":      func(t *testing.T, write time.Duration) (Conn, Conn) { return peerPair(t, (*Endpoint).Dial, write) },
	"tcp":       func(t *testing.T, write time.Duration) (Conn, Conn) { return peerPair(t, (*Endpoint).DialTCP, write) },
	"websocket": func(t *testing.T, write time.Duration) (Conn, Conn) { return webSocketPair(t, Timeouts{Write: write}) },
	"pipe": func(_ *testing.T, write time.Duration) (Conn, Conn) {
		h, g := Pipe()
		h.(*pipeConn).timeout = write
		return h, g
	},
}

// onEvery runs a test on each carrier, and closes what it leaves open.
func onEvery(t *testing.T, write time.Duration, test func(t *testing.T, host, guest Conn)) {
	for name, open := range carriers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, g := open(t, write)
			defer g.Close(Bye{})
			defer h.Close(Bye{})
			if h.Carrier() != name || g.Carrier() != name || h.RemoteAddr() == nil || g.RemoteAddr().String() == "" {
				t.Errorf("%s from %v, %s to %v", h.Carrier(), h.RemoteAddr(), g.Carrier(), g.RemoteAddr())
			}
			test(t, h, g)
		})
	}
}

func TestFramesBothWays(t *testing.T) {
	onEvery(t, WriteTimeout, func(t *testing.T, host, guest Conn) {
		ctx := within(t)
		long := Refused{Code: "WP-BAD", Reason: strings.Repeat("x", MaxToGuest-48)}
		for _, f := range []Frame{Ping{1}, Titles{Token: strings.Repeat("é", 30000)}} {
			exchange(t, ctx, guest, host, f)
		}
		for _, f := range []Frame{Pong{1, 2.5}, Record(`{"seq":1}`), long, OK{"n", 7}} {
			exchange(t, ctx, host, guest, f)
		}
	})
}

func exchange(t *testing.T, ctx context.Context, from, to Conn, f Frame) {
	t.Helper()
	sent := make(chan error, 1)
	go func() { sent <- Send(ctx, from, f) }()
	got, err := to.Read(ctx)
	if err != nil || !reflect.DeepEqual(got, f) {
		t.Fatalf("%.60v arrived as %.60v, %v", f, got, err)
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
}

func TestTooLongIsNotSent(t *testing.T) {
	onEvery(t, WriteTimeout, func(t *testing.T, host, guest Conn) {
		for conn, limit := range map[Conn]int{host: MaxToGuest, guest: MaxToHost} {
			err := conn.Write(within(t), make([]byte, limit+1))
			if _, ok := errors.AsType[*ProtoError](err); !ok {
				t.Errorf("%d bytes: %v", limit+1, err)
			}
		}
		exchange(t, within(t), guest, host, Ping{1})
	})
}

// Writers share a connection: every frame arrives, whole, and in its writer's order.
func TestConcurrentWrites(t *testing.T) {
	const writers, each = 8, 200
	onEvery(t, WriteTimeout, func(t *testing.T, host, guest Conn) {
		ctx := within(t)
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range each {
					f := Refused{Code: fmt.Sprint(w), Reason: strings.Repeat("x", i*w)}
					if err := Send(ctx, host, f); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		next := map[string]int{}
		for range writers * each {
			f, err := guest.Read(ctx)
			if err != nil {
				t.Fatal(err)
			}
			r := f.(Refused)
			var w int
			fmt.Sscan(r.Code, &w)
			if len(r.Reason) != next[r.Code]*w {
				t.Fatalf("writer %d: frame %d has %d bytes", w, next[r.Code], len(r.Reason))
			}
			next[r.Code]++
		}
		all.Wait()
	})
}

func TestSlowReader(t *testing.T) {
	const patience = 300 * time.Millisecond
	onEvery(t, patience, func(t *testing.T, host, guest Conn) {
		ctx := within(t)
		frame, _ := Marshal(Refused{Code: "WP-BAD", Reason: strings.Repeat("x", 100<<10)})
		var err error
		var last time.Time
		sent := 0
		for ; err == nil && sent < 64<<20; sent += len(frame) { // kernels buffer some MB
			last = time.Now()
			err = host.Write(ctx, frame)
		}
		if waited := time.Since(last); !errors.Is(err, ErrSlow) || waited < patience || waited > 10*patience {
			t.Fatalf("%v after %v and %d bytes", err, waited, sent)
		}
		last = time.Now()
		if err := host.Write(ctx, frame); err == nil || time.Since(last) > patience/2 {
			t.Errorf("the next write waited %v: %v", time.Since(last), err)
		}
		if bye := ByeFor(err); bye.Code != ByeSlow || !bye.Again {
			t.Errorf("%v asks for %+v", err, bye)
		}
		last = time.Now()
		host.Close(ByeFor(err))
		if time.Since(last) > 2*lingerTimeout {
			t.Errorf("Close took %v", time.Since(last))
		}
	})
}

// A bye arrives over each carrier, after what was sent before, and then the end.
func TestByeArrives(t *testing.T) {
	for code := range endings {
		t.Run(code, func(t *testing.T) {
			onEvery(t, WriteTimeout, func(t *testing.T, host, guest Conn) {
				ctx := within(t)
				ended := make(chan error, 2)
				go func() { // as a session does: read until the end
					_, err := host.Read(ctx)
					ended <- err
				}()
				go func() {
					ended <- errors.Join(Send(ctx, host, OK{"last", 9}), host.Close(Goodbye(code)))
				}()
				for _, want := range []Frame{OK{"last", 9}, Goodbye(code)} {
					if f, err := guest.Read(ctx); err != nil || f != want {
						t.Fatalf("%#v, %v; want %#v", f, err, want)
					}
				}
				began := time.Now()
				if f, err := guest.Read(ctx); err != io.EOF {
					t.Errorf("after the bye: %#v, %v", f, err)
				}
				for range 2 {
					if err := <-ended; err != nil && err != io.EOF {
						t.Error(err)
					}
				}
				if waited := time.Since(began); waited > lingerTimeout/2 {
					t.Errorf("the end took %v", waited)
				}
			})
		})
	}
}

// A Read that is cancelled does not take the bye away.
func TestByeAfterCancelledRead(t *testing.T) {
	onEvery(t, WriteTimeout, func(t *testing.T, host, guest Conn) {
		ctx, cancel := context.WithCancelCause(within(t))
		why := errors.New("house closes")
		read := make(chan error)
		go func() {
			_, err := host.Read(ctx)
			read <- err
		}()
		cancel(why)
		if err := <-read; err != why {
			t.Errorf("read: %v", err)
		}
		if err := host.Write(ctx, []byte("{}")); err != why {
			t.Errorf("write: %v", err)
		}
		go host.Close(Goodbye(ByeClosing))
		if f, err := guest.Read(within(t)); err != nil || f != Goodbye(ByeClosing) {
			t.Errorf("%#v, %v", f, err)
		}
	})
}

// Nor does a Write that is cancelled while its frame is on the way.
func TestByeAfterCancelledWrites(t *testing.T) {
	onEvery(t, WriteTimeout, func(t *testing.T, host, guest Conn) {
		ctx, cancel := context.WithCancel(within(t))
		done := make(chan error)
		go func() {
			var err error
			for err == nil {
				err = Send(ctx, host, OK{"n", 1})
			}
			done <- host.Close(Goodbye(ByeClosing))
		}()
		for n := 0; ; n++ {
			f, err := guest.Read(within(t))
			if err != nil {
				t.Fatal(err)
			}
			if f == Goodbye(ByeClosing) {
				break
			}
			if n == 100 {
				cancel()
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// A frame that is on its way when its context ends has one more second.
func TestCancelledWriteFinishesItsFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host, guest := Pipe()
		defer guest.Close(Bye{})
		defer host.Close(Bye{})
		for _, reads := range []bool{true, false} {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- Send(ctx, host, OK{"n", 1}) }()
			synctest.Wait()
			cancel()
			synctest.Wait()
			began := time.Now()
			if reads {
				if f, err := guest.Read(t.Context()); err != nil || f != (OK{"n", 1}) {
					t.Errorf("%#v, %v", f, err)
				}
				if err := <-done; err != nil {
					t.Error(err)
				}
			} else if err := <-done; err != context.Canceled || time.Since(began) != lingerTimeout {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		}
	})
}

// A guest that leaves ends the host's Read in good order.
func TestGuestLeaves(t *testing.T) {
	onEvery(t, WriteTimeout, func(t *testing.T, host, guest Conn) {
		go guest.Close(Bye{})
		if f, err := host.Read(within(t)); err != io.EOF {
			t.Errorf("%#v, %v", f, err)
		}
		began := time.Now()
		if err := host.Close(Goodbye(ByeClosing)); err != nil {
			t.Error(err)
		}
		if waited := time.Since(began); waited > lingerTimeout/2 {
			t.Errorf("closing what has ended took %v", waited)
		}
		if err := host.Write(within(t), []byte(`{"ok":{}}`)); err == nil {
			t.Error("written to a closed connection")
		}
	})
}

// What is malformed is told to its sender.
func TestMalformedIsTold(t *testing.T) {
	onEvery(t, WriteTimeout, func(t *testing.T, host, guest Conn) {
		ctx := within(t)
		go guest.Write(ctx, []byte(`{"ping":{"id":1},"ping":{"id":2}}`))
		_, err := host.Read(ctx)
		bye := ByeFor(err)
		if bye.Code != ByeProto || bye.Reason == "" || bye.Again {
			t.Fatalf("%v asks for %+v", err, bye)
		}
		go host.Close(bye)
		if f, err := guest.Read(ctx); err != nil || f != bye {
			t.Errorf("%#v, %v", f, err)
		}
	})
}
