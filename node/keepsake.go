package node

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/node/web"
	"watchparty/store"
)

// Import is a file of an evening, and what a WebVTT file does not say.
type Import = web.Import

func (a Archive) known() *reels { return cmp.Or(a.reels, &reels{db: a.DB}) }

// Evenings lists at which evenings that are past something was said over a title, the newest first.
func (a Archive) Evenings(title catalog.TitleID) ([]web.Heard, error) {
	var past []store.PartyInfo
	err := a.DB.View(func(tx *store.Tx) error {
		infos, err := tx.Parties()
		now, _ := tx.Current()
		for _, info := range infos {
			if err != nil {
				break
			}
			var s *party.State
			if s, err = tx.Fold(info.ID); err == nil && info.ID != now && showed(s, title) {
				past = append(past, info)
			}
		}
		return err
	})
	all := []web.Heard{}
	for _, info := range past {
		if err != nil {
			break
		}
		err = a.known().use(info.ID, func(e *evening) error {
			lines, reactions := e.reels.Count(title)
			if lines+reactions > 0 {
				all = append(all, web.Heard{ID: info.ID, Name: info.Name, Opened: info.Opened, Lines: lines, Reactions: reactions})
			}
			return nil
		})
	}
	return all, err
}

// showed says whether a title was on at an evening; one that was not added up may have shown anything.
func showed(s *party.State, title catalog.TitleID) bool {
	return s.Evening == nil || slices.ContainsFunc(s.Evening.Shown, func(x party.Shown) bool { return x.Title == title })
}

// Keepsake is the chat of an evening, whole.
func (a Archive) Keepsake(id party.ID) (k party.Keepsake, err error) {
	err = a.known().use(id, func(e *evening) error {
		k = e.reels.Keepsake()
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = noParty()
	}
	return k, err
}

func noParty() error {
	return &party.Refusal{Code: "WP-UNKNOWN", Reason: "This house has had no party with that id. See `watchparty history`."}
}

// Import reads a file in as an evening that is past. One that is here already is refused with WP-EXISTS, what cannot be
// read with WP-IMPORT.
func (a Archive) Import(f Import) (Past, error) {
	k, err := keepsake(f)
	if err != nil {
		return Past{}, err
	}
	recs, err := k.Log()
	if err != nil {
		return Past{}, err
	}
	var past Past
	err = a.DB.Update(func(tx *store.Tx) error {
		if info, known := tx.Party(k.Evening); known {
			return &party.Refusal{Code: "WP-EXISTS", Reason: fmt.Sprintf("This evening is here already: %s. See `watchparty history`.", info.Name)}
		}
		if err := tx.Append(k.Evening, recs); err != nil {
			return err
		}
		state, err := tx.Fold(k.Evening)
		if err != nil {
			return err
		}
		if err := tx.PutSnapshot(state); err != nil {
			return err
		}
		info, _ := tx.Party(k.Evening)
		past = pastOf(info, state)
		return nil
	})
	return past, err
}

// keepsake reads a file: JSON, or else WebVTT.
func keepsake(f Import) (party.Keepsake, error) {
	b := []byte(f.File)
	if trimmed := bytes.TrimSpace(b); len(trimmed) > 0 && trimmed[0] == '{' {
		return party.ReadKeepsake(b)
	}
	at := time.Now()
	if f.Date != "" {
		var err error
		if at, err = time.ParseInLocation("2006-01-02", f.Date, time.Local); err != nil {
			return party.Keepsake{}, &party.Refusal{Code: "WP-BAD", Reason: "The date of the evening is written like 2026-11-28."}
		}
	}
	if f.Title != "" && !catalog.ValidID(f.Title) {
		return party.Keepsake{}, &party.Refusal{Code: "WP-BAD", Reason: "A title is named by its id in the catalog, such as night-train."}
	}
	sum := sha256.Sum256(fmt.Append(nil, f.Title, "\x00", f.Name, "\x00", f.Date, "\x00", f.File))
	known := party.Keepsake{Evening: party.ID(fmt.Sprintf("vtt-%x", sum[:12])), Name: f.Name, Opened: at.UnixMilli(), Ended: at.UnixMilli()}
	return party.ReadVTT(b, known, f.Title)
}

// ImportInto reads a file into the data folder of a host that does not run.
func ImportInto(data string, f Import, o store.Options) (past Past, err error) {
	if _, err := keepsake(f); err != nil { // before there is a folder
		return past, err
	}
	db, err := store.Open(data, o)
	if err != nil {
		return past, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := notOf(db, data, upstreamKey, "a guest's node"); err != nil {
		return past, err
	}
	return Archive{DB: db}.Import(f)
}
