package node

import (
	"cmp"
	"net/netip"
	"os"
	"slices"
	"strings"

	"watchparty/node/auth"
)

// openHTTPS readies the certificate of a host whose pages are to be had over HTTPS as well, at the same port.
func (h *Host) openHTTPS() (err error) {
	if h.cfg.HTTPS {
		h.authority, err = auth.OpenAuthority(h.db, cmp.Or(machine(), "home"), h.clock.Now, h.certified)
	}
	return err
}

// machine is this machine's own name, as far as its first dot.
func machine() string {
	name, _ := os.Hostname()
	name, _, _ = strings.Cut(strings.ToLower(name), ".")
	return name
}

// pageNames are those under which pages may be asked for. Over HTTPS the machine's name on the network is one: nobody else
// has a certificate for it.
func (h *Host) pageNames() []string {
	names := h.cfg.Names
	if m := machine(); h.authority != nil && m != "" {
		names = append(slices.Clone(names), m+".local")
	}
	return names
}

// certified is what the certificate has to name as the machine stands.
func (h *Host) certified() auth.Names {
	n := auth.Names{Hosts: []string{"localhost"}, Addrs: []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}}
	if m := machine(); m != "" {
		n.Hosts = append(n.Hosts, m+".local")
	}
	for _, name := range h.cfg.Names {
		n.Hosts = append(n.Hosts, strings.ToLower(strings.TrimSuffix(name, ".")))
	}
	n.Addrs = append(n.Addrs, addresses(h.sockets.tcp.Addr())...)
	return n
}

// secureURLs are the addresses at which a browser that trusts the house does not warn; if there are none, those at which it will.
func (h *Host) secureURLs() (urls []string) {
	if h.authority == nil {
		return nil
	}
	all := addresses(h.sockets.tcp.Addr())
	for _, ip := range all {
		if h.authority.Covers(ip) {
			urls = append(urls, "https://"+hostPort(ip, h.sockets.port())+"/")
		}
	}
	if urls == nil {
		urls = []string{"https://" + h.urlHost() + "/"}
	}
	return urls
}

// fingerprint is that of the authority's certificate, to be compared before anybody trusts it; empty without HTTPS.
func (h *Host) fingerprint() string {
	if h.authority == nil {
		return ""
	}
	return h.authority.Fingerprint()
}
