package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// pidName is the file whose lock says that the folder is in use, and whose text
// says by whom. It is taken before anything is read: a file that another process
// is writing looks damaged.
const pidName = "pid"

var errLocked = errors.New("locked by another process")

// takeLock locks the folder, waiting at most for timeout.
func takeLock(dir string, timeout time.Duration) (*os.File, error) {
	path := filepath.Join(dir, pidName)
	for end := time.Now().Add(timeout); ; time.Sleep(50 * time.Millisecond) {
		f, err := openLocked(path)
		if errors.Is(err, errLocked) {
			if time.Now().Before(end) {
				continue
			}
			return nil, &LockedError{Dir: dir, PID: holder(dir)}
		}
		if err == nil {
			err = writePID(f)
		}
		if err != nil {
			return nil, writeError(path, err)
		}
		return f, nil
	}
}

func writePID(f *os.File) error {
	err := f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	}
	if err != nil {
		_ = f.Close()
	}
	return err
}

// dropLock leaves the file: removing it could let two processes lock two files.
func dropLock(f *os.File) error {
	return errors.Join(f.Truncate(0), f.Close())
}

// holder is the process that says it holds the folder, 0 if none does.
func holder(dir string) int {
	f, err := os.Open(filepath.Join(dir, pidName))
	if err != nil {
		return 0
	}
	defer f.Close()
	text, _ := io.ReadAll(io.LimitReader(f, 32))
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}
