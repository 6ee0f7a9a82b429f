package store

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"
)

// ErrFull says that the disk is full. What was to be written is not; everything
// else goes on, and writing works again once there is space.
var ErrFull = errors.New("WP-DISK-FULL: the disk is full, so nothing more can be kept; free some space, and it works again")

// LockedError says that another process uses the data folder.
type LockedError struct {
	Dir string
	PID int // 0: not known
}

func (e *LockedError) Error() string {
	who := "another watchparty"
	if e.PID > 0 {
		who += fmt.Sprintf(" (process %d)", e.PID)
	}
	return fmt.Sprintf("The data folder %s is in use by %s: stop that one, or choose another folder with --data.", e.Dir, who)
}

// WriteError says that a path cannot be written.
type WriteError struct {
	Path string
	Err  error
}

func (e *WriteError) Error() string {
	return fmt.Sprintf("Cannot write to %s (%v): make it writable for this user, or choose another folder with --data.", e.Path, errors.Unwrap(e))
}

// Unwrap is the reason without the path, which the sentence already has.
func (e *WriteError) Unwrap() error {
	if errno := syscall.Errno(0); errors.As(e.Err, &errno) {
		return errno
	}
	return e.Err
}

// DamagedError says that a file is damaged and what was seen first.
type DamagedError struct {
	Path string
	Why  string
	Hint string // what to do; "": restore a backup
}

func (e *DamagedError) Error() string {
	hint := e.Hint
	if hint == "" {
		hint = "restore a backup with `watchparty store restore FILE`, or start afresh in another folder with --data"
	}
	return fmt.Sprintf("The party database %s is damaged: %s. To go on, %s.", e.Path, e.Why, hint)
}

// VersionError says that a newer watchparty wrote the file, which was not touched.
type VersionError struct {
	Path      string
	Have, Can int // the file's format, and the newest this program knows
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("The party database %s has format %d, and this watchparty knows formats up to %d: install the newer watchparty again, or choose another folder with --data. The file was not changed.", e.Path, e.Have, e.Can)
}

// full makes a full disk an [ErrFull] and leaves other errors as they are. bbolt
// turns some of the system's errors into text, so the text counts too.
func full(err error) error {
	if err == nil || errors.Is(err, ErrFull) {
		return err
	}
	reasons := []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT}
	if runtime.GOOS == "windows" {
		reasons = []syscall.Errno{112, 39} // ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL
	}
	for _, reason := range reasons {
		if errors.Is(err, reason) || strings.Contains(err.Error(), reason.Error()) {
			return fmt.Errorf("%w (%w)", ErrFull, err)
		}
	}
	return err
}

// writeError names the path that could not be written, unless err already is one
// for people.
func writeError(path string, err error) error {
	err = full(err)
	var (
		locked  *LockedError
		write   *WriteError
		damaged *DamagedError
		version *VersionError
	)
	if err == nil || errors.Is(err, ErrFull) || errors.As(err, &locked) || errors.As(err, &write) ||
		errors.As(err, &damaged) || errors.As(err, &version) {
		return err
	}
	return &WriteError{Path: path, Err: err}
}
