package discovery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/mdns"
	"github.com/miekg/dns"
)

const (
	// Shorter than RFC 6762 §8.1 (three at 250 ms): a lost probe only means
	// that the conflict is settled after the announcement.
	probes        = 2
	probeInterval = 125 * time.Millisecond

	announcements    = 3 // RFC 6762 §8.3
	announceInterval = time.Second

	maxRenames = 9 // then it stays: a forger on the network must not drive it on

	// goodbyeGap parts the two goodbyes, in case the first one is lost.
	goodbyeGap = 30 * time.Millisecond
)

// Advertiser announces one party.
type Advertiser struct {
	cfg  Config
	self Service

	health health

	mu   sync.Mutex
	name string // guarded by mu
}

// Advertise prepares the announcement of s, of which Name, ID, Port, HTTP
// (0: the same as Port) and Next count; Run starts it.
func Advertise(cfg Config, s Service) *Advertiser {
	s.Name = cleanName(s.Name)
	if s.HTTP == 0 {
		s.HTTP = s.Port
	}
	return &Advertiser{cfg: cfg.withDefaults(), self: s, name: s.Name}
}

// Name is the name announced: the party's, cleaned and cut to 63 bytes, with
// " (2)" or more after another host on this network turned out to have it.
func (a *Advertiser) Name() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.name
}

// Err is nil while at least one interface works, else it wraps ErrNoMulticast.
// It is also nil before Run has looked.
func (a *Advertiser) Err() error { return a.health.err() }

// Run announces until ctx ends, says goodbye, and returns nil when all it
// started has ended. It fails at once if the service has no valid id or port;
// without a usable interface it keeps looking for one.
func (a *Advertiser) Run(ctx context.Context) error {
	if !isID(a.self.ID) {
		return fmt.Errorf("announce party: id %q is not 16 hex digits", a.self.ID)
	}
	for _, port := range []int{a.self.Port, a.self.HTTP} {
		if port < 1 || port > 65535 {
			return fmt.Errorf("announce party: port %d is outside 1 to 65535", port)
		}
	}
	r := &advertising{Advertiser: a, links: newLinks(a.cfg, false), zone: newZone(a.cfg.TTL), answers: map[*link]*responder{}}
	defer r.links.close()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			r.leave()
			return nil
		case p := <-r.links.packets:
			r.receive(p)
		case <-timer.C:
		}
		timer.Reset(time.Until(r.tick(time.Now())))
	}
}

// advertising is one Run: its state belongs to that goroutine. First it probes,
// silent, whether the name is free; then it is settled, speaks and announces.
type advertising struct {
	*Advertiser
	links   *links
	zone    *zone
	answers map[*link]*responder
	records *mdns.MDNSService // nil without a link
	settled bool              // the zone has records

	look   time.Time // next look at the interfaces
	number int       // in the name; below 2 none
	probed int
	said   int       // announcements of this round
	spoke  time.Time // last announcement
	next   time.Time // next probe or announcement
}

// tick does what is due and returns when something is due next.
func (r *advertising) tick(now time.Time) time.Time {
	if !now.Before(r.look) {
		r.refresh(now)
		r.look = now.Add(r.cfg.Poll)
	}
	if r.records != nil && r.said < announcements {
		if !now.Before(r.next) {
			r.speak(now)
		}
		if r.said < announcements && r.next.Before(r.look) {
			return r.next
		}
	}
	return r.look
}

// refresh follows the interfaces and renews the records when addresses change.
func (r *advertising) refresh(now time.Time) {
	gone, fresh, err := r.links.refresh()
	r.health.look(err)
	if len(gone) == 0 && len(fresh) == 0 {
		return
	}
	for _, l := range gone {
		r.answers[l].close()
		delete(r.answers, l)
	}
	for _, l := range fresh {
		p := newResponder(l, r.zone)
		r.answers[l] = p
		r.cfg.Log.Debug("discovery responder", "interface", l.ifi.Name, "library4", !p.alone4, "library6", !p.alone6)
	}
	r.renew()
	r.announceAgain(now, announcements)
}

