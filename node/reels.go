package node

import (
	"context"
	"encoding/json"
	"io/fs"
	"slices"
	"sync"

	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/store"
)

// keptReels is of how many evenings the chat is kept in memory: the one that goes on, one that comes again with a title,
// and some that somebody looks for.
const keptReels = 4

// reels reads what was said at the evenings of a house. The store has it; what was asked for lately is kept, and goes on
// with the log.
type reels struct {
	db *store.DB

	mu   sync.Mutex
	kept []*evening // guarded by mu; asked for last comes last
}

type evening struct {
	id    party.ID
	seq   party.Seq // last record added
	reels *party.Reels
	made  map[catalog.TitleID][]byte // JSON as of seq
}

// use calls fn with the reels of an evening, up to its last record; they must not be kept.
func (r *reels) use(id party.ID, fn func(*evening) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, err := r.upToDate(id)
	if err != nil {
		return err
	}
	return fn(e)
}

// upToDate reads on from what is kept. A log that is shorter than what was read of it is another: read anew.
func (r *reels) upToDate(id party.ID) (*evening, error) {
	i := slices.IndexFunc(r.kept, func(e *evening) bool { return e.id == id })
	e := &evening{id: id}
	if i >= 0 {
		e = r.kept[i]
		r.kept = slices.Delete(r.kept, i, i+1)
	}
	err := r.db.View(func(tx *store.Tx) error {
		last := tx.Last(id)
		if last == 0 {
			return fs.ErrNotExist
		}
		if e.reels == nil || e.seq > last {
			state, err := tx.Fold(id)
			if err != nil {
				return err
			}
			*e = evening{id: id, reels: party.NewReels(state)}
		}
		for e.seq < last {
			recs, err := readOn(tx, id, e.seq)
			if err != nil || len(recs) == 0 {
				return err
			}
			for _, rec := range recs {
				e.reels.Add(rec)
			}
			e.seq, e.made = recs[len(recs)-1].Seq, nil
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if r.kept = append(r.kept, e); len(r.kept) > keptReels {
		r.kept = r.kept[1:]
	}
	return e, nil
}

// of is the reel of a title as JSON.
func (r *reels) of(id party.ID, title catalog.TitleID) (b []byte, err error) {
	err = r.use(id, func(e *evening) (err error) {
		if b = e.made[title]; b != nil {
			return nil
		}
		if b, err = json.Marshal(e.reels.Of(title)); err != nil {
			return err
		}
		if e.made == nil {
			e.made = map[catalog.TitleID][]byte{}
		}
		e.made[title] = b
		return nil
	})
	return b, err
}

// chat is what was said over a title, for whoever may watch that: this evening, or at the one that comes again with it.
func (h *Host) chat(_ context.Context, title catalog.TitleID, name string) ([]byte, error) {
	state, id := h.house.State(), party.ID(name)
	if state == nil {
		return nil, fs.ErrNotExist
	}
	if again := state.Recalled; id == state.ID || again != nil && again.Evening == id && again.Title == title {
		return h.reels.of(id, title)
	}
	return nil, fs.ErrNotExist
}
