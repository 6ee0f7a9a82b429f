package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/node/party"
)

// spoil gives fn the file's image and bytes to change, and writes them back.
func spoil(t *testing.T, dir string, fn func(im *image, b []byte)) {
	t.Helper()
	path := filepath.Join(dir, fileName)
	b, errRead := os.ReadFile(path)
	f, errOpen := os.Open(path)
	if err := errors.Join(errRead, errOpen); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	im, err := readImage(f)
	if err != nil {
		t.Fatal(err)
	}
	fn(im, b)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// newestMeta is where the newer of the two beginnings is: they take turns.
func newestMeta(im *image, b []byte) []byte {
	return b[int64(im.metas[0].txid%2)*im.pageSize:][:im.pageSize]
}

// Without any copy, these lose nothing.
func TestSalvageLosesNothing(t *testing.T) {
	for name, fn := range map[string]func(im *image, b []byte){
		"checksum of the newest beginning": func(im *image, b []byte) { newestMeta(im, b)[pageHead+56] ^= 1 },
		"list of free pages":               func(im *image, b []byte) { clear(b[int64(im.metas[0].freelist)*im.pageSize:][:im.pageSize]) },
		"a page both free and in use": func(im *image, b []byte) {
			p := b[int64(im.metas[0].freelist)*im.pageSize:]
			order.PutUint64(p[pageHead:], im.metas[0].root)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := furnished(t, false)
			db := open(t, dir)
			update(t, db, func(tx *Tx) error { return tx.PutAccount(party.Account{ID: "last-minute"}) })
			shut(t, db)
			spoil(t, dir, fn)
			db = open(t, dir)
			if !strings.Contains(db.Salvaged(), "nothing was lost") {
				t.Error(db.Salvaged())
			}
			view(t, db, func(tx *Tx) error {
				if _, ok, err := tx.Account("last-minute"); !ok || err != nil {
					t.Error("the last commit is lost")
				}
				return nil
			})
			if n := holdsOnlyTruth(t, db); n != damagedRecords {
				t.Errorf("%d records", n)
			}
		})
	}
}

// Records are found on their pages when nothing leads to them any more.
func TestSalvageGathersRecords(t *testing.T) {
	for name, fn := range map[string]func(im *image, b []byte){
		"newest beginning": func(im *image, b []byte) { clear(newestMeta(im, b)) },
		"all branches": func(im *image, b []byte) {
			for at := 2 * im.pageSize; at < int64(len(b)); at += im.pageSize {
				if order.Uint16(b[at+8:]) == flagBranch {
					clear(b[at:][:im.pageSize])
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := furnished(t, false)
			spoil(t, dir, fn)
			db := open(t, dir)
			if n := holdsOnlyTruth(t, db); n != damagedRecords {
				t.Errorf("%d records: %s", n, db.Salvaged())
			}
			if s := db.Salvaged(); strings.Contains(s, "could not be kept") || !strings.Contains(s, "few minutes old") {
				t.Error(s)
			}
		})
	}
}

func TestBestRun(t *testing.T) {
	for _, c := range []struct {
		runs []span
		snap party.Seq
		want span
	}{
		{nil, 0, span{}},
		{nil, 9, span{}},
		{[]span{{1, 5}}, 0, span{1, 5}},
		{[]span{{1, 5}, {7, 9}}, 0, span{1, 5}},
		{[]span{{1, 5}, {7, 9}}, 6, span{7, 9}},
		{[]span{{1, 5}, {7, 9}}, 8, span{7, 9}},
		{[]span{{1, 5}, {7, 9}}, 3, span{1, 5}},
		{[]span{{1, 5}, {7, 9}}, 20, span{}}, // the snapshot leads further
		{[]span{{4, 9}}, 0, span{}},
		{[]span{{4, 9}}, 3, span{4, 9}},
	} {
		if got := bestRun(c.runs, c.snap); got != c.want {
			t.Errorf("%v with a snapshot at %d: %v, want %v", c.runs, c.snap, got, c.want)
		}
	}
}
