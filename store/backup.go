package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
)

// keptCopies is how many copies [DB.Keep] leaves: one may be cut off by a crash of
// the disk while it is made, so there are two.
const keptCopies = 2

// copyName numbers copies upwards: a board without a clock of its own would mix
// up names made of times.
const copyName = "party-%08d.db"

// copies are the kept copies, the newest first.
func copies(dir string) []string {
	entries, err := os.ReadDir(filepath.Join(dir, backupDir))
	if err != nil {
		return nil
	}
	var paths []string
	for _, e := range entries {
		var n int
		if _, err := fmt.Sscanf(e.Name(), copyName, &n); err == nil && e.Name() == fmt.Sprintf(copyName, n) {
			paths = append(paths, filepath.Join(dir, backupDir, e.Name()))
		}
	}
	slices.Sort(paths)
	slices.Reverse(paths)
	return paths
}

// newerThanCopies says whether the file was written after the newest copy.
func newerThanCopies(dir string) bool {
	paths := copies(dir)
	if len(paths) == 0 {
		return true
	}
	file, err := os.Stat(filepath.Join(dir, fileName))
	kept, errCopy := os.Stat(paths[0])
	return err != nil || errCopy != nil || file.ModTime().After(kept.ModTime())
}

// Changed says whether anything but a sign of life was written since the last
// [DB.Keep].
func (db *DB) Changed() bool { return db.changed.Load() }

// Keep makes a copy in the data folder for [Open] to salvage from, and lets the
// oldest go. It is called when a party ends, and each quarter of an hour in which
// something [DB.Changed].
func (db *DB) Keep() error {
	dir := filepath.Join(db.dir, backupDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return writeError(dir, err)
	}
	old, n := copies(db.dir), 0
	if len(old) > 0 {
		_, _ = fmt.Sscanf(filepath.Base(old[0]), copyName, &n)
	}
	db.changed.Store(false)
	if err := db.Backup(filepath.Join(dir, fmt.Sprintf(copyName, n+1))); err != nil {
		db.changed.Store(true)
		return err
	}
	for i, path := range old {
		if i >= keptCopies-1 {
			if err := os.Remove(path); err != nil {
				return writeError(path, err)
			}
		}
	}
	return nil
}

// Backup writes a consistent copy of this moment to a file, which is either whole
// or not there. The copy is verified first: a damaged database does not replace a
// good backup.
func (db *DB) Backup(path string) error {
	if a, err := os.Stat(path); err == nil {
		if b, err := os.Stat(db.path()); err == nil && os.SameFile(a, b) {
			return &WriteError{Path: path, Err: errors.New("that is the database itself")}
		}
	}
	return replaceFile(path, func(f *os.File) error {
		err := guard(db.path(), func() error {
			return db.bolt.View(func(tx *bolt.Tx) error {
				_, err := tx.WriteTo(f)
				return err
			})
		})
		if err == nil && db.owed() {
			err = scrub(f)
		}
		if err != nil {
			return err
		}
		_, err = verify(f, db.path())
		return err
	})
}

// Restore puts a backup in the place of the database of a data folder, which must
// not be in use. What was there is kept beside it as party.db.before-<UTC time>,
// and its path returned, "" if there was nothing.
func Restore(dir, from string) (kept string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", writeError(dir, err)
	}
	lock, err := takeLock(dir, time.Second)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, dropLock(lock)) }()
	if _, err := os.Stat(from); err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	if _, err := verifyFile(from); err != nil {
		var damage *DamagedError
		if errors.As(err, &damage) {
			damage.Hint = "choose another backup; nothing was changed"
		}
		return "", err
	}
	path := filepath.Join(dir, fileName)
	if _, err := os.Stat(path); err == nil {
		if kept, err = keepAside(path, "before", time.Now()); err != nil {
			return "", err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", writeError(path, err)
	}
	if err := copyFile(from, path); err != nil {
		return kept, err
	}
	return kept, mark(dir)
}
