package discovery

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
)

// containerBridge names adapters that lead only to containers of this machine.
var containerBridge = regexp.MustCompile(`^(docker0|docker_gwbridge|br-[0-9a-f]{12}|veth[0-9a-f]{7})$`)

// suitableInterfaces returns those that are up, have a carrier and multicast,
// and lead to a network of people: no loopback, no tunnel, no container bridge.
func suitableInterfaces() ([]net.Interface, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("list interfaces: %w", err)
	}
	const want = net.FlagUp | net.FlagRunning | net.FlagMulticast
	const avoid = net.FlagLoopback | net.FlagPointToPoint
	return slices.DeleteFunc(all, func(i net.Interface) bool {
		return i.Flags&want != want || i.Flags&avoid != 0 || containerBridge.MatchString(i.Name)
	}), nil
}

// prefixesOf returns an interface's usable addresses with their networks, in a
// steady order so that two looks can be compared.
func prefixesOf(ifi net.Interface) ([]netip.Prefix, error) {
	addrs, err := ifi.Addrs()
	if err != nil {
		return nil, fmt.Errorf("addresses of %s: %w", ifi.Name, err)
	}
	var out []netip.Prefix
	for _, a := range addrs {
		n, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		ip, ok := netip.AddrFromSlice(n.IP)
		ones, bits := n.Mask.Size()
		if ip = ip.Unmap(); ip.Is4() && bits == 128 {
			ones -= 96
		}
		if !ok || ip.IsUnspecified() || ip.IsMulticast() {
			continue
		}
		out = append(out, netip.PrefixFrom(ip, ones))
	}
	slices.SortFunc(out, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
	return out, nil
}

// onLink tells whether a is on one of these networks. Every link-local IPv6
// address is (RFC 6762 §11).
func onLink(prefixes []netip.Prefix, a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if a.Is6() && a.IsLinkLocalUnicast() {
		return true
	}
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(a) })
}

// maxAddrs bounds the addresses of one party, ours and others'.
const maxAddrs = 16

// usable keeps the addresses that a party seen on this link may have: on the
// link's own networks, or private. A forged record thus cannot send a guest's
// node to dial the Internet. Link-local IPv6 gets the link's zone.
func usable(l *link, addrs []netip.Addr) []netip.Addr {
	var out []netip.Addr
	for _, a := range addrs {
		loopback := a.IsLoopback() && l.ifi.Flags&net.FlagLoopback == 0
		if loopback || a.IsMulticast() || a.IsUnspecified() {
			continue
		}
		if !onLink(l.prefixes, a) && !a.IsPrivate() && !a.IsLinkLocalUnicast() {
			continue
		}
		if a.Is6() && a.IsLinkLocalUnicast() {
			a = a.WithZone(l.ifi.Name)
		}
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b netip.Addr) int { return rank(l, a) - rank(l, b) })
	return out[:min(len(out), maxAddrs)]
}

// rank orders addresses by how likely a dial succeeds: the same network first,
// IPv4 before IPv6, an address that needs a zone after those that do not.
func rank(l *link, a netip.Addr) int {
	switch near := onLink(l.prefixes, a); {
	case near && a.Is4() && !a.IsLinkLocalUnicast():
		return 0
	case near && a.Is6() && !a.IsLinkLocalUnicast():
		return 1
	case a.Is4() && !a.IsLinkLocalUnicast():
		return 2
	case near && a.Is4():
		return 3
	case a.IsLinkLocalUnicast():
		return 4
	}
	return 5
}
