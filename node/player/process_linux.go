package player

import (
	"os/exec"
	"syscall"
)

// own makes a child ours: in a group of its own, so that Ctrl-C is for us alone, and
// killed by the kernel should we be.
func own(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
