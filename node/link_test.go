package node_test

import (
	"net"
	"strings"
	"testing"

	"watchparty/node"
	"watchparty/node/wire"
)

// FuzzParseLink: a link is refused, or taken apart into somewhere to go, a secret and the key of a host.
func FuzzParseLink(f *testing.F) {
	key := strings.Repeat("A", 43)
	for _, link := range []string{"http://192.0.2.1:8470/#secret." + key, "https://salon.local:8470/#s." + key, "http://[fe80::1%25en0]:8470/#s." + key,
		"http://192.0.2.1/#s." + key, "http://192.0.2.1:8470/#." + key, "http://192.0.2.1:8470/#s", "ftp://192.0.2.1:1/#s." + key, "http://a:b@c:1/#s." + key, "%", ""} {
		f.Add(link)
	}
	f.Fuzz(func(t *testing.T, link string) {
		addr, secret, fingerprint, err := node.ParseLink(link)
		if err != nil {
			if addr != "" || secret != "" || fingerprint != "" {
				t.Errorf("%q is refused, and yet %q, %q, %q", link, addr, secret, fingerprint)
			}
			return
		}
		if _, port, err := net.SplitHostPort(addr); err != nil || port == "" || secret == "" || wire.FingerprintID(fingerprint) == "" {
			t.Errorf("%q is %q, %q, %q: %v", link, addr, secret, fingerprint, err)
		}
	})
}
