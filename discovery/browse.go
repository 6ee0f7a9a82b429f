package discovery

import (
	"context"
	"time"
)

const (
	fastQueries   = 5               // after a start and after a change of interfaces
	fastInterval  = time.Second     // also the least time between two queries, whatever arrives
	maxQueryEvery = 5 * time.Second // steady
)

// Browser keeps the parties in sight.
type Browser struct {
	cfg     Config
	cache   *cache
	changes chan struct{}
	health  health
}

// Browse prepares a browser; Run starts it.
func Browse(cfg Config) *Browser {
	return &Browser{cfg: cfg.withDefaults(), cache: newCache(), changes: make(chan struct{}, 1)}
}

// Services returns the parties in sight, sorted by name.
func (b *Browser) Services() []Service { return b.cache.services() }

// Changes gets a value after Services or Err changed; several changes may
// become one value. It is for one reader and is never closed.
func (b *Browser) Changes() <-chan struct{} { return b.changes }

// Err is nil while at least one interface works, else it wraps ErrNoMulticast.
// It is also nil before Run has looked.
func (b *Browser) Err() error { return b.health.err() }

// Run browses until ctx ends, and then returns nil when all it started has
// ended. Without a usable interface it keeps looking for one.
func (b *Browser) Run(ctx context.Context) error {
	r := &browsing{Browser: b, links: newLinks(b.cfg, true), queries: schedule{steady: steadyInterval(b.cfg.TTL)}}
	defer r.links.close()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case p := <-r.links.packets:
			r.receive(p)
		case <-timer.C:
		}
		timer.Reset(time.Until(r.tick(time.Now())))
	}
}

// browsing is one Run: its state belongs to that goroutine.
type browsing struct {
	*Browser
	links   *links
	queries schedule
	look    time.Time // next look at the interfaces
}

// tick does what is due and returns when something is due next.
func (r *browsing) tick(now time.Time) time.Time {
	if !now.Before(r.look) {
		r.refresh()
		r.look = now.Add(r.cfg.Poll)
	}
	if len(r.links.open) > 0 && r.queries.due(now) {
		r.ask(now)
	}
	changed, expiry := r.cache.expire(now)
	if changed {
		r.changed()
	}
	next := r.look
	if len(r.links.open) > 0 && r.queries.next.Before(next) {
		next = r.queries.next
	}
	if !expiry.IsZero() && expiry.Before(next) {
		next = expiry
	}
	return next
}

func (r *browsing) refresh() {
	gone, fresh, err := r.links.refresh()
	for _, l := range gone {
		if r.cache.drop(l) {
			r.changed()
		}
	}
	if len(fresh) > 0 {
		r.queries.hurry()
	}
	if r.health.look(err) {
		r.changed()
	}
}

func (r *browsing) ask(now time.Time) {
	r.queries.sent(now)
	b, err := query(r.cache.unknown())
	if err == nil {
		err = r.links.send(b, true)
	}
	if r.health.sent(err) {
		r.changed()
	}
}

func (b *Browser) changed() {
	select {
	case b.changes <- struct{}{}:
	default:
	}
}

func (r *browsing) receive(p packet) {
	if p.from.Port() != mdnsPort {
		return // RFC 6762 §6: an answer comes from port 5353
	}
	m, err := parsePacket(p.data)
	if err != nil {
		r.links.odd.warn("discovery packet dropped", "from", p.from.Addr(), "err", err)
		return
	}
	if !m.Response {
		return
	}
	now := time.Now()
	for _, s := range sightings(m) {
		addrs := usable(p.link, s.addrs)
		if len(addrs) == 0 {
			addrs = usable(p.link, append(addrs, p.from.Addr().WithZone("")))
		}
		if r.cache.see(p.link, s, addrs, now) {
			r.changed()
		}
	}
}

// steadyInterval is short enough for three queries within the life of a record.
func steadyInterval(ttl time.Duration) time.Duration {
	return min(max(ttl/3, fastInterval), maxQueryEvery)
}

// schedule says when to ask: a few times quickly, then steadily, and never
// twice within fastInterval. Its zero next is "now".
type schedule struct {
	steady time.Duration
	next   time.Time
	last   time.Time
	count  int
}

func (s *schedule) due(now time.Time) bool { return !now.Before(s.next) }

func (s *schedule) sent(now time.Time) {
	s.count++
	s.last, s.next = now, now.Add(s.steady)
	if s.count < fastQueries {
		s.next = now.Add(fastInterval)
	}
}

// hurry starts the quick round again, within the limit.
func (s *schedule) hurry() {
	s.count = 0
	s.next = s.last.Add(fastInterval)
}
