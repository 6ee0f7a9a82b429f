package auth

import (
	"fmt"
	"slices"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/store"
)

// Invite keeps an invitation and gives its secret, which is not kept.
func (a *Auth) Invite(inv party.Invitation) (secret string, err error) {
	if inv.Role >= party.Host {
		return "", refuse("WP-BAD", "An invitation makes a guest, a trusted guest or a moderator; a party has one host.")
	}
	if inv.Uses == 0 || inv.Uses < -1 {
		return "", refuse("WP-BAD", "An invitation needs a number of uses, 1 or more.")
	}
	if inv.Region == "" {
		inv.Region = a.house
	}
	secret = newSecret(16)
	err = a.db.Update(func(tx *store.Tx) error {
		return tx.PutInvitation(hash(secret), inv)
	})
	return secret, err
}

// A Request is somebody at the door.
type Request struct {
	Name   string
	Secret string // of an invitation, or of the desk
	PIN    string
}

// A Ticket is what they get: the token is theirs to keep.
type Ticket struct {
	Token   string
	Account party.Account
}

// Redeem turns an invitation's secret, the desk's or the PIN into a pass.
func (a *Auth) Redeem(r Request) (Ticket, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var inv party.Invitation
	var err error
	switch {
	case r.Secret != "" && len(r.Secret) <= 128:
		if hash(r.Secret) == a.host {
			return a.admitHost(r.Name)
		}
		inv, err = a.useInvitation(r)
	case r.PIN != "":
		inv, err = a.usePIN(r)
	default:
		err = refuse("WP-PIN-WRONG", "Give the PIN that the host's screen shows, or open the host's link.")
	}
	if err != nil {
		return Ticket{}, err
	}
	return a.admit(r.Name, inv)
}

// useInvitation takes one use from the invitation. The name is looked at first, so
// that an unreadable one costs nothing.
func (a *Auth) useInvitation(r Request) (inv party.Invitation, err error) {
	if party.CleanName(r.Name) == "" {
		return inv, noName()
	}
	err = a.db.Update(func(tx *store.Tx) error {
		var ok bool
		key := hash(r.Secret)
		if inv, ok, err = tx.Invitation(key); err != nil {
			return fmt.Errorf("look up invitation: %w", err)
		}
		switch {
		case !ok:
			return refuse("WP-INVITE-UNKNOWN", "This link is not from this party. Ask the host for a new one.")
		case party.Expired(inv.Expires, a.now()):
			return refuse("WP-INVITE-EXPIRED", "This invitation has expired. Ask the host for a new one.")
		case inv.Uses == 0:
			return refuse("WP-INVITE-USED", "This invitation has been used. Ask the host for a new one.")
		case inv.Uses < 0:
			return nil
		}
		left := inv
		left.Uses--
		return tx.PutInvitation(key, left)
	})
	return inv, err
}

func noName() error { return refuse("WP-NAME", "Please give a name that can be read.") }

// admit makes the person known to the house and gives them a pass.
func (a *Auth) admit(name string, inv party.Invitation) (Ticket, error) {
	name = party.CleanName(name)
	if name == "" {
		return Ticket{}, noName()
	}
	now := a.now().UnixMilli()
	account := party.Account{
		ID: party.MemberID(NewID()), Name: name, Role: inv.Role, Region: inv.Region,
		Tiers: memberships(inv.Tiers), Rating: inv.Rating, Since: now, Seen: now,
	}
	return a.issue(account)
}

func memberships(tiers []catalog.Tier) []catalog.Membership {
	ms := make([]catalog.Membership, 0, len(tiers))
	for _, t := range tiers {
		ms = append(ms, catalog.Membership{Tier: t})
	}
	return ms
}

