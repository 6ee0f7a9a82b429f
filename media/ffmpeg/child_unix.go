//go:build unix && !linux

package ffmpeg

import (
	"os/exec"
	"syscall"
)

// own puts a child into a group of its own, so that Ctrl-C is for us alone.
func own(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// limit does nothing: the limits of another process cannot be set here.
func limit(int, limits) {}

// opened is how a child names the first file it was given.
const opened = "file:/dev/fd/3"
