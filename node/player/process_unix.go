//go:build unix && !linux

package player

import (
	"os/exec"
	"syscall"
)

// own puts a child into a group of its own, so that Ctrl-C is for us alone.
func own(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
