package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/node/party"
)

func TestBackupAndRestore(t *testing.T) {
	dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "copy.db")
	db := open(t, dir)
	fill(t, db, "p", 300)
	if err := db.Backup(copied); err != nil {
		t.Fatal(err)
	}
	if r, err := Check(copied); err != nil || r.Records != 300 || !strings.Contains(r.String(), "no problems") {
		t.Errorf("%v\n%s", err, r)
	}
	fill(t, db, "p", 350)
	var write *WriteError
	if err := db.Backup(filepath.Join(dir, fileName)); !errors.As(err, &write) {
		t.Errorf("a backup onto itself: %v", err)
	}
	if err := db.Backup(filepath.Join(dir, "no", "such", "folder")); !errors.As(err, &write) {
		t.Errorf("a backup to nowhere: %v", err)
	}
	shut(t, db)

	kept, err := Restore(dir, copied)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := Check(kept); err != nil || r.Records != 350 {
		t.Errorf("what was there: %v\n%s", err, r)
	}
	db = open(t, dir)
	view(t, db, func(tx *Tx) error {
		if last := tx.Last("p"); last != 300 {
			t.Errorf("restored to %d", last)
		}
		return nil
	})
	if _, err := Restore(dir, copied); !isLocked(err) {
		t.Errorf("restored under a running host: %v", err)
	}

	elsewhere := filepath.Join(t.TempDir(), "new")
	if kept, err := Restore(elsewhere, copied); err != nil || kept != "" {
		t.Errorf("restore to a new folder: %q, %v", kept, err)
	}
	open(t, elsewhere)
}

func isLocked(err error) bool {
	var locked *LockedError
	return errors.As(err, &locked) && locked.PID == os.Getpid()
}

func TestRestoreRefusesDamage(t *testing.T) {
	dir := furnished(t, false)
	before := hashOf(t, filepath.Join(dir, fileName))
	bad := filepath.Join(t.TempDir(), "bad.db")
	if err := copyFile(filepath.Join(dir, fileName), bad); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(bad, 20000); err != nil {
		t.Fatal(err)
	}
	var damage *DamagedError
	if _, err := Restore(dir, bad); !errors.As(err, &damage) || !strings.Contains(err.Error(), "nothing was changed") {
		t.Error(err)
	}
	if _, err := Restore(dir, bad+".none"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if hashOf(t, filepath.Join(dir, fileName)) != before {
		t.Error("the database was changed")
	}
}

func TestKeep(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	for i := range 4 {
		fill(t, db, "p", party.Seq(10*(i+1)))
		if !db.Changed() {
			t.Error("a change was not seen")
		}
		if err := db.Keep(); err != nil {
			t.Fatal(err)
		}
		if db.Changed() {
			t.Error("a copy was made, and is called old")
		}
	}
	update(t, db, func(tx *Tx) error { return tx.PutMeta("pulse", []byte("now")) })
	if db.Changed() {
		t.Error("a sign of life is no change")
	}
	paths := copies(dir)
	if len(paths) != 2 || filepath.Base(paths[0]) != "party-00000004.db" || filepath.Base(paths[1]) != "party-00000003.db" {
		t.Fatalf("kept %v", paths)
	}
	for i, want := range []int{40, 30} {
		if r, err := Check(paths[i]); err != nil || r.Records != want {
			t.Errorf("%v\n%s", err, r)
		}
	}
	shut(t, db)
	db = open(t, dir)
	update(t, db, func(tx *Tx) error { return tx.PutAccount(party.Account{ID: "ann"}) })
	if !db.Changed() {
		t.Error("a change was not seen")
	}
}

func TestCheckFinds(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Tx) error
		want  string
	}{
		"pass of nobody": {func(tx *Tx) error { return tx.PutPass([32]byte{9}, party.Pass{Member: "eve"}) }, `no account "eve"`},
		"current":        {func(tx *Tx) error { return tx.SetCurrent("gone") }, `no party "gone"`},
		"nonce":          {func(tx *Tx) error { return tx.PutNonce("p", "ann", "x", 99) }, "not there"},
		"gap":            {func(tx *Tx) error { return tx.sub(inLog, "p").Delete(seqKey(party.Seq(7))) }, "no records between 6 and 8"},
		"short end":      {func(tx *Tx) error { return tx.sub(inLog, "p").Delete(seqKey(party.Seq(20))) }, "ends at record 19 instead of 20"},
		"beginning":      {func(tx *Tx) error { return tx.sub(inLog, "p").Delete(seqKey(party.Seq(1))) }, "does not fit its snapshot at 0"},
		"snapshot": {func(tx *Tx) error {
			return tx.putSnapshot(&party.State{ID: "p", Seq: 9, Name: "Another"})
		}, "differs from its records"},
		"other record": {func(tx *Tx) error {
			return tx.write(tx.sub(inLog, "p"), "log/p", seqKey(party.Seq(4)), lines(t, "p", 5, 5)[0].Bytes())
		}, "says that it is record 5"},
		"stranger": {func(tx *Tx) error { return tx.write(tx.top(inParty), inParty, []byte("q"), []byte(`{"id":"x"}`)) }, "cannot be read"},
		"moved": {func(tx *Tx) error {
			return tx.sub(inLog, "p").Put(seqKey(party.Seq(4)), tx.sub(inLog, "p").Get(seqKey(party.Seq(5))))
		}, "record 4 of log/p does not match its checksum"},
		"bucket": {func(tx *Tx) error { _, err := tx.bolt.CreateBucket([]byte("alien")); return err }, "alien"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			db, err := Open(dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			fill(t, db, "p", 20)
			update(t, db, c.spoil)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			r, err := Check(filepath.Join(dir, fileName))
			var damage *DamagedError
			if !errors.As(err, &damage) || r.OK() || !strings.Contains(strings.Join(r.Problems, "\n"), c.want) {
				t.Errorf("want %q, got %v: %q", c.want, err, r.Problems)
			}
		})
	}
}
