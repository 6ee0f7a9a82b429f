package auth

import (
	"fmt"
	"net/netip"
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
	if inv.Rating < 0 || inv.Rating > 21 {
		return "", refuse("WP-BAD", "An age rating is a number of years from 0, for any, to 21.")
	}
	for _, t := range inv.Tiers {
		if !party.ValidTier(t) {
			return "", refuse("WP-BAD", "A membership has a short name of letters, digits and dashes.")
		}
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
	Secret string     // of an invitation, or of the desk
	PIN    string     // or a code of a [Link]
	Addr   netip.Addr // where they knock from
	Device string     // what tells their device from others; empty: nothing does
	Knock  string     // the same for who waits at the door, made by whoever has no device's mark
	Agent  string     // what they come with, in words of ours
	Key    string     // of a node, for people to compare; empty for browsers
}

// A Ticket is what they get: the token is theirs to keep.
type Ticket struct {
	Token   string
	Account party.Account
}

// Redeem turns an invitation's secret, the desk's or the PIN into a pass.
func (a *Auth) Redeem(r Request) (Ticket, error) {
	ticket, rotated, err := a.redeem(r)
	if rotated != "" && a.onPIN != nil {
		a.onPIN(rotated)
	}
	a.tellKnocks()
	return ticket, err
}

func (a *Auth) redeem(r Request) (t Ticket, rotated string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var inv party.Invitation
	inv, name, err, there := a.knocked(r)
	switch {
	case there:
		if r.Name = name; err == nil {
			err = a.banned(r.Device)
		}
	case r.isLink():
		t, err = a.useLink(r)
		return t, "", err
	case r.Secret != "" && len(r.Secret) <= 128:
		if hash(r.Secret) == a.host {
			t, err = a.admitHost(r.Name)
			return t, "", err
		}
		if err := a.banned(r.Device); err != nil {
			return t, "", err
		}
		if !a.door.joins.AllowN(a.now(), 1) {
			return t, "", tooFast()
		}
		inv, err = a.useInvitation(r)
	case r.PIN != "":
		if err := a.banned(r.Device); err != nil {
			return t, "", err
		}
		inv, rotated, err = a.usePIN(r)
	case r.Key != "" && r.Knock != "": // a node that asks for the host's word alone
		inv = a.newcomer()
		err = a.ask(r, inv)
	default:
		err = refuse("WP-PIN-WRONG", "Give the PIN that the host's screen shows, or open the host's link.")
	}
	if err == nil {
		t, err = a.admit(r, inv)
	}
	return t, rotated, err
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
		case a.doors(tx, inv) != nil:
			return a.doors(tx, inv)
		case inv.Uses == 0:
			return refuse("WP-INVITE-USED", "This invitation has been used. Ask the host for a new one.")
		case inv.Uses < 0:
			return nil
		}
		if err := a.mayBeCalled(r.Name); err != nil {
			return err
		}
		left := inv
		left.Uses--
		return tx.PutInvitation(key, left)
	})
	if err == nil && inv.Uses < 0 {
		err = a.welcome(r, inv)
	}
	return inv, err
}

func noName() error { return refuse("WP-NAME", "Please give a name that can be read.") }

// admit makes the person known to the house and gives them a pass.
func (a *Auth) admit(r Request, inv party.Invitation) (Ticket, error) {
	name := party.CleanName(r.Name)
	if name == "" {
		return Ticket{}, noName()
	}
	now := a.now().UnixMilli()
	account := party.Account{
		ID: party.MemberID(NewID()), Name: name, Role: inv.Role, Region: a.placeOf(inv, r.Addr),
		Tiers: memberships(inv.Tiers), Rating: inv.Rating, Since: now, Seen: now,
	}
	return a.issue(account, Fingerprint(r.Device))
}

func memberships(tiers []catalog.Tier) []catalog.Membership {
	ms := make([]catalog.Membership, 0, len(tiers))
	for _, t := range tiers {
		ms = append(ms, catalog.Membership{Tier: t})
	}
	return ms
}

func (a *Auth) issue(account party.Account, device string) (Ticket, error) {
	token := newSecret(32)
	pass := party.Pass{Member: account.ID, Made: account.Seen, Expires: passEnd(a.now()), Device: device}
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

// HostID is the host.
const HostID = party.HostID

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
	return a.issue(account, "")
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
		account, _, err := tx.Account(id)
		if err == nil && account.Ban != nil {
			err = refuse("WP-BANNED", account.Name+" is banned, and would be let in again if the house forgot them. Lift the ban first.")
		}
		if err != nil {
			return err
		}
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
func (a *Auth) Standing() (secret string) {
	a.db.View(func(tx *store.Tx) error {
		secret = string(tx.Meta(standingKey))
		return nil
	})
	return secret
}

// readyStanding makes the open invitation, or brings its terms up to date.
func (a *Auth) readyStanding() error {
	return a.db.Update(func(tx *store.Tx) error {
		secret := string(tx.Meta(standingKey))
		if secret == "" {
			secret = newSecret(16)
		}
		return a.keepStanding(tx, secret)
	})
}

// RenewStanding voids the open invitation and makes another, so that who was shown
// the door does not come back by the link they still have.
func (a *Auth) RenewStanding() error {
	return a.db.Update(func(tx *store.Tx) error {
		if old := tx.Meta(standingKey); old != nil {
			if err := tx.DeleteInvitation(hash(string(old))); err != nil {
				return err
			}
		}
		return a.keepStanding(tx, newSecret(16))
	})
}

func (a *Auth) keepStanding(tx *store.Tx, secret string) error {
	if err := tx.PutMeta(standingKey, []byte(secret)); err != nil {
		return err
	}
	inv := party.Invitation{Role: party.Guest, Tiers: a.tiers(), Uses: -1}
	return tx.PutInvitation(hash(secret), inv)
}

// Sweep forgets invitations that are used up or over, and passes that have expired.
func (a *Auth) Sweep() error {
	now := a.now()
	return a.db.Update(func(tx *store.Tx) error {
		all, err := tx.Invitations()
		if err != nil {
			return err
		}
		for key, inv := range all {
			if inv.Uses == 0 && party.Expired(inv.Expires, now) || party.Expired(inv.Expires, now.Add(-keepSpent)) {
				if err := tx.DeleteInvitation(key); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// keepSpent is how long an invitation that is over is still known, so that who
// comes late is told why.
const keepSpent = 30 * 24 * time.Hour
