package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"watchparty/node/party"
)

// This file makes a consistent whole of what a salvage found: each log an unbroken
// run that begins with record 1 or at its snapshot, and the list of parties, the
// nonces and the current party in accord with the logs.

// finish mends what was found, commits it and says what was lost.
func (r *rebuild) finish(sources []source, path string) (lost []string, err error) {
	for _, id := range r.parties() {
		if what := r.mend(party.ID(id)); what != "" {
			lost = append(lost, what)
		}
	}
	if r.err == nil {
		if id, ok := r.tx.Current(); ok && r.tx.Last(id) == 0 {
			r.err = r.tx.SetCurrent("")
		}
	}
	if r.err == nil {
		r.dropStrangers()
		r.recount()
		r.try(r.tx.err)
	}
	if r.err == nil {
		r.err = r.tx.bolt.Commit()
	} else if r.tx.bolt != nil {
		_ = r.tx.bolt.Rollback()
	}
	return append(lost, r.stale(sources, path)...), r.err
}

// stale says which facts are not certainly of the last moment.
func (r *rebuild) stale(sources []source, path string) []string {
	if len(sources) > 0 && sources[0].path != path {
		return []string{"it is as in the copy of " + sources[0].modified.Format("2 January 2006 15:04") + ", and what came later is lost"}
	}
	words := map[string]string{inAccount: "accounts", inPass: "passes", inInvitation: "invitations", inMeta: "settings of the house"}
	var what []string
	for _, top := range topBuckets {
		if words[top] != "" && r.older[top] {
			what = append(what, words[top])
		}
	}
	if len(what) == 0 {
		return nil
	}
	return []string{"some " + strings.Join(what, ", ") + " may be missing or a few minutes old"}
}

// mend makes a party's log an unbroken run, and says what had to go.
func (r *rebuild) mend(id party.ID) (lost string) {
	tx := r.tx
	info, err := tx.info(id)
	if err != nil {
		r.drop(id)
		return ""
	}
	snap, err := tx.snapshot(id)
	if err != nil || snap.ID != id {
		snap = &party.State{}
		r.try(tx.top(inSnap).Delete([]byte(id)))
	}
	keep := bestRun(r.runs(id), snap.Seq)
	if keep.last == 0 && snap.Seq == 0 {
		r.drop(id)
		return fmt.Sprintf("nothing could be kept of the party %q", cmp.Or(info.Name, string(id)))
	}
	found := r.trim(id, keep)
	end := max(keep.last, snap.Seq)
	before := info
	info = r.describe(id, snap, keep)
	r.try(parties.put(tx, []byte(id), info))
	r.mendNonces(id, end, keep)
	r.eraseAgain(id, keep)
	var gone []string
	if keep.first > 1 && keep.last > 0 || keep.last == 0 {
		gone = append(gone, "the beginning")
	}
	if n := max(before.Seq, found); n > end {
		gone = append(gone, fmt.Sprintf("the last %d records", n-end))
	}
	if len(gone) == 0 {
		return ""
	}
	return fmt.Sprintf("%s of the party %q could not be kept", strings.Join(gone, " and "), info.Name)
}

// eraseAgain deletes what had been deleted, and was found once more in an older copy or on a page that was left over.
func (r *rebuild) eraseAgain(id party.ID, keep span) {
	var erased []party.Record
	r.each(id, keep, func(rec party.Record) {
		if rec.Erases() > 0 {
			erased = append(erased, rec)
		}
	})
	if r.err == nil {
		r.try(r.tx.Erase(id, erased))
	}
}

// dropStrangers forgets the passes of those whose account is lost: they have to
// join again.
func (r *rebuild) dropStrangers() {
	strangers := map[party.MemberID]bool{}
	r.try(passes.each(r.tx, func(_ []byte, p party.Pass) error {
		_, known, err := r.tx.Account(p.Member)
		if !known {
			strangers[p.Member] = true
		}
		return err
	}))
	for id := range strangers {
		_, err := r.tx.DropPasses(id)
		r.try(err)
	}
}

func (r *rebuild) try(err error) {
	if r.err == nil {
		r.err = err
	}
}

