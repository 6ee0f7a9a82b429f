package discovery

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/miekg/dns"
)

// wire packs a response from lines in zone file form.
func wire(t testing.TB, lines ...string) []byte {
	t.Helper()
	m := &dns.Msg{MsgHdr: dns.MsgHdr{Response: true}, Compress: true}
	for _, l := range lines {
		rr, err := dns.NewRR(l)
		if err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		m.Answer = append(m.Answer, rr)
	}
	b, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func party(name, host, id string) []string {
	inst := name + "._watchparty._udp.local."
	return []string{
		"_watchparty._udp.local. 15 IN PTR " + inst,
		inst + " 15 IN SRV 0 0 8470 " + host + ".local.",
		inst + ` 15 IN TXT "v=1" "id=` + id + `" "http=8080"`,
		host + ".local. 15 IN A 10.0.0.7",
		host + ".local. 15 IN AAAA fe80::7",
	}
}

func TestSightings(t *testing.T) {
	id := "00112233aabbccdd"
	one := sighting{
		key: `salon\ rouge._watchparty._udp.local.`, name: "Salon Rouge", id: id, port: 8470, http: 8080, ttl: 15 * time.Second,
		addrs: []netip.Addr{netip.MustParseAddr("10.0.0.7"), netip.MustParseAddr("fe80::7")}, complete: true,
	}
	coming := one
	coming.next = soon
	next := func(at string, lines []string) []string {
		lines[2] += ` "next=` + at + `"`
		return lines
	}
	loud := party(`SALON\032Rouge`, "H", id)
	loud[0] = strings.Replace(loud[0], "_watchparty._udp", "_WatchParty._UDP", 1)
	upper := one
	upper.name = "SALON Rouge"
	cases := []struct {
		name  string
		lines []string
		want  []sighting
	}{
		{"whole", party(`Salon\032Rouge`, "h", id), []sighting{one}},
		{"with its next party", next("1798754400", party(`Salon\032Rouge`, "h", id)), []sighting{coming}},
		{"with a next party that is none", next("soon", party(`Salon\032Rouge`, "h", id)), []sighting{one}},
		{"with a next party at the end of time", next("18446744073709551615", party(`Salon\032Rouge`, "h", id)), []sighting{one}},
		{"case does not matter", loud, []sighting{upper}},
		{"goodbye", []string{`_watchparty._udp.local. 0 IN PTR Salon\032Rouge._watchparty._udp.local.`},
			[]sighting{{key: one.key, name: one.name, gone: true}}},
		{"only a pointer", []string{`_watchparty._udp.local. 4000000 IN PTR A\.B._watchparty._udp.local.`},
			[]sighting{{key: `a\.b._watchparty._udp.local.`, name: "A.B", ttl: maxTTL}}},
		{"another service", []string{"_printer._tcp.local. 9 IN PTR x._printer._tcp.local.", "x._printer._tcp.local. 9 IN SRV 0 0 9 h.local."}, nil},
		{"another service's pointer to ours", []string{"_printer._tcp.local. 9 IN PTR x._watchparty._udp.local."}, nil},
		{"sub-type", []string{"_hd._sub._watchparty._udp.local. 9 IN PTR x._watchparty._udp.local.", "_hd._sub._watchparty._udp.local. 9 IN SRV 0 0 9 h."}, nil},
		{"another class", []string{"_watchparty._udp.local. 9 CH PTR x._watchparty._udp.local."}, nil},
		{"version 2", []string{`x._watchparty._udp.local. 9 IN TXT "v=2" "id=00112233aabbccdd"`},
			[]sighting{{key: "x._watchparty._udp.local.", name: "x", ttl: 9 * time.Second}}},
		{"terminal escapes and bad UTF-8 are dropped", []string{`_watchparty._udp.local. 9 IN PTR a\027[31m\255b._watchparty._udp.local.`},
			[]sighting{{key: `a\027[31m\255b._watchparty._udp.local.`, name: "a[31mb", ttl: 9 * time.Second}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, err := parsePacket(wire(t, c.lines...))
			if err != nil {
				t.Fatal(err)
			}
			if got := sightings(m); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestSeveralPartiesInOnePacket(t *testing.T) {
	var lines []string
	for i := range 100 {
		lines = append(lines, party(fmt.Sprint("p", i), "h", fmt.Sprintf("%016x", i))...)
	}
	m, err := parsePacket(wire(t, lines...))
	if err != nil {
		t.Fatal(err)
	}
	got := sightings(m)
	if len(got) != maxEntries {
		t.Fatalf("%d parties, want %d", len(got), maxEntries)
	}
	for _, s := range got {
		if !s.complete || len(s.addrs) != maxAddrs {
			t.Fatalf("incomplete: %+v", s)
		}
	}
}

func TestOnlyPacketsThatConcernUsAreParsed(t *testing.T) {
	for packet, want := range map[string]bool{
		"\x0b_watchparty\x04_udp": true, "\x0b_WATCHparty": true, "\x09_services\x07": true,
		"": false, "\x08_printer": false, "_watchpart": false,
	} {
		if got := concerns([]byte(packet)); got != want {
			t.Errorf("%q: %v, want %v", packet, got, want)
		}
	}
}

func hostileSeeds(t testing.TB) [][]byte {
	whole := wire(t, party("x", "h", "00112233aabbccdd")...)
	seeds := [][]byte{nil, whole}
	for n := 1; n < len(whole); n += 7 {
		seeds = append(seeds, whole[:n])
	}
	header := []byte{0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0}
	loop := append(bytes.Clone(header), 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12)
	pair := append(bytes.Clone(header), 1, 'a', 0xc0, 16, 1, 'b', 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12)
	many := bytes.Clone(whole)
	many[7] = 255 // says 255 answers, has five
	big := &dns.TXT{Hdr: dns.RR_Header{Name: "x." + serviceName, Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: 9}}
	for range 250 {
		big.Txt = append(big.Txt, strings.Repeat("v", 255))
	}
	long, err := (&dns.Msg{MsgHdr: dns.MsgHdr{Response: true}, Answer: []dns.RR{big}}).Pack()
	if err != nil {
		t.Fatal(err)
	}
	return append(seeds, loop, pair, many, long)
}

func FuzzPacket(f *testing.F) {
	for _, s := range hostileSeeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxPacket {
			b = b[:maxPacket] // the reader drops longer ones
		}
		m, err := parsePacket(b)
		if err != nil {
			return
		}
		got := sightings(m)
		if len(got) > maxEntries {
			t.Fatalf("%d parties", len(got))
		}
		for _, s := range got {
			bad := strings.ContainsFunc(s.name, func(r rune) bool { return !unicode.IsPrint(r) })
			if bad || s.name == "" || len(s.name) > maxLabel || !utf8.ValidString(s.name) {
				t.Errorf("name %q", s.name)
			}
			if s.complete && (!isID(s.id) || s.port == 0 || s.http == 0) || len(s.addrs) > maxAddrs || s.ttl > maxTTL {
				t.Errorf("%+v", s)
			}
			if _, err := query([]string{s.key}); err != nil {
				t.Errorf("cannot ask about %q: %v", s.key, err)
			}
		}
		z := newZone(defaultTTL)
		rec, err := record(Service{Name: "x", ID: "00112233aabbccdd", Port: 1, HTTP: 1}, "x", []netip.Addr{group4})
		if err != nil {
			t.Fatal(err)
		}
		z.set(rec)
		for _, q := range m.Question {
			if rrs := z.Records(q); len(rrs) > 4 {
				t.Errorf("%d records for %v", len(rrs), q)
			}
		}
	})
}
