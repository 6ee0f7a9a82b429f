//go:build unix

package discovery

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// shareAddr lets the socket share port 5353 with the system's responder and
// with other nodes on this machine (RFC 6762 §15.1).
func shareAddr(_, _ string, c syscall.RawConn) error {
	var err error
	if e := c.Control(func(fd uintptr) {
		if err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err == nil {
			err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
		}
	}); e != nil {
		return e
	}
	return err
}
