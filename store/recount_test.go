package store

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"watchparty/node/party"
)

// spending is a party at which Bits go round: two come, and from then on one is granted some, cheers, and subscribes.
func spending(t *testing.T, n party.Seq) (recs []party.Record) {
	t.Helper()
	for seq := party.Seq(1); seq <= n; seq++ {
		at := start.Add(time.Duration(seq) * time.Second)
		by, e := party.MemberID("ann"), party.Event(party.Said{Text: "Cheer100 bravo, about as long as a line is", Bits: 100})
		switch {
		case seq == 1:
			by, e = party.House, party.Opened{ID: "big", Name: "Evening big"}
		case seq == 2:
			by, e = party.House, party.Joined{ID: party.HostID, Name: "Host", Role: party.Host}
		case seq == 3:
			by, e = party.House, party.Joined{ID: "ann", Name: "Ann"}
		case seq%10 == 4:
			by, e = party.HostID, party.Credited{Member: "ann", Bits: 2000}
		case seq%10 == 5:
			e = party.Subscribed{Months: int(seq / 10), Until: at.AddDate(0, 1, 0).UnixMilli(), Price: 500}
		}
		r, err := party.NewRecord(seq, at, by, party.Nonce(fmt.Sprint(seq)), e)
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, r)
	}
	return recs
}

// rich is a data folder with such a party, its purses with it.
func rich(t *testing.T, kept bool) string {
	t.Helper()
	dir := t.TempDir()
	db := open(t, dir)
	recs := spending(t, 400)
	for i, part := range slices.Collect(slices.Chunk(recs, 50)) {
		update(t, db, func(tx *Tx) error {
			err := errors.Join(tx.Append("big", part), tx.SetCurrent("big"))
			for _, r := range part {
				err = errors.Join(err, tx.Enter(r))
			}
			return err
		})
		if kept && i == 5 {
			if err := db.Keep(); err != nil {
				t.Fatal(err)
			}
		}
	}
	shut(t, db)
	return dir
}

// TestSalvageRecounts: whatever is lost, what people hold afterwards is the sum of the entries that are left, and the check
// says so.
func TestSalvageRecounts(t *testing.T) {
	with, without := rich(t, true), rich(t, false)
	less := 0 // times that records were lost and the rest recounted
	for i, name := range slices.Repeat(slices.Sorted(maps.Keys(mutations)), recounts) {
		from := with
		if i%2 == 1 {
			from = without
		}
		t.Run(fmt.Sprintf("%s %d", name, i), func(t *testing.T) {
			dir := duplicate(t, from)
			path := filepath.Join(dir, fileName)
			b, err := os.ReadFile(path)
			if err == nil {
				err = os.WriteFile(path, mutations[name](b, rand.New(rand.NewPCG(uint64(i), 11))), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			db, err := Open(dir, Options{})
			var damage *DamagedError
			if errors.As(err, &damage) {
				return // nothing is left
			}
			if err != nil {
				t.Fatal(err)
			}
			if n := addsUp(t, db); n > 0 && n < 400 {
				less++
			}
			shut(t, db)
			if r, err := Check(path); err != nil {
				t.Errorf("%v\n%s", err, r)
			}
		})
	}
	if less == 0 {
		t.Error("no damage took only some of the records")
	}
}

// recounts is how often each kind of damage is done; make test-long does more.
var recounts = 3

// addsUp holds the purses against the records, and says how many of them there are.
func addsUp(t *testing.T, db *DB) (n int) {
	t.Helper()
	view(t, db, func(tx *Tx) error {
		recs, err := tx.Records("big", 0, 400)
		if errors.Is(err, ErrGone) {
			return nil // the beginning is lost: what was found of the purses stays
		}
		sums := map[party.MemberID]party.Purse{"ann": {}, party.HostID: {}}
		for _, r := range recs {
			for _, e := range r.Entries() {
				sums[e.Member] = sums[e.Member].Plus(e.Purse)
			}
		}
		for id, sum := range sums {
			if has := tx.Purse(id); has != sum {
				t.Errorf("after %d records %s holds %+v, and they add up to %+v", len(recs), id, has, sum)
			}
		}
		n = len(recs)
		return err
	})
	return n
}
