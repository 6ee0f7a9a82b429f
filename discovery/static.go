package discovery

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Static turns "host:port" entries into services, for networks without
// multicast. Good entries are returned even when others are not; the error
// joins one sentence for each bad entry. Names are not looked up here.
func Static(list []string) ([]Service, error) {
	var out []Service
	var errs []error
	for _, entry := range list {
		s, err := parseStatic(strings.TrimSpace(entry))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, s)
	}
	return out, errors.Join(errs...)
}

func parseStatic(entry string) (Service, error) {
	host, port, err := net.SplitHostPort(entry)
	if err != nil || host == "" {
		return Service{}, fmt.Errorf("%q is not an address: write host:port, for instance 192.168.1.20:8470", entry)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return Service{}, fmt.Errorf("%q has no usable port: write a number from 1 to 65535 after the colon", entry)
	}
	s := Service{Name: host, Port: int(n), HTTP: int(n), Via: ViaStatic}
	if a, err := netip.ParseAddr(host); err == nil {
		s.Addrs = []netip.Addr{a.Unmap()}
		return s, nil
	}
	if !isHostName(host) {
		return Service{}, fmt.Errorf("%q: %q is neither an IP address nor a host name", entry, host)
	}
	return s, nil
}

// isHostName accepts letters of any script, digits, hyphens, underscores and
// dots, in labels of 1 to 63 bytes, 253 in all.
func isHostName(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > maxLabel {
			return false
		}
		for _, r := range label {
			if !isHostRune(r) {
				return false
			}
		}
	}
	return true
}
