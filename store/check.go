package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"watchparty/node/party"
)

// A Report is what [Check] found in a file.
type Report struct {
	Format      int
	Size        int64 // bytes
	Parties     int
	Records     int
	Accounts    int
	Passes      int
	Invitations int
	Problems    []string // the first 50; none: all is well
	More        int      // problems beyond those
}

// OK says that nothing was wrong.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// String is the report as a person reads it.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "format %d, %d bytes: %d parties with %d records, %d accounts, %d passes, %d invitations\n",
		r.Format, r.Size, r.Parties, r.Records, r.Accounts, r.Passes, r.Invitations)
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "problem: %s\n", p)
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "and %d more problems\n", r.More)
	}
	if r.OK() {
		b.WriteString("no problems\n")
	}
	return b.String()
}

// Check reads a database file and changes nothing: every page, every checksum,
// every log folded and compared with its snapshot, every pass with its account.
// The file may be in use. What is wrong is in the report, and the error is then a
// [*DamagedError]; a [*VersionError] means that the file is too new to be judged.
func Check(path string) (Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return Report{}, fmt.Errorf("check: %w", err)
	}
	defer f.Close()
	for range 10 {
		r, im, err := check(f, path)
		if err == nil || im == nil || im.unchanged() {
			return r, err
		}
	}
	return Report{}, fmt.Errorf("check: %s is being written too fast to be read: check a backup of it", path)
}

// check makes one attempt. The image is nil if the file has no beginning.
func check(f *os.File, path string) (Report, *image, error) {
	im, err := readImage(f)
	if err != nil {
		return Report{Problems: []string{err.Error()}}, nil, &DamagedError{Path: path, Why: err.Error()}
	}
	r := Report{Size: im.size}
	if r.Format, _ = im.identify(im.metas[0]); r.Format > Format {
		return r, im, &VersionError{Path: path, Have: r.Format, Can: Format}
	}
	s := im.survey(nil)
	if r.Format == 0 {
		s.problem("its format is not written in it")
	}
	(&deep{survey: s}).run(im)
	r.Parties, r.Records, r.Accounts = len(s.infos), s.counts[inLog], s.counts[inAccount]
	r.Passes, r.Invitations = s.counts[inPass], s.counts[inInvitation]
	r.Problems, r.More = s.problems, s.more
	if len(s.problems) > 0 {
		return r, im, &DamagedError{Path: path, Why: s.problems[0]}
	}
	return r, im, nil
}

// deep is the part of a check that understands the values.
type deep struct {
	*survey
	accounts map[party.MemberID]bool
	bodies   map[party.ID][]byte // snapshots
	id       party.ID            // the party being folded
	state    *party.State
	says     map[party.Seq]bool // its records that hold what somebody said
	purses   map[party.MemberID]party.Purse
	sums     map[party.MemberID]party.Purse // of the records
}

func (d *deep) run(im *image) {
	d.accounts, d.bodies = map[party.MemberID]bool{}, map[party.ID][]byte{}
	d.purses, d.sums = map[party.MemberID]party.Purse{}, map[party.MemberID]party.Purse{}
	quiet := func(string, string) {} // the survey has told
	notLogs := func(path string) bool { return path != inLog }
	im.walk(im.metas[0], visitor{enter: notLogs, item: d.value, bad: quiet})
	onlyLogs := func(path string) bool { return path == inLog || isLog(path) }
	im.walk(im.metas[0], visitor{enter: onlyLogs, item: d.record, bad: quiet})
	d.balanced()
}

// value understands everything but records. Accounts come before passes.
func (d *deep) value(path string, key, value []byte) {
	payload, err := unseal(path, key, value)
	if err != nil {
		return
	}
	top, sub, _ := strings.Cut(path, "/")
	switch top {
	case inAccount:
		var a party.Account
		err = json.Unmarshal(payload, &a)
		if d.accounts[a.ID] = true; err == nil && string(a.ID) != string(key) {
			err = fmt.Errorf("it is the account of %q", a.ID)
		}
	case inPass:
		var p party.Pass
		if err = json.Unmarshal(payload, &p); err == nil && !d.accounts[p.Member] {
			err = fmt.Errorf("there is no account %q", p.Member)
		}
	case inInvitation:
		err = json.Unmarshal(payload, &party.Invitation{})
	case inSnap:
		d.bodies[party.ID(key)] = bytes.Clone(payload)
		_, err = decodeSnapshot(payload)
	case inNonce:
		if len(payload) != 8 || party.Seq(binary.BigEndian.Uint64(payload)) > d.infos[party.ID(sub)].Seq {
			err = errors.New("it speaks of a record that is not there")
		}
	case inMeta:
		var is bool
		if is, err = d.purse(key, payload); is {
			break
		}
		if _, ok := d.infos[party.ID(payload)]; string(key) == keyCurrent && len(payload) > 0 && !ok {
			err = fmt.Errorf("there is no party %q", payload)
		}
	}
	if err != nil {
		d.problem("%s: %v", place(path, key), err)
	}
}

// record folds a log as the walk goes through it.
func (d *deep) record(path string, key, value []byte) {
	id := party.ID(strings.TrimPrefix(path, inLog+"/"))
	if id != d.id || d.state == nil {
		d.id, d.state, d.says = id, &party.State{}, map[party.Seq]bool{}
		if first := d.logs[id].first; first > 1 {
			if s, err := decodeSnapshot(d.bodies[id]); err == nil {
				d.state = s
			}
		}
	}
	raw, err := unseal(path, key, value)
	if err != nil {
		return
	}
	r, err := party.DecodeRecord(raw)
	if err == nil && !bytes.Equal(key, seqKey(r.Seq)) {
		err = fmt.Errorf("it says that it is record %d", r.Seq)
	}
	if err != nil {
		d.problem("%s: %v", place(path, key), err)
		return
	}
	d.state.Apply(r)
	if r.Says() {
		d.says[r.Seq] = true
	}
	if d.says[r.Erases()] {
		d.problem("line %d of party %s was deleted, and is still there", r.Erases(), id)
	}
	for _, e := range r.Entries() {
		d.sums[e.Member] = d.sums[e.Member].Plus(e.Purse)
	}
	if r.Seq == d.snaps[id] && d.logs[id].first == 1 {
		if s, err := decodeSnapshot(d.bodies[id]); err == nil && !equalJSON(s, d.state) {
			d.problem("the snapshot of party %s at %d differs from its records", id, r.Seq)
		}
	}
}