// runs are the unbroken stretches of a log.
func (r *rebuild) runs(id party.ID) []span {
	var runs []span
	b := r.tx.sub(inLog, string(id))
	if b == nil {
		return nil
	}
	r.try(b.ForEach(func(key, _ []byte) error {
		seq := party.Seq(binary.BigEndian.Uint64(key))
		if n := len(runs); n > 0 && runs[n-1].last+1 == seq {
			runs[n-1].last = seq
		} else {
			runs = append(runs, span{seq, seq})
		}
		return nil
	}))
	return runs
}

// bestRun is the run that leads furthest from the beginning or from the snapshot.
// None does if the snapshot leads further.
func bestRun(runs []span, snap party.Seq) span {
	for _, run := range slices.Backward(runs) {
		if run.first <= snap+1 && run.last >= snap {
			return run
		}
	}
	return span{}
}

// trim deletes the records outside a run, and returns the last one there was.
func (r *rebuild) trim(id party.ID, keep span) (last party.Seq) {
	b := r.tx.sub(inLog, string(id))
	if b == nil || r.err != nil {
		return 0
	}
	var gone [][]byte
	r.try(b.ForEach(func(key, _ []byte) error {
		last = party.Seq(binary.BigEndian.Uint64(key))
		if last < keep.first || last > keep.last {
			gone = append(gone, bytes.Clone(key))
		}
		return nil
	}))
	for _, key := range gone {
		r.try(b.Delete(key))
	}
	if keep.last == 0 {
		r.try(r.tx.top(inLog).DeleteBucket([]byte(id)))
	}
	return last
}

// describe tells of a party what its snapshot and records say.
func (r *rebuild) describe(id party.ID, snap *party.State, keep span) PartyInfo {
	info := PartyInfo{ID: id, Name: snap.Name, Opened: snap.Opened, Ended: snap.Ended, Seq: max(keep.last, snap.Seq)}
	r.each(id, keep, func(rec party.Record) {
		at := info.Seq
		info.follow(rec)
		info.Seq = at
	})
	return info
}

// mendNonces forgets the nonces of records that are lost. Where some nonces may be
// missing, they are taken from the records.
func (r *rebuild) mendNonces(id party.ID, end party.Seq, keep span) {
	if b := r.tx.sub(inNonce, string(id)); b != nil {
		var gone [][]byte
		r.try(b.ForEach(func(key, value []byte) error {
			payload, err := unseal(noncePath(id), key, value)
			if err != nil || len(payload) != 8 || party.Seq(binary.BigEndian.Uint64(payload)) > end {
				gone = append(gone, bytes.Clone(key))
			}
			return nil
		}))
		for _, key := range gone {
			r.try(b.Delete(key))
		}
	}
	if !r.older[inNonce] {
		return
	}
	r.each(id, keep, func(rec party.Record) {
		if rec.Nonce != "" {
			r.try(r.tx.PutNonce(id, rec.By, rec.Nonce, rec.Seq))
		}
	})
}

// each decodes the records of a run.
func (r *rebuild) each(id party.ID, keep span, fn func(party.Record)) {
	b := r.tx.sub(inLog, string(id))
	if b == nil || keep.last == 0 || r.err != nil {
		return
	}
	c := b.Cursor()
	for key, value := c.Seek(seqKey(keep.first)); key != nil; key, value = c.Next() {
		raw, err := unseal(logPath(id), key, value)
		if err != nil {
			r.try(err)
			return
		}
		if rec, err := party.DecodeRecord(bytes.Clone(raw)); err == nil {
			fn(rec)
		}
	}
}

// drop forgets a party of which nothing can be used.
func (r *rebuild) drop(id party.ID) {
	for _, name := range []string{inLog, inNonce} {
		if id != "" && r.tx.top(name).Bucket([]byte(id)) != nil {
			r.try(r.tx.top(name).DeleteBucket([]byte(id)))
		}
	}
	for _, name := range []string{inParty, inSnap} {
		r.try(r.tx.top(name).Delete([]byte(id)))
	}
}
