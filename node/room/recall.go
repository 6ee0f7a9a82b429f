package room

import (
	"watchparty/node/party"
	"watchparty/store"
)

// past knows the evenings of the house.
func (l *Local) past(tx *store.Tx) func(party.ID) (string, int64, bool) {
	return func(id party.ID) (string, int64, bool) {
		info, ok := tx.Party(id)
		return info.Name, info.Opened, ok
	}
}
