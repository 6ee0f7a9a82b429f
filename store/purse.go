package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"watchparty/node/party"
)

// Purses lie beside the settings of the house, apart from the accounts: the JSON of each person's, what the records
// of all logs add up to. They are written with the records.

const pursePrefix = "purse/"

// Purse is what somebody holds.
func (tx *Tx) Purse(id party.MemberID) (p party.Purse) {
	if b := tx.Meta(pursePrefix + string(id)); b != nil {
		if err := json.Unmarshal(b, &p); err != nil {
			tx.fail(fmt.Errorf("read the purse of %s: %w", id, err))
		}
	}
	return p
}

// Enter books what a record moves.
func (tx *Tx) Enter(r party.Record) error {
	for _, e := range r.Entries() {
		p := tx.Purse(e.Member).Plus(e.Purse)
		if p.Bits < 0 {
			return fmt.Errorf("record %d would leave %s with %d Bits", r.Seq, e.Member, p.Bits)
		}
		if err := tx.putPurse(e.Member, p); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putPurse(id party.MemberID, p party.Purse) error {
	b, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write a purse: %w", err)
	}
	return tx.PutMeta(pursePrefix+string(id), b)
}

// balanced holds the purses against what the logs say, as far as these go back to their beginnings.
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
	maps.Copy(all, d.purses)
	for id := range all {
		if has, sum := d.purses[id], d.sums[id]; has.Bits != sum.Bits {
			d.problem("%s holds %d Bits, and the records give them %d", id, has.Bits, sum.Bits)
		} else if has != sum {
			d.problem("the purse of %s is %+v, and the records add up to %+v", id, has, sum)
		}
	}
}

// purse reads one value of the purses; it is told whether it was one.
func (d *deep) purse(key, payload []byte) (is bool, err error) {
	id, is := strings.CutPrefix(string(key), pursePrefix)
	if is {
		var p party.Purse
		err = json.Unmarshal(payload, &p)
		d.purses[party.MemberID(id)] = p
	}
	return is, err
}

// recount makes the purses what the salvaged records say. A log that lost its beginning may have held more: then
// what was found of the purses stays.
func (r *rebuild) recount() {
	sums := map[party.MemberID]party.Purse{}
	for _, id := range r.parties() {
		runs := r.runs(party.ID(id))
		if len(runs) != 1 || runs[0].first > 1 {
			return
		}
		r.each(party.ID(id), runs[0], func(rec party.Record) {
			for _, e := range rec.Entries() {
				sums[e.Member] = sums[e.Member].Plus(e.Purse)
			}
		})
	}
	b := r.tx.top(inMeta)
	var old []string
	r.try(b.ForEach(func(key, _ []byte) error {
		if strings.HasPrefix(string(key), pursePrefix) {
			old = append(old, string(key))
		}
		return nil
	}))
	for _, key := range old {
		r.try(b.Delete([]byte(key)))
	}
	for id, p := range sums {
		r.try(r.tx.putPurse(id, p))
	}
}
