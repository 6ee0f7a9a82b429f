package rendition

import "golang.org/x/sys/windows"

// errNoSpace is a disk that is full.
const errNoSpace = windows.ERROR_DISK_FULL
