package discovery

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/mdns"
	"github.com/miekg/dns"
)

// answersPerSecond bounds what the library's responder sends: it answers to any
// source address, so that it must not be worth abusing as a mirror.
const answersPerSecond = 100

// zone corrects the library's records: names compare without case and with
// dots escaped, TTLs are ours, and it falls silent at once when closed, before
// the responder's sockets are. It is an mdns.Zone, called from the library's
// goroutines.
type zone struct {
	ttl uint32 // seconds

	mu      sync.Mutex
	records *mdns.MDNSService // guarded by mu; nil: silent
	window  time.Time         // guarded by mu
	answers int               // guarded by mu, since window
}

func newZone(ttl time.Duration) *zone {
	return &zone{ttl: uint32(ttl / time.Second)}
}

// record builds the library's record set for instance name of s.
func record(s Service, name string, addrs []netip.Addr) (*mdns.MDNSService, error) {
	instance, err := escapeLabel(name)
	if err != nil {
		return nil, err
	}
	ips := make([]net.IP, len(addrs))
	for i, a := range addrs {
		ips[i] = a.AsSlice()
	}
	txt := []string{"v=1", "id=" + s.ID, "http=" + strconv.Itoa(s.HTTP)}
	if !s.Next.IsZero() {
		txt = append(txt, "next="+strconv.FormatInt(s.Next.Unix(), 10))
	}
	m, err := mdns.NewMDNSService(instance, serviceType, "local.", hostName(s.ID), s.Port, ips, txt)
	if err != nil {
		return nil, fmt.Errorf("build records: %w", err)
	}
	return m, nil
}

func (z *zone) set(m *mdns.MDNSService) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.records = m
}

// Records implements mdns.Zone for the library's responder.
func (z *zone) Records(q dns.Question) []dns.RR {
	rrs, ok := z.lookup(q)
	if !ok || len(rrs) == 0 {
		return nil
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	if now := time.Now(); now.Sub(z.window) >= time.Second {
		z.window, z.answers = now, 0
	}
	if z.answers++; z.answers > answersPerSecond {
		return nil
	}
	return rrs
}

// lookup returns the records for q; false while silent.
func (z *zone) lookup(q dns.Question) ([]dns.RR, bool) {
	z.mu.Lock()
	m := z.records
	z.mu.Unlock()
	if m == nil {
		return nil, false
	}
	if class := q.Qclass &^ cacheFlush; class != dns.ClassINET && class != dns.ClassANY {
		return nil, true
	}
	rrs := recordsOf(m, q)
	for _, rr := range rrs {
		rr.Header().Ttl = z.ttl
	}
	return rrs, true
}

// recordsOf asks the library by the exact spelling it knows.
func recordsOf(m *mdns.MDNSService, q dns.Question) []dns.RR {
	want := dns.CanonicalName(q.Name)
	for _, name := range []string{serviceName, m.Instance + "." + serviceName, m.HostName, "_services._dns-sd._udp.local."} {
		if dns.CanonicalName(name) != want {
			continue
		}
		q.Name = name
		if name != m.HostName || q.Qtype != dns.TypeANY {
			return m.Records(q)
		}
		q.Qtype = dns.TypeA // the library knows no ANY for host names
		rrs := m.Records(q)
		q.Qtype = dns.TypeAAAA
		return append(rrs, m.Records(q)...)
	}
	return nil
}

// announcement is everything about the party in one response (RFC 6762 §8.3);
// with ttl 0 a goodbye (§10.1).
func announcement(m *mdns.MDNSService, ttl uint32) ([]byte, error) {
	rrs := m.Records(dns.Question{Name: serviceName, Qtype: dns.TypePTR, Qclass: dns.ClassINET})
	for _, rr := range rrs {
		rr.Header().Ttl = ttl
	}
	return packAnswer(&dns.Msg{Answer: rrs}, true)
}

// packAnswer sets the header bits of RFC 6762 §18, and the cache-flush bit of
// records that are ours alone: a multicast answer replaces what caches hold.
func packAnswer(m *dns.Msg, flush bool) ([]byte, error) {
	m.Response, m.Authoritative, m.Compress = true, true, true
	for _, rr := range m.Answer {
		if _, shared := rr.(*dns.PTR); flush && !shared {
			rr.Header().Class |= cacheFlush
		}
	}
	b, err := m.Pack()
	if err != nil {
		return nil, fmt.Errorf("pack answer: %w", err)
	}
	return b, nil
}
