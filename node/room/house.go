package room

import (
	"context"
	"errors"
	"sync/atomic"

	"watchparty/node/party"
)

// A House holds the party that is on. One is on at a time; the next takes its
// place, and who sat in the old one is told that it moved.
type House struct {
	current atomic.Pointer[Room]
	next    chan *Room
}

// NewHouse makes a house in which the given party is on once Run runs.
func NewHouse(first *Room) *House {
	h := &House{next: make(chan *Room)}
	h.current.Store(first)
	return h
}

// Current is the party that is on.
func (h *House) Current() *Room { return h.current.Load() }

// State is the current party's state; nil until it has one.
func (h *House) State() *party.State { return h.Current().State() }

// Move closes the current party's room and puts the next one in its place. It does
// not wait for the next one to be ready.
func (h *House) Move(ctx context.Context, next *Room) error {
	select {
	case h.next <- next:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run runs the party that is on, until ctx ends or a room fails.
func (h *House) Run(ctx context.Context) error {
	for {
		room := h.Current()
		rctx, stop := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- room.Run(rctx) }()
		var next *Room
		select {
		case next = <-h.next:
			h.current.Store(next)
			stop()
			if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
				return err
			}
		case err := <-ended:
			stop()
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}
