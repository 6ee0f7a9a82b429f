package discovery

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/miekg/dns"
)

const testID = "00112233aabbccdd"

var soon = time.Unix(1798754400, 0) // when its next party begins

func testZone(t testing.TB, name string) *zone {
	t.Helper()
	z := newZone(defaultTTL)
	addrs := []netip.Addr{netip.MustParseAddr("10.0.0.7"), netip.MustParseAddr("fe80::7")}
	m, err := record(Service{ID: testID, Port: 8470, HTTP: 8080, Next: soon}, name, addrs)
	if err != nil {
		t.Fatal(err)
	}
	z.set(m)
	return z
}

func question(name string) dns.Question {
	return dns.Question{Name: name, Qtype: dns.TypeANY, Qclass: dns.ClassINET | cacheFlush}
}

func TestNamesSurviveTheWire(t *testing.T) {
	for _, name := range []string{
		"Salon", "Salon Rouge", "l'été à 20 h", "a.b.c.", `back\slash`, "日本 🎬", "a;b(c)@d\"e", strings.Repeat("x", 63), "_sub.x", "9\\046",
	} {
		z := testZone(t, name)
		b, err := announcement(z.records, z.ttl)
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		m, err := parsePacket(b)
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		got := sightings(m)
		if len(got) != 1 || !got[0].complete || got[0].name != name || got[0].port != 8470 || got[0].http != 8080 || !got[0].next.Equal(soon) || len(got[0].addrs) != 2 {
			t.Errorf("%q came back as %+v", name, got)
			continue
		}
		// A question as another host spells it finds the same records.
		ask := strings.ToUpper(got[0].key)
		if rrs := z.Records(question(ask)); len(rrs) != 4 {
			t.Errorf("%q: %d records for %q, want SRV, A, AAAA, TXT", name, len(rrs), ask)
		}
	}
}

func TestCleanName(t *testing.T) {
	long := strings.Repeat("é", 40)
	for in, want := range map[string]string{
		"": "watchparty", " \x1b\x00 ": "watchparty", "  two\n words ": "two words",
		long: strings.Repeat("é", 31), "a\u202eb": "ab", "x\xffy": "xy",
	} {
		if got := cleanName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for n, want := range []string{long[:62], long[:62], strings.Repeat("é", 29) + " (2)"} {
		got := numbered(cleanName(long), n)
		if got != want || len(got) > maxLabel || !utf8.ValidString(got) {
			t.Errorf("numbered %d: %q, want %q", n, got, want)
		}
	}
}

func TestZone(t *testing.T) {
	z := testZone(t, "Salon.Rouge")
	host := hostName(testID)
	for _, c := range []struct {
		name  string
		qtype uint16
		want  string // record types
	}{
		{serviceName, dns.TypePTR, "PTR SRV A AAAA TXT"},
		{strings.ToUpper(serviceName), dns.TypeANY, "PTR SRV A AAAA TXT"},
		{serviceName, dns.TypeSRV, ""},
		{"_services._dns-sd._udp.local.", dns.TypePTR, "PTR"},
		{`salon\.rouge.` + serviceName, dns.TypeTXT, "TXT"},
		{`salon\.rouge.` + serviceName, dns.TypeSRV, "SRV A AAAA"},
		{"salon.rouge." + serviceName, dns.TypeANY, ""},
		{strings.ToUpper(host), dns.TypeANY, "A AAAA"},
		{host, dns.TypeAAAA, "AAAA"},
		{"_hd._sub." + serviceName, dns.TypePTR, ""},
		{"_printer._tcp.local.", dns.TypePTR, ""},
	} {
		var got []string
		for _, rr := range z.Records(dns.Question{Name: c.name, Qtype: c.qtype, Qclass: dns.ClassINET}) {
			got = append(got, dns.TypeToString[rr.Header().Rrtype])
			if rr.Header().Ttl != 15 {
				t.Errorf("%s: TTL %d", c.name, rr.Header().Ttl)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %s: %v, want %s", c.name, dns.TypeToString[c.qtype], got, c.want)
		}
	}
	if rrs := z.Records(dns.Question{Name: serviceName, Qtype: dns.TypePTR, Qclass: dns.ClassCHAOS}); rrs != nil {
		t.Errorf("another class: %v", rrs)
	}
	z.set(nil)
	if rrs := z.Records(question(serviceName)); rrs != nil {
		t.Errorf("a closed zone answers %v", rrs)
	}
}

func TestUsableAddresses(t *testing.T) {
	l := testLink(3, "192.168.1.2/24", "2001:db8::2/64", "203.0.113.2/24")
	var in []netip.Addr
	for _, a := range []string{
		"fe80::9", "10.8.0.1", "8.8.8.8", "2001:db8::9", "2606:4700::1", "127.0.0.1", "::1", "224.0.0.251", "0.0.0.0",
		"203.0.113.9", "192.168.1.9", "169.254.3.3", "fd00::9", "192.168.1.9",
	} {
		in = append(in, netip.MustParseAddr(a))
	}
	var got []string
	for _, a := range usable(l, in) {
		got = append(got, a.String())
	}
	want := []string{"203.0.113.9", "192.168.1.9", "2001:db8::9", "10.8.0.1", "fe80::9%eth3", "169.254.3.3", "fd00::9"}
	slices.Sort(got[:2])
	slices.Sort(want[:2])
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	for a, want := range map[string]bool{"192.168.1.77": true, "192.168.2.1": false, "fe80::1": true, "::ffff:192.168.1.5": true, "2001:db9::1": false} {
		if got := onLink(l.prefixes, netip.MustParseAddr(a)); got != want {
			t.Errorf("%s on link: %v", a, got)
		}
	}
}

func TestContainerBridgesAreNotSuitable(t *testing.T) {
	for name, want := range map[string]bool{
		"docker0": true, "br-0123456789ab": true, "veth0a1b2c3": true, "docker_gwbridge": true,
		"br0": false, "br-lan": false, "veth0": false, "eth0": false, "wlan0": false,
	} {
		if got := containerBridge.MatchString(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestStatic(t *testing.T) {
	got, err := Static([]string{"192.168.1.20:8470", " [fe80::1%eth0]:9 ", "pi.lan:8470"})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"192.168.1.20:8470", "[fe80::1%eth0]:9", "pi.lan:8470"} {
		if hp := got[i].HostPorts(); len(hp) != 1 || hp[0] != want || got[i].Via != ViaStatic {
			t.Errorf("%+v dials %v, want %s", got[i], hp, want)
		}
	}
	bad := []string{"", "host", "host:", ":80", "host:0", "host:65536", "a b:80", "http://h:80", "-:x", "a..b:80"}
	got, err = Static(append(bad, "10.0.0.1:1"))
	if len(got) != 1 || err == nil || len(strings.Split(err.Error(), "\n")) != len(bad) {
		t.Errorf("%d good, errors:\n%v", len(got), err)
	}
}
