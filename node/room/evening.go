package room

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"watchparty/node/party"
	"watchparty/store"
)

// keyWatched is where the house keeps how many seconds of film people have watched at all its parties.
const keyWatched = "watched"

// chapter is how many records are added up at a time.
const chapter = 2000

// evening adds up what the party came to, from its log as it is in a transaction. A log that begins late, having been
// salvaged, is added up from there.
func (l *Local) evening(tx *store.Tx, now time.Time) (party.Evening, error) {
	t := party.NewTally()
	for after := party.Seq(0); after < l.state.Seq; {
		recs, err := tx.Records(l.id, after, chapter)
		if errors.Is(err, store.ErrGone) {
			after++
			continue
		}
		if err != nil {
			return party.Evening{}, fmt.Errorf("add up the evening: %w", err)
		}
		if len(recs) == 0 {
			break
		}
		for _, r := range recs {
			t.Add(r)
		}
		after = recs[len(recs)-1].Seq
	}
	t.Pass(now)
	e := t.Evening()
	e.Ever = watched(tx) + e.Watched
	return e, nil
}

// watched is how many seconds people have watched at all parties that have ended.
func watched(tx *store.Tx) (seconds float64) {
	if b := tx.Meta(keyWatched); b != nil {
		json.Unmarshal(b, &seconds)
	}
	return seconds
}

// putWatched keeps it.
func putWatched(tx *store.Tx, seconds float64) error {
	b, err := json.Marshal(seconds)
	if err != nil {
		return fmt.Errorf("write hours watched: %w", err)
	}
	return tx.PutMeta(keyWatched, b)
}
