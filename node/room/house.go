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
	next    chan move
}

// move is a room that is to take the current one's place.
type move struct {
	room  *Room
	shown chan struct{} // closed when it has
}

// NewHouse makes a house in which the given party is on once Run runs.
func NewHouse(first *Room) *House {
	h := &House{next: make(chan move)}
	h.current.Store(first)
	return h
}

// Current is the party that is on.
func (h *House) Current() *Room { return h.current.Load() }

// State is the current party's state; nil until it has one.
func (h *House) State() *party.State { return h.Current().State() }

// Move puts the next party in the current one's place, once it has a state, and
// closes the current one's room then. The channel is closed when that is done.
func (h *House) Move(ctx context.Context, next *Room) (<-chan struct{}, error) {
	m := move{next, make(chan struct{})}
	select {
	case h.next <- m:
		return m.shown, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Run runs the party that is on, until ctx ends or a room fails.
func (h *House) Run(ctx context.Context) error {
	now := start(ctx, h.Current())
	for {
		select {
		case m := <-h.next:
			m.room.meter, m.room.able = h.Current().meter, h.Current().able
			next := start(ctx, m.room)
			if err := m.room.Ready(ctx); err == nil {
				h.current.Store(m.room)
				close(m.shown)
			}
			if err := now.end(); err != nil {
				return errors.Join(err, next.end())
			}
			now = next
		case err := <-now.ended:
			now.stop()
			return err
		}
	}
}

// running is a room that runs.
type running struct {
	stop  context.CancelFunc
	ended chan error
}

func start(ctx context.Context, r *Room) running {
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	return running{stop, ended}
}

func (r running) end() error {
	r.stop()
	return <-r.ended
}
