package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Salvage builds a new file out of what verifies in the damaged one and in the kept
// copies. Sources are asked newest first, and the first that has a value wins:
//
//  1. the tree of the newer beginning of the damaged file, then that of the older,
//     which is the state before the last commit;
//  2. the copies, the newest first;
//  3. for records alone, which never change: any page of the damaged file, whether
//     a tree still leads to it or not.
//
// A bucket that one source has whole is taken from that one alone, so that what
// was deleted does not come back without need.

// salvage replaces the damaged file. The damage itself is the error if nothing at
// all could be read.
func (db *DB) salvage(damage *DamagedError, o Options) error {
	path := db.path()
	sources, closeAll := openSources(append([]string{path}, copies(db.dir)...))
	defer closeAll()
	fresh := filepath.Join(db.dir, newName)
	r, err := newRebuild(fresh)
	if err != nil {
		return err
	}
	r.fill(sources)
	report, err := r.finish(sources, path)
	if err := errors.Join(err, r.bolt.Close()); err != nil {
		_ = os.Remove(fresh)
		return writeError(fresh, err)
	}
	if r.copied == 0 {
		_ = os.Remove(fresh)
		return damage
	}
	aside := ""
	if exists(path) {
		if aside, err = keepAside(path, "damaged", o.Now()); err != nil {
			return err
		}
	}
	if err := moveInto(fresh, path); err != nil {
		return err
	}
	db.salvaged = sentence(damage, report, aside)
	o.Log.Warn("database rebuilt", "why", damage.Why, "lost", strings.Join(report, "; "), "damaged", aside)
	return nil
}

func sentence(damage *DamagedError, lost []string, aside string) string {
	s := "The party database was damaged (" + damage.Why + ") and has been rebuilt: "
	if len(lost) == 0 {
		s += "nothing was lost"
	} else {
		s += strings.Join(lost, "; ")
	}
	if aside != "" {
		s += ". The damaged file is kept as " + aside
	}
	return s + "."
}

// A source is one tree of one file.
type source struct {
	*image
	meta  meta
	path  string
	whole map[string]bool // the top-level buckets of which it has everything
}

// trees are the sources in a file, the newer first. A beginning whose checksum is
// wrong counts if its tree is whole all the same: else the last commit would be
// lost with it.
func (im *image) trees(path string) []source {
	a := source{image: im, meta: im.metas[0], path: path}
	b := source{image: im, meta: im.metas[1], path: path}
	a.whole, b.whole = a.look(), b.look()
	switch {
	case b.meta.sound:
		return []source{a, b}
	case len(b.whole) == len(topBuckets) && b.meta.txid == a.meta.txid+1:
		return []source{b, a}
	case b.meta.txid+1 != a.meta.txid:
		clear(a.whole) // what is lost may have been newer
	}
	return []source{a}
}

// openSources lists the trees of all files that can be read and are of one format.
// Files that cannot be are passed over.
func openSources(paths []string) (sources []source, closeAll func()) {
	var files []*os.File
	format := 0
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		files = append(files, f)
		im, err := readImage(f)
		if err != nil {
			continue
		}
		have, _ := im.identify(im.metas[0])
		if format == 0 {
			format = have
		}
		if have != 0 && have != format || have > Format {
			continue
		}
		sources = append(sources, im.trees(path)...)
	}
	return sources, func() {
		for _, f := range files {
			_ = f.Close()
		}
	}
}

// A rebuild is a new file being filled.
type rebuild struct {
	bolt   *bolt.DB
	tx     *Tx
	batch  int             // values since the last commit
	copied int             // values in all
	done   map[string]bool // top-level buckets that one source had whole
	older  map[string]bool // those that the damaged file did not have whole
	err    error
}

// batchSize bounds the memory of a salvage.
const batchSize = 5000

func newRebuild(path string) (*rebuild, error) {
	b, err := bolt.Open(path, 0o600, &bolt.Options{
		Timeout: time.Second, FreelistType: bolt.FreelistMapType,
		NoSync: true, // moveInto syncs the whole file before it counts
	})
	if err != nil {
		return nil, writeError(path, err)
	}
	r := &rebuild{bolt: b, done: map[string]bool{}, older: map[string]bool{}}
	if r.begin(); r.err == nil {
		r.err = initBuckets(r.tx)
	}
	return r, nil
}

func (r *rebuild) begin() {
	tx, err := r.bolt.Begin(true)
	r.tx, r.err = &Tx{bolt: tx, path: r.bolt.Path()}, err
}

