package discovery

import (
	"bytes"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// maxTTL bounds how long a stranger's record is believed.
const maxTTL = 2 * time.Minute

// cacheFlush marks a unique record, or in a question a wish for a unicast
// answer (RFC 6762 §10.2, §5.4).
const cacheFlush = 1 << 15

var errMalformed = errors.New("malformed packet")

// concerns tells cheaply whether a packet may be about us, so that other
// services' traffic costs nothing and cannot fill the log. Our own host name
// starts with "watchparty" as well.
func concerns(b []byte) bool {
	for _, word := range []string{"watchparty", "_services"} {
		for i := range max(0, len(b)-len(word)+1) {
			if b[i]|0x20 == word[0]|0x20 && bytes.EqualFold(b[i:i+len(word)], []byte(word)) {
				return true
			}
		}
	}
	return false
}

// parsePacket reads a message and refuses what RFC 6762 §18.3 and §18.11 say to
// ignore.
func parsePacket(b []byte) (*dns.Msg, error) {
	m := new(dns.Msg)
	if err := m.Unpack(b); err != nil {
		return nil, errors.Join(errMalformed, err)
	}
	if m.Opcode != dns.OpcodeQuery || m.Rcode != dns.RcodeSuccess {
		return nil, errMalformed
	}
	return m, nil
}

// A sighting is one party as one packet tells of it.
type sighting struct {
	key      string // instance name, lower case, presentation form
	name     string
	id       string
	port     int
	http     int
	next     time.Time
	addrs    []netip.Addr
	ttl      time.Duration
	gone     bool // a goodbye (RFC 6762 §10.1)
	complete bool // port, id and version are known
}

// sightings finds every party in a response; records of other services, classes
// and sections are skipped.
func sightings(m *dns.Msg) []sighting {
	var found []*sighting
	byKey := map[string]*sighting{}
	target := map[*sighting]string{}
	hosts := map[string][]netip.Addr{}
	seen := func(name string, ttl uint32) *sighting {
		label, ok := instanceLabel(name)
		if !ok {
			return nil
		}
		key := dns.CanonicalName(name)
		s := byKey[key]
		if s == nil {
			if len(found) == maxEntries {
				return nil
			}
			s = &sighting{key: key, name: cleanName(label), ttl: min(time.Duration(ttl)*time.Second, maxTTL)}
			byKey[key], found = s, append(found, s)
		}
		s.gone = s.gone || ttl == 0
		return s
	}
	for _, rr := range append(append([]dns.RR(nil), m.Answer...), m.Extra...) {
		h := rr.Header()
		if h.Class&^cacheFlush != dns.ClassINET {
			continue
		}
		switch r := rr.(type) {
		case *dns.PTR:
			if dns.CanonicalName(h.Name) == serviceName {
				seen(r.Ptr, h.Ttl)
			}
		case *dns.SRV:
			if s := seen(h.Name, h.Ttl); s != nil && s.port == 0 {
				s.port, target[s] = int(r.Port), dns.CanonicalName(r.Target)
			}
		case *dns.TXT:
			if s := seen(h.Name, h.Ttl); s != nil && s.id == "" {
				s.readTXT(r.Txt)
			}
		case *dns.A:
			addHost(hosts, h, r.A)
		case *dns.AAAA:
			addHost(hosts, h, r.AAAA)
		}
	}
	out := make([]sighting, len(found))
	for i, s := range found {
		s.addrs = hosts[target[s]]
		s.complete = s.port != 0 && s.id != ""
		if s.http == 0 {
			s.http = s.port
		}
		out[i] = *s
	}
	return out
}

func addHost(hosts map[string][]netip.Addr, h *dns.RR_Header, ip []byte) {
	name := dns.CanonicalName(h.Name)
	if a, ok := netip.AddrFromSlice(ip); ok && h.Ttl > 0 && len(hosts[name]) < maxAddrs {
		hosts[name] = append(hosts[name], a.Unmap())
	}
}

// readTXT takes what the keys say; of a key that comes twice the first counts
// (RFC 6763 §6.4). A version other than 1 leaves the id empty: not for us.
func (s *sighting) readTXT(txt []string) {
	kv := map[string]string{}
	for _, t := range txt {
		k, v, _ := strings.Cut(t, "=")
		if k = strings.ToLower(k); kv[k] == "" {
			kv[k] = v
		}
	}
	if kv["v"] != "1" || !isID(kv["id"]) {
		return
	}
	s.id = kv["id"]
	if n, err := strconv.ParseUint(kv["http"], 10, 16); err == nil {
		s.http = int(n)
	}
	if n, err := strconv.ParseUint(kv["next"], 10, 33); err == nil && n > 0 { // to the year 2242
		s.next = time.Unix(int64(n), 0)
	}
}

// isID accepts 16 lower-case hex digits.
func isID(s string) bool {
	return len(s) == 16 && strings.Trim(s, "0123456789abcdef") == ""
}

// query asks for the service and, in the same packet, for what is still unknown
// of instances that announced themselves incompletely.
func query(incomplete []string) ([]byte, error) {
	m := new(dns.Msg)
	ask := func(name string, qtype uint16) {
		m.Question = append(m.Question, dns.Question{Name: name, Qtype: qtype, Qclass: dns.ClassINET})
	}
	ask(serviceName, dns.TypePTR)
	for _, name := range incomplete {
		ask(name, dns.TypeANY)
	}
	m.Compress = true
	return m.Pack()
}
