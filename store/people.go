package store

import (
	"bytes"
	"fmt"

	"watchparty/node/party"
)

var (
	accounts    = table[party.Account](inAccount)
	passes      = table[party.Pass](inPass)
	invitations = table[party.Invitation](inInvitation)
)

// Account finds what the house knows of a person.
func (tx *Tx) Account(id party.MemberID) (party.Account, bool, error) {
	a, ok, err := accounts.get(tx, []byte(id))
	a.Purse = tx.Purse(id)
	return a, ok, err
}

// PutAccount keeps an account under its own ID; not its purse, which only records fill.
func (tx *Tx) PutAccount(a party.Account) error {
	a.Purse = party.Purse{} // kept apart
	return accounts.put(tx, []byte(a.ID), a)
}

// Accounts lists all accounts by ID.
func (tx *Tx) Accounts() ([]party.Account, error) {
	var all []party.Account
	err := accounts.each(tx, func(_ []byte, a party.Account) error {
		a.Purse = tx.Purse(a.ID)
		all = append(all, a)
		return nil
	})
	return all, err
}

// DeleteAccount forgets a person and their passes. Their records stay in the logs.
func (tx *Tx) DeleteAccount(id party.MemberID) error {
	if _, err := tx.DropPasses(id); err != nil {
		return err
	}
	return accounts.remove(tx, []byte(id))
}

// Pass finds a pass by the SHA-256 of its secret.
func (tx *Tx) Pass(hash [32]byte) (party.Pass, bool, error) { return passes.get(tx, hash[:]) }

// PutPass keeps a pass under the SHA-256 of its secret.
func (tx *Tx) PutPass(hash [32]byte, p party.Pass) error { return passes.put(tx, hash[:], p) }

// DeletePass forgets a pass.
func (tx *Tx) DeletePass(hash [32]byte) error { return passes.remove(tx, hash[:]) }

// DropPasses forgets all passes of a member and says how many there were.
func (tx *Tx) DropPasses(member party.MemberID) (int, error) {
	return tx.dropPasses(func(p party.Pass) bool { return p.Member == member })
}

// DropStageKeys forgets those passes of a member that are for the stage alone.
func (tx *Tx) DropStageKeys(member party.MemberID) error {
	_, err := tx.dropPasses(func(p party.Pass) bool { return p.Member == member && p.Stage })
	return err
}

func (tx *Tx) dropPasses(which func(party.Pass) bool) (int, error) {
	var hashes [][]byte
	err := passes.each(tx, func(hash []byte, p party.Pass) error {
		if which(p) {
			hashes = append(hashes, bytes.Clone(hash))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, hash := range hashes {
		if err := passes.remove(tx, hash); err != nil {
			return 0, err
		}
	}
	return len(hashes), nil
}

// Invitation finds an invitation by the SHA-256 of its secret.
func (tx *Tx) Invitation(hash [32]byte) (party.Invitation, bool, error) {
	return invitations.get(tx, hash[:])
}

// PutInvitation keeps an invitation under the SHA-256 of its secret.
func (tx *Tx) PutInvitation(hash [32]byte, i party.Invitation) error {
	return invitations.put(tx, hash[:], i)
}

// DeleteInvitation forgets an invitation.
func (tx *Tx) DeleteInvitation(hash [32]byte) error { return invitations.remove(tx, hash[:]) }

// Invitations returns all invitations by the SHA-256 of their secrets.
func (tx *Tx) Invitations() (map[[32]byte]party.Invitation, error) {
	all := map[[32]byte]party.Invitation{}
	err := invitations.each(tx, func(hash []byte, i party.Invitation) error {
		if len(hash) != 32 {
			return fmt.Errorf("an invitation under a key of %d bytes", len(hash))
		}
		all[[32]byte(hash)] = i
		return nil
	})
	return all, err
}

// Meta is a value of the house itself: its key, the PIN, the last sign of life.
// It is nil where there is none.
func (tx *Tx) Meta(key string) []byte {
	payload, err := tx.read(tx.top(inMeta), inMeta, []byte(key))
	if err != nil {
		tx.fail(err)
	}
	return bytes.Clone(payload)
}

// PutMeta keeps a value of the house itself.
func (tx *Tx) PutMeta(key string, v []byte) error {
	return tx.write(tx.top(inMeta), inMeta, []byte(key), v)
}
