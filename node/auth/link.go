package auth

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"time"

	"watchparty/node/party"
	"watchparty/store"
)

const (
	linkLife   = 5 * time.Minute
	linkMark   = "~" // begins a link's secret, and no other: it is not in their alphabet
	codeDigits = 8   // a PIN has six
	wrongCodes = 5   // wrong tries in total before all codes are void: a guesser's chance is 5 in 100 million for each
	maxLinks   = 64  // at a time
)

// A Link brings another device of somebody's to the party, once: by a secret in a link, or by a code that is typed.
type Link struct {
	Secret string
	Code   string // empty: void
	Until  time.Time
	member party.MemberID
}

// Link makes one for a member, and voids their last. It is kept in memory: after a restart there is none.
func (a *Auth) Link(id party.MemberID) (Link, error) {
	if _, ok, err := a.account(id); err != nil || !ok {
		return Link{}, cmp.Or(err, refuse("WP-UNKNOWN", "This house knows nobody by that name any more."))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.dropLinks(func(l Link) bool { return l.member == id })
	if len(a.links) >= maxLinks {
		return Link{}, tooFast()
	}
	l := Link{linkMark + newSecret(16), "", a.now().Add(linkLife), id}
	for l.Code == "" || slices.ContainsFunc(a.links, func(o Link) bool { return o.Code == l.Code }) {
		l.Code = newCode()
	}
	a.links = append(a.links, l)
	return l, nil
}

func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil { // the system's randomness never fails (crypto/rand)
		panic(err)
	}
	return fmt.Sprintf("%0*d", codeDigits, n)
}

// dropLinks forgets those that are over, and others.
func (a *Auth) dropLinks(others func(Link) bool) {
	now := a.now()
	a.links = slices.DeleteFunc(a.links, func(l Link) bool { return !now.Before(l.Until) || others(l) })
}

// isLink says whether somebody comes by a link or its code.
func (r Request) isLink() bool {
	return strings.HasPrefix(r.Secret, linkMark) || r.Secret == "" && len(r.PIN) == codeDigits
}

// useLink gives another device of a member's a pass. Codes are guessed as PINs are, and cost as much. Auth's lock is held.
func (a *Auth) useLink(r Request) (Ticket, error) {
	if err := a.banned(r.Device); err != nil {
		return Ticket{}, err
	}
	a.dropLinks(func(Link) bool { return false })
	if r.Secret == "" && !a.door.mayGuess(r.Addr, a.now()) {
		return Ticket{}, tooFast()
	}
	// What is unequal is told apart by its hash, which says nothing of where it differs.
	given := hash(r.Secret + r.PIN)
	i := slices.IndexFunc(a.links, func(l Link) bool {
		return r.Secret != "" && hash(l.Secret) == given || r.Secret == "" && l.Code != "" && hash(l.Code) == given
	})
	if i < 0 {
		a.wrongCode(r.Secret == "", r.Addr)
		return Ticket{}, refuse("WP-CODE-WRONG", "That code or link is not good any more: it lasts five minutes and lets one device in. Make a new one.")
	}
	id := a.links[i].member
	a.links = slices.Delete(a.links, i, i+1)
	return a.again(id, Fingerprint(r.Device))
}

// wrongCode takes what a wrong code costs.
func (a *Auth) wrongCode(typed bool, from netip.Addr) {
	if !typed {
		return
	}
	a.door.guessedWrong(from, a.now())
	if a.wrong++; a.wrong < wrongCodes {
		return
	}
	a.wrong = 0
	for i := range a.links {
		a.links[i].Code = ""
	}
}

// again gives one more pass to somebody the house knows.
func (a *Auth) again(id party.MemberID, device string) (t Ticket, err error) {
	now := a.now()
	t.Token = newSecret(32)
	err = a.db.Update(func(tx *store.Tx) error {
		account, ok, err := tx.Account(id)
		if err != nil || !ok {
			return cmp.Or(err, noPass())
		}
		if account.Ban != nil {
			return party.Banished()
		}
		account.Seen = now.UnixMilli()
		t.Account = account
		if err := tx.PutAccount(account); err != nil {
			return err
		}
		return tx.PutPass(hash(t.Token), party.Pass{Member: id, Made: account.Seen, Expires: passEnd(now), Device: device})
	})
	return t, err
}
