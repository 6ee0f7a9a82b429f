package store

import (
	"encoding/binary"
	"fmt"
	"maps"
	"strings"

	"watchparty/node/party"
)

// Balances lie beside the settings of the house, apart from the accounts: eight bytes big-endian for each person,
// the sum of what the records of all logs give them and take from them. They are written with the records.

const bitsPrefix = "bits/"

// Balance is how many Bits somebody holds.
func (tx *Tx) Balance(id party.MemberID) int64 {
	b := tx.Meta(bitsPrefix + string(id))
	if len(b) != 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b))
}

// Enter books what a record moves.
func (tx *Tx) Enter(r party.Record) error {
	for _, e := range r.Entries() {
		bits := tx.Balance(e.Member) + e.Bits
		if bits < 0 {
			return fmt.Errorf("record %d would leave %s with %d Bits", r.Seq, e.Member, bits)
		}
		if err := tx.putBalance(e.Member, bits); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putBalance(id party.MemberID, bits int64) error {
	return tx.PutMeta(bitsPrefix+string(id), binary.BigEndian.AppendUint64(nil, uint64(bits)))
}

// balanced holds the balances against what the logs say, as far as these go back to their beginnings.
func (d *deep) balanced() {
	for _, log := range d.logs {
		if log.first > 1 {
			return
		}
	}
	for id := range d.snaps {
		if _, ok := d.logs[id]; !ok {
			return
		}
	}
	all := maps.Clone(d.sums)
	maps.Copy(all, d.balances)
	for id := range all {
		if d.balances[id] != d.sums[id] {
			d.problem("%s holds %d Bits, and the records give them %d", id, d.balances[id], d.sums[id])
		}
	}
}

// balance reads one value of the balances; it is told whether it was one.
func (d *deep) balance(key, payload []byte) (bool, error) {
	id, ok := strings.CutPrefix(string(key), bitsPrefix)
	if !ok {
		return false, nil
	}
	if len(payload) != 8 {
		return true, fmt.Errorf("a balance of %d bytes", len(payload))
	}
	d.balances[party.MemberID(id)] = int64(binary.BigEndian.Uint64(payload))
	return true, nil
}

// recount makes the balances what the salvaged records say. A log that lost its beginning may have held more: then
// what was found of the balances stays.
func (r *rebuild) recount() {
	sums := map[party.MemberID]int64{}
	for _, id := range r.parties() {
		runs := r.runs(party.ID(id))
		if len(runs) != 1 || runs[0].first > 1 {
			return
		}
		r.each(party.ID(id), runs[0], func(rec party.Record) {
			for _, e := range rec.Entries() {
				sums[e.Member] += e.Bits
			}
		})
	}
	b := r.tx.top(inMeta)
	var old []string
	r.try(b.ForEach(func(key, _ []byte) error {
		if strings.HasPrefix(string(key), bitsPrefix) {
			old = append(old, string(key))
		}
		return nil
	}))
	for _, key := range old {
		r.try(b.Delete([]byte(key)))
	}
	for id, bits := range sums {
		r.try(r.tx.putBalance(id, bits))
	}
}
