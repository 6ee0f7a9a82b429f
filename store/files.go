package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// moveInto renames a finished file to its place. Both, and the folder, are on
// disk when it returns.
func moveInto(fresh, path string) error {
	f, err := os.OpenFile(fresh, os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	return writeError(path, err)
}

// syncDir makes renames in a folder last. Windows has no such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// replaceFile writes a file through a temporary one beside it.
func replaceFile(path string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return writeError(path, err)
	}
	fresh := f.Name()
	if err := errors.Join(write(f), f.Close()); err != nil {
		_ = os.Remove(fresh)
		return writeError(path, err)
	}
	if err := moveInto(fresh, path); err != nil {
		_ = os.Remove(fresh)
		return err
	}
	return nil
}

func copyFile(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	defer f.Close()
	return replaceFile(to, func(w *os.File) error {
		_, err := io.Copy(w, f)
		return err
	})
}

// keepAside gives a file a second name that is free, without the first becoming
// unused: as a link where the file system has them, else as a copy.
func keepAside(path, label string, now time.Time) (string, error) {
	base := path + "." + label + "-" + now.UTC().Format("20060102T150405Z")
	aside := base
	for i := 2; exists(aside); i++ {
		aside = fmt.Sprintf("%s-%d", base, i)
	}
	if os.Link(path, aside) == nil {
		return aside, nil
	}
	return aside, copyFile(path, aside)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// beenHere says whether the folder has had a database before.
func beenHere(dir string) bool {
	return exists(filepath.Join(dir, markerName)) || len(copies(dir)) > 0
}

// mark leaves the sign that beenHere looks for.
func mark(dir string) error {
	path := filepath.Join(dir, markerName)
	if exists(path) {
		return nil
	}
	return replaceFile(path, func(w *os.File) error {
		_, err := io.WriteString(w, "watchparty keeps its database here. While this file is here, a missing or empty "+
			fileName+"\nis taken for damage and not for a first start.\n")
		return err
	})
}

// removeLeftovers clears away what an earlier process had not finished.
func removeLeftovers(dir string) error {
	unfinished := []string{filepath.Join(dir, newName)}
	for _, d := range []string{dir, filepath.Join(dir, backupDir)} {
		entries, err := os.ReadDir(d)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return writeError(d, err)
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".new-") {
				unfinished = append(unfinished, filepath.Join(d, e.Name()))
			}
		}
	}
	for _, path := range unfinished {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return writeError(path, err)
		}
	}
	return nil
}
