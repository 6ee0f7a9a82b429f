package auth

import (
	"encoding/hex"
	"slices"

	"watchparty/node/party"
	"watchparty/store"
)

// An Outstanding is an invitation by which somebody may still come. Its ID names it, and lets nobody in.
type Outstanding struct {
	ID string `json:"id"`
	party.Invitation
}

// idBytes is how much of the hash of its secret names an invitation.
const idBytes = 6

// Outstanding lists the invitations that are still good, the next to end first: not the open one, and not those that are for
// another device of somebody who is known.
func (a *Auth) Outstanding() (all []Outstanding, err error) {
	err = a.db.View(func(tx *store.Tx) error {
		kept, err := tx.Invitations()
		standing := hash(string(tx.Meta(standingKey)))
		for key, inv := range kept {
			if key != standing && inv.Member == "" && inv.Uses != 0 && !party.Expired(inv.Expires, a.now()) {
				if inv.Region == "" && a.place == nil {
					inv.Region = a.house
				}
				all = append(all, Outstanding{hex.EncodeToString(key[:idBytes]), inv})
			}
		}
		return err
	})
	slices.SortFunc(all, func(x, y Outstanding) int {
		switch {
		case x.Expires == y.Expires:
			return slices.Compare([]byte(x.ID), []byte(y.ID))
		case y.Expires == 0 || x.Expires != 0 && x.Expires < y.Expires:
			return -1
		}
		return 1
	})
	return all, err
}

// Revoke voids an invitation. Who came by it stays.
func (a *Auth) Revoke(id string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.db.Update(func(tx *store.Tx) error {
		kept, err := tx.Invitations()
		if err != nil {
			return err
		}
		standing := hash(string(tx.Meta(standingKey)))
		for key := range kept {
			if key != standing && hex.EncodeToString(key[:idBytes]) == id {
				return tx.DeleteInvitation(key)
			}
		}
		return refuse("WP-INVITE-UNKNOWN", "There is no such invitation any more. See `watchparty invite ls`.")
	})
}
