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

// yield gives a child the class below the ordinary one.
func yield(pid int) {
	h, err := windows.OpenProcess(windows.PROCESS_SET_INFORMATION, false, uint32(pid))
	if err != nil {
		return // it has ended
	}
	defer windows.CloseHandle(h)
	windows.SetPriorityClass(h, windows.BELOW_NORMAL_PRIORITY_CLASS)
}

// limit does nothing: the limits of another process cannot be set here.
func limit(int, limits) {}

// opened is empty: a child cannot be given files here, and is told their names.
const opened = ""
