// Package auth says who somebody is: it turns invitations and PINs into passes,
// and passes into members.
//
// Secrets are random and kept as SHA-256 only. A pass identifies a person the
// house knows; what they may do and see is looked up in the party each time, so
// that a change holds at once. Every refusal is the same to a program as to a
// person: a code and a sentence that says what to do.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/store"
)

// passLife is how long a pass lasts unused by its house's rules: a season of
// Friday evenings.
const passLife = 90 * 24 * time.Hour

// unset is a year of a machine that does not know the time yet, as a board without a battery: earlier than any of our parties.
const unset = 2025

// passEnd is when a pass made now ends, in Unix milliseconds. Where the time is not known it has no end: it would be over as
// soon as the clock is set.
func passEnd(now time.Time) int64 {
	if now.Year() < unset {
		return 0
	}
	return now.Add(passLife).UnixMilli()
}

// Auth keeps a house's invitations and passes.
type Auth struct {
	db     *store.DB
	now    func() time.Time
	house  catalog.Region // what a guest who came by PIN is taken to be in
	place  func(netip.Addr) (catalog.Region, bool)
	tiers  func() []catalog.Tier // and to hold
	onPIN  func(pin string)      // told when the PIN changes
	host   [32]byte              // hash of the desk's secret, new at each start
	desk   string
	nameOf string
	party  func() *party.State
	door   *door
	mu     sync.Mutex // one redemption at a time
	links  []Link     // guarded by mu
	wrong  int        // guarded by mu: wrong codes of links

	onKnock  func([]Knock) // told when others wait at the door than before
	knocks   []*Knock      // guarded by mu; oldest first
	came     []Knock       // guarded by mu: those of whom nobody was told yet
	knocking bool          // guarded by mu: they changed, and nobody was told yet
}

// Config is what Auth needs to know of its house.
type Config struct {
	DB     *store.DB
	Now    func() time.Time
	Region catalog.Region
	// Place is the country of an address, if it is outside the house; nil: nobody can look it up.
	Place func(netip.Addr) (region catalog.Region, outside bool)
	Tiers func() []catalog.Tier
	Host  string           // the host's name
	PIN   string           // first PIN; empty: the stored or a random one
	OnPIN func(pin string) // may be nil
	// OnKnock is told when others wait at the door than before, and who came; it may be nil.
	OnKnock func(came []Knock)
	// Party is the party that is on, nil before it has a state. It may be nil.
	Party func() *party.State
}

// New readies a house's desk secret, its open invitation and its PIN.
func New(c Config) (*Auth, error) {
	a := &Auth{db: c.DB, now: c.Now, house: c.Region, place: c.Place, tiers: c.Tiers, onPIN: c.OnPIN, nameOf: c.Host, party: c.Party, door: newDoor(), onKnock: c.OnKnock}
	a.desk = newSecret(16)
	a.host = hash(a.desk)
	if err := a.readyStanding(); err != nil {
		return nil, err
	}
	return a, a.readyPIN(c.PIN)
}

// Desk is the secret that opens the host's desk until the node stops.
func (a *Auth) Desk() string { return a.desk }

// newSecret is n random bytes in the alphabet of URLs (RFC 4648 §5).
func newSecret(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// NewID makes a random name of 80 bits that is easy to read aloud.
func NewID() string {
	var b [10]byte
	rand.Read(b[:])
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

func hash(secret string) [32]byte { return sha256.Sum256([]byte(secret)) }

// Fingerprint tells secrets apart without keeping them; empty for none.
func Fingerprint(secret string) string {
	if secret == "" {
		return ""
	}
	h := hash(secret)
	return base64.RawURLEncoding.EncodeToString(h[:])
}

func refuse(code, reason string) error { return &party.Refusal{Code: code, Reason: reason} }

// Check says whose pass a token is. An unknown, expired or revoked token is
// refused with WP-PASS, and so is one for the stage alone.
func (a *Auth) Check(token string) (party.MemberID, error) {
	pass, err := a.pass(token)
	if err == nil && pass.Stage {
		return "", refuse("WP-PASS", "This key is for the stage alone, and for nothing else. Join with the link or the PIN the host gave you.")
	}
	return pass.Member, err
}

// pass finds a good pass of any kind.
func (a *Auth) pass(token string) (pass party.Pass, err error) {
	if token == "" || len(token) > 128 {
		return party.Pass{}, noPass()
	}
	var ok bool
	err = a.db.View(func(tx *store.Tx) (err error) {
		pass, ok, err = tx.Pass(hash(token))
		return err
	})
	if err != nil {
		return party.Pass{}, fmt.Errorf("look up pass: %w", err)
	}
	if !ok || party.Expired(pass.Expires, a.now()) {
		return party.Pass{}, noPass()
	}
	if pass.Banned {
		return party.Pass{}, party.Banished()
	}
	return pass, nil
}

func noPass() error {
	return refuse("WP-PASS", "You are not at this party. Join with the link or the PIN the host gave you.")
}

// Leave voids one pass.
func (a *Auth) Leave(token string) error {
	return a.db.Update(func(tx *store.Tx) error { return tx.DeletePass(hash(token)) })
}
