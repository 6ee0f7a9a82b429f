//go:build linux

package nodetest_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"watchparty/node/clock"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// pings is how many one WebSocket sends; the long run sends more.
var pings = 1000

// frame is one of a WebSocket, masked with zeros (RFC 6455, 5.2).
func frame(first byte, body string) string {
	if len(body) < 126 {
		return string([]byte{first, 0x80 | byte(len(body)), 0, 0, 0, 0}) + body
	}
	return string([]byte{first, 0x80 | 126, byte(len(body) >> 8), byte(len(body)), 0, 0, 0, 0}) + body
}

// TestWebSocketAbuse: a page that sends messages without end, in pieces of nothing, in another alphabet or compressed is cut off or
// refused; pings cost it its own time alone.
func TestWebSocketAbuse(t *testing.T) {
	t.Parallel()
	h := Host(t)
	ann := h.Guest("Ann")
	const text, more, ping, fin = 1, 0, 9, 0x80
	for name, c := range map[string]struct {
		begin, again string
		times        int
		ended        bool
	}{
		"no UTF-8":                 {frame(fin|text, `{"ping":"`+"\xff\xfe"+`"}`), "", 0, true},
		"a message without end":    {frame(text, "{"), frame(more, strings.Repeat(" ", 4000)), 100, true},
		"a frame of another kind":  {frame(fin|3, "x"), "", 0, true},
		"a reserved bit":           {frame(fin|0x40|text, "{}"), "", 0, true},
		"a frame without a mask":   {"\x81\x02{}", "", 0, true},
		"a control frame of 200":   {frame(fin|ping, strings.Repeat("x", 200)), "", 0, true},
		"pings":                    {"", frame(fin|ping, "are you there"), pings, false},
		"a ping between fragments": {frame(text, `{"ping":`) + frame(fin|ping, "x") + frame(fin|more, `{"id":1}}`), "", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := dialRaw(h.Ready.QUIC, "/ws", false)
			if err == nil {
				defer r.Close()
				err = r.send(hello(ann.Token))
			}
			if err == nil {
				_, err = r.next()
			}
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(r, c.begin)
			for range c.times { // until the other side has had enough
				if _, err := io.WriteString(r, c.again); err != nil {
					break
				}
			}
			if !c.ended {
				r.send(`{"wish":{"nonce":"` + strings.ReplaceAll(name, " ", "-") + `","say":{"text":"still here"}}}`)
				r.SetReadDeadline(time.Now().Add(Patience))
				for {
					if m, err := r.next(); err != nil {
						t.Fatalf("it is over: %v", err)
					} else if strings.Contains(string(m), "still here") {
						return
					}
				}
			}
			r.SetReadDeadline(time.Now().Add(Patience))
			if _, err := io.Copy(io.Discard, r.in); err != nil && strings.Contains(err.Error(), "timeout") {
				t.Error("nobody minds")
			}
		})
	}
}

