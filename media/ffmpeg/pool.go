package ffmpeg

import (
	"context"
	"runtime"
	"sync/atomic"
)

// maxQueue bounds how many may wait for a place; the next one gets [ErrBusy].
const maxQueue = 64

// A Pool bounds how many children run at once.
type Pool struct {
	places  chan struct{}
	waiting atomic.Int64
}

// NewPool makes a pool of n places; n below 1 means half of the machine's cores, and one at
// least: the other half is for the party.
func NewPool(n int) *Pool {
	if n < 1 {
		n = max(1, runtime.NumCPU()/2)
	}
	return &Pool{places: make(chan struct{}, n)}
}

// Take waits for a place and gives what must be called to give it back.
func (p *Pool) Take(ctx context.Context) (back func(), err error) {
	if p.waiting.Add(1) > maxQueue {
		p.waiting.Add(-1)
		return nil, ErrBusy
	}
	defer p.waiting.Add(-1)
	select {
	case p.places <- struct{}{}:
		return func() { <-p.places }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Full tells whether who comes now has to wait.
func (p *Pool) Full() bool { return len(p.places) == cap(p.places) }

// Queue is how many wait for a place.
func (p *Pool) Queue() int { return int(p.waiting.Load()) }

// Places is how many there are.
func (p *Pool) Places() int { return cap(p.places) }

// Running is how many places are taken.
func (p *Pool) Running() int { return len(p.places) }
