package ffmpeg

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// own makes a child ours: in a group of its own, so that Ctrl-C is for us alone, and killed by
// the kernel should we be.
func own(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// yield makes a whole group nice, with the threads it has by now; later ones inherit it.
func yield(pid int) { syscall.Setpriority(syscall.PRIO_PGRP, pid, niceness) }

// limit bounds the memory a child may have for itself and the time it may compute. Shared
// libraries do not count (RLIMIT_DATA, since Linux 4.7). A kernel that refuses leaves it unbounded.
func limit(pid int, l limits) {
	if l.memory > 0 {
		unix.Prlimit(pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: l.memory, Max: l.memory}, nil)
	}
	if s := uint64(l.work.Seconds()); s > 0 {
		unix.Prlimit(pid, unix.RLIMIT_CPU, &unix.Rlimit{Cur: s, Max: s}, nil)
	}
}

// opened is how a child names the first file it was given. Opening it again by this name gives
// the very file, whatever lies under its old name now.
const opened = "file:/proc/self/fd/3"
