package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/node/party"
)

// open opens a database that is checked when the test is over.
func open(t testing.TB, dir string) *DB {
	t.Helper()
	db, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, db) })
	return db
}

// shut closes a database, once, and checks its file.
func shut(t testing.TB, db *DB) {
	t.Helper()
	if db.bolt == nil {
		return
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	db.bolt, db.lock = nil, nil
	if r, err := Check(db.path()); err != nil {
		t.Errorf("%v\n%s", err, r)
	}
}

func update(t testing.TB, db *DB, fn func(*Tx) error) {
	t.Helper()
	if err := db.Update(fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, db *DB, fn func(*Tx) error) {
	t.Helper()
	if err := db.View(fn); err != nil {
		t.Fatal(err)
	}
}

var start = time.UnixMilli(1_790_000_000_000)

// lines makes records: the party's opening at 1, and chat lines.
func lines(t testing.TB, id party.ID, from, to party.Seq) []party.Record {
	t.Helper()
	var recs []party.Record
	for seq := from; seq <= to; seq++ {
		var e party.Event = party.Said{Text: fmt.Sprintf("line %d of %s, about as long as a line is", seq, id)}
		if seq == 1 {
			e = party.Opened{ID: id, Name: "Evening " + string(id)}
		}
		r, err := party.NewRecord(seq, start.Add(time.Duration(seq)*time.Second), "ann", party.Nonce(fmt.Sprint(seq)), e)
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, r)
	}
	return recs
}

// fill gives a party records up to n, in transactions of 50.
func fill(t testing.TB, db *DB, id party.ID, n party.Seq) {
	t.Helper()
	for done := false; !done; {
		update(t, db, func(tx *Tx) error {
			last := tx.Last(id)
			to := min(last+50, n)
			done = to == n
			return tx.Append(id, lines(t, id, last+1, to))
		})
	}
}

func TestLog(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "p", 120)
	view(t, db, func(tx *Tx) error {
		for _, c := range []struct {
			after       party.Seq
			limit       int
			first, last party.Seq
		}{{0, 10, 1, 10}, {0, 1000, 1, 120}, {119, 5, 120, 120}, {120, 5, 0, 0}, {500, 5, 0, 0}, {3, 0, 0, 0}} {
			recs, err := tx.Records("p", c.after, c.limit)
			if err != nil {
				t.Errorf("after %d: %v", c.after, err)
				continue
			}
			var first, last party.Seq
			if len(recs) > 0 {
				first, last = recs[0].Seq, recs[len(recs)-1].Seq
			}
			if first != c.first || last != c.last {
				t.Errorf("after %d, limit %d: %d to %d, want %d to %d", c.after, c.limit, first, last, c.first, c.last)
			}
		}
		if recs, err := tx.Records("nobody", 0, 10); err != nil || recs != nil {
			t.Errorf("an unknown party has records %v, %v", recs, err)
		}
		return nil
	})
}

func TestRecordsAreTheBytesThatWereWritten(t *testing.T) {
	db := open(t, t.TempDir())
	want := lines(t, "p", 1, 3)
	update(t, db, func(tx *Tx) error { return tx.Append("p", want) })
	var got []party.Record
	view(t, db, func(tx *Tx) (err error) { got, err = tx.Records("p", 0, 10); return err })
	fill(t, db, "p", 400) // the pages read from have been written over
	for i := range want {
		if string(got[i].Bytes()) != string(want[i].Bytes()) {
			t.Errorf("record %d: %s, want %s", i, got[i].Bytes(), want[i].Bytes())
		}
	}
}

