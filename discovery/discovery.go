// Package discovery lets parties on one network find each other: it announces a
// party as _watchparty._udp by multicast DNS (RFC 6762, RFC 6763), browses for
// others, and takes a list of addresses where multicast does not pass.
//
// It promises that what it reports is only a hint: anybody on the network can
// announce anything, so names and addresses are cleaned and bounded here, and
// who a host is gets proved later, by its key. It sends at most one query a
// second and keeps at most 64 parties, whatever arrives. A network without
// multicast is a state that Err tells in one sentence, never a failure of Run.
package discovery

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

const (
	serviceType = "_watchparty._udp"
	serviceName = serviceType + ".local."

	defaultTTL  = 15 * time.Second // a host that was killed is forgotten after this
	defaultPoll = 2 * time.Second  // how soon a new address or adapter is noticed

	// ViaMDNS and ViaStatic are the values of Service.Via.
	ViaMDNS   = "mdns"
	ViaStatic = "static"
)

// ErrNoMulticast is what Err reports while no interface can be used.
var ErrNoMulticast = errors.New("no interface here can carry multicast, so parties cannot find each other by themselves: join by address or QR code")

// Service is a party as seen on the network.
type Service struct {
	Name     string       // party name, printable, at most 63 bytes; of a static entry the host as given
	ID       string       // first 8 bytes of the fingerprint of the host's key, 16 hex digits; empty if static
	Port     int          // QUIC and page port
	HTTP     int          // page port
	Addrs    []netip.Addr // best first, at most 16; link-local IPv6 with its zone
	Via      string       // ViaMDNS or ViaStatic
	LastSeen time.Time    // zero if static
	Next     time.Time    // when the host's next party begins, to the second; zero: none is fixed, or not told
}

// HostPorts returns what to dial, best first: every address with Port, or the
// name of a static entry whose host is no address.
func (s Service) HostPorts() []string {
	if len(s.Addrs) == 0 {
		if s.Via != ViaStatic {
			return nil
		}
		return []string{net.JoinHostPort(s.Name, strconv.Itoa(s.Port))}
	}
	out := make([]string, len(s.Addrs))
	for i, a := range s.Addrs {
		out[i] = netip.AddrPortFrom(a, uint16(s.Port)).String()
	}
	return out
}

// Config is what Advertise and Browse share. Its zero value works.
type Config struct {
	Log        *slog.Logger                    // nil: silent
	TTL        time.Duration                   // how long others believe an announcement; 0: 15 s; whole seconds, at least 1
	Interfaces func() ([]net.Interface, error) // nil: those that suit; loopback only if named here
	Poll       time.Duration                   // between looks at the interfaces; 0: 2 s
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.TTL <= 0 {
		c.TTL = defaultTTL
	}
	c.TTL = max(c.TTL.Truncate(time.Second), time.Second)
	if c.Poll <= 0 {
		c.Poll = defaultPoll
	}
	if c.Interfaces == nil {
		c.Interfaces = suitableInterfaces
	}
	return c
}

// health is what Err tells: trouble from the last look at the interfaces, else
// from the last attempt to send.
type health struct {
	mu         sync.Mutex
	links, out error // guarded by mu
}

func (h *health) err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.links != nil {
		return h.links
	}
	return h.out
}

// look notes the outcome of a look at the interfaces, sent that of sending. Both
// tell whether trouble began or ended.
func (h *health) look(err error) bool { return h.note(&h.links, err) }
func (h *health) sent(err error) bool { return h.note(&h.out, err) }

func (h *health) note(at *error, err error) bool {
	before := h.err() != nil
	h.mu.Lock()
	*at = err
	h.mu.Unlock()
	return before != (h.err() != nil)
}
