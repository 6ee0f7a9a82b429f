package store

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"watchparty/node/party"
)

// PartyInfo is a party at a glance.
type PartyInfo struct {
	ID     party.ID  `json:"id"`
	Name   string    `json:"name"`
	Opened int64     `json:"opened"`          // Unix milliseconds
	Ended  int64     `json:"ended,omitempty"` // 0: not ended
	Seq    party.Seq `json:"seq"`             // its last record
}

func (i *PartyInfo) follow(r party.Record) {
	i.Seq = r.Seq
	switch e := r.Event.(type) {
	case party.Opened:
		i.Name, i.Opened = e.Name, r.At.UnixMilli()
	case party.Ended:
		i.Ended = r.At.UnixMilli()
	}
}

// Party is one party at a glance.
func (tx *Tx) Party(id party.ID) (PartyInfo, bool) {
	info, ok, err := parties.get(tx, []byte(id))
	if err != nil {
		tx.fail(err)
	}
	return info, ok
}

// Parties lists all parties, the newest first.
func (tx *Tx) Parties() ([]PartyInfo, error) {
	var all []PartyInfo
	err := parties.each(tx, func(_ []byte, i PartyInfo) error { all = append(all, i); return nil })
	slices.SortFunc(all, func(a, b PartyInfo) int {
		return cmp.Or(cmp.Compare(b.Opened, a.Opened), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

const keyCurrent = "current"

// Current is the party that this house holds now.
func (tx *Tx) Current() (party.ID, bool) {
	v := tx.Meta(keyCurrent)
	return party.ID(v), len(v) > 0
}

// SetCurrent says which party this house holds; "" is none.
func (tx *Tx) SetCurrent(id party.ID) error { return tx.PutMeta(keyCurrent, []byte(id)) }

// Nonce finds the record that a member's wish led to.
func (tx *Tx) Nonce(id party.ID, by party.MemberID, nonce party.Nonce) (party.Seq, bool) {
	payload, err := tx.read(tx.sub(inNonce, string(id)), noncePath(id), nonceKey(by, nonce))
	if err != nil {
		tx.fail(err)
	}
	if len(payload) != 8 {
		return 0, false
	}
	return party.Seq(binary.BigEndian.Uint64(payload)), true
}

// PutNonce remembers that a member's wish was done and led to the record seq.
func (tx *Tx) PutNonce(id party.ID, by party.MemberID, nonce party.Nonce, seq party.Seq) error {
	if nonce == "" {
		return fmt.Errorf("party %s: a wish without a nonce cannot be remembered", id)
	}
	if _, err := tx.info(id); err != nil {
		return err
	}
	b, err := tx.makeSub(inNonce, string(id))
	if err != nil {
		return err
	}
	return tx.write(b, noncePath(id), nonceKey(by, nonce), seqKey(seq))
}

func noncePath(id party.ID) string { return inNonce + "/" + string(id) }

func nonceKey(by party.MemberID, n party.Nonce) []byte {
	return append(append([]byte(by), 0), n...)
}
