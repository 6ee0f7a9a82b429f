package discovery

import (
	"net/netip"
	"testing"
)

// FuzzStatic: an entry of a list is an address with a port, or is refused.
func FuzzStatic(f *testing.F) {
	for _, entry := range []string{"192.168.1.20:8470", "[::1]:1", "host.local:65535", ":1", "a:0", "[fe80::1%eth0]:80", "..:1"} {
		f.Add(entry)
	}
	f.Fuzz(func(t *testing.T, entry string) {
		s, err := parseStatic(entry)
		if err != nil {
			return
		}
		if s.Port < 1 || s.Port > 65535 || s.Name == "" || len(s.Addrs) > 0 && s.Addrs[0] == (netip.Addr{}) {
			t.Errorf("%q is %+v", entry, s)
		}
	})
}
