//go:build unix

package cli

import (
	"os"
	"strings"
	"unsafe"
)

// hideArgument writes over an invitation's secret where the system lists the arguments of its programs: on Unix that is the
// memory behind os.Args, which the runtime does not copy.
func hideArgument(given string) {
	for i, arg := range os.Args {
		if i == 0 || arg != given {
			continue
		}
		if at := strings.IndexByte(arg, '#'); at >= 0 {
			secret := unsafe.Slice(unsafe.StringData(arg), len(arg))[at+1:]
			for j := range secret {
				secret[j] = '.'
			}
		}
	}
}
