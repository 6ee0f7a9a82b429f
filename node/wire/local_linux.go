package wire

import (
	"net"
	"net/netip"

	"golang.org/x/sys/unix"
)

// Local gives a listener whose connections from this machine itself are not paced. Where the system's congestion control is
// BBR, it sets a timer for each packet, so that a film to the house's own screen, where nothing is lost, takes three times
// the processor. All others keep what the system chose.
//
// Pacing that has begun does not end with another congestion control: a connection has to begin without it, and has what its
// listener has (tcp(7), TCP_CONGESTION).
func Local(l net.Listener) net.Listener {
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return l
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return l
	}
	unpaced := false
	raw.Control(func(fd uintptr) {
		if now, err := unix.GetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION); err == nil && now == "bbr" {
			unpaced = unix.SetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION, "reno") == nil
		}
	})
	if !unpaced {
		return l
	}
	return local{tcp}
}

type local struct{ *net.TCPListener }

// Accept implements net.Listener.
func (l local) Accept() (net.Conn, error) {
	c, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	from, _ := netip.ParseAddrPort(c.RemoteAddr().String())
	to, _ := netip.ParseAddrPort(c.LocalAddr().String())
	if from.Addr() != to.Addr() && !from.Addr().Unmap().IsLoopback() {
		onSocket(c, func(fd int) { unix.SetsockoptString(fd, unix.IPPROTO_TCP, unix.TCP_CONGESTION, "bbr") })
	}
	return c, nil
}
