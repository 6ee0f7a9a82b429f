package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"math/big"

	"watchparty/node/party"
	"watchparty/store"
)

// wrongPINs is how many wrong tries there are in total, whoever makes them,
// before the PIN changes: 5 in a million is a guesser's chance.
const wrongPINs = 5

type pin struct {
	Value string `json:"pin"`
	Wrong int    `json:"wrong"`
	Old   string `json:"old,omitempty"` // the one before: who has it is told, not counted
}

func newPIN() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil { // the system's randomness never fails (crypto/rand)
		panic(err)
	}
	return fmt.Sprintf("%06d", n)
}

// ValidPIN says whether s is six digits.
func ValidPIN(s string) bool {
	if len(s) != 6 {
		return false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// readyPIN sets the given PIN, or keeps the stored one, or makes one.
func (a *Auth) readyPIN(given string) error {
	return a.db.Update(func(tx *store.Tx) error {
		p, err := readPIN(tx)
		if err != nil {
			return err
		}
		switch {
		case given != "" && given != p.Value:
			p = pin{Value: given, Old: p.Value}
		case p.Value == "":
			p = pin{Value: newPIN()}
		default:
			return nil
		}
		return writePIN(tx, p)
	})
}

// PIN is what the host's screen shows.
func (a *Auth) PIN() (value string) {
	a.db.View(func(tx *store.Tx) error {
		p, err := readPIN(tx)
		value = p.Value
		return err
	})
	return value
}

// usePIN compares a PIN, if the door lets it be tried; rotated is the new one if
// that was one wrong try too many. A wrong try is on disk before it is answered.
// Auth's lock is held, so that parallel guesses are not compared more often.
func (a *Auth) usePIN(r Request) (inv party.Invitation, rotated string, err error) {
	if party.CleanName(r.Name) == "" {
		return inv, "", noName()
	}
	var p pin
	err = a.db.View(func(tx *store.Tx) error {
		p, err = readPIN(tx)
		return err
	})
	now := a.now()
	switch {
	case err != nil:
		return inv, "", fmt.Errorf("compare PIN: %w", err)
	case p.Old != "" && r.PIN == p.Old: // tells nothing about the new one
		return inv, "", pinRotated()
	case !a.door.mayGuess(r.Addr, now):
		return inv, "", tooFast()
	case subtle.ConstantTimeCompare([]byte(r.PIN), []byte(p.Value)) == 1:
		// Wrong tries stay counted: a guesser gains nothing by joining.
		inv = a.newcomer()
		return inv, "", a.welcome(r, inv)
	}
	a.door.guessedWrong(r.Addr, now)
	err = refuse("WP-PIN-WRONG", "That PIN is not right. Look at the host's screen and try again.")
	if p.Wrong++; p.Wrong >= wrongPINs {
		p = pin{Value: newPIN(), Old: p.Value}
		rotated, err = p.Value, pinRotated()
	}
	if failed := a.db.Update(func(tx *store.Tx) error { return writePIN(tx, p) }); failed != nil {
		return inv, "", fmt.Errorf("count wrong PIN: %w", failed)
	}
	return inv, rotated, err
}

// newcomer are the terms of who comes without an invitation of their own.
func (a *Auth) newcomer() party.Invitation {
	return party.Invitation{Role: party.Guest, Tiers: a.tiers()}
}

func pinRotated() error {
	return refuse("WP-PIN-ROTATED", "There were too many wrong PINs, so it changed: the new one is on the host's screen.")
}

const pinKey = "pin"

func readPIN(tx *store.Tx) (p pin, err error) {
	if b := tx.Meta(pinKey); b != nil {
		err = json.Unmarshal(b, &p)
	}
	return p, err
}

func writePIN(tx *store.Tx, p pin) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return tx.PutMeta(pinKey, b)
}
