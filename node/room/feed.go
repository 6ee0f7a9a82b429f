package room

import (
	"slices"
	"sync"
	"sync/atomic"
)

// A feed is a numbered sequence of which the end is kept. Readers hold cursors
// and never block the writer: each addition makes a new immutable tail and closes
// the old one's channel.
type feed[T any] struct {
	limit int
	mu    sync.Mutex // writers only
	now   atomic.Pointer[tail[T]]
}

// tail is the kept end of a feed: items[0] has number first.
type tail[T any] struct {
	first uint64
	items []T
	more  chan struct{} // closed when a newer tail is there
}

func (t *tail[T]) end() uint64 { return t.first + uint64(len(t.items)) }

// load is the current tail; an empty one before the first addition.
func (f *feed[T]) load() *tail[T] {
	if t := f.now.Load(); t != nil {
		return t
	}
	f.now.CompareAndSwap(nil, &tail[T]{first: 1, more: make(chan struct{})})
	return f.now.Load()
}

// push adds items after what is there.
func (f *feed[T]) push(items ...T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.replace(f.load(), f.load().end(), items)
}

// add adds items of which the first has number first. A gap empties the tail:
// readers fetch what they lack from the store.
func (f *feed[T]) add(first uint64, items ...T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.replace(f.load(), first, items)
}

// change puts another item in the place of number n, if that is still kept. Who has read it has read it.
func (f *feed[T]) change(n uint64, change func(T) T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := f.load()
	if n < old.first || n >= old.end() {
		return
	}
	next := &tail[T]{first: old.first, items: slices.Clone(old.items), more: make(chan struct{})}
	next.items[n-old.first] = change(next.items[n-old.first])
	f.now.Store(next)
	close(old.more)
}

func (f *feed[T]) replace(old *tail[T], first uint64, items []T) {
	next := &tail[T]{first: first, items: items, more: make(chan struct{})}
	if first == old.end() && len(old.items) > 0 {
		// Appending writes behind what older tails can see, so they stay as they are.
		next.first, next.items = old.first, append(old.items, items...)
		if over := len(next.items) - f.limit; over > 0 {
			next.first, next.items = next.first+uint64(over), next.items[over:]
		}
	}
	f.now.Store(next)
	close(old.more)
}

// after gives what follows number n, and whether the tail reaches back that far.
func (t *tail[T]) after(n uint64) ([]T, bool) {
	if n+1 < t.first {
		return nil, false
	}
	if n+1 >= t.end() {
		return nil, true
	}
	return t.items[n+1-t.first:], true
}
