package auth

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"

	"watchparty/node/party"
	"watchparty/store"
)

const (
	scheduledKey  = "scheduled"
	mostScheduled = 50
)

// Scheduled lists the parties that are to be, the next first.
func (a *Auth) Scheduled() (all []party.Scheduled, err error) {
	err = a.db.View(func(tx *store.Tx) error {
		all, err = readScheduled(tx)
		return err
	})
	return all, err
}

func readScheduled(tx *store.Tx) (all []party.Scheduled, err error) {
	if b := tx.Meta(scheduledKey); b != nil {
		if err := json.Unmarshal(b, &all); err != nil {
			return nil, fmt.Errorf("read scheduled parties: %w", err)
		}
	}
	return all, nil
}

// Schedule changes a scheduled party, or adds one under an empty id. Those that are long over go.
func (a *Auth) Schedule(id party.ID, change func(*party.Scheduled) error) (s party.Scheduled, err error) {
	err = a.db.Update(func(tx *store.Tx) error {
		all, err := readScheduled(tx)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(x party.Scheduled) bool { return a.now().After(x.Moment().Add(party.ScheduledOver)) })
		i := slices.IndexFunc(all, func(x party.Scheduled) bool { return x.ID == id })
		switch {
		case id == "" && len(all) >= mostScheduled:
			return refuse("WP-FULL", "There are fifty parties to come already.")
		case id == "":
			all, i = append(all, party.Scheduled{ID: party.ID(NewID())}), len(all)
		case i < 0:
			return refuse("WP-UNKNOWN", "There is no such party to come.")
		}
		if err := change(&all[i]); err != nil {
			return err
		}
		s = all[i]
		slices.SortStableFunc(all, func(x, y party.Scheduled) int { return x.Moment().Compare(y.Moment()) })
		b, err := json.Marshal(all)
		if err != nil {
			return fmt.Errorf("write scheduled parties: %w", err)
		}
		return tx.PutMeta(scheduledKey, b)
	})
	return s, err
}

// ScheduledFor is the party to which a secret invites, if it is to one that is scheduled, with the invitation
// as it is for who comes from an address.
func (a *Auth) ScheduledFor(secret string, from netip.Addr) (s party.Scheduled, inv party.Invitation, ok bool, err error) {
	if len(secret) > 128 {
		return s, inv, false, nil
	}
	err = a.db.View(func(tx *store.Tx) error {
		if inv, ok, err = tx.Invitation(hash(secret)); err != nil || !ok {
			return err
		}
		inv.Region = a.placeOf(inv, from)
		s, ok, err = scheduled(tx, inv.Party)
		return err
	})
	return s, inv, ok, err
}

func scheduled(tx *store.Tx, id party.ID) (party.Scheduled, bool, error) {
	all, err := readScheduled(tx)
	for _, s := range all {
		if s.ID == id && id != "" {
			return s, true, err
		}
	}
	return party.Scheduled{}, false, err
}

// doors is why an invitation does not let anybody in now, if so.
func (a *Auth) doors(tx *store.Tx, inv party.Invitation) error {
	if inv.Party == "" {
		return nil
	}
	s, ok, err := scheduled(tx, inv.Party)
	if err != nil {
		return err
	}
	if !ok {
		return refuse("WP-INVITE-EXPIRED", "This invitation has expired. Ask the host for a new one.")
	}
	return s.Door(a.now())
}