func TestRecordsAreBoundedInBytes(t *testing.T) {
	db := open(t, t.TempDir())
	update(t, db, func(tx *Tx) error {
		for seq := party.Seq(1); seq <= 100; seq++ {
			r, err := party.NewRecord(seq, start, "ann", "", party.Said{Text: strings.Repeat("x", 30<<10)})
			if err != nil {
				return err
			}
			if err := tx.Append("p", []party.Record{r}); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, db, func(tx *Tx) error {
		recs, err := tx.Records("p", 0, 1000)
		if len(recs) < 30 || len(recs) > 40 {
			t.Errorf("%d records of 30 KiB at once", len(recs))
		}
		return err
	})
}

func TestAppendRefuses(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "p", 5)
	long, err := party.NewRecord(6, start, "ann", "", party.Said{Text: strings.Repeat("x", party.MaxRecord)})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		id   party.ID
		recs []party.Record
		want string
	}{
		"again":      {"p", lines(t, "p", 5, 5), "record 5 where 6 is next"},
		"gap":        {"p", lines(t, "p", 7, 8), "record 7 where 6 is next"},
		"gap inside": {"p", append(lines(t, "p", 6, 6), lines(t, "p", 8, 8)...), "record 8 where 7 is next"},
		"no bytes":   {"p", []party.Record{{Seq: 6}}, "0 bytes"},
		"too long":   {"p", []party.Record{long}, "limit"},
		"no party":   {"", lines(t, "", 1, 1), "1 to 64 bytes"},
		"long party": {party.ID(strings.Repeat("p", 65)), lines(t, "p", 1, 1), "1 to 64 bytes"},
	} {
		err := db.Update(func(tx *Tx) error { return tx.Append(c.id, c.recs) })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
	view(t, db, func(tx *Tx) error {
		if last := tx.Last("p"); last != 5 {
			t.Errorf("refused records moved the end to %d", last)
		}
		return nil
	})
}

func TestFold(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "p", 250)
	var whole, again *party.State
	view(t, db, func(tx *Tx) (err error) { whole, err = tx.Fold("p"); return err })
	if whole.Seq != 250 || whole.Name != "Evening p" || len(whole.Messages) != 200 {
		t.Fatalf("folded to %d, %q, %d messages", whole.Seq, whole.Name, len(whole.Messages))
	}
	update(t, db, func(tx *Tx) error { return tx.PutSnapshot(whole.Snapshot()) })
	view(t, db, func(tx *Tx) (err error) { again, err = tx.Fold("p"); return err })
	if !equalJSON(whole, again) {
		t.Error("the fold from the snapshot differs")
	}
	fill(t, db, "p", 260)
	view(t, db, func(tx *Tx) (err error) { again, err = tx.Fold("p"); return err })
	if again.Seq != 260 || again.Messages[199].Text != "line 260 of p, about as long as a line is" {
		t.Errorf("the fold after the snapshot: %d, %q", again.Seq, again.Messages[199].Text)
	}
	whole.Seq = 9999
	if err := db.Update(func(tx *Tx) error { return tx.PutSnapshot(whole) }); err == nil {
		t.Error("a snapshot from beyond the log was kept")
	}
	view(t, db, func(tx *Tx) error {
		s, err := tx.Fold("new")
		if err != nil || s.Seq != 0 {
			t.Errorf("a new party folds to %d, %v", s.Seq, err)
		}
		return nil
	})
}

func TestSeedLog(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "p", 30)
	seed := &party.State{ID: "p", Name: "From the host", Seq: 500, Opened: 7}
	update(t, db, func(tx *Tx) error { return tx.SeedLog(seed) })
	view(t, db, func(tx *Tx) error {
		if _, err := tx.Records("p", 499, 10); !errors.Is(err, ErrGone) {
			t.Errorf("what was never here: %v", err)
		}
		return nil
	})
	update(t, db, func(tx *Tx) error { return tx.Append("p", lines(t, "p", 501, 503)) })
	view(t, db, func(tx *Tx) error {
		for after, want := range map[party.Seq]error{0: ErrGone, 20: ErrGone, 499: ErrGone, 500: nil, 502: nil} {
			if _, err := tx.Records("p", after, 10); !errors.Is(err, want) {
				t.Errorf("records after %d: %v, want %v", after, err, want)
			}
		}
		s, err := tx.Fold("p")
		if err != nil || s.Seq != 503 || s.Name != "From the host" {
			t.Errorf("folded to %d, %q, %v", s.Seq, s.Name, err)
		}
		return nil
	})
}

func TestParties(t *testing.T) {
	db := open(t, t.TempDir())
	for i, id := range []party.ID{"a", "b", "c"} {
		r, err := party.NewRecord(1, start.Add(time.Duration(i)*time.Hour), "", "", party.Opened{ID: id, Name: "N" + string(id)})
		if err != nil {
			t.Fatal(err)
		}
		end, err := party.NewRecord(2, start.Add(9*time.Hour), "", "", party.Ended{})
		if err != nil {
			t.Fatal(err)
		}
		update(t, db, func(tx *Tx) error { return tx.Append(id, []party.Record{r, end}[:1+i%2]) })
	}
	update(t, db, func(tx *Tx) error { return tx.SetCurrent("c") })
	view(t, db, func(tx *Tx) error {
		all, err := tx.Parties()
		var got []string
		for _, p := range all {
			got = append(got, fmt.Sprint(p.ID, p.Name, p.Seq, p.Ended > p.Opened))
		}
		if want := "[cNc1false bNb2true aNa1false]"; strings.ReplaceAll(fmt.Sprint(got), " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("%v, want %v", got, want)
		}
		if id, ok := tx.Current(); id != "c" || !ok {
			t.Errorf("current is %q, %v", id, ok)
		}
		return err
	})
	update(t, db, func(tx *Tx) error { return tx.SetCurrent("") })
	view(t, db, func(tx *Tx) error {
		if id, ok := tx.Current(); ok {
			t.Errorf("current is still %q", id)
		}
		return nil
	})
}

