package store

import (
	"bytes"
	"errors"
	"fmt"

	"watchparty/node/party"
)

// Record finds one record of a party's log; false where it is not kept.
func (tx *Tx) Record(id party.ID, seq party.Seq) (party.Record, bool) {
	if seq == 0 {
		return party.Record{}, false
	}
	recs, err := tx.Records(id, seq-1, 1)
	if err != nil && !errors.Is(err, ErrGone) {
		tx.fail(err)
	}
	if len(recs) == 0 || recs[0].Seq != seq {
		return party.Record{}, false
	}
	return recs[0], true
}

// Erase does what records say that delete lines of the chat: in place of such a line stands a record of the same number that
// does not say it, and the snapshot does not either. Each was appended before, in this transaction or an earlier one.
// Where a log begins later, the line is not in it.
func (tx *Tx) Erase(id party.ID, recs []party.Record) error {
	for _, r := range recs {
		if line := r.Erases(); line > 0 {
			if err := tx.erase(id, line); err != nil {
				return fmt.Errorf("erase line %d of party %s: %w", line, id, err)
			}
		}
	}
	return nil
}

func (tx *Tx) erase(id party.ID, line party.Seq) error {
	if err := tx.strike(id, line); err != nil {
		return err
	}
	r, ok := tx.Record(id, line)
	if !ok {
		return tx.err
	}
	bare, ok, err := r.Without()
	if err != nil || !ok || bytes.Equal(bare.Bytes(), r.Bytes()) {
		return err
	}
	if err := tx.PutMeta(keyScrub, []byte("1")); err != nil {
		return err
	}
	return tx.write(tx.sub(inLog, string(id)), logPath(id), seqKey(line), bare.Bytes())
}

// strike takes the line out of the party's snapshot.
func (tx *Tx) strike(id party.ID, line party.Seq) error {
	s, err := tx.snapshot(id)
	if err != nil || s.Seq < line {
		return err
	}
	s.Strike(line)
	if err := tx.PutMeta(keyScrub, []byte("1")); err != nil {
		return err
	}
	return tx.putSnapshot(s)
}
