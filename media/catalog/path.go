package catalog

import (
	"io/fs"
	"slices"
	"strings"
)

// maxPath is the longest path Linux opens (PATH_MAX), in bytes.
const maxPath = 4096

// pathFault says in words why a path cannot be used below the library, or nothing if it can.
// The rules are the same on every system, so a catalog written on one means the same on another.
func pathFault(path string) string {
	switch {
	case path == "":
		return "is empty"
	case len(path) > maxPath:
		return "is too long"
	case strings.ContainsRune(path, 0):
		return "holds a NUL character"
	case strings.Contains(path, `\`):
		return "holds a backslash; folders are separated by /"
	case hasDrive(path):
		return "starts with a drive letter"
	case strings.HasPrefix(path, "/"):
		return "is absolute"
	case slices.Contains(strings.Split(path, "/"), ".."):
		return "leaves the library by .."
	case strings.HasSuffix(path, "/"):
		return "ends in a slash, so it names a folder"
	case strings.Contains(path, "//"):
		return "holds two slashes in a row"
	case !fs.ValidPath(path) || path == ".":
		return "holds a . where a name should be"
	}
	return ""
}

func hasDrive(path string) bool {
	return len(path) > 1 && path[1] == ':' &&
		('a' <= path[0] && path[0] <= 'z' || 'A' <= path[0] && path[0] <= 'Z')
}
