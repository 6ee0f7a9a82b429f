package room

import (
	"encoding/json"
	"fmt"

	"watchparty/node/party"
	"watchparty/store"
)

// bank answers from the transaction that spends: what was spent before in it is gone.
type bank struct{ tx *store.Tx }

// Account is Bank's.
func (b bank) Account(id party.MemberID) (a party.Account, known bool) {
	a, known, err := b.tx.Account(id)
	return a, known && err == nil
}

// keyTariff is where the house keeps what the next party begins with.
const keyTariff = "tariff"

func putTariff(tx *store.Tx, t party.Tariff) error {
	b, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write tariff: %w", err)
	}
	return tx.PutMeta(keyTariff, b)
}

// tariff is what the party before had set about Bits.
func (l *Local) tariff() (t party.Tariff, err error) {
	err = l.db.View(func(tx *store.Tx) error {
		if b := tx.Meta(keyTariff); b != nil {
			if err := json.Unmarshal(b, &t); err != nil {
				return fmt.Errorf("read tariff: %w", err)
			}
		}
		return nil
	})
	return t, err
}
