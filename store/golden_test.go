package store

import (
	"flag"
	"fmt"
	"path/filepath"
	"testing"

	"watchparty/node/party"
)

var golden = flag.Bool("golden", false, "write testdata for a new format")

// TestWriteGolden writes the file of the present format, once, for TestOldFiles. One
// that exists is never replaced.
func TestWriteGolden(t *testing.T) {
	path := filepath.Join("testdata", fmt.Sprintf("v%d.db", Format))
	if !*golden || exists(path) {
		return // only a new format writes a file, with -golden
	}
	db := open(t, t.TempDir())
	fill(t, db, "p", 8)
	update(t, db, func(tx *Tx) error {
		s, err := tx.Fold("p")
		if err != nil {
			return err
		}
		return tx.PutSnapshot(s)
	})
	fill(t, db, "p", 12)
	update(t, db, func(tx *Tx) error {
		for _, err := range []error{
			tx.PutAccount(party.Account{ID: "ann", Name: "Ann", Role: party.Moderator, Region: "FR"}),
			tx.PutPass([32]byte{1}, party.Pass{Member: "ann"}),
			tx.PutInvitation([32]byte{2}, party.Invitation{Uses: 3}),
			tx.PutNonce("p", "ann", "12", 12), tx.SetCurrent("p"),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := db.Backup(path); err != nil {
		t.Fatal(err)
	}
}