// commit ends a batch; the next one begins.
func (r *rebuild) commit() {
	if r.err != nil {
		return
	}
	if r.err = r.tx.bolt.Commit(); r.err == nil {
		r.begin()
	}
	r.batch = 0
}

// put keeps a value that was verified, unless there is one already.
func (r *rebuild) put(path string, key, value []byte) {
	if r.err != nil {
		return
	}
	top, sub, nested := strings.Cut(path, "/")
	b := r.tx.top(top)
	if nested {
		if b, r.err = r.tx.makeSub(top, sub); r.err != nil {
			return
		}
	}
	r.copied++
	if path == inMeta && string(key) == keyFormat || b.Get(key) != nil {
		return
	}
	if r.err = b.Put(key, value); r.err != nil {
		return
	}
	if r.batch++; r.batch >= batchSize {
		r.commit()
	}
}

// fill asks the sources in their order.
func (r *rebuild) fill(sources []source) {
	for i, s := range sources {
		s.walk(s.meta, visitor{
			enter: wanted,
			bad:   func(string, string) {},
			item: func(path string, key, value []byte) {
				top, _, nested := strings.Cut(path, "/")
				if _, err := unseal(path, key, value); err == nil && !r.done[top] && bucketOfBuckets(top) == nested {
					r.put(path, key, value)
				}
			},
		})
		for _, top := range topBuckets {
			if i == 0 && !s.whole[top] {
				r.older[top] = true
			}
			r.done[top] = r.done[top] || s.whole[top]
		}
	}
	if r.older[inLog] {
		r.gather(sources[0].image)
	}
}

// wanted says which buckets there can be.
func wanted(path string) bool {
	top, sub, nested := strings.Cut(path, "/")
	for _, name := range topBuckets {
		if name == top {
			return !nested || bucketOfBuckets(top) && sub != "" && len(sub) <= maxID
		}
	}
	return false
}

// look finds the top-level buckets of which a tree has everything.
func (s source) look() map[string]bool {
	whole := map[string]bool{}
	broken := func(path string) {
		top, _, _ := strings.Cut(path, "/")
		delete(whole, top)
	}
	lost := false // something above the buckets is broken: nothing is sure
	s.walk(s.meta, visitor{
		enter: func(path string) bool {
			if wanted(path) && !strings.Contains(path, "/") {
				whole[path] = true
			}
			return wanted(path)
		},
		bad: func(path, _ string) { lost = lost || path == ""; broken(path) },
		item: func(path string, key, value []byte) {
			if _, err := unseal(path, key, value); err != nil {
				broken(path)
			}
		},
	})
	if lost {
		clear(whole)
	}
	return whole
}

// gather looks for records on every page of a file.
func (r *rebuild) gather(im *image) {
	known := r.parties()
	for id := uint64(2); id < im.pages(); id++ {
		p, err := im.read(id, im.pages())
		if err != nil || order.Uint16(p[8:]) != flagLeaf {
			continue
		}
		all, _ := elements(p)
		for _, e := range all {
			r.gatherElement(e, &known)
		}
	}
}

// gatherElement keeps an element if it is a record of a known party, or what is in
// it if it is the small log of any.
func (r *rebuild) gatherElement(e element, known *[]string) {
	const head = 16
	if !e.bucket {
		for i, id := range *known {
			if _, err := unseal(inLog+"/"+id, e.key, e.value); err == nil && len(e.key) == 8 {
				r.put(inLog+"/"+id, e.key, e.value)
				(*known)[0], (*known)[i] = (*known)[i], (*known)[0] // neighbours are of one party
				return
			}
		}
		return
	}
	path := inLog + "/" + string(e.key)
	if len(e.value) < head || order.Uint64(e.value) != 0 || !wanted(path) {
		return
	}
	small, _ := elements(e.value[head:])
	for _, v := range small {
		if _, err := unseal(path, v.key, v.value); err == nil && len(v.key) == 8 {
			r.put(path, v.key, v.value)
		}
	}
}

// parties are the names under which anything was found.
func (r *rebuild) parties() []string {
	seen, names := map[string]bool{}, []string(nil)
	for _, top := range []string{inParty, inSnap, inLog, inNonce} {
		if r.err != nil {
			return nil
		}
		r.err = r.tx.top(top).ForEach(func(key, _ []byte) error {
			if !seen[string(key)] {
				seen[string(key)] = true
				names = append(names, string(key))
			}
			return nil
		})
	}
	return names
}
