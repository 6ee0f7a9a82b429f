//go:build unix

package media

import "syscall"

// noWait keeps the opening of a FIFO from waiting for a writer. Regular files do not mind.
const noWait = syscall.O_NONBLOCK
