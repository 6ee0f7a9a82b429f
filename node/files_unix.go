//go:build unix

package node

import "syscall"

// openFiles is how many files the process may have open; the runtime has raised its soft limit to the hard one.
func openFiles() int {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return plenty
	}
	return int(min(uint64(l.Cur), plenty))
}
