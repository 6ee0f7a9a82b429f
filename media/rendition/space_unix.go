//go:build unix

package rendition

import "syscall"

// errNoSpace is a disk that is full.
const errNoSpace = syscall.ENOSPC
