package auth

import (
	"net/netip"
	"slices"
	"time"

	"watchparty/node/party"
	"watchparty/store"
)

// How many may wait at the door, and how long. Nobody waits who was let in before: their device has a pass.
const (
	mostKnocks   = 64               // at once
	mostKnocksAt = 8                // of them from one address
	knockGone    = 30 * time.Second // who has not asked for that long has gone
	knockAgain   = 10 * time.Minute // after being turned away, until they may knock again
	knockIn      = 5 * time.Minute  // to come in once the host has said yes
	mostNever    = 1024             // who were turned away, remembered
)

// A Knock is somebody who waits until the host lets them in.
type Knock struct {
	ID     string
	Name   string
	Agent  string // what they come with, in words of ours
	Key    string // of a node, as its own terminal shows it; empty for browsers
	ByLink bool   // they had the link, or the PIN if ByPIN, or neither
	ByPIN  bool
	Since  time.Time

	device string // hashed
	from   netip.Prefix
	seen   time.Time
	answer answer
	until  time.Time // of the answer
	secret [32]byte
	inv    party.Invitation
}

type answer int

const (
	unanswered answer = iota
	yes
	no
)

// mark is what tells who knocks from others.
func (r Request) mark() string {
	if r.Device != "" {
		return Fingerprint(r.Device)
	}
	return Fingerprint(r.Knock)
}

// knocked answers somebody who is at the door already: they do not show their PIN again, which may be another by now.
// A request with a secret of its own is no knock. Auth's lock is held.
func (a *Auth) knocked(r Request) (inv party.Invitation, name string, err error, ok bool) {
	now := a.now()
	a.forgetKnocks(now)
	mark := r.mark()
	i := slices.IndexFunc(a.knocks, func(k *Knock) bool { return k.device == mark && mark != "" })
	if i < 0 || r.Secret != "" && hash(r.Secret) != a.knocks[i].secret {
		return inv, "", nil, false
	}
	k := a.knocks[i]
	k.seen = now
	if k.answer == unanswered && a.rule() != party.KnownAsk && (k.ByLink || k.ByPIN) {
		if err := a.open(); err != nil {
			return inv, "", err, true
		}
		k.answer = yes // the host asks nobody to wait any more
	}
	switch k.answer {
	case no:
		return inv, "", turnedAway(), true
	case yes:
		a.knocks, a.knocking = slices.Delete(a.knocks, i, i+1), true
		return k.inv, k.Name, a.mayBeCalled(k.Name), true
	}
	return inv, "", wait(), true
}

// knock has somebody wait who came by what everybody is shown, or by nothing. Auth's lock is held.
func (a *Auth) knock(r Request, inv party.Invitation) error {
	mark := r.mark()
	if mark == "" {
		return refuse("WP-WAIT", "Tonight the host lets people in one by one. Open the party's page in a browser, or send a knock with the request.")
	}
	now := a.now()
	from := network(r.Addr)
	waiting, near := 0, 0
	for _, k := range a.knocks {
		if k.answer == unanswered {
			waiting++
			if k.from == from {
				near++
			}
		}
	}
	if waiting >= mostKnocks || near >= mostKnocksAt || !a.door.mayKnock(r.Addr, now) {
		return refuse("WP-SLOW", "Too many people are waiting at the door. Try again in a moment.")
	}
	k := &Knock{
		ID: NewID(), Name: party.CleanName(r.Name), Agent: r.Agent, Key: r.Key, ByLink: r.Secret != "", ByPIN: r.PIN != "",
		Since: now, device: mark, from: from, seen: now, inv: inv,
	}
	if k.ByLink {
		k.secret = hash(r.Secret)
	}
	a.knocks, a.came, a.knocking = append(a.knocks, k), append(a.came, *k), true
	return wait()
}

// ask has a node wait that shows nothing but its key: it saw the party on the network. What lets it in is the host's
// word alone, so nothing can be guessed, and nobody can pick up a PIN by answering in the host's place.
func (a *Auth) ask(r Request, inv party.Invitation) error {
	if party.CleanName(r.Name) == "" {
		return noName()
	}
	if err := a.open(); err != nil {
		return err
	}
	if err := a.mayBeCalled(r.Name); err != nil {
		return err
	}
	if known, err := a.remembered(r); known || err != nil {
		return err
	}
	return a.knock(r, inv)
}

// forgetKnocks forgets who has gone, and answers that are over. Auth's lock is held.
func (a *Auth) forgetKnocks(now time.Time) {
	before := len(a.knocks)
	a.knocks = slices.DeleteFunc(a.knocks, func(k *Knock) bool {
		if k.answer == unanswered {
			return now.Sub(k.seen) > knockGone
		}
		return !now.Before(k.until)
	})
	if over := len(a.knocks) - mostKnocks - mostNever; over > 0 {
		a.knocks = slices.Delete(a.knocks, 0, over)
	}
	a.knocking = a.knocking || len(a.knocks) != before
}

// Knocks lists who waits, who came first before the others.
func (a *Auth) Knocks() (all []Knock) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forgetKnocks(a.now())
	for _, k := range a.knocks {
		if k.answer == unanswered {
			all = append(all, *k)
		}
	}
	return all
}

// Everyone is every [Knock] at once.
const Everyone = "*"

// Answer lets in who waits, or turns them away. Who has gone meanwhile is passed over.
func (a *Auth) Answer(id string, in bool) {
	a.mu.Lock()
	now := a.now()
	for _, k := range a.knocks {
		if k.answer != unanswered || id != Everyone && id != k.ID {
			continue
		}
		if k.answer, k.until = no, now.Add(knockAgain); in {
			k.answer, k.until = yes, now.Add(knockIn)
		}
		a.knocking = true
	}
	a.mu.Unlock()
	a.tellKnocks()
}

// SweepKnocks notices who has gone from the door without a word.
func (a *Auth) SweepKnocks() {
	a.mu.Lock()
	a.forgetKnocks(a.now())
	a.mu.Unlock()
	a.tellKnocks()
}

// tellKnocks says that others wait now than before, if so. Auth's lock is not held.
func (a *Auth) tellKnocks() {
	a.mu.Lock()
	changed, came := a.knocking, a.came
	a.knocking, a.came = false, nil
	a.mu.Unlock()
	if changed && a.onKnock != nil {
		a.onKnock(came)
	}
}

// remembered says whether a device was let in before, by whomever, and their pass was not taken.
func (a *Auth) remembered(r Request) (known bool, err error) {
	if r.Device == "" {
		return false, nil
	}
	err = a.db.View(func(tx *store.Tx) error {
		known, err = tx.DeviceKnown(Fingerprint(r.Device))
		return err
	})
	return known, err
}

// rule is what is closed to newcomers now.
func (a *Auth) rule() party.Known {
	if s := a.state(); s != nil && s.Ended == 0 {
		return s.Rules.Known
	}
	return party.Everybody
}

func wait() error {
	return refuse("WP-WAIT", "You are at the door: the host sees you, and lets you in.")
}

func turnedAway() error {
	return refuse("WP-TURNED-AWAY", "The host did not let you in. You can ask again in ten minutes.")
}
