package room

import (
	"watchparty/node/party"
	"watchparty/store"
)

// keyRules is where the house keeps the rules that the next party begins with.
const keyRules = "rules"

// banish keeps a ban with the member's account, and their passes and devices out; or ends that.
func banish(tx *store.Tx, r party.Record, e party.Banned) error {
	if e.Off {
		return tx.Unban(e.Member)
	}
	return tx.Ban(e.Member, party.Banishment{At: r.At.UnixMilli(), By: r.By, Why: e.Why})
}
