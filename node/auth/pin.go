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

// usePIN counts the try before it compares, in one transaction, so that parallel
// guesses are not compared more often than allowed.
func (a *Auth) usePIN(r Request) (inv party.Invitation, err error) {
	if party.CleanName(r.Name) == "" {
		return inv, noName()
	}
	var right, old bool
	var rotated string
	err = a.db.Update(func(tx *store.Tx) error {
		p, err := readPIN(tx)
		if err != nil {
			return err
		}
		right = subtle.ConstantTimeCompare([]byte(r.PIN), []byte(p.Value)) == 1
		old = p.Old != "" && r.PIN == p.Old
		if right || old {
			return nil // wrong tries stay counted: a guesser gains nothing by joining
		}
		if p.Wrong++; p.Wrong >= wrongPINs {
			p = pin{Value: newPIN(), Old: p.Value}
			rotated = p.Value
		}
		return writePIN(tx, p)
	})
	switch {
	case err != nil:
		return inv, fmt.Errorf("compare PIN: %w", err)
	case rotated != "" || old:
		if rotated != "" && a.onPIN != nil {
			a.onPIN(rotated)
		}
		return inv, refuse("WP-PIN-ROTATED", "There were too many wrong PINs, so it changed: the new one is on the host's screen.")
	case !right:
		return inv, refuse("WP-PIN-WRONG", "That PIN is not right. Look at the host's screen and try again.")
	}
	return party.Invitation{Role: party.Guest, Region: a.house, Tiers: a.tiers()}, nil
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
