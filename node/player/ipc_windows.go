package player

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// socketPath is the name of the pipe on which mpv is to listen. Pipes are in no
// folder; this one goes by the process, of which there is one per data folder.
func socketPath(string) (path string, tidy func(), err error) {
	return fmt.Sprintf(`\\.\pipe\watchparty-mpv-%d`, os.Getpid()), func() {}, nil
}

// dialPipe opens the pipe overlapped, so that it can be read and written at once.
func dialPipe(path string) (pipe, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_OVERLAPPED, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}