// TestRawHTTP: requests of which two servers in a row could make different things, and headers without end, are refused by
// the letter of RFC 9112, and the connection ends.
func TestRawHTTP(t *testing.T) {
	t.Parallel()
	h := Host(t)
	head := "POST /api/join HTTP/1.1\r\nHost: " + h.Ready.QUIC + "\r\nContent-Type: application/json\r\n"
	many := strings.Repeat("X: y\r\n", 10_000)
	for name, c := range map[string]struct {
		request string
		status  []int // one of them; 0: the connection ends without a word
	}{
		"two lengths":              {head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", []int{400}},
		"a length and chunks":      {head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n", []int{400}},
		"chunks of another kind":   {head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", []int{400, 501}},
		"chunked twice":            {head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", []int{400, 501}},
		"a negative length":        {head + "Content-Length: -1\r\n\r\n", []int{400}},
		"a length with a sign":     {head + "Content-Length: +2\r\n\r\n{}", []int{400}},
		"a space before the colon": {head + "Content-Length : 2\r\n\r\n{}", []int{400}},
		"no end of a chunk":        {head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", []int{400, 408}},
		"two hosts":                {"GET / HTTP/1.1\r\nHost: " + h.Ready.QUIC + "\r\nHost: evil.example\r\n\r\n", []int{400}},
		"no host":                  {"GET / HTTP/1.1\r\n\r\n", []int{400}},
		"a header of a megabyte":   {"GET / HTTP/1.1\r\nHost: " + h.Ready.QUIC + "\r\nX: " + strings.Repeat("y", 1<<20) + "\r\n\r\n", []int{431, 0}},
		"ten thousand headers":     {"GET / HTTP/1.1\r\nHost: " + h.Ready.QUIC + "\r\n" + many + "\r\n", []int{431, 0}},
		"an address without end":   {"GET /" + strings.Repeat("a", 1<<20) + " HTTP/1.1\r\n", []int{431, 0}},
		"a body of a megabyte":     {head + "Content-Length: 1048576\r\n\r\n" + strings.Repeat(" ", 1<<20), []int{413, 0}},
		"no HTTP":                  {"\x05\x01\x00 HELO\r\n\r\n", []int{400, 0}},
		"a later HTTP":             {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", []int{400, 421, 505, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", h.Ready.QUIC)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(Patience))
			go io.WriteString(conn, c.request) // it may be cut off in the middle
			in := bufio.NewReader(conn)
			got := 0
			if a, err := http.ReadResponse(in, nil); err == nil {
				got = a.StatusCode
				io.Copy(io.Discard, a.Body)
			}
			ok := false
			for _, status := range c.status {
				ok = ok || got == status
			}
			if !ok {
				t.Errorf("answered with %d, want one of %v", got, c.status)
			}
			if second, err := http.ReadResponse(in, nil); err == nil {
				t.Errorf("answered twice, then with %s", second.Status)
			}
		})
	}
}

// TestStartsIn1970: a host whose machine does not know the time until later, as a board without a battery, loses nothing by that:
// passes, invitations without an end, the PIN and Bits hold, and the log goes on in its order.
func TestStartsIn1970(t *testing.T) {
	t.Parallel()
	h := Host(t)
	h.Stop()
	h.Cfg.Clock = ahead{clock.Steady(), -time.Since(time.Unix(3600, 0))}
	h.Start()
	boss, ann := h.Boss(), h.Guest("Ann")
	boss.Must(party.Credit{Member: ann.Member, Bits: 500})
	ann.Must(party.Subscribe{})
	ann.Say("long ago")
	before := ann.State()
	h.Stop()
	h.Cfg.Clock = clock.Steady()
	h.Start()
	if ann.Sit(); ann.Bye().Code != "" {
		t.Fatalf("a pass of long ago: %+v", ann.Bye())
	}
	ann.Say("today")
	if s := ann.State(); s.Seq <= before.Seq || s.Members[ann.Member].Bits != before.Members[ann.Member].Bits {
		t.Errorf("from record %d to %d, from %d Bits to %d", before.Seq, s.Seq, before.Members[ann.Member].Bits, s.Members[ann.Member].Bits)
	}
	h.Guest("Bob").Say("by the same link")
	if a := Do(t, "POST", h.URL("/api/join"), "", map[string]string{"name": "Cleo", "pin": h.Ready.PIN}); a.Status != 200 {
		t.Errorf("by PIN: %d %s", a.Status, a.Body)
	}
	h.Stop()
	h.Cfg.Clock = ahead{clock.Steady(), -365 * 24 * time.Hour} // and it was wrong again
	h.Start()
	ann.Sit()
	ann.Say("last year")
	if text := ann.Lines(); !strings.Contains(text, "long ago\ntoday\nby the same link\nlast year") {
		t.Errorf("the lines are in another order: %q", text)
	}
	if n := fmt.Sprint(ann.State().Members[ann.Member].Bits); n != fmt.Sprint(before.Members[ann.Member].Bits) {
		t.Errorf("%s Bits", n)
	}
}
