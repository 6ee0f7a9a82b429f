package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"watchparty/node/party"
)

// TestErased: a line that was deleted is in no record, in no snapshot, in no copy made after, and once the file is closed in no
// page of it; and what stands in its place passes the check.
func TestErased(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := time.UnixMilli(1_700_000_000_000)
	var recs []party.Record
	add := func(e party.Event) party.Record {
		r, err := party.NewRecord(party.Seq(len(recs)+1), at, "g", "", e)
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, r)
		return r
	}
	add(party.Opened{ID: "p", Name: "Friday"})
	for range 60 {
		add(party.Said{Text: "an ordinary line, which stays"})
	}
	secret := add(party.Said{Text: "xyzzy is my address"})
	add(party.Said{Text: "xyzzy once more"})
	update := func(fn func(*Tx) error) {
		t.Helper()
		if err := db.Update(fn); err != nil {
			t.Fatal(err)
		}
	}
	update(func(tx *Tx) error { return tx.Append("p", recs) })
	update(func(tx *Tx) error {
		s, err := tx.Fold("p")
		return errors.Join(err, tx.PutSnapshot(s))
	})
	before := filepath.Join(t.TempDir(), "before.db")
	if err := db.Backup(before); err != nil {
		t.Fatal(err)
	}
	first := len(recs)
	add(party.Erased{Line: secret.Seq, Member: "g"})
	add(party.Erased{Line: secret.Seq + 1, Member: "g"})
	update(func(tx *Tx) error { return tx.Append("p", recs[first:]) })
	if r, err := Check(filepath.Join(dir, fileName)); err == nil || len(r.Problems) != 2 {
		t.Errorf("the check does not see what is still there: %v", r)
	}
	update(func(tx *Tx) error { return tx.Erase("p", recs[first:]) })
	after := filepath.Join(t.TempDir(), "after.db")
	if err := db.Backup(after); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	contains(t, map[string]bool{before: true, after: false, filepath.Join(dir, fileName): false})
	if db, err = Open(dir, Options{}); err != nil { // and it can be written on
		t.Fatal(err)
	}
	defer db.Close()
	next := add(party.Said{Text: "on it goes"})
	update(func(tx *Tx) error { return tx.Append("p", []party.Record{next}) })
}

// contains looks whether the bytes of files hold the deleted line, and that they are sound.
func contains(t *testing.T, files map[string]bool) {
	t.Helper()
	for path, want := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("xyzzy")) != want {
			t.Errorf("%s: the deleted line is in it: %v", path, !want)
		}
		if _, err := Check(path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}
