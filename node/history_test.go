package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"watchparty/node/party"
	"watchparty/store"
)

// fill opens a database with a party of n records; from is the first that is left
// of its log, the rest being a snapshot.
func fill(t *testing.T, n, from party.Seq) Archive {
	t.Helper()
	db, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	state := &party.State{}
	err = db.Update(func(tx *store.Tx) error {
		for seq := party.Seq(1); seq <= n; seq++ {
			var e party.Event = party.Said{Text: fmt.Sprint(seq)}
			if seq == 1 {
				e = party.Opened{ID: "p", Name: "P"}
			}
			r, err := party.NewRecord(seq, time.UnixMilli(int64(seq)), "", "", e)
			if err != nil {
				return err
			}
			if seq == from && from > 1 {
				if err := tx.SeedLog(state.Snapshot()); err != nil {
					return err
				}
			}
			state.Apply(r)
			if seq >= from {
				if err := tx.Append("p", []party.Record{r}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return Archive{DB: db}
}

// TestArchiveReadsWholeLogs reads logs chapter by chapter, also one that begins late.
func TestArchiveReadsWholeLogs(t *testing.T) {
	for _, c := range []struct{ n, from party.Seq }{
		{3, 1}, {chapterRecords, 1}, {chapterRecords + 1, 1}, {2*chapterRecords + 7, 1}, {10, 8}, {10, 10},
	} {
		t.Run(fmt.Sprintf("%d from %d", c.n, c.from), func(t *testing.T) {
			a := fill(t, c.n, c.from)
			next := c.from
			for after := party.Seq(0); ; after = next - 1 {
				chapter, err := a.Chapter("p", after)
				if err != nil {
					t.Fatal(err)
				}
				if chapter.Party.Records != c.n || chapter.Party.Name != "P" {
					t.Fatalf("party %+v", chapter.Party)
				}
				if len(chapter.Records) == 0 {
					break
				}
				for _, raw := range chapter.Records {
					var r struct{ Seq party.Seq }
					if err := json.Unmarshal(raw, &r); err != nil || r.Seq != next {
						t.Fatalf("record %d where %d is next (%v)", r.Seq, next, err)
					}
					next++
				}
			}
			if next != c.n+1 {
				t.Errorf("read up to %d of %d", next-1, c.n)
			}
		})
	}
}

func TestArchiveRefusesUnknown(t *testing.T) {
	_, err := fill(t, 1, 1).Chapter("q", 0)
	var refusal *party.Refusal
	if !errors.As(err, &refusal) || refusal.Code != "WP-UNKNOWN" {
		t.Errorf("got %v", err)
	}
}
