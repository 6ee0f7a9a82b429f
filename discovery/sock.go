package discovery

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

const mdnsPort = 5353

var (
	group4 = netip.AddrFrom4([4]byte{224, 0, 0, 251})
	group6 = netip.MustParseAddr("ff02::fb")
)

// A sock is one UDP socket of one link and family. A group socket is bound to
// port 5353 and joined to the group; an asking one has a port of its own, so
// that answers meant for it cannot land at another program that shares 5353.
type sock struct {
	conn  net.PacketConn
	p4    *ipv4.PacketConn // nil for IPv6
	p6    *ipv6.PacketConn // nil for IPv4
	group netip.AddrPort
	asks  bool
}

// openSock needs no route: joining and sending name the interface.
func openSock(ifi *net.Interface, v6, asks bool) (*sock, error) {
	network, addr, group := "udp4", "0.0.0.0", group4
	if v6 {
		network, addr, group = "udp6", "[::]", group6.WithZone(ifi.Name)
	}
	lc, port := net.ListenConfig{}, 0
	if !asks {
		lc.Control, port = shareAddr, mdnsPort
	}
	conn, err := lc.ListenPacket(context.Background(), network, fmt.Sprintf("%s:%d", addr, port))
	if err != nil {
		return nil, err
	}
	s := &sock{conn: conn, group: netip.AddrPortFrom(group, mdnsPort), asks: asks}
	if v6 {
		s.p6 = ipv6.NewPacketConn(conn)
	} else {
		s.p4 = ipv4.NewPacketConn(conn)
	}
	if err := s.setUp(ifi); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s on %s: %w", network, ifi.Name, err)
	}
	return s, nil
}

// setUp binds multicast to the interface, with IP TTL 255 (RFC 6762 §11).
func (s *sock) setUp(ifi *net.Interface) error {
	join := &net.UDPAddr{IP: s.group.Addr().AsSlice()}
	var steps []func() error
	if s.p4 != nil {
		// Not every system tells the arrival interface; onLink still guards there.
		_ = s.p4.SetControlMessage(ipv4.FlagInterface, true)
		_ = s.p4.SetTTL(255)
		steps = []func() error{
			func() error { return s.p4.SetMulticastInterface(ifi) },
			func() error { return s.p4.SetMulticastTTL(255) },
			func() error { return s.p4.SetMulticastLoopback(true) },
			func() error { return s.p4.JoinGroup(ifi, join) },
		}
	} else {
		_ = s.p6.SetControlMessage(ipv6.FlagInterface, true)
		_ = s.p6.SetHopLimit(255)
		steps = []func() error{
			func() error { return s.p6.SetMulticastInterface(ifi) },
			func() error { return s.p6.SetMulticastHopLimit(255) },
			func() error { return s.p6.SetMulticastLoopback(true) },
			func() error { return s.p6.JoinGroup(ifi, join) },
		}
	}
	if s.asks {
		steps = steps[:len(steps)-1]
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// read returns one packet, where it came from, and the index of the interface
// it came in by, 0 if the system does not tell.
func (s *sock) read(b []byte) (n, index int, from netip.AddrPort, err error) {
	var src net.Addr
	if s.p4 != nil {
		var cm *ipv4.ControlMessage
		if n, cm, src, err = s.p4.ReadFrom(b); cm != nil {
			index = cm.IfIndex
		}
	} else {
		var cm *ipv6.ControlMessage
		if n, cm, src, err = s.p6.ReadFrom(b); cm != nil {
			index = cm.IfIndex
		}
	}
	if u, ok := src.(*net.UDPAddr); ok {
		from = u.AddrPort()
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	}
	return n, index, from, err
}

func (s *sock) send(b []byte, to netip.AddrPort) error {
	_, err := s.conn.WriteTo(b, net.UDPAddrFromAddrPort(to))
	return err
}
