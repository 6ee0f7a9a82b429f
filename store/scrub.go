package store

import (
	"errors"
	"fmt"
	"os"
)

// bbolt leaves what a page said until it needs the page again. After a line was deleted, nothing must: what no tree leads to
// any more is overwritten: in each copy, and in the file itself when it is closed.

// keyScrub says that there is something to overwrite: "1" since a deletion, "2" once it was done in good order.
const keyScrub = "scrub"

// owed says whether a file has something to overwrite.
func (db *DB) owed() (owed bool) {
	_ = db.View(func(tx *Tx) error {
		owed = string(tx.Meta(keyScrub)) == "1"
		return nil
	})
	return owed
}

// settleScrub makes the transaction before the last one, too, one of after the deletion.
func (db *DB) settleScrub() error {
	return db.Update(func(tx *Tx) error { return tx.PutMeta(keyScrub, []byte("2")) })
}

// scrubFile overwrites what is left over in a database file that nobody has open.
func scrubFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return writeError(path, err)
	}
	return writeError(path, errors.Join(scrub(f), f.Close()))
}

// scrub overwrites with zeros the pages to which neither of the two trees leads. A file that is not sound is left as it is:
// what can be read of it may be needed.
func scrub(f *os.File) error {
	im, err := readImage(f)
	if err != nil {
		return err
	}
	used := make([]bool, im.pages())
	for _, m := range im.metas {
		var bad error
		w := im.walk(m, visitor{item: func(string, []byte, []byte) {}, bad: func(_, why string) { bad = errors.New(why) }})
		if _, err := w.claim(m.freelist); bad == nil {
			bad = err
		}
		if !m.sound || bad != nil {
			return fmt.Errorf("not overwritten: %w", errors.Join(bad, err))
		}
		for id, seen := range w.seen {
			used[id] = used[id] || seen
		}
	}
	zeros := make([]byte, im.pageSize)
	for id := 2; id < len(used); id++ {
		if used[id] {
			continue
		}
		if _, err := f.WriteAt(zeros, int64(id)*im.pageSize); err != nil {
			return err
		}
	}
	return f.Sync()
}
