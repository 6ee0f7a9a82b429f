//go:build linux

package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// need ends a test that lacks something: as a failure where everything is meant to
// be there.
func need(t *testing.T, what string, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("%s: %v", what, err)
	default:
		t.Skipf("%s: %v", what, err)
	}
}

// smallDisk mounts a disk in memory.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	need(t, "mounting a small disk needs root", syscall.Mount("watchparty-test", dir, "tmpfs", 0, "size="+size))
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// occupy fills the disk to the last block.
func occupy(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

func TestDiskFull(t *testing.T) {
	disk := smallDisk(t, "8m")
	dir, ballast := filepath.Join(disk, "data"), filepath.Join(disk, "ballast")
	db := open(t, dir)
	t.Cleanup(func() { shut(t, db) }) // before the disk goes
	fill(t, db, "p", 100)
	if err := db.Keep(); err != nil {
		t.Fatal(err)
	}
	occupy(t, ballast)
	last := uint64(100)
	var err error
	for range 2000 {
		err = db.Update(func(tx *Tx) error {
			from := tx.Last("p") + 1
			return tx.Append("p", lines(t, "p", from, from))
		})
		if err != nil {
			break
		}
		last++
	}
	if !errors.Is(err, ErrFull) || !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("after %d records: %v", last, err)
	}
	view(t, db, func(tx *Tx) error {
		s, err := tx.Fold("p")
		if err != nil || uint64(s.Seq) != last {
			t.Errorf("reading on a full disk: %d of %d, %v", s.Seq, last, err)
		}
		return nil
	})
	if err := db.Keep(); !errors.Is(err, ErrFull) || !db.Changed() {
		t.Errorf("a copy on a full disk: %v", err)
	}
	if n := len(copies(dir)); n != 1 {
		t.Errorf("%d copies", n)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	fill(t, db, "p", 400)
	if err := db.Keep(); err != nil {
		t.Error(err)
	}
}

func TestOpenOnFullDisk(t *testing.T) {
	disk := smallDisk(t, "1m")
	occupy(t, filepath.Join(disk, "ballast"))
	_, err := Open(filepath.Join(disk, "data"), Options{})
	if !errors.Is(err, ErrFull) {
		t.Errorf("a new database on a full disk: %v", err)
	}
	if exists(filepath.Join(disk, "data", fileName)) {
		t.Error("half a database was left behind")
	}
}

// A salvage that the disk has no room for changes nothing, and works later.
func TestSalvageOnFullDisk(t *testing.T) {
	disk := smallDisk(t, "8m")
	dir := filepath.Join(disk, "data")
	if err := os.CopyFS(dir, os.DirFS(furnished(t, true))); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, fileName), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(make([]byte, 4096), 0)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(disk, "ballast")
	occupy(t, ballast)
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrFull) {
		t.Errorf("salvage on a full disk: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	db := open(t, dir)
	t.Cleanup(func() { shut(t, db) })
	if n := holdsOnlyTruth(t, db); n != damagedRecords || db.Salvaged() == "" {
		t.Errorf("%d records: %q", n, db.Salvaged())
	}
}
