package room

import (
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

// keyTariff is where the house keeps what the next party begins with about Bits.
const keyTariff = "tariff"
