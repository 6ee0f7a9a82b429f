package discovery

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// shareAddr lets the socket share port 5353 (RFC 6762 §15.1). Windows has no
// SO_REUSEPORT; its SO_REUSEADDR does both.
func shareAddr(_, _ string, c syscall.RawConn) error {
	var err error
	if e := c.Control(func(fd uintptr) {
		err = windows.SetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, windows.SO_REUSEADDR, 1)
	}); e != nil {
		return e
	}
	return err
}