func (a *Auth) issue(account party.Account) (Ticket, error) {
	token := newSecret(32)
	pass := party.Pass{Member: account.ID, Made: account.Seen, Expires: a.now().Add(passLife).UnixMilli()}
	err := a.db.Update(func(tx *store.Tx) error {
		if err := tx.PutAccount(account); err != nil {
			return err
		}
		return tx.PutPass(hash(token), pass)
	})
	if err != nil {
		return Ticket{}, fmt.Errorf("issue pass: %w", err)
	}
	return Ticket{token, account}, nil
}

// HostID is the one member whom the house knows from its first day.
const HostID party.MemberID = "host"

// admitHost gives the desk a pass of the host's.
func (a *Auth) admitHost(name string) (Ticket, error) {
	if name = party.CleanName(name); name == "" {
		name = a.nameOf
	}
	account, ok, err := a.account(HostID)
	if err != nil {
		return Ticket{}, err
	}
	now := a.now()
	if !ok {
		account = party.Account{ID: HostID, Name: name, Since: now.UnixMilli()}
	}
	account.Role, account.Region, account.Seen = party.Host, a.house, now.UnixMilli()
	return a.issue(account)
}

func (a *Auth) account(id party.MemberID) (account party.Account, ok bool, err error) {
	err = a.db.View(func(tx *store.Tx) error {
		account, ok, err = tx.Account(id)
		return err
	})
	return account, ok, err
}

// Account is what the house knows of a member.
func (a *Auth) Account(id party.MemberID) (party.Account, bool, error) { return a.account(id) }

// Accounts lists everybody the house knows, by name.
func (a *Auth) Accounts() (all []party.Account, err error) {
	err = a.db.View(func(tx *store.Tx) error {
		all, err = tx.Accounts()
		return err
	})
	slices.SortFunc(all, func(x, y party.Account) int {
		switch {
		case x.Name != y.Name && x.Name < y.Name:
			return -1
		case x.Name != y.Name:
			return 1
		}
		return int(x.Since - y.Since)
	})
	return all, err
}

// Expiry turns a time to live into the moment an invitation keeps; 0 is never.
func (a *Auth) Expiry(ttl time.Duration) int64 {
	if ttl <= 0 {
		return 0
	}
	return a.now().Add(ttl).UnixMilli()
}

// Change changes what the house knows of a member, whole or not at all.
func (a *Auth) Change(id party.MemberID, change func(*party.Account) error) (account party.Account, err error) {
	err = a.db.Update(func(tx *store.Tx) error {
		var ok bool
		if account, ok, err = tx.Account(id); err != nil {
			return err
		}
		if !ok {
			return refuse("WP-UNKNOWN", "This house knows nobody by that id. See `watchparty member ls`.")
		}
		if err := change(&account); err != nil {
			return err
		}
		return tx.PutAccount(account)
	})
	return account, err
}

// Forget takes a member's passes and what the house knows of them.
func (a *Auth) Forget(id party.MemberID) error {
	if id == HostID {
		return refuse("WP-FORBIDDEN", "The host stays.")
	}
	return a.db.Update(func(tx *store.Tx) error {
		if _, err := tx.DropPasses(id); err != nil {
			return err
		}
		return tx.DeleteAccount(id)
	})
}

// standingKey holds the secret of the invitation that is always on the host's
// screen. It is the one secret kept as it is, because it is shown again after a
// restart: who can read the file can read the screen.
const standingKey = "standing"

// Standing is the secret of the house's open invitation: guests, any number, no
// end. It stays the same across restarts.
func (a *Auth) Standing() (secret string, err error) {
	err = a.db.Update(func(tx *store.Tx) error {
		if secret = string(tx.Meta(standingKey)); secret == "" {
			secret = newSecret(16)
			if err := tx.PutMeta(standingKey, []byte(secret)); err != nil {
				return err
			}
		}
		inv := party.Invitation{Role: party.Guest, Region: a.house, Tiers: a.tiers(), Uses: -1}
		return tx.PutInvitation(hash(secret), inv)
	})
	return secret, err
}