func TestNonce(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "p", 7)
	update(t, db, func(tx *Tx) error {
		if err := tx.PutNonce("p", "ann", "", 7); err == nil {
			t.Error("a nonce that is none was kept")
		}
		return tx.PutNonce("p", "ann", "n1", 7)
	})
	view(t, db, func(tx *Tx) error {
		for _, c := range []struct {
			id   party.ID
			by   party.MemberID
			n    party.Nonce
			want party.Seq
		}{{"p", "ann", "n1", 7}, {"p", "ann", "n2", 0}, {"p", "bob", "n1", 0}, {"q", "ann", "n1", 0}, {"", "ann", "n1", 0}} {
			if seq, ok := tx.Nonce(c.id, c.by, c.n); seq != c.want || ok != (c.want > 0) {
				t.Errorf("%v: %d, %v", c, seq, ok)
			}
		}
		return nil
	})
}

func TestUpdateUndoesOnError(t *testing.T) {
	db := open(t, t.TempDir())
	oops := errors.New("oops")
	err := db.Update(func(tx *Tx) error { return errors.Join(tx.Append("p", lines(t, "p", 1, 2)), oops) })
	if !errors.Is(err, oops) {
		t.Fatal(err)
	}
	view(t, db, func(tx *Tx) error {
		if last := tx.Last("p"); last != 0 {
			t.Errorf("%d records of a failed update", last)
		}
		return nil
	})
}

func TestDamagedValueIsNeverHandedOut(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "p", 3)
	spoil := func(tx *Tx, top string, key []byte, at int) error {
		v := append([]byte(nil), tx.top(top).Get(key)...)
		v[at] ^= 4
		return tx.top(top).Put(key, v)
	}
	rollback := errors.New("undo")
	for name, fn := range map[string]func(*Tx) error{
		"record": func(tx *Tx) error {
			b := tx.sub(inLog, "p")
			v := append([]byte(nil), b.Get(seqKey(party.Seq(2)))...)
			v[20] ^= 1
			if err := b.Put(seqKey(party.Seq(2)), v); err != nil {
				return err
			}
			_, err := tx.Fold("p")
			return err
		},
		"last": func(tx *Tx) error {
			if err := spoil(tx, inParty, []byte("p"), 9); err != nil {
				return err
			}
			if tx.Last("p") != 0 {
				t.Error("a damaged end was handed out")
			}
			return tx.err
		},
		"meta": func(tx *Tx) error {
			if err := spoil(tx, inMeta, []byte(keyFormat), 8); err != nil {
				return err
			}
			tx.Meta(keyFormat)
			return tx.err
		},
	} {
		var damage *DamagedError
		if err := db.Update(func(tx *Tx) error {
			if err := fn(tx); !errors.As(err, &damage) {
				t.Errorf("%s: %v", name, err)
			}
			return rollback
		}); !errors.Is(err, rollback) {
			t.Error(err)
		}
	}
}

func TestFilesArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "deep")
	db := open(t, dir)
	fill(t, db, "p", 1)
	if err := db.Keep(); err != nil {
		t.Fatal(err)
	}
	want := map[string]os.FileMode{".": 0o700, "party.db": 0o600, "pid": 0o600, "installed": 0o600, "backup": 0o700, "backup/party-00000001.db": 0o600}
	for name, mode := range want {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestNothingToWrite(t *testing.T) {
	db := open(t, t.TempDir())
	fill(t, db, "p", 3)
	file := func() string {
		b, err := os.ReadFile(db.path())
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	before := file()
	update(t, db, func(tx *Tx) error {
		if tx.Last("p") != 3 || tx.Append("p", nil) != nil {
			t.Error("not what was written")
		}
		return tx.DeletePass([32]byte{})
	})
	if file() != before {
		t.Error("the file has changed")
	}
	update(t, db, func(tx *Tx) error { return tx.PutMeta("seen", []byte("now")) })
	if file() == before {
		t.Error("a sign of life was not written")
	}
}
