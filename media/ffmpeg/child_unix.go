//go:build unix && !linux

package ffmpeg

import (
	"os/exec"
	"syscall"
)

// own puts a child into a group of its own, so that Ctrl-C is for us alone.
func own(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// yield makes a whole group as nice as on Linux.
func yield(pid int) { syscall.Setpriority(syscall.PRIO_PGRP, pid, niceness) }

// limit does nothing: the limits of another process cannot be set here.
func limit(int, limits) {}

// opened is how a child names the first file it was given.
const opened = "file:/dev/fd/3"