// renew builds the records from name and addresses. They take effect at once if
// the name is settled.
func (r *advertising) renew() {
	r.records = nil
	if len(r.links.open) > 0 {
		m, err := record(r.self, r.Name(), r.links.addrs())
		if err != nil {
			r.cfg.Log.Error("discovery records", "err", err)
		}
		r.records = m
	}
	if r.settled {
		r.zone.set(r.records)
	}
}

// announceAgain starts a round of n announcements, within one a second.
func (r *advertising) announceAgain(now time.Time, n int) {
	r.said = min(r.said, announcements-n)
	if r.next = r.spoke.Add(announceInterval); r.next.Before(now) {
		r.next = now
	}
}

// speak sends the next probe or announcement.
func (r *advertising) speak(now time.Time) {
	var b []byte
	var err error
	if r.probed < probes {
		r.probed++
		r.next = now.Add(probeInterval)
		b, err = probe(r.records)
	} else {
		r.settled = true
		r.zone.set(r.records)
		r.said++
		r.spoke, r.next = now, now.Add(announceInterval)
		b, err = announcement(r.records, r.zone.ttl)
	}
	if err == nil {
		err = r.links.send(b, false)
	}
	r.health.sent(err)
}

// probe asks whether anybody has the name. It leaves from port 5353, so it is
// answered by multicast.
func probe(m *mdns.MDNSService) ([]byte, error) {
	q := new(dns.Msg)
	q.Question = []dns.Question{{Name: m.Instance + "." + serviceName, Qtype: dns.TypeANY, Qclass: dns.ClassINET}}
	return q.Pack()
}

func (r *advertising) receive(p packet) {
	m, err := parsePacket(p.data)
	if err != nil {
		r.links.odd.warn("discovery packet dropped", "from", p.from.Addr(), "err", err)
		return
	}
	now := time.Now()
	if m.Response {
		r.contest(p, m, now)
		return
	}
	if answers, ok := r.answers[p.link]; ok {
		if err := answers.answer(p, m, now); err != nil {
			r.links.odd.warn("discovery answer not sent", "to", p.from.Addr(), "err", err)
		}
	}
}

// contest looks for another host with our name (RFC 6762 §9). Whoever has not
// settled yet yields; of two that have, the greater id yields, so both agree
// without asking; the other announces again, which mends every cache.
func (r *advertising) contest(p packet, m *dns.Msg, now time.Time) {
	if r.records == nil || p.from.Port() != mdnsPort {
		return
	}
	ours := dns.CanonicalName(r.records.Instance + "." + serviceName)
	for _, s := range sightings(m) {
		if s.key != ours || !s.complete || s.gone || s.id == r.self.ID {
			continue
		}
		if r.settled && r.self.ID < s.id {
			r.announceAgain(now, 1)
		} else if r.number <= maxRenames {
			r.rename(now)
		}
		return
	}
}

// rename takes the next number and starts over. No goodbye for the old name: it
// belongs to the other host now.
func (r *advertising) rename(now time.Time) {
	r.number = max(r.number, 1) + 1
	name := numbered(r.self.Name, r.number)
	r.mu.Lock()
	r.name = name
	r.mu.Unlock()
	r.cfg.Log.Info("another party here has this name", "announced_as", name)
	r.settled, r.probed, r.said, r.next = false, 0, 0, now
	r.zone.set(nil)
	r.renew()
}

// leave silences the responders and only then says goodbye, twice: a late
// answer after a goodbye would bring the party back.
func (r *advertising) leave() {
	r.zone.set(nil)
	for _, p := range r.answers {
		p.close()
	}
	if r.records == nil || !r.settled {
		return
	}
	b, err := announcement(r.records, 0)
	if err != nil {
		return
	}
	_ = r.links.send(b, false) // nobody is left to tell
	time.Sleep(goodbyeGap)
	_ = r.links.send(b, false)
}
