package store

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"watchparty/node/party"
)

const damagedRecords = 700

// furnished makes a data folder with a party of some pages, a small one, people,
// and, if asked, a copy in which the last records are not yet.
func furnished(t *testing.T, kept bool) string {
	t.Helper()
	dir := t.TempDir()
	db := open(t, dir)
	fill(t, db, "big", damagedRecords-60)
	fill(t, db, "small", 3)
	update(t, db, func(tx *Tx) error {
		s, err := tx.Fold("big")
		if err != nil {
			return err
		}
		for i := range 40 {
			id := party.MemberID(fmt.Sprintf("member-%d", i))
			err = errors.Join(err, tx.PutAccount(party.Account{ID: id, Name: "N"}), tx.PutPass(sha256.Sum256([]byte(id)), party.Pass{Member: id}))
		}
		return errors.Join(err, tx.PutSnapshot(s), tx.SetCurrent("big"), tx.PutMeta("key", []byte("secret")),
			tx.PutNonce("big", "ann", "5", 5))
	})
	if kept {
		if err := db.Keep(); err != nil {
			t.Fatal(err)
		}
	}
	fill(t, db, "big", damagedRecords)
	shut(t, db)
	return dir
}

func duplicate(t *testing.T, from string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// mutations are the ways to spoil a file of 4 KiB pages.
var mutations = map[string]func(b []byte, random *rand.Rand) []byte{
	"zero page": func(b []byte, random *rand.Rand) []byte { clear(page(b, random)); return b },
	"junk page": func(b []byte, random *rand.Rand) []byte {
		p := page(b, random)
		for i := range p {
			p[i] = byte(random.Uint32())
		}
		return b
	},
	"swapped page": func(b []byte, random *rand.Rand) []byte { copy(page(b, random), page(b, random)); return b },
	"truncated":    func(b []byte, random *rand.Rand) []byte { return b[:random.IntN(len(b))] },
	"one bit":      func(b []byte, random *rand.Rand) []byte { flip(b, random); return b },
	"many bits": func(b []byte, random *rand.Rand) []byte {
		for range 30 {
			flip(b, random)
		}
		return b
	},
	"page header": func(b []byte, random *rand.Rand) []byte { flip(page(b, random)[:pageHead], random); return b },
	"one meta":    func(b []byte, random *rand.Rand) []byte { clear(b[random.IntN(2)*4096:][:4096]); return b },
	"meta bit":    func(b []byte, random *rand.Rand) []byte { flip(b[random.IntN(2)*4096:][16:80], random); return b },
	"both metas":  func(b []byte, random *rand.Rand) []byte { clear(b[:8192]); return b },
	"empty":       func([]byte, *rand.Rand) []byte { return nil },
}

func page(b []byte, random *rand.Rand) []byte {
	n := random.IntN(len(b) / 4096)
	return b[n*4096:][:4096]
}

func flip(b []byte, random *rand.Rand) { b[random.IntN(len(b))] ^= 1 << random.IntN(8) }

// damages is how often a database is spoilt, and kills how often a process is killed; make test-long
// does more.
var damages, kills = 66, 40

func TestDamage(t *testing.T) {
	if os.Getpagesize() != 4096 {
		t.Log("the mutations are made for pages of 4 KiB: they hit other places here")
	}
	with, without := furnished(t, true), furnished(t, false)
	names := slices.Sorted(maps.Keys(mutations))
	told := map[string]int{}
	for i := range damages {
		name, from := names[i%len(names)], with
		if i/len(names)%2 == 1 {
			from = without
		}
		t.Run(fmt.Sprintf("%s %d", name, i), func(t *testing.T) {
			dir := duplicate(t, from)
			path := filepath.Join(dir, fileName)
			sound, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			spoilt := mutations[name](slices.Clone(sound), rand.New(rand.NewPCG(uint64(i), 7)))
			if err := os.WriteFile(path, spoilt, 0o600); err != nil {
				t.Fatal(err)
			}
			told[name+": "+survive(t, dir, spoilt, from == with)]++
		})
	}
	for _, what := range slices.Sorted(maps.Keys(told)) {
		t.Logf("%3d %s", told[what], what)
	}
}

// survive opens a spoilt database and says what came of it.
func survive(t *testing.T, dir string, spoilt []byte, kept bool) string {
	t.Helper()
	_, checked := Check(filepath.Join(dir, fileName)) // must live through anything
	db, err := Open(dir, Options{})
	var damage *DamagedError
	if errors.As(err, &damage) {
		if kept {
			t.Error("there was a copy to rebuild it from: ", err)
		}
		if now, err := os.ReadFile(filepath.Join(dir, fileName)); err != nil || string(now) != string(spoilt) {
			t.Error("the damaged file was changed")
		}
		return "refused"
	}
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, db)
	records := holdsOnlyTruth(t, db)
	if kept && records < damagedRecords-60 {
		t.Errorf("%d records, the copy has more: %s", records, db.Salvaged())
	}
	if db.Salvaged() == "" {
		if checked != nil {
			t.Errorf("opened as sound, but the check says: %v", checked)
		}
		if records != damagedRecords {
			t.Errorf("%d records gone without a word", damagedRecords-records)
		}
		return "no effect"
	}
	aside, err := filepath.Glob(filepath.Join(dir, "party.db.damaged-*"))
	if err != nil || len(aside) != 1 || !strings.Contains(db.Salvaged(), aside[0]) {
		t.Errorf("kept aside: %v; %s", aside, db.Salvaged())
	} else if now, err := os.ReadFile(aside[0]); err != nil || string(now) != string(spoilt) {
		t.Error("the damaged file was not kept as it was")
	}
	if records == damagedRecords {
		return "rebuilt, all records"
	}
	if strings.Contains(db.Salvaged(), "nothing was lost") {
		t.Errorf("%d records lost: %s", damagedRecords-records, db.Salvaged())
	}
	return "rebuilt, some records lost"
}

