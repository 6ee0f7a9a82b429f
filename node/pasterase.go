package node

import (
	"time"

	"watchparty/node/party"
	"watchparty/store"
)

// Erase deletes a line of a party that is over: its words go from the log, so that no replay, no export and no copy made later
// has them. That it was done, and by whom, is the last of its records.
func (a Archive) Erase(id party.ID, by party.MemberID, c party.Erase, now time.Time) error {
	return a.DB.Update(func(tx *store.Tx) error {
		if tx.Last(id) == 0 {
			return noParty()
		}
		state, err := tx.Fold(id)
		if err != nil {
			return err
		}
		if _, known := state.Members[by]; !known {
			by = party.House // the evening was read in from a file
		}
		now = now.Truncate(time.Millisecond)
		events, err := state.Decide(c, party.Env{By: by, Now: now, Record: func(seq party.Seq) (party.Record, bool) { return tx.Record(id, seq) }})
		if err != nil {
			return err
		}
		var recs []party.Record
		for _, e := range events {
			r, err := party.NewRecord(state.Seq+1, now, by, "", e)
			if err != nil {
				return err
			}
			state.Apply(r)
			recs = append(recs, r)
		}
		if err := tx.Append(id, recs); err != nil {
			return err
		}
		return tx.Erase(id, recs)
	})
}
