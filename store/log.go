package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"watchparty/node/party"
)

// maxRead bounds the bytes of one [Tx.Records]: a slow reader asks again.
const maxRead = 1 << 20

// maxID bounds a party's name: a guest's node takes it from its host.
const maxID = 64

// ErrGone says that a log does not reach back that far: it began with a snapshot
// (a guest's node, a salvaged file). The caller goes on from [Tx.Fold].
var ErrGone = errors.New("these records are not kept here any more")

var parties = table[PartyInfo](inParty)

// Append adds records to a party's log. They must be the next ones.
func (tx *Tx) Append(id party.ID, recs []party.Record) error {
	if len(recs) == 0 {
		return nil
	}
	info, err := tx.info(id)
	if err != nil {
		return err
	}
	b, err := tx.makeSub(inLog, string(id))
	if err != nil {
		return err
	}
	path := logPath(id)
	for _, r := range recs {
		raw := r.Bytes()
		switch {
		case r.Seq != info.Seq+1:
			return fmt.Errorf("append to party %s: record %d where %d is next", id, r.Seq, info.Seq+1)
		case len(raw) == 0 || len(raw) > party.MaxRecord:
			return fmt.Errorf("append to party %s: record %d has %d bytes, limit %d", id, r.Seq, len(raw), party.MaxRecord)
		}
		if err := tx.write(b, path, seqKey(r.Seq), raw); err != nil {
			return err
		}
		info.follow(r)
	}
	return parties.put(tx, []byte(id), info)
}

func logPath(id party.ID) string { return inLog + "/" + string(id) }

// info is what is known of a party; a new one has no records.
func (tx *Tx) info(id party.ID) (PartyInfo, error) {
	if id == "" || len(id) > maxID {
		return PartyInfo{}, fmt.Errorf("a party's name has 1 to %d bytes, not %d", maxID, len(id))
	}
	info, ok, err := parties.get(tx, []byte(id))
	if !ok {
		info = PartyInfo{ID: id}
	}
	return info, err
}

// Last is the position of a party's last record, 0 for a party without any.
func (tx *Tx) Last(id party.ID) party.Seq {
	info, _, err := parties.get(tx, []byte(id))
	if err != nil {
		tx.fail(err)
	}
	return info.Seq
}

// Records returns the records after a position, at most limit and about a
// megabyte of them, at least one if there is one. What is asked for from before
// the beginning of the log is [ErrGone].
func (tx *Tx) Records(id party.ID, after party.Seq, limit int) ([]party.Record, error) {
	var recs []party.Record
	size := 0
	err := tx.scan(id, after, func(r party.Record) bool {
		if len(recs) >= limit || size >= maxRead {
			return false
		}
		recs, size = append(recs, r), size+len(r.Bytes())
		return true
	})
	return recs, err
}

// scan decodes the records after a position until fn has had enough. It hands out
// copies, in unbroken order up to the last.
func (tx *Tx) scan(id party.ID, after party.Seq, fn func(party.Record) bool) error {
	last := tx.Last(id)
	if after >= last {
		return nil
	}
	b := tx.sub(inLog, string(id))
	if b == nil {
		return ErrGone
	}
	path, next := logPath(id), after+1
	c := b.Cursor()
	for k, v := c.Seek(seqKey(next)); k != nil; k, v = c.Next() {
		if !bytes.Equal(k, seqKey(next)) {
			if next == after+1 {
				return ErrGone
			}
			break
		}
		raw, err := tx.open(path, k, v)
		if err != nil {
			return err
		}
		r, err := party.DecodeRecord(bytes.Clone(raw))
		if err != nil {
			return fmt.Errorf("party %s: %w", id, err)
		}
		if r.Seq != next {
			return fmt.Errorf("party %s: record %d in the place of %d", id, r.Seq, next)
		}
		if !fn(r) {
			return nil
		}
		next++
	}
	switch {
	case next == after+1:
		return ErrGone // nothing but a snapshot is left
	case next != last+1:
		return &DamagedError{Path: tx.path, Why: fmt.Sprintf("record %d of party %s is missing", next, id)}
	}
	return nil
}

// Fold is the state of a party after its last record: the snapshot and what
// follows it. A party without records is an empty state.
func (tx *Tx) Fold(id party.ID) (*party.State, error) {
	s, err := tx.snapshot(id)
	if err != nil {
		return nil, err
	}
	err = tx.scan(id, s.Seq, func(r party.Record) bool { s.Apply(r); return true })
	if err != nil {
		return nil, fmt.Errorf("fold party %s: %w", id, err)
	}
	return s, nil
}

// PutSnapshot keeps a state, so that the next [Tx.Fold] starts there. The log
// must already hold all that it is the fold of. When is up to the caller: every
// thousand records or so.
func (tx *Tx) PutSnapshot(s *party.State) error {
	if last := tx.Last(s.ID); s.Seq == 0 || s.Seq > last {
		return fmt.Errorf("snapshot of party %s at %d, its log ends at %d", s.ID, s.Seq, last)
	}
	return tx.putSnapshot(s)
}

func (tx *Tx) putSnapshot(s *party.State) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("snapshot of party %s: %w", s.ID, err)
	}
	return tx.write(tx.top(inSnap), inSnap, []byte(s.ID), append(seqKey(s.Seq), body...))
}

// snapshot is the kept state, or an empty one.
func (tx *Tx) snapshot(id party.ID) (*party.State, error) {
	payload, err := tx.read(tx.top(inSnap), inSnap, []byte(id))
	if err != nil || payload == nil {
		return &party.State{}, err
	}
	return decodeSnapshot(payload)
}

func decodeSnapshot(payload []byte) (*party.State, error) {
	s := &party.State{}
	if len(payload) < 8 {
		return nil, errors.New("snapshot: cut short")
	}
	if err := json.Unmarshal(payload[8:], s); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	if s.Seq != snapshotSeq(payload) {
		return nil, fmt.Errorf("snapshot of party %s: it is at %d and says %d", s.ID, s.Seq, snapshotSeq(payload))
	}
	return s, nil
}

func snapshotSeq(payload []byte) party.Seq { return party.Seq(binary.BigEndian.Uint64(payload)) }

// SeedLog starts a party's log from a snapshot that a guest's node got from its
// host. What was kept of that party is replaced.
func (tx *Tx) SeedLog(s *party.State) error {
	if _, err := tx.info(s.ID); err != nil { // damage is not papered over
		return err
	}
	for _, name := range []string{inLog, inNonce} {
		if tx.sub(name, string(s.ID)) == nil {
			continue
		}
		if err := tx.top(name).DeleteBucket([]byte(s.ID)); err != nil {
			return fmt.Errorf("seed party %s: %w", s.ID, err)
		}
	}
	info := PartyInfo{ID: s.ID, Name: s.Name, Opened: s.Opened, Ended: s.Ended, Seq: s.Seq}
	if err := parties.put(tx, []byte(s.ID), info); err != nil {
		return err
	}
	return tx.putSnapshot(s)
}
