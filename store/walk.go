package store

import (
	"bytes"
	"errors"
	"fmt"
	"math"
)

// A visitor is told what a walk finds. Slices are valid during the call.
type visitor struct {
	enter func(path string) bool // whether to look into a bucket; nil: into all
	item  func(path string, key, value []byte)
	bad   func(path, why string) // something of this bucket cannot be read
}

// A walker goes through one tree of a file.
type walker struct {
	*image
	meta
	visitor
	seen []bool // pages that belong to something already
}

// walk visits everything that a meta page leads to, in the order of paths and keys.
func (im *image) walk(m meta, v visitor) *walker {
	high := min(m.high, im.pages())
	w := &walker{im, m, v, make([]bool, high)}
	w.tree("", m.root, nil, nil, 0)
	return w
}

// claim reads a page that nothing else may have led to.
func (w *walker) claim(id uint64) ([]byte, error) {
	p, err := w.read(id, w.high)
	if err != nil {
		return nil, err
	}
	for n := id; n < id+uint64(len(p))/uint64(w.pageSize); n++ {
		if w.seen[n] {
			return nil, fmt.Errorf("page %d is used twice", n)
		}
		w.seen[n] = true
	}
	return p, nil
}

// tree visits a page and what hangs on it. Keys lie between lo, inclusive, and hi,
// exclusive; nil is no bound.
func (w *walker) tree(path string, id uint64, lo, hi []byte, depth int) {
	p, err := w.claim(id)
	if err != nil {
		w.bad(path, err.Error())
		return
	}
	all, err := elements(p)
	if err == nil && !sorted(all, lo, hi) || depth > maxDepth {
		err = errors.New("is in the wrong place")
	}
	if err != nil {
		w.bad(path, fmt.Sprintf("page %d %v", id, err))
	}
	if order.Uint16(p[8:]) == flagLeaf {
		w.leaf(path, all, depth) // values vouch for themselves
		return
	}
	if err != nil {
		return
	}
	for i, e := range all {
		end := hi
		if i+1 < len(all) {
			end = all[i+1].key
		}
		w.tree(path, e.child, e.key, end, depth+1)
	}
}

func sorted(all []element, lo, hi []byte) bool {
	for i, e := range all {
		if i > 0 && bytes.Compare(all[i-1].key, e.key) >= 0 {
			return false
		}
	}
	return len(all) == 0 || bytes.Compare(lo, all[0].key) <= 0 &&
		(hi == nil || bytes.Compare(all[len(all)-1].key, hi) < 0)
}

func (w *walker) leaf(path string, all []element, depth int) {
	for _, e := range all {
		if !e.bucket {
			w.item(path, e.key, e.value)
			continue
		}
		inner := string(e.key)
		if path != "" {
			inner = path + "/" + inner
		}
		if w.enter == nil || w.enter(inner) {
			w.bucket(inner, e.value, depth)
		}
	}
}

// bucket visits a bucket: its own root page, or, while small, a page inside the
// value.
func (w *walker) bucket(path string, value []byte, depth int) {
	const head = 16 // root page and a counter
	if len(value) < head {
		w.bad(path, "the bucket "+path+" is cut short")
		return
	}
	if root := order.Uint64(value); root != 0 {
		w.tree(path, root, nil, nil, depth+1)
		return
	}
	all, err := elements(value[head:])
	if err != nil || !sorted(all, nil, nil) || depth > maxDepth || order.Uint16(value[head+8:]) != flagLeaf {
		w.bad(path, "the small bucket "+path+" is broken")
		return
	}
	w.leaf(path, all, depth+1)
}

// free checks the list of free pages: a page in use that is listed there would be
// overwritten by the next commit.
func (w *walker) free() error {
	p, err := w.claim(w.freelist)
	if err != nil {
		return fmt.Errorf("the list of free pages: %w", err)
	}
	if order.Uint16(p[8:]) != flagFreelist {
		return fmt.Errorf("page %d is no list of free pages", w.freelist)
	}
	count, ids := uint64(order.Uint16(p[10:])), p[pageHead:]
	if count == math.MaxUint16 {
		count, ids = order.Uint64(ids), ids[8:]
	}
	if count > uint64(len(ids)/8) {
		return fmt.Errorf("the list of free pages cannot have %d entries", count)
	}
	for ; count > 0; count, ids = count-1, ids[8:] {
		id := order.Uint64(ids)
		if id < 2 || id >= uint64(len(w.seen)) || w.seen[id] {
			return fmt.Errorf("page %d is both free and in use", id)
		}
		w.seen[id] = true
	}
	return nil
}
