package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"watchparty/node/party"
)

// bigFile is where Open stops reading everything: beyond it, the logs of other
// parties than the current one are left to [Check]. A small board reads as much
// from its card in a few seconds.
const bigFile = 256 << 20

// maxProblems bounds a report; the first problems tell most.
const maxProblems = 50

// A survey is what a look at every value of a file gathers.
type survey struct {
	problems []string
	more     int // problems beyond maxProblems
	skipped  bool
	counts   map[string]int // values by top-level bucket
	tops     []string
	logs     map[party.ID]span
	infos    map[party.ID]PartyInfo
	snaps    map[party.ID]party.Seq
}

// A span is the positions of a log, both included.
type span struct{ first, last party.Seq }

// verifyFile reads a file and returns its format; [*DamagedError] if something is
// wrong with it, [*VersionError] if it is too new to be judged.
func verifyFile(path string) (format int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, writeError(path, err)
	}
	defer f.Close()
	return verify(f, path)
}

func verify(f *os.File, path string) (format int, err error) {
	im, err := readImage(f)
	if err != nil {
		return 0, &DamagedError{Path: path, Why: err.Error()}
	}
	format, current := im.identify(im.metas[0])
	if format > Format {
		return format, &VersionError{Path: path, Have: format, Can: Format}
	}
	s := im.survey(func(bucket string) bool {
		return im.size < bigFile || !isLog(bucket) || bucket == logPath(current)
	})
	if format == 0 {
		s.problem("its format is not written in it")
	}
	if len(s.problems) > 0 {
		return format, &DamagedError{Path: path, Why: s.problems[0]}
	}
	return format, nil
}

// identify reads which format a file has, 0 if that is lost, and the current party.
func (im *image) identify(m meta) (format int, current party.ID) {
	im.walk(m, visitor{
		enter: func(path string) bool { return path == inMeta },
		bad:   func(string, string) {},
		item: func(path string, key, value []byte) {
			payload, err := unseal(path, key, value)
			switch {
			case err != nil:
			case string(key) == keyFormat && len(payload) == 4:
				format = int(binary.BigEndian.Uint32(payload))
			case string(key) == keyCurrent:
				current = party.ID(payload)
			}
		},
	})
	return format, current
}

func (s *survey) problem(format string, args ...any) {
	if len(s.problems) >= maxProblems {
		s.more++
		return
	}
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

// survey looks at everything but the buckets that enter leaves out.
func (im *image) survey(enter func(path string) bool) *survey {
	s := &survey{counts: map[string]int{}, logs: map[party.ID]span{}, infos: map[party.ID]PartyInfo{}, snaps: map[party.ID]party.Seq{}}
	newest := im.metas[0]
	if !im.metas[1].sound {
		s.problem("one of its two beginnings is damaged")
	}
	if newest.high > im.pages() {
		s.problem("it is cut short: %d pages of %d", im.pages(), newest.high)
	}
	w := im.walk(newest, visitor{
		enter: func(path string) bool {
			if !strings.Contains(path, "/") {
				s.tops = append(s.tops, path)
			} else if top, _, _ := strings.Cut(path, "/"); !bucketOfBuckets(top) {
				s.problem("there is a bucket in %s", top)
			}
			yes := enter == nil || enter(path)
			s.skipped = s.skipped || !yes
			return yes
		},
		item: s.item,
		bad:  func(_, why string) { s.problem("%s", why) },
	})
	if err := w.free(); err != nil && len(s.problems) == 0 {
		s.problem("%v", err)
	}
	if !slices.Equal(s.tops, topBuckets) {
		s.problem("it has the parts %v instead of %v", s.tops, topBuckets)
	}
	s.compare()
	return s
}

func (s *survey) item(path string, key, value []byte) {
	top, sub, nested := strings.Cut(path, "/")
	payload, err := unseal(path, key, value)
	switch {
	case err != nil:
		s.problem("%v", err)
		return
	case bucketOfBuckets(top) != nested:
		s.problem("%s is in the wrong place", place(path, key))
		return
	}
	s.counts[top]++
	switch id := party.ID(key); top {
	case inLog:
		s.record(party.ID(sub), key)
	case inSnap:
		if len(payload) < 8 {
			s.problem("%s is cut short", place(path, key))
			return
		}
		s.snaps[id] = snapshotSeq(payload)
	case inParty:
		var info PartyInfo
		if err := json.Unmarshal(payload, &info); err != nil || info.ID != id {
			s.problem("%s cannot be read", place(path, key))
			return
		}
		s.infos[id] = info
	}
}

func (s *survey) record(id party.ID, key []byte) {
	if len(key) != 8 {
		s.problem("party %s has a record under a key of %d bytes", id, len(key))
		return
	}
	seq := party.Seq(binary.BigEndian.Uint64(key))
	log, ok := s.logs[id]
	if !ok {
		log.first = seq
	} else if seq != log.last+1 {
		s.problem("party %s has no records between %d and %d", id, log.last, seq)
	}
	log.last = seq
	s.logs[id] = log
}

// compare holds logs, snapshots and the list of parties against each other.
func (s *survey) compare() {
	for id, info := range s.infos {
		log, ok := s.logs[id]
		snap := s.snaps[id]
		switch {
		case !ok && s.skipped:
		case ok && log.last != info.Seq, !ok && snap != info.Seq:
			s.problem("the log of party %s ends at record %d instead of %d", id, max(log.last, snap), info.Seq)
		case ok && (log.first > snap+1 || snap > log.last):
			s.problem("the log of party %s, records %d to %d, does not fit its snapshot at %d", id, log.first, log.last, snap)
		}
	}
	for id := range s.logs {
		if _, ok := s.infos[id]; !ok {
			s.problem("party %s is not in the list of parties", id)
		}
	}
	for id := range s.snaps {
		if _, ok := s.infos[id]; !ok {
			s.problem("party %s has a snapshot and is not in the list of parties", id)
		}
	}
	slices.Sort(s.problems[min(len(s.problems), 1):]) // maps have no order; what came first stays first
}

// unchanged says whether what was read is still the newest transaction. bbolt
// leaves its pages alone until the one after it is committed.
func (im *image) unchanged() bool {
	now, err := readImage(im.file)
	return err == nil && now.metas[0].txid == im.metas[0].txid
}

// equalJSON compares two values as they are written.
func equalJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
