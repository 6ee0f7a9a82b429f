package room

import (
	"encoding/json"
	"fmt"

	"watchparty/store"
)

// keep keeps what the next party begins with, in the house's own things.
func keep[T any](tx *store.Tx, key string, v T) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	return tx.PutMeta(key, b)
}

// kept is what the party before has left; where there is nothing, the zero value.
func kept[T any](db *store.DB, key string) (v T, err error) {
	err = db.View(func(tx *store.Tx) error {
		if b := tx.Meta(key); b != nil {
			if err := json.Unmarshal(b, &v); err != nil {
				return fmt.Errorf("read %s: %w", key, err)
			}
		}
		return nil
	})
	return v, err
}
