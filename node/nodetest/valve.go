package nodetest

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Valve is a way to a host on which the films' bytes can be stopped while
// everything else goes on, as when a line is full.
type Valve struct {
	addr, host string
	rate       int // bytes of films in a second, 0 for as fast as it goes

	mu   sync.Mutex
	open chan struct{} // closed while the films flow
}

// Valve opens a way to the host, on which films come at some bytes a second at the
// most, so that a player does not have it all before the valve is shut; 0 for no
// bound. It ends with the test.
func (h *House) Valve(rate int) *Valve {
	h.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.Fatal(err)
	}
	v := &Valve{addr: ln.Addr().String(), host: h.Ready.QUIC, rate: rate, open: make(chan struct{})}
	close(v.open)
	ended := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			all.Go(func() { v.carry(c, ended) })
		}
	})
	h.Cleanup(func() {
		close(ended)
		ln.Close()
		all.Wait()
	})
	return v
}

// Through is an address of the host by way of the valve.
func (v *Valve) Through(url string) string { return strings.Replace(url, v.host, v.addr, 1) }

// Shut stops the films.
func (v *Valve) Shut() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.open = make(chan struct{})
}

// Open lets them flow again.
func (v *Valve) Open() {
	v.mu.Lock()
	defer v.mu.Unlock()
	close(v.open)
}

func (v *Valve) flows() chan struct{} {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.open
}

// carry carries one connection until one side or the test ends. A connection whose
// last request was for a film is stopped when the valve is shut.
func (v *Valve) carry(c net.Conn, ended chan struct{}) {
	host, err := net.Dial("tcp", v.host)
	if err != nil {
		c.Close()
		return
	}
	var all sync.WaitGroup
	over := make(chan struct{})
	stop := sync.OnceFunc(func() {
		close(over)
		c.Close()
		host.Close()
	})
	all.Go(func() {
		select {
		case <-ended:
			stop()
		case <-over:
		}
	})
	var film atomic.Bool // set by what is asked, read by what is answered
	all.Go(func() {
		defer stop()
		pour(host, c, func(b []byte) {
			if verb, _, _ := bytes.Cut(b, []byte(" ")); string(verb) == "GET" || string(verb) == "HEAD" || string(verb) == "POST" {
				film.Store(bytes.HasPrefix(b, []byte("GET /media/t/")))
			}
		})
	})
	defer all.Wait()
	defer stop()
	pour(c, host, func(b []byte) {
		if !film.Load() {
			return
		}
		select {
		case <-v.flows():
		case <-over:
		}
		if v.rate > 0 {
			select {
			case <-time.After(time.Duration(len(b)) * time.Second / time.Duration(v.rate)):
			case <-over:
			}
		}
	})
}

// pour copies until the end, and looks at what comes before it goes on.
func pour(to io.Writer, from io.Reader, look func([]byte)) {
	buf := make([]byte, 16<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			look(buf[:n])
			if _, werr := to.Write(buf[:n]); werr != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
