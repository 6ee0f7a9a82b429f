package discovery

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	maxEntries    = 64 // parties kept; a full cache takes no newcomer until one expires
	maxIncomplete = 8  // instances asked for in one query
)

// An entry is what is known of one instance. Addresses are kept per link, so
// that those of a link that went away go with it.
type entry struct {
	sighting
	byLink  map[*link][]netip.Addr
	seen    time.Time
	expires time.Time
}

// cache holds the parties in sight. Browser.Run writes, anybody reads.
type cache struct {
	mu         sync.Mutex
	entries    map[string]*entry    // guarded by mu
	incomplete map[string]time.Time // key to expiry, guarded by mu
}

func newCache() *cache {
	return &cache{entries: map[string]*entry{}, incomplete: map[string]time.Time{}}
}

// see takes one sighting on a link and tells whether what Services returns
// changed by more than LastSeen.
func (c *cache) see(l *link, s sighting, addrs []netip.Addr, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.entries[s.key]
	switch {
	case s.gone:
		delete(c.entries, s.key)
		delete(c.incomplete, s.key)
		return old != nil
	case !s.complete && old != nil:
		return false // the next query refreshes it whole
	case !s.complete:
		if len(c.incomplete) < maxIncomplete {
			c.incomplete[s.key] = now.Add(s.ttl)
		}
		return false
	case old == nil && len(c.entries) >= maxEntries:
		return false
	}
	delete(c.incomplete, s.key)
	// A party that was renamed keeps its id: the old name is over.
	maps.DeleteFunc(c.entries, func(k string, e *entry) bool { return k != s.key && e.id == s.id })
	e := &entry{sighting: s, byLink: map[*link][]netip.Addr{l: addrs}, seen: now, expires: now.Add(s.ttl)}
	if old != nil && old.id == s.id {
		for other, a := range old.byLink {
			if other != l {
				e.byLink[other] = a
			}
		}
	}
	c.entries[s.key] = e
	return old == nil || !sameService(old.service(), e.service())
}

// drop forgets a link and the parties that only it showed.
func (c *cache) drop(l *link) (changed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.entries, func(_ string, e *entry) bool {
		if _, ok := e.byLink[l]; !ok {
			return false
		}
		delete(e.byLink, l)
		changed = true
		return len(e.byLink) == 0
	})
	return changed
}

// expire removes what is too old and returns when to call it next, zero if
// nothing is left to wait for.
func (c *cache) expire(now time.Time) (changed bool, next time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	soonest := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	maps.DeleteFunc(c.incomplete, func(_ string, t time.Time) bool { return !t.After(now) })
	maps.DeleteFunc(c.entries, func(_ string, e *entry) bool {
		if !e.expires.After(now) {
			changed = true
			return true
		}
		soonest(e.expires)
		return false
	})
	return changed, next
}

// unknown returns the instances that a query should ask about.
func (c *cache) unknown() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.incomplete))
}

// services returns the parties sorted by name, then id.
func (c *cache) services() []Service {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Service, 0, len(c.entries))
	for _, e := range c.entries {
		out = append(out, e.service())
	}
	slices.SortFunc(out, func(a, b Service) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func (e *entry) service() Service {
	s := Service{Name: e.name, ID: e.id, Port: e.port, HTTP: e.http, Next: e.next, Via: ViaMDNS, LastSeen: e.seen}
	// Links in the order of their interfaces keep the list steady between looks.
	links := slices.SortedFunc(maps.Keys(e.byLink), func(a, b *link) int { return a.ifi.Index - b.ifi.Index })
	for _, l := range links {
		for _, a := range e.byLink[l] {
			if !slices.Contains(s.Addrs, a) && len(s.Addrs) < maxAddrs {
				s.Addrs = append(s.Addrs, a)
			}
		}
	}
	return s
}

func sameService(a, b Service) bool {
	return a.Name == b.Name && a.ID == b.ID && a.Port == b.Port && a.HTTP == b.HTTP && a.Next.Equal(b.Next) && slices.Equal(a.Addrs, b.Addrs)
}
