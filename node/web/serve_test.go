package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"watchparty/media"
	"watchparty/node/session"
)

// pipes is a listener whose connections hold no bytes back, for tests in which
// time is simulated.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// onLoopback is a pipe that says it came in at 127.0.0.1, as the guard wants.
type onLoopback struct {
	net.Conn
	at net.Addr
}

func (o onLoopback) LocalAddr() net.Addr { return o.at }

// dial connects and sends a text.
func (p *pipes) dial(t *testing.T, text string) net.Conn {
	t.Helper()
	here, there := net.Pipe()
	p.conns <- onLoopback{there, p.Addr()}
	t.Cleanup(func() { here.Close() })
	if _, err := io.WriteString(here, text); err != nil {
		t.Fatal(err)
	}
	return here
}

// mostHere is how many connections it takes.
const mostHere = 1024

// serving serves h on pipes; ended gets what Serve returns after stop.
func serving(h http.Handler) (p *pipes, stop func(), ended chan error) {
	p, ended = newPipes(), make(chan error, 1)
	s := &Server{log: slog.New(slog.DiscardHandler), handler: h, most: mostHere}
	ctx, stop := context.WithCancel(context.Background())
	go func() { ended <- s.Serve(ctx, p) }()
	return p, stop, ended
}

func answered(t *testing.T, c net.Conn) *http.Response {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// film is content of zeroes.
type film struct{ *bytes.Reader }

func (film) Close() error { return nil }

func (film) Info() media.ContentInfo { return media.ContentInfo{ContentType: "video/mp4"} }

// TestFilmIsReadForHours: a film that is read slowly is not cut, however long it
// takes; one that nobody reads any more is.
func TestFilmIsReadForHours(t *testing.T) {
	const size, piece = 1 << 20, 32 << 10
	synctest.Test(t, func(t *testing.T) {
		p, stop, ended := serving(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			send(w, r, film{bytes.NewReader(make([]byte, size))})
		}))
		began := time.Now()
		body := answered(t, p.dial(t, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")).Body
		for left := size; left > 0; left -= piece {
			<-time.After(4 * time.Minute)
			if _, err := io.CopyN(io.Discard, body, piece); err != nil {
				t.Fatalf("cut after %v with %d bytes left: %v", time.Since(began), left, err)
			}
		}
		body = answered(t, p.dial(t, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")).Body
		<-time.After(chunkTime + time.Second)
		if n, err := io.Copy(io.Discard, body); err == nil {
			t.Errorf("a reader who took nothing for %v still got %d bytes", chunkTime, n)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestSlowBody: whoever sends the body of a request drop by drop has ten seconds.
func TestSlowBody(t *testing.T) {
	const post = "POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n{"
	for _, c := range []struct {
		name, host string
		length     int
		rest       string
		status     int
		after      time.Duration
	}{
		{"never whole", "127.0.0.1", 100, "", http.StatusRequestTimeout, bodyTime},
		{"refused before it was read", "evil.example", 100, "", http.StatusMisdirectedRequest, bodyTime},
		{"whole, and decided slowly", "127.0.0.1", 2, "}", http.StatusOK, time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Server{log: slog.New(slog.DiscardHandler)}
				p, stop, ended := serving(s.guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					var v struct{}
					if !read(w, r, &v) {
						return
					}
					select {
					case <-time.After(time.Minute):
						answer(w, http.StatusOK, v)
					case <-r.Context().Done():
						refuse(w, http.StatusTeapot, "", "")
					}
				})))
				began := time.Now()
				res := answered(t, p.dial(t, fmt.Sprintf(post, c.host, c.length)+c.rest))
				if took := time.Since(began); res.StatusCode != c.status || took != c.after {
					t.Errorf("%d after %v, want %d after %v", res.StatusCode, took, c.status, c.after)
				}
				stop()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestServeEnds: requests end with their node, and what does not end has two seconds.
func TestServeEnds(t *testing.T) {
	for name, c := range map[string]struct {
		path   string
		status int
		took   time.Duration
	}{
		"told":     {"/told", http.StatusOK, 0},
		"answered": {"/busy", http.StatusOK, time.Second},
		"stuck":    {"/stuck", 0, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				mux := http.NewServeMux()
				mux.HandleFunc("/told", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
				mux.HandleFunc("/busy", func(_ http.ResponseWriter, r *http.Request) {
					<-r.Context().Done()
					<-time.After(time.Second)
				})
				mux.HandleFunc("/stuck", func(http.ResponseWriter, *http.Request) { <-time.After(time.Minute) })
				p, stop, ended := serving(mux)
				conn := p.dial(t, "GET "+c.path+" HTTP/1.1\r\nHost: h\r\n\r\n")
				status := make(chan int, 1)
				go func() {
					res, err := http.ReadResponse(bufio.NewReader(conn), nil)
					if err != nil {
						status <- 0
						return
					}
					status <- res.StatusCode
				}()
				synctest.Wait()
				began := time.Now()
				stop()
				if err := <-ended; err != nil {
					t.Error(err)
				}
				// Shutdown looks every half second at the latest whether all is answered.
				if took := time.Since(began).Truncate(time.Second); took != c.took {
					t.Errorf("ended after %v, want %v", took, c.took)
				}
				if got := <-status; got != c.status {
					t.Errorf("answered with %d, want %d", got, c.status)
				}
				<-time.After(time.Minute) // the stuck one too
				synctest.Wait()
			})
		})
	}
}

// TestRestingMakesRoom: where every place is taken, somebody new has that of the connection which has rested longest: one that
// has asked for nothing, whose body does not come whole, or that waits for its next request.
func TestRestingMakesRoom(t *testing.T) {
	for name, text := range map[string]string{
		"silent":   "",
		"headers":  "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
		"body":     "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
		"answered": "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, stop, ended := crowded(func(w http.ResponseWriter, r *http.Request) {
					var v struct{}
					if r.Method == http.MethodPost && !read(w, r, &v) {
						return
					}
					answer(w, http.StatusOK, v)
				})
				var all []net.Conn
				for range fewHere {
					c := p.dial(t, text)
					if name == "answered" {
						answered(t, c)
					}
					synctest.Wait()
					all = append(all, c)
				}
				if res := answered(t, p.dial(t, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")); res.StatusCode != http.StatusOK {
					t.Errorf("somebody new: %d", res.StatusCode)
				}
				synctest.Wait()
				all[0].SetReadDeadline(time.Now().Add(time.Millisecond))
				if _, err := all[0].Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
					t.Error("the first is open still")
				}
				all[1].SetReadDeadline(time.Now().Add(time.Millisecond))
				if _, err := all[1].Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("the second is closed: %v", err)
				}
				stop()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestNoRoom: where every place is taken by somebody who is at something, who comes then is told so, and more of them wait.
func TestNoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, stop, ended := crowded(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(time.Minute):
			case <-r.Context().Done():
			}
			answer(w, http.StatusOK, struct{}{})
		})
		const get = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		var first net.Conn
		for i := range fewHere {
			if c := p.dial(t, get+"\r\n"); i == 0 {
				first = c
			}
		}
		synctest.Wait()
		for accept, want := range map[string]string{"application/json": `{"code":"WP-FULL","reason":"This party has no room`, "text/html": "Cette soirée n’a plus de place"} {
			res := answered(t, p.dial(t, get+"Accept-Language: fr\r\nAccept: "+accept+"\r\n\r\n"))
			body, _ := io.ReadAll(res.Body)
			if res.StatusCode != http.StatusServiceUnavailable || !strings.HasPrefix(string(body), want) || res.Header.Get("Retry-After") == "" || !res.Close {
				t.Errorf("%d %s %v", res.StatusCode, body, res.Header)
			}
			synctest.Wait() // until its place is free again
		}
		first.Close() // its request ends with it
		synctest.Wait()
		began := time.Now()
		if res := answered(t, p.dial(t, get+"\r\n")); res.StatusCode != http.StatusOK || time.Since(began) != time.Minute {
			t.Errorf("in the place of who left: %d after %v", res.StatusCode, time.Since(began))
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// fewHere is how many connections a crowded server takes.
const fewHere = 20

// crowded serves h behind the guard, on pipes.
func crowded(h http.HandlerFunc) (p *pipes, stop func(), ended chan error) {
	p, ended = newPipes(), make(chan error, 1)
	s := &Server{Server: session.New(session.Config{}), log: slog.New(slog.DiscardHandler), most: fewHere}
	s.handler = s.guard(h)
	ctx, stop := context.WithCancel(context.Background())
	go func() { ended <- s.Serve(ctx, p) }()
	return p, stop, ended
}

// TestLimitEnds: a listener that waits for a place can be closed, and a counted
// connection can still be reset.
func TestLimitEnds(t *testing.T) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limit(tcp, 1)
	guest, err := net.Dial("tcp", tcp.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer guest.Close()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := l.Accept()
		ended <- err
	}()
	l.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("waiting for a place ended with %v", err)
	}
	if _, err := c.Write(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	reset(withConn(t.Context(), c))
	if b, err := io.ReadAll(guest); err == nil {
		t.Errorf("%d bytes came, and the end was no reset", len(b))
	}
	c.Close()
}
