package node

import (
	"fmt"

	"watchparty/store"
)

// hostKey is what auth keeps in each host's folder and in no other: its PIN.
const hostKey = "pin"

// notOf refuses a data folder that belongs to a node of the other kind. Its key,
// its passes and its parties would be those of two houses.
func notOf(db *store.DB, folder, key, whose string) error {
	return db.View(func(tx *store.Tx) error {
		if tx.Meta(key) == nil {
			return nil
		}
		return &UsageError{fmt.Sprintf("The folder %s belongs to %s: choose another with --data.", folder, whose)}
	})
}
