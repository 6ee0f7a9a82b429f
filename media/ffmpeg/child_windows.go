package ffmpeg

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// own puts a child into a group of its own, so that Ctrl-C is for us alone.
func own(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

func kill(cmd *exec.Cmd) { cmd.Process.Kill() }

// limit does nothing: the limits of another process cannot be set here.
func limit(int, limits) {}

// opened is empty: a child cannot be given files here, and is told their names.
const opened = ""
