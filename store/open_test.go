package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/node/party"
)

func hashOf(t *testing.T, path string) [32]byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(b)
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	fill(t, db, "p", 20)
	shut(t, db)
	db = open(t, dir)
	fill(t, db, "p", 40)
	if db.Salvaged() != "" {
		t.Error(db.Salvaged())
	}
}

func TestUnwritable(t *testing.T) {
	base := t.TempDir()
	inTheWay := filepath.Join(base, "file")
	if err := os.WriteFile(inTheWay, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(base, "folder")
	if err := os.MkdirAll(filepath.Join(folder, fileName), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{inTheWay, filepath.Join(inTheWay, "below"), folder} {
		_, err := Open(dir, Options{})
		var write *WriteError
		if dir == folder { // a folder where the file should be holds no database
			var damage *DamagedError
			if !errors.As(err, &damage) && !errors.As(err, &write) {
				t.Errorf("%s: %v", dir, err)
			}
			continue
		}
		if !errors.As(err, &write) || !strings.Contains(err.Error(), dir) || strings.Count(err.Error(), dir) != 1 {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir, Options{ReadOnly: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing to read: %v", err)
	}
	db := open(t, dir)
	fill(t, db, "p", 20)
	shut(t, db)
	before := hashOf(t, db.path())
	db, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	view(t, db, func(tx *Tx) error {
		if last := tx.Last("p"); last != 20 {
			t.Errorf("%d records", last)
		}
		return nil
	})
	if err := db.Update(func(*Tx) error { return nil }); err == nil {
		t.Error("it could be written")
	}
	shut(t, db)
	if hashOf(t, filepath.Join(dir, fileName)) != before {
		t.Error("reading changed the file")
	}
	if err := os.Truncate(filepath.Join(dir, fileName), 9000); err != nil {
		t.Fatal(err)
	}
	var damage *DamagedError
	if _, err := Open(dir, Options{ReadOnly: true}); !errors.As(err, &damage) {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestInterruptedBeginning(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{newName, ".new-123", fileName} { // what a power cut can leave
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, dir)
	if db.Salvaged() != "" || exists(filepath.Join(dir, newName)) || exists(filepath.Join(dir, ".new-123")) {
		t.Errorf("a first start after a power cut: %q", db.Salvaged())
	}
}

func TestNewerVersion(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	fill(t, db, "p", 20)
	update(t, db, func(tx *Tx) error { return tx.PutMeta(keyFormat, formatValue(Format+1)) })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db.bolt = nil // its check would refuse it
	path := filepath.Join(dir, fileName)
	before := hashOf(t, path)
	for name, try := range map[string]func() error{
		"open":      func() error { _, err := Open(dir, Options{}); return err },
		"read":      func() error { _, err := Open(dir, Options{ReadOnly: true}); return err },
		"check":     func() error { _, err := Check(path); return err },
		"restore":   func() error { _, err := Restore(t.TempDir(), path); return err },
		"open more": func() error { _, err := Open(dir, Options{}); return err },
	} {
		var version *VersionError
		if err := try(); !errors.As(err, &version) || version.Have != Format+1 || version.Can != Format {
			t.Errorf("%s: %v", name, err)
		}
	}
	if hashOf(t, path) != before {
		t.Error("the file was changed")
	}
	if aside, _ := filepath.Glob(path + ".*"); len(aside) != 0 {
		t.Errorf("files left behind: %v", aside)
	}
}

func TestMigrate(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	fill(t, db, "p", 200)
	oops := errors.New("oops")
	rename := func(tx *Tx) error { return tx.PutMeta("new", []byte("1")) }
	err := db.migrate(1, []migration{rename, func(*Tx) error { return oops }}, Options{}.filled().Log)
	if !errors.Is(err, oops) {
		t.Fatal(err)
	}
	format := func() []byte {
		var b []byte
		view(t, db, func(tx *Tx) error { b = tx.Meta(keyFormat); return nil })
		return b
	}
	view(t, db, func(tx *Tx) error {
		if tx.Meta("new") != nil {
			t.Error("half a migration")
		}
		return nil
	})
	if !bytes.Equal(format(), formatValue(1)) {
		t.Error("a failed migration changed the format")
	}
	if err := db.migrate(1, []migration{rename, rename}, Options{}.filled().Log); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(format(), formatValue(3)) {
		t.Errorf("format is %x", format())
	}
	update(t, db, func(tx *Tx) error { return tx.PutMeta(keyFormat, formatValue(Format)) })
	if r, err := Check(filepath.Join(dir, fileName+".v1.bak")); err != nil || r.Records != 200 {
		t.Errorf("the copy from before: %v\n%s", err, r)
	}
	if Format != len(migrations)+1 {
		t.Errorf("format %d with %d migrations", Format, len(migrations))
	}
}

// Old files must open for ever: a change that breaks this test needs a migration,
// not a new file.
func TestOldFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/v*.db")
	if err != nil || len(files) != Format {
		t.Fatalf("%d old files for %d formats, %v", len(files), Format, err)
	}
	for _, file := range files {
		dir := t.TempDir()
		if err := copyFile(file, filepath.Join(dir, fileName)); err != nil {
			t.Fatal(err)
		}
		db := open(t, dir)
		view(t, db, func(tx *Tx) error {
			s, err := tx.Fold("p")
			if err != nil || s.Seq != 12 || s.Name != "Evening p" || len(s.Messages) != 11 {
				t.Errorf("%s: %+v, %v", file, s, err)
			}
			if a, ok, err := tx.Account("ann"); !ok || err != nil || a.Name != "Ann" || a.Role != party.Moderator || a.Region != "FR" {
				t.Errorf("%s: account %+v, %v", file, a, err)
			}
			if p, ok, err := tx.Pass([32]byte{1}); !ok || err != nil || p.Member != "ann" {
				t.Errorf("%s: pass %+v, %v", file, p, err)
			}
			if i, ok, err := tx.Invitation([32]byte{2}); !ok || err != nil || i.Uses != 3 {
				t.Errorf("%s: invitation %+v, %v", file, i, err)
			}
			if seq, ok := tx.Nonce("p", "ann", "12"); !ok || seq != 12 {
				t.Errorf("%s: nonce %d, %v", file, seq, ok)
			}
			if id, ok := tx.Current(); !ok || id != "p" {
				t.Errorf("%s: current %q", file, id)
			}
			return nil
		})
		if db.Salvaged() != "" {
			t.Error(db.Salvaged())
		}
	}
}
