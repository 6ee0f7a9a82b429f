//go:build linux && long

package nodetest_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// A reader reads a film from a node's page, as fast as it comes.
type reader struct {
	testing.TB
	came atomic.Int64
	all  chan struct{} // closed when all of it has come
	film []byte
	got  []byte // until all is closed of its goroutine
}

func readFilm(t testing.TB, client *http.Client, page, token string, film []byte) *reader {
	t.Helper()
	r := &reader{TB: t, all: make(chan struct{}), film: film}
	q, err := http.NewRequest("GET", page+"media/t/film/file", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	answer, err := client.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(r.all)
		defer answer.Body.Close()
		for piece := make([]byte, 64<<10); ; {
			n, err := answer.Body.Read(piece)
			r.got = append(r.got, piece[:n]...)
			r.came.Add(int64(n))
			if err != nil {
				return
			}
		}
	}()
	return r
}

// goesOn waits for so many bytes more, and tells for how long nothing came at most.
func (r *reader) goesOn(what string, bytes int64) (longest time.Duration) {
	r.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	first := r.came.Load()
	for last, since := first, time.Now(); last < first+bytes; {
		select {
		case <-tick.C:
		case <-r.all:
			return longest
		}
		if now := r.came.Load(); now > last {
			last, since = now, time.Now()
		}
		if longest = max(longest, time.Since(since)); longest > 2*Patience {
			r.Fatalf("%s: nothing more came of the film after %d bytes", what, last)
		}
	}
	return longest
}

// ends waits for the end, and compares.
func (r *reader) ends() {
	r.Helper()
	r.goesOn("the end", 1<<62)
	if !bytes.Equal(r.got, r.film) {
		r.Errorf("%d bytes came of %d, or others", len(r.got), len(r.film))
	}
}

// TestNarrowLink: a link takes packets of 1280 bytes and no more; one loses what is longer without a word, from the beginning or from
// the middle of a film on; somebody sends forged words of such a link. Films and chat go on, over QUIC and over TCP.
func TestNarrowLink(t *testing.T) {
	for _, road := range []string{"quic", "tcp"} {
		t.Run(road, func(t *testing.T) { narrowLink(t, road) })
	}
}

func narrowLink(t *testing.T, road string) {
	tools(t, "ip", "iptables")
	l := (&Link{Delay: time.Millisecond}).Up(t)
	film, catalog := filmOf(t, 12<<20, 12*time.Second)
	h := start(t, l.Namespace, "serve", "--json", "--no-mdns", "--listen", l.There+":0", "--data", t.TempDir(), "--region", "FR", "--catalog", catalog).house()
	other := map[string]string{"quic": "tcp", "tcp": "udp"}[road]
	command(t, "ip netns exec "+l.Namespace+" iptables -w -A INPUT -p "+other+" -j DROP")
	mtu := func(n int) {
		for _, at := range []string{"ip", "ip -n " + l.Namespace} {
			command(t, fmt.Sprintf("%s link set %s mtu %d", at, l.Device, n))
		}
	}
	for _, c := range []struct {
		name         string
		before, then func()
	}{
		{"a black hole", func() { l.Narrow(1280) }, func() {}},
		{"a black hole in the middle of the film", func() {}, func() { l.Narrow(1280) }},
		{"an MTU of 1280", func() { mtu(1280) }, func() {}},
		{"forged words of 1280", func() {}, func() { l.Lie(1280) }}, // the kernel believes it from here on
		{"forged words of 68", func() {}, func() { l.Lie(68) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				l.Narrow(0)
				l.Lie(0)
				mtu(1500)
			}()
			c.before()
			bob := join(t, "", "Bob", h.Ready.Invite)
			page := bob.event("joined").URL
			r := readFilm(t, http.DefaultClient, page, ownToken(t, page), film)
			r.goesOn("the beginning", 5<<20)
			c.then()
			longest := r.goesOn(c.name, 4<<20)
			text := road + c.name + strings.Repeat("🎬", 450) // longer than a packet
			bob.must("1", "say", party.Say{Text: text})
			bob.first("its own line", func(l line) bool { return l.Said != nil && l.Said.Text == text })
			r.ends()
			t.Logf("nothing came for %v at most", longest.Round(10*time.Millisecond))
			for _, use := range []string{"control", "media"} {
				if figures := Do(t, "GET", page+"metrics", "", nil).Body; !bytes.Contains(figures, fmt.Appendf(nil, `watchparty_road{use=%q,road=%q} 1`, use, road)) {
					t.Errorf("%s does not come by %s", use, road)
				}
			}
			bob.kill()
		})
	}
}
