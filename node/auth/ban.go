package auth

import (
	"fmt"
	"slices"

	"watchparty/node/party"
	"watchparty/store"
)

// banned refuses a device that somebody who is banned was on.
func (a *Auth) banned(device string) error {
	return a.db.View(func(tx *store.Tx) error {
		banned, err := tx.DeviceBanned(Fingerprint(device))
		if err != nil {
			return fmt.Errorf("look up device: %w", err)
		}
		if banned {
			return party.Banished()
		}
		return nil
	})
}

// Bans lists those who are banned, the latest first.
func (a *Auth) Bans() ([]party.Account, error) {
	all, err := a.Accounts()
	all = slices.DeleteFunc(all, func(x party.Account) bool { return x.Ban == nil })
	slices.SortStableFunc(all, func(x, y party.Account) int { return int(y.Ban.At - x.Ban.At) })
	return all, err
}

// SetBan bans a member or lifts that, where no party is on whose log could say so.
func (a *Auth) SetBan(id party.MemberID, ban *party.Banishment) error {
	return a.db.Update(func(tx *store.Tx) error {
		account, known, err := tx.Account(id)
		switch {
		case err != nil:
			return err
		case !known:
			return refuse("WP-UNKNOWN", "This house knows nobody by that id. See `watchparty member ls`.")
		case account.Role >= party.Host:
			return refuse("WP-FORBIDDEN", "The host stays.")
		case ban == nil:
			return tx.Unban(id)
		}
		return tx.Ban(id, *ban)
	})
}

// open refuses whoever comes without an invitation of their own while the door is for those only whom the host knows.
func (a *Auth) open() error {
	if a.rule() == party.KnownDoor {
		return refuse("WP-KNOWN", "Tonight only people come in whom the host knows. Ask the host for an invitation of your own.")
	}
	return nil
}

// welcome is what is asked of whoever comes by what everybody is shown, the link and the PIN: while the host lets
// newcomers in one by one, they wait.
func (a *Auth) welcome(r Request, inv party.Invitation) error {
	if a.rule() == party.KnownAsk {
		return a.ask(r, inv)
	}
	if err := a.open(); err != nil {
		return err
	}
	return a.mayBeCalled(r.Name)
}

// mayBeCalled looks at a name at the door, where another can still be given.
func (a *Auth) mayBeCalled(name string) error {
	if s := a.state(); s != nil {
		return s.MayBeCalled(name, party.House)
	}
	return nil
}

func (a *Auth) state() *party.State {
	if a.party == nil {
		return nil
	}
	return a.party()
}
