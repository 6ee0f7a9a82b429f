package wire

import (
	"net"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// unsent is how much of what is written the kernel keeps beyond what is on its way, in bytes: more would only be late.
const unsent = 128 << 10

// askBBR asks for BBR on a socket, and says whether it is in force: the kernel may not have it, or not allow it
// (net.ipv4.tcp_allowed_congestion_control).
func askBBR(c *net.TCPConn) (bbr bool) {
	onSocket(c, func(fd int) {
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, unsent) // without it, a little later
		bbr = unix.SetsockoptString(fd, unix.IPPROTO_TCP, unix.TCP_CONGESTION, "bbr") == nil
	})
	return bbr
}

// segment is the most that a packet over TCP carries, in bytes: what fits into 1280 with the headers of IPv6. Linux does not notice by
// itself that longer ones are lost (net.ipv4.tcp_mtu_probing); other systems do.
const segment = 1220

// shortSegments has both sides send short ones on a connection that is about to be made.
func shortSegments(_, _ string, c syscall.RawConn) error {
	return c.Control(func(fd uintptr) { unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_MAXSEG, segment) })
}

// BBR says whether this machine sends by BBR over TCP.
var BBR = sync.OnceValue(func() bool {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	return unix.SetsockoptString(fd, unix.IPPROTO_TCP, unix.TCP_CONGESTION, "bbr") == nil
})

func tcpStats(c *net.TCPConn, s *Stats) {
	onSocket(c, func(fd int) {
		i, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
		if err != nil {
			return
		}
		s.SmoothedRTT, s.MinRTT = time.Duration(i.Rtt)*time.Microsecond, time.Duration(i.Min_rtt)*time.Microsecond
		s.Sent, s.Received = i.Bytes_acked, i.Bytes_received
		s.PacketsSent, s.PacketsLost = uint64(i.Data_segs_out), uint64(i.Total_retrans)
	})
}

func onSocket(c *net.TCPConn, f func(fd int)) {
	if raw, err := c.SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) { f(int(fd)) })
	}
}
