package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"syscall"

	"watchparty/node/wire"
)

// sockets are one address for both: TCP serves pages, UDP serves QUIC, same port.
type sockets struct {
	tcp net.Listener
	udp net.PacketConn
}

// portTries is how often a free port is looked for that both TCP and UDP have.
const portTries = 20

// listen opens both sockets. Port 0 picks one.
func listen(ctx context.Context, addr string) (*sockets, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, &UsageError{fmt.Sprintf("--listen %q is no address: write HOST:PORT, such as :8470 or 127.0.0.1:0.", addr)}
	}
	if n, err := net.LookupPort("tcp", port); err != nil || n > 1<<16-1 {
		return nil, &UsageError{fmt.Sprintf("--listen %q has no port that there could be: 0 to 65535.", addr)}
	}
	var lc net.ListenConfig
	for try := 1; ; try++ {
		tcp, err := lc.Listen(ctx, "tcp", addr)
		if err != nil {
			return nil, listenError(addr, err)
		}
		_, got, _ := net.SplitHostPort(tcp.Addr().String())
		udp, err := lc.ListenPacket(ctx, "udp", net.JoinHostPort(host, got))
		if err == nil {
			return &sockets{wire.Local(tcp), udp}, nil
		}
		tcp.Close()
		if port != "0" || try == portTries {
			return nil, listenError(addr, err)
		}
	}
}

func listenError(addr string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return &UsageError{fmt.Sprintf("The port of %s is taken by another program. Stop it, or choose another with --listen, such as --listen :0.", addr)}
	case errors.Is(err, syscall.EACCES):
		return &UsageError{fmt.Sprintf("Opening %s is not allowed. Choose a port above 1023 with --listen.", addr)}
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return &UsageError{fmt.Sprintf("This machine has no address %s. Choose another with --listen.", addr)}
	}
	return fmt.Errorf("listen on %s: %w", addr, err)
}

func (s *sockets) port() int { return s.tcp.Addr().(*net.TCPAddr).Port }

func (s *sockets) close() {
	s.tcp.Close()
	s.udp.Close()
}

// addresses are where others reach a listener, best first: private IPv4, other
// IPv4, IPv6, and loopback when there is nothing else.
func addresses(l net.Addr) []netip.Addr {
	own, _ := netip.ParseAddrPort(l.String())
	if ip := own.Addr().Unmap(); ip.IsValid() && !ip.IsUnspecified() {
		return []netip.Addr{ip}
	}
	var out []netip.Addr
	ifs, _ := net.Interfaces()
	for _, i := range ifs {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			p, err := netip.ParsePrefix(a.String())
			if ip := p.Addr().Unmap(); err == nil && !ip.IsLinkLocalUnicast() {
				out = append(out, ip)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	if len(out) == 0 {
		out = append(out, netip.AddrFrom4([4]byte{127, 0, 0, 1}))
	}
	return out
}

func rank(ip netip.Addr) int {
	switch {
	case ip.Is4() && ip.IsPrivate():
		return 0
	case ip.Is4():
		return 1
	case ip.IsPrivate():
		return 2
	}
	return 3
}

func hostPort(ip netip.Addr, port int) string {
	return net.JoinHostPort(ip.String(), strconv.Itoa(port))
}

// local is the address at which this machine's own browser reaches the node.
func (s *sockets) local() string {
	own, _ := netip.ParseAddrPort(s.tcp.Addr().String())
	ip := own.Addr().Unmap()
	if !ip.IsValid() || ip.IsUnspecified() {
		ip = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return hostPort(ip, s.port())
}
