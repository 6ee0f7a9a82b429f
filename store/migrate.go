package store

import (
	"encoding/binary"
	"fmt"
	"log/slog"
)

// Format is the format that this program writes: one more than there are
// migrations.
const Format = 1

// A migration changes a file from one format to the next, inside a transaction.
type migration func(*Tx) error

// migrations leads from format i+1 to i+2. A change of what is stored, or of what
// a record means to the fold (then: delete the snapshots), is one function here.
var migrations = []migration{}

// keyFormat is where every format, for ever, says which it is: in bucket meta,
// sealed as value.go says, four bytes big-endian.
const keyFormat = "format"

func formatValue(format int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(format)) }

// migrate brings the file forward in one transaction, after keeping a copy of it:
// a crash leaves the old format or the new one whole.
func (db *DB) migrate(from int, steps []migration, log *slog.Logger) error {
	path := db.path()
	if err := copyFile(path, fmt.Sprintf("%s.v%d.bak", path, from)); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	err := db.Update(func(tx *Tx) error {
		for i := from - 1; i < len(steps); i++ {
			if err := steps[i](tx); err != nil {
				return fmt.Errorf("from format %d to %d: %w", i+1, i+2, err)
			}
		}
		return tx.PutMeta(keyFormat, formatValue(len(steps)+1))
	})
	if err != nil {
		return fmt.Errorf("migrate %s: %w", path, err)
	}
	log.Info("database migrated", "from", from, "to", len(steps)+1)
	return nil
}
