//go:build unix

package scan

import "syscall"

// noWait keeps opening a FIFO from waiting for its other end.
const noWait = syscall.O_NONBLOCK
