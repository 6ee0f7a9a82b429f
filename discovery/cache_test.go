package discovery

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func testLink(index int, networks ...string) *link {
	l := &link{ifi: net.Interface{Index: index, Name: fmt.Sprint("eth", index)}}
	for _, n := range networks {
		l.prefixes = append(l.prefixes, netip.MustParsePrefix(n))
	}
	return l
}

func seen(name, id string, ttl time.Duration) sighting {
	return sighting{key: name, name: name, id: id, port: 8470, http: 8470, ttl: ttl, complete: true}
}

func TestCacheForgetsWhenTTLEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, l := newCache(), testLink(1, "10.0.0.1/24")
		at := []netip.Addr{netip.MustParseAddr("10.0.0.7")}
		start := time.Now()
		if !c.see(l, seen("a", "1", 15*time.Second), at, start) {
			t.Error("a new party is no change")
		}
		time.Sleep(10 * time.Second) // virtual time
		if c.see(l, seen("a", "1", 15*time.Second), at, time.Now()) {
			t.Error("the same again is a change")
		}
		changed, next := c.expire(time.Now())
		if want := start.Add(25 * time.Second); changed || !next.Equal(want) {
			t.Errorf("expire: %v, next %v, want %v", changed, next, want)
		}
		time.Sleep(time.Until(next) - 1)
		if c.expire(time.Now()); len(c.services()) != 1 {
			t.Error("gone before its time")
		}
		time.Sleep(1)
		if changed, next := c.expire(time.Now()); !changed || !next.IsZero() || len(c.services()) != 0 {
			t.Error("still there after its time")
		}
	})
}

func TestCacheGoodbyeRenameAndLinks(t *testing.T) {
	c, now := newCache(), time.Unix(1000, 0)
	one, two := testLink(1, "10.0.0.1/24"), testLink(2, "10.9.0.1/24")
	a1, a2 := netip.MustParseAddr("10.0.0.7"), netip.MustParseAddr("10.9.0.7")
	ttl := time.Minute
	c.see(one, seen("a", "1", ttl), []netip.Addr{a1}, now)
	if !c.see(two, seen("a", "1", ttl), []netip.Addr{a2, a1}, now) {
		t.Error("another address is no change")
	}
	if got := c.services(); len(got) != 1 || fmt.Sprint(got[0].Addrs) != "[10.0.0.7 10.9.0.7]" {
		t.Errorf("two links: %+v", got)
	}
	if !c.drop(one) || fmt.Sprint(c.services()[0].Addrs) != "[10.9.0.7 10.0.0.7]" {
		t.Errorf("after a link went: %+v", c.services())
	}
	c.see(two, seen("a (2)", "1", ttl), []netip.Addr{a2}, now)
	if got := c.services(); len(got) != 1 || got[0].Name != "a (2)" {
		t.Errorf("after a rename: %+v", got)
	}
	if !c.see(two, sighting{key: "a (2)", gone: true}, nil, now) || len(c.services()) != 0 {
		t.Error("goodbye not heeded")
	}
	c.see(two, seen("b", "2", ttl), []netip.Addr{a2}, now)
	if !c.drop(two) || len(c.services()) != 0 {
		t.Error("a party outlived its only link")
	}
}

func TestCacheIsBounded(t *testing.T) {
	c, l, now := newCache(), testLink(1), time.Unix(1000, 0)
	for i := range 1000 {
		c.see(l, seen(fmt.Sprint("p", i), fmt.Sprint(i), time.Second), nil, now)
		c.see(l, sighting{key: fmt.Sprint("half", i), ttl: time.Second}, nil, now)
	}
	if n := len(c.services()); n != maxEntries {
		t.Errorf("%d parties, want %d", n, maxEntries)
	}
	if n := len(c.unknown()); n != maxIncomplete {
		t.Errorf("%d incomplete, want %d", n, maxIncomplete)
	}
	c.expire(now.Add(time.Second))
	if len(c.services())+len(c.unknown()) != 0 {
		t.Error("a full cache does not empty")
	}
}

func TestQueriesNeverFasterThanOneASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := schedule{steady: maxQueryEvery}
		var at []time.Duration
		start := time.Now()
		for time.Since(start) < 30*time.Second {
			if now := time.Now(); s.due(now) {
				s.sent(now)
				at = append(at, now.Sub(start))
			}
			if since := time.Since(start); since > 20*time.Second {
				s.hurry() // a network that changes all the time
			}
			time.Sleep(10 * time.Millisecond)
		}
		want := "[0s 1s 2s 3s 4s 9s 14s 19s"
		if got := fmt.Sprint(at); got[:len(want)] != want {
			t.Errorf("asked at %v, want %v …", at, want)
		}
		for i := 1; i < len(at); i++ {
			if at[i]-at[i-1] < time.Second {
				t.Errorf("asked at %v and %v", at[i-1], at[i])
			}
		}
	})
}

func TestZoneAnswersAreCapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := testZone(t, "x")
		for range 2 {
			n := 0
			for range 1000 {
				if rrs := z.Records(question(serviceName)); len(rrs) > 0 {
					n++
				}
			}
			if n != answersPerSecond {
				t.Errorf("%d answers in a second, want %d", n, answersPerSecond)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestMalformedPacketsFillNoLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines bytes.Buffer
		odd := &sparse{log: slog.New(slog.NewTextHandler(&lines, nil)), every: 10 * time.Second}
		for range 250 { // 25 s
			odd.warn("dropped")
			time.Sleep(100 * time.Millisecond)
		}
		if n := strings.Count(lines.String(), "\n"); n != 3 || !strings.Contains(lines.String(), "more=99") {
			t.Errorf("%d lines, want 3:\n%s", n, lines.String())
		}
	})
}
