package ffmpeg

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// maxQueue bounds how many may wait for a place; the next one gets [ErrBusy].
const maxQueue = 64

// A Pool bounds how many children run at once.
type Pool struct {
	places chan struct{}

	mu      sync.Mutex
	waiting int           // guarded by mu
	since   time.Time     // guarded by mu; when the first of those who wait now came
	turn    time.Duration // guarded by mu
}

// NewPool makes a pool of n places; n below 1 means half of the machine's cores, and one at
// least: the other half is for the party.
func NewPool(n int) *Pool {
	if n < 1 {
		n = max(1, runtime.NumCPU()/2)
	}
	return &Pool{places: make(chan struct{}, n)}
}

// Take waits for a place and gives what must be called to give it back. Who came first has the next.
func (p *Pool) Take(ctx context.Context) (back func(), err error) {
	if err := p.queue(); err != nil {
		return nil, err
	}
	defer p.leave()
	select {
	case p.places <- struct{}{}:
		since := time.Now()
		return func() { p.took(since); <-p.places }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (p *Pool) queue() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting == maxQueue {
		return ErrBusy
	}
	if p.waiting++; p.waiting == 1 {
		p.since = time.Now()
	}
	return nil
}

func (p *Pool) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting--
}

// took learns from a place that is given back to somebody who waits: how long it was kept from them.
func (p *Pool) took(since time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting == 0 {
		return
	}
	if since.Before(p.since) {
		since = p.since
	}
	took := time.Since(since)
	if p.turn == 0 {
		p.turn = took
	}
	p.turn += (took - p.turn) / 4
}

// Turn is how long it takes until before others have given their places back while somebody waits, by
// what it took the last ones; 0 if that is not known.
func (p *Pool) Turn(before int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.turn * time.Duration(before) / time.Duration(cap(p.places))
}

// Full tells whether who comes now has to wait.
func (p *Pool) Full() bool { return len(p.places) == cap(p.places) }

// Queue is how many wait for a place.
func (p *Pool) Queue() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting
}

// Running is how many places are taken.
func (p *Pool) Running() int { return len(p.places) }
