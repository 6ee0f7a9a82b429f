//go:build linux

package nodetest_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/auth"
	. "watchparty/node/nodetest"
	"watchparty/store"
)

// passes are made in a folder before its host is started: at its door, ten a second would come in.
func passes(t testing.TB, dir string, n int) (tokens []string) {
	t.Helper()
	db, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now := time.Now()
	a, err := auth.New(auth.Config{DB: db, Now: func() time.Time { return now }, Region: "FR", Host: "Host",
		Tiers: func() []catalog.Tier { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		now = now.Add(time.Second) // a crowd that came one by one
		ticket, err := a.Redeem(auth.Request{Name: fmt.Sprintf("Guest %d", i), Secret: a.Standing()})
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, ticket.Token)
	}
	return tokens
}

// A raw guest is as little of a WebSocket as it takes to hear what is said, so that a thousand of them do not take the machine
// away from whom they measure (RFC 6455).
type raw struct {
	net.Conn
	in  *bufio.Reader
	buf []byte
	mu  sync.Mutex // guards writes
}

// dialRaw connects. A narrow one is as somebody on a LAN who does not read: with the segments of loopback the system takes in
// megabytes for them before a write waits, with those of Ethernet as much as on a real network.
func dialRaw(addr, path string, narrow bool) (*raw, error) {
	d := net.Dialer{Timeout: Patience}
	if narrow {
		d.Control = func(_, _ string, c syscall.RawConn) error {
			return c.Control(func(fd uintptr) {
				syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, 1448)
				syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10)
			})
		}
	}
	c, err := d.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	c.SetDeadline(time.Now().Add(2 * Patience))
	defer c.SetDeadline(time.Time{})
	r := &raw{Conn: c, in: bufio.NewReaderSize(c, 2048)}
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", path, addr, addr)
	a, err := http.ReadResponse(r.in, nil)
	if err == nil && a.StatusCode != http.StatusSwitchingProtocols {
		err = errors.New(a.Status)
	}
	if err != nil {
		c.Close()
	}
	return r, err
}

// send writes one text message, masked with zeros (section 5.3 wants a mask, not a good one).
func (r *raw) send(text string) error {
	b := []byte{0x81}
	if len(text) < 126 {
		b = append(b, 0x80|byte(len(text)))
	} else {
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(len(text)))
	}
	b = append(append(b, 0, 0, 0, 0), text...)
	r.mu.Lock()
	defer r.mu.Unlock()
	_, err := r.Write(b)
	return err
}

// next reads a message; it is good until the next one.
func (r *raw) next() ([]byte, error) {
	var head [8]byte
	if _, err := io.ReadFull(r.in, head[:2]); err != nil {
		return nil, err
	}
	n := uint64(head[1] & 0x7f)
	switch n {
	case 126:
		if _, err := io.ReadFull(r.in, head[:2]); err != nil {
			return nil, err
		}
		n = uint64(binary.BigEndian.Uint16(head[:]))
	case 127:
		if _, err := io.ReadFull(r.in, head[:]); err != nil {
			return nil, err
		}
		n = binary.BigEndian.Uint64(head[:])
	}
	if n > 4<<20 {
		return nil, fmt.Errorf("a message of %d bytes", n)
	}
	if n > 64<<10 { // the welcome, of which nothing is wanted
		_, err := io.CopyN(io.Discard, r.in, int64(n))
		return nil, err
	}
	if uint64(cap(r.buf)) < n {
		r.buf = make([]byte, n)
	}
	r.buf = r.buf[:n]
	_, err := io.ReadFull(r.in, r.buf)
	return r.buf, err
}

// sentAt finds the moments at which what is in a message was said.
func sentAt(message []byte, each func(time.Duration)) {
	for {
		_, after, ok := bytes.Cut(message, []byte(saidMark))
		if !ok {
			return
		}
		digits, _, _ := bytes.Cut(after, []byte("!"))
		if n, err := strconv.ParseInt(string(digits), 10, 64); err == nil {
			each(time.Since(crowdBegan) - time.Duration(n))
		}
		message = after
	}
}

// saidMark is before the nanoseconds since crowdBegan in a line.
const saidMark = "at "

var crowdBegan = time.Now()

// lineOf is a wish to say so many bytes now.
func lineOf(size int) string {
	now := time.Since(crowdBegan)
	text := fmt.Sprintf("%s%d! ", saidMark, now)
	for len(text) < size {
		text += "🎉"
	}
	return fmt.Sprintf(`{"wish":{"nonce":"%d","say":{"text":"%s"}}}`, now, text)
}

// A crowd is guests who all hear what some of them say.
type crowd struct {
	guests []*raw
	stop   chan struct{}
	all    sync.WaitGroup

	mu   sync.Mutex // guards the rest
	took []float64  // ms
}

// seat lets one more in, who reads.
func (c *crowd) seat(r *raw) {
	c.guests = append(c.guests, r)
	c.all.Go(func() { c.listen(r) })
}

func (c *crowd) listen(r *raw) {
	for {
		m, err := r.next()
		if err != nil {
			return
		}
		sentAt(m, func(d time.Duration) {
			c.mu.Lock()
			c.took = append(c.took, float64(d)/float64(time.Millisecond))
			c.mu.Unlock()
		})
	}
}

// ping has every guest ping every two seconds, one after the other, as pages do.
func (c *crowd) ping() {
	c.all.Go(func() {
		guests := c.guests
		tick := time.NewTicker(2 * time.Second / time.Duration(len(guests)))
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-tick.C: // one who has left does not hear it
				guests[i%len(guests)].send(`{"ping":{"id":` + strconv.Itoa(i) + `}}`)
			case <-c.stop:
				return
			}
		}
	})
}

// talk has lines said, ten a second, by one after the other of those who read, and gives how long they took to everybody.
func (c *crowd) talk(lines, size int) []float64 {
	c.mu.Lock()
	c.took = make([]float64, 0, lines*len(c.guests))
	c.mu.Unlock()
	tick := time.NewTicker(time.Second / crowdRate)
	defer tick.Stop()
	for i := range lines {
		<-tick.C
		c.guests[i%len(c.guests)].send(lineOf(size))
	}
	<-time.After(time.Second) // what is on its way
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.took
}

// crowdRate is how many lines are said in a second.
const crowdRate = 10

// close ends them all.
func (c *crowd) close() {
	close(c.stop)
	for _, g := range c.guests {
		g.Close()
	}
	c.all.Wait()
}

// hello is how a page begins.
func hello(token string) string {
	return fmt.Sprintf(`{"hello":{"v":1,"token":%q,"screen":"page"}}`, token)
}

// lose sends the last so many away.
func (c *crowd) lose(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, g := range c.guests[len(c.guests)-n:] {
		g.Close()
	}
	c.guests = c.guests[:len(c.guests)-n]
}

// cut says whether the other side has ended the connection, behind what it sent before.
func (r *raw) cut() bool {
	r.SetReadDeadline(time.Now().Add(time.Second / 2))
	_, err := io.Copy(io.Discard, r.in)
	return !errors.Is(err, os.ErrDeadlineExceeded)
}

// memoryOf is what a process has in RAM, in kB.
func memoryOf(pid int) int {
	return (&program{cmd: &exec.Cmd{Process: &os.Process{Pid: pid}}}).memory()
}
