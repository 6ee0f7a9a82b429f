package room

import "watchparty/node/party"

// forget takes lines that were deleted out of the tail, as the store has out of the log.
func (r *Room) forget(recs []party.Record) {
	for _, rec := range recs {
		if line := rec.Erases(); line > 0 {
			r.records.change(uint64(line), func(old party.Record) party.Record {
				if bare, ok, err := old.Without(); err == nil && ok {
					return bare
				}
				return old
			})
		}
	}
}
