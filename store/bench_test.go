package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"watchparty/node/party"
)

func BenchmarkCommit(b *testing.B) {
	for _, n := range []party.Seq{1, 64} {
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			db := open(b, b.TempDir())
			recs := lines(b, "p", 1, party.Seq(b.N)*n)
			b.ResetTimer()
			for i := range party.Seq(b.N) {
				update(b, db, func(tx *Tx) error { return tx.Append("p", recs[i*n:(i+1)*n]) })
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
			b.StopTimer()
		})
	}
}

const benchRecords = 100_000

// long is a database with one long party, closed.
func long(b *testing.B) (dir string) {
	b.Helper()
	dir = b.TempDir()
	db := open(b, dir)
	for from := party.Seq(1); from < benchRecords; from += 5000 {
		update(b, db, func(tx *Tx) error { return tx.Append("p", lines(b, "p", from, from+4999)) })
	}
	shut(b, db)
	return dir
}

func BenchmarkOpen(b *testing.B) {
	dir := long(b)
	info, err := os.Stat(filepath.Join(dir, fileName))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	for b.Loop() {
		db, err := Open(dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		_ = db.Close()
	}
}

func BenchmarkCheck(b *testing.B) {
	path := filepath.Join(long(b), fileName)
	for b.Loop() {
		if _, err := Check(path); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	db := open(b, long(b))
	for b.Loop() {
		view(b, db, func(tx *Tx) error { _, err := tx.Fold("p"); return err })
	}
	b.StopTimer()
}

func BenchmarkRecords(b *testing.B) {
	db := open(b, long(b))
	for i := 0; b.Loop(); i++ {
		view(b, db, func(tx *Tx) error {
			_, err := tx.Records("p", party.Seq(i*256%(benchRecords-256)), 256)
			return err
		})
	}
	b.StopTimer()
}
