package discovery

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/miekg/dns"
)

// Names are kept in the presentation form that dns.UnpackDomainName makes, in
// which a dot inside a label is "\.". Both directions go through the DNS
// library's own pack and unpack, so there is no second table of escapes.

const maxLabel = 63 // bytes, RFC 1035 §2.3.4

func isHostRune(r rune) bool {
	return r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// cleanName makes a name fit to be an instance label and to be printed on a
// terminal: nothing unprintable (RFC 6763 §4.1.1), at most 63 bytes cut at a
// rune, never empty.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(name), " "))
	if name = cut(name, maxLabel); name == "" {
		return "watchparty"
	}
	return name
}

// cut shortens s to at most n bytes without breaking a rune.
func cut(s string, n int) string {
	if len(s) > n {
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n]
	}
	return strings.TrimSpace(s)
}

// numbered returns name for n < 2, else "name (n)", as RFC 6763 appendix D
// suggests after a conflict.
func numbered(name string, n int) string {
	if n < 2 {
		return name
	}
	suffix := fmt.Sprintf(" (%d)", n)
	return cut(name, maxLabel-len(suffix)) + suffix
}

// escapeLabel returns the presentation form of one label without a final dot.
func escapeLabel(label string) (string, error) {
	wire := append([]byte{byte(len(label))}, label...)
	s, _, err := dns.UnpackDomainName(append(wire, 0), 0)
	if err != nil || label == "" || len(label) > maxLabel {
		return "", fmt.Errorf("name %q cannot be a DNS label", label)
	}
	return strings.TrimSuffix(s, "."), nil
}

// instanceLabel returns the bytes of the instance part of a service instance
// name, and false if name is not exactly one label followed by our service:
// another service, or a sub-type (RFC 6763 §7.1).
func instanceLabel(name string) (string, bool) {
	const labels = 4 // instance, _watchparty, _udp, local
	if dns.CountLabel(name) != labels {
		return "", false
	}
	next, end := dns.NextLabel(name, 0)
	if end || dns.CanonicalName(name[next:]) != serviceName {
		return "", false
	}
	var wire [maxLabel + 2]byte
	n, err := dns.PackDomainName(name[:next], wire[:], 0, nil, false)
	if err != nil || n < 3 {
		return "", false
	}
	label := string(wire[1 : n-1])
	return label, label != "_sub"
}

// hostName is the name that carries our addresses. It holds the id, so it never
// meets the machine's own name, which the system's responder may announce.
func hostName(id string) string { return "watchparty-" + id + ".local." }
