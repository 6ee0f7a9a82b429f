package ffmpeg

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// tasks is how many processes and threads we may have with our children (getrlimit(2), and the pids controller of cgroups(7)); 0: as
// many as we like.
func tasks() int {
	most := 0
	var r unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NPROC, &r) == nil && os.Geteuid() != 0 && r.Cur < 1<<20 { // root is not bound by it
		most = int(r.Cur)
	}
	b, _ := os.ReadFile("/proc/self/cgroup")
	if n := tasksOfGroup("/sys/fs/cgroup", string(b)); n > 0 && (most == 0 || n < most) {
		most = n
	}
	return most
}

// tasksOfGroup is the least that our group and those above it may have, as far as they can be seen from here. The old groups have a
// folder for each controller.
func tasksOfGroup(root, groups string) (most int) {
	for line := range strings.Lines(groups) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, at, _ := strings.Cut(rest, ":")
		folder := root
		switch controllers {
		case "":
		case "pids":
			folder = filepath.Join(root, "pids")
		default:
			continue
		}
		for at = filepath.Clean("/" + at); ; at = filepath.Dir(at) {
			b, _ := os.ReadFile(filepath.Join(folder, at, "pids.max")) // "max" where there is no bound
			if n, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil && n > 0 && (most == 0 || n < most) {
				most = n
			}
			if at == "/" {
				break
			}
		}
	}
	return most
}
