package room

import (
	"watchparty/node/party"
	"watchparty/store"
)

// bank answers from the transaction that spends: what was spent before in it is gone.
type bank struct{ tx *store.Tx }

// Balance is Bank's.
func (b bank) Balance(id party.MemberID) (bits int64, known bool) {
	a, known, err := b.tx.Account(id)
	if err != nil || !known {
		return 0, false
	}
	return a.Bits, true
}
