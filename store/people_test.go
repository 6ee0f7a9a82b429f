package store

import (
	"crypto/sha256"
	"errors"
	"testing"

	"watchparty/node/party"
)

func TestPeople(t *testing.T) {
	db := open(t, t.TempDir())
	hash := func(s string) [32]byte { return sha256.Sum256([]byte(s)) }
	update(t, db, func(tx *Tx) error {
		return errors.Join(
			tx.PutAccount(party.Account{ID: "ann", Name: "Ann", Region: "FR"}), tx.PutAccount(party.Account{ID: "bob"}),
			tx.PutPass(hash("1"), party.Pass{Member: "ann"}), tx.PutPass(hash("2"), party.Pass{Member: "ann"}),
			tx.PutPass(hash("3"), party.Pass{Member: "bob"}), tx.PutInvitation(hash("i"), party.Invitation{Uses: 3}),
			tx.PutMeta("pin", []byte("123456")))
	})
	update(t, db, func(tx *Tx) error {
		if a, ok, err := tx.Account("ann"); !ok || err != nil || a.Name != "Ann" || a.Region != "FR" {
			t.Errorf("account %v, %v, %v", a, ok, err)
		}
		if _, ok, err := tx.Account("eve"); ok || err != nil {
			t.Errorf("an account of nobody: %v, %v", ok, err)
		}
		if n, err := tx.DropPasses("ann"); n != 2 || err != nil {
			t.Errorf("dropped %d passes, %v", n, err)
		}
		if _, ok, _ := tx.Pass(hash("1")); ok {
			t.Error("a dropped pass is there")
		}
		if p, ok, _ := tx.Pass(hash("3")); !ok || p.Member != "bob" {
			t.Error("another's pass is gone")
		}
		all, err := tx.Invitations()
		if err != nil || len(all) != 1 || all[hash("i")].Uses != 3 {
			t.Errorf("invitations %v, %v", all, err)
		}
		if string(tx.Meta("pin")) != "123456" || tx.Meta("none") != nil {
			t.Error("meta is not as it was put")
		}
		return errors.Join(tx.DeleteInvitation(hash("i")), tx.DeleteAccount("bob"))
	})
	view(t, db, func(tx *Tx) error {
		people, err := tx.Accounts()
		if len(people) != 1 || people[0].ID != "ann" {
			t.Errorf("accounts %v", people)
		}
		if _, ok, _ := tx.Pass(hash("3")); ok {
			t.Error("a deleted account left its pass")
		}
		if _, ok, _ := tx.Invitation(hash("i")); ok {
			t.Error("a deleted invitation is there")
		}
		return err
	})
}
