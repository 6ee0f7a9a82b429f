package node

import (
	"encoding/json"
	"errors"
	"slices"
	"sort"
	"strings"
	"time"

	"watchparty/node/party"
	"watchparty/node/web"
	"watchparty/store"
)

type (
	// Past is a party at a glance.
	Past = web.Past
	// A Chapter is a stretch of a party's log.
	Chapter = web.Chapter
)

// chapterRecords is how many records a chapter has at most; the store bounds its
// bytes.
const chapterRecords = 2000

// An Archive reads what a house remembers of its parties.
type Archive struct {
	DB    *store.DB
	reels *reels // what is kept of chats; nil: nothing
}

// Parties lists the parties of a house, the newest first.
func (a Archive) Parties() ([]Past, error) {
	all := []Past{}
	err := a.DB.View(func(tx *store.Tx) error {
		infos, err := tx.Parties()
		for _, info := range infos {
			if err != nil {
				break
			}
			var state *party.State
			if state, err = tx.Fold(info.ID); err == nil {
				all = append(all, pastOf(info, state))
			}
		}
		return err
	})
	return all, err
}

func pastOf(info store.PartyInfo, state *party.State) Past {
	p := Past{ID: info.ID, Name: state.Name, Opened: time.UnixMilli(info.Opened), Records: info.Seq, Members: len(state.Members), Evening: state.Evening}
	if info.Ended != 0 {
		ended := time.UnixMilli(info.Ended)
		p.Ended = &ended
	}
	return p
}

// Chapter reads the records of a party after one of them. The first chapter begins
// where the log does: a salvaged one may begin late.
func (a Archive) Chapter(id party.ID, after party.Seq) (c Chapter, err error) {
	err = a.DB.View(func(tx *store.Tx) error {
		infos, err := tx.Parties()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(infos, func(p store.PartyInfo) bool { return p.ID == id })
		if i < 0 {
			return noParty()
		}
		state, err := tx.Fold(id)
		if err != nil {
			return err
		}
		c = Chapter{Party: pastOf(infos[i], state), Records: []json.RawMessage{}}
		if after == 0 {
			for _, m := range state.Members {
				c.Members = append(c.Members, m)
			}
			slices.SortFunc(c.Members, func(a, b party.Member) int { return strings.Compare(string(a.ID), string(b.ID)) })
		}
		recs, err := readOn(tx, id, after)
		for _, r := range recs {
			c.Records = append(c.Records, r.Bytes())
		}
		return err
	})
	return c, err
}

func readOn(tx *store.Tx, id party.ID, after party.Seq) ([]party.Record, error) {
	recs, err := tx.Records(id, after, chapterRecords)
	if after > 0 || !errors.Is(err, store.ErrGone) {
		return recs, err
	}
	first := sort.Search(int(tx.Last(id)), func(n int) bool {
		_, err := tx.Records(id, party.Seq(n), 1)
		return !errors.Is(err, store.ErrGone)
	})
	return tx.Records(id, party.Seq(first), chapterRecords)
}

// Acts finds what moderators did at a party.
func (a Archive) Acts(id party.ID) ([]party.Act, error) {
	audit := party.Audit{Acts: []party.Act{}}
	for after, more := party.Seq(0), true; more; {
		err := a.DB.View(func(tx *store.Tx) error {
			recs, err := readOn(tx, id, after)
			for _, r := range recs {
				audit.Add(r)
				after = r.Seq
			}
			more = len(recs) > 0
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return audit.Acts, nil
}

// Keep puts a copy of the database into the data folder.
func (a Archive) Keep() error { return a.DB.Keep() }