// holdsOnlyTruth compares everything in the database with what was written, and
// says how many records the big party has come to.
func holdsOnlyTruth(t *testing.T, db *DB) int {
	t.Helper()
	last := party.Seq(0)
	view(t, db, func(tx *Tx) error {
		s, err := tx.Fold("big")
		if err != nil {
			return err
		}
		last = tx.Last("big")
		if s.Seq != last || last > 0 && s.Name != "Evening big" {
			t.Errorf("folded to %d of %d, named %q", s.Seq, last, s.Name)
		}
		recs, err := tx.Records("big", 0, damagedRecords)
		if errors.Is(err, ErrGone) {
			err = nil
		}
		for i, want := range lines(t, "big", 1, party.Seq(len(recs))) {
			if string(recs[i].Bytes()) != string(want.Bytes()) {
				t.Errorf("record %d is %s", i+1, recs[i].Bytes())
			}
		}
		people, errPeople := tx.Accounts()
		for _, a := range people {
			if p, ok, err := tx.Pass(sha256.Sum256([]byte(a.ID))); err != nil || ok && p.Member != a.ID {
				t.Errorf("the pass of %q is %v, %v", a.ID, p, err)
			}
		}
		if key := tx.Meta("key"); key != nil && string(key) != "secret" {
			t.Errorf("the key is %q", key)
		}
		return errors.Join(err, errPeople)
	})
	// A rebuilt file is one to go on with.
	update(t, db, func(tx *Tx) error { return tx.Append("big", lines(t, "big", last+1, last+1)) })
	return int(last)
}

func TestMissingFile(t *testing.T) {
	for _, kept := range []bool{true, false} {
		dir := duplicate(t, furnished(t, kept))
		if err := os.Remove(filepath.Join(dir, fileName)); err != nil {
			t.Fatal(err)
		}
		db, err := Open(dir, Options{})
		var damage *DamagedError
		switch {
		case kept && err != nil:
			t.Error(err)
		case kept:
			if n := holdsOnlyTruth(t, db); n != damagedRecords-60 || !strings.Contains(db.Salvaged(), "what came later is lost") {
				t.Errorf("%d records: %s", n, db.Salvaged())
			}
			shut(t, db)
		case !errors.As(err, &damage) || exists(filepath.Join(dir, fileName)):
			t.Errorf("a missing file was taken for a first start: %v", err)
		}
	}
}

func TestDamagedCopyIsPassedOver(t *testing.T) {
	dir := furnished(t, true)
	db := open(t, dir)
	if err := db.Keep(); err != nil {
		t.Fatal(err)
	}
	shut(t, db)
	paths := copies(dir)
	if len(paths) != 2 {
		t.Fatal(paths)
	}
	if err := errors.Join(os.Truncate(paths[0], 100), os.Truncate(filepath.Join(dir, fileName), 0)); err != nil {
		t.Fatal(err)
	}
	if db, err := Open(dir, Options{}); err != nil {
		t.Error(err)
	} else {
		holdsOnlyTruth(t, db)
		shut(t, db)
	}
}

func TestDamagedDatabaseDoesNotReplaceCopies(t *testing.T) {
	dir := furnished(t, true)
	db, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(db.path(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := os.ReadFile(db.path())
	if err != nil {
		t.Fatal(err)
	}
	for at := range b { // spoil every chat line
		if at > 8192 && string(b[max(0, at-5):at]) == "line " {
			if _, err := f.WriteAt([]byte{'#'}, int64(at)); err != nil {
				t.Fatal(err)
			}
		}
	}
	var damage *DamagedError
	if err := db.Keep(); !errors.As(err, &damage) {
		t.Errorf("a damaged database was copied: %v", err)
	}
	if !db.Changed() || len(copies(dir)) != 1 {
		t.Errorf("changed %v, copies %v", db.Changed(), copies(dir))
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
