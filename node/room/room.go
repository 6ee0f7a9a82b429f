// Package room runs parties: one goroutine decides, everybody else reads.
//
// Order of work, never changed: decide, commit, publish. Nothing is shown that is
// not on disk, and all see the same order. Publishing replaces one immutable tail;
// a [Seat] is only a cursor, so there is no queue per guest, and catching up is
// the same as being live. Nobody but a room's [Source] holds its state.
package room

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"watchparty/node/party"
	"watchparty/store"
)

// A Source puts a party's records in order: it decides here, or follows a host.
type Source interface {
	// Submit asks for c to be decided and answers with the seq of its last record
	// once it is durable, or with the refusal. The same nonce of the same member
	// is done once and answered alike.
	Submit(ctx context.Context, by party.MemberID, n party.Nonce, c party.Command) (party.Seq, error)
	// Run hands over records in order, each one durable, and the state they fold
	// into, until ctx ends.
	Run(ctx context.Context, publish func([]party.Record, *party.State)) error
	// Signal passes on what is worth nothing a second later.
	Signal(Signal)
}

// ErrClosed means that the room is gone: the node stops or another party is on.
var ErrClosed = errors.New("room closed")

// A Room is one party as the people in it see it.
type Room struct {
	ID party.ID

	db      *store.DB
	source  Source
	meter   *Meter
	able    *able
	state   atomic.Pointer[party.State]
	records feed[party.Record]
	signals feed[Signal]
	ready   chan struct{} // closed when the first state is there
	began   party.Seq     // last record before the first published one; set before ready
	done    chan struct{} // closed when Run has returned
}

// keptRecords and keptSignals bound the tails. A seat that is further behind
// reads records from the store; signals it has missed are gone.
const (
	keptRecords = 512
	keptSignals = 256
)

// New makes a room for the party that the source brings.
func New(id party.ID, db *store.DB, source Source) *Room {
	r := &Room{ID: id, db: db, source: source, meter: &Meter{}, able: &able{}, ready: make(chan struct{}), done: make(chan struct{})}
	r.records.limit, r.signals.limit = keptRecords, keptSignals
	return r
}

// Run runs the room until ctx ends or its source fails.
func (r *Room) Run(ctx context.Context) error {
	defer close(r.done)
	return r.source.Run(ctx, r.publish)
}

func (r *Room) publish(recs []party.Record, s *party.State) {
	first := r.state.Swap(s) == nil
	r.meter.published(recs, first, s)
	r.records.add(uint64(s.Seq)+1-uint64(len(recs)), recs...)
	r.forget(recs)
	if first {
		r.began = s.Seq - party.Seq(len(recs))
		close(r.ready)
	}
}

// Ready waits until the room has a state.
func (r *Room) Ready(ctx context.Context) error {
	select {
	case <-r.ready:
		return nil
	case <-r.done:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Meter counts what this room's screens and starts are like.
func (r *Room) Meter() *Meter { return r.meter }

// State is the party as it is now, for reading; nil before the first fold.
func (r *Room) State() *party.State { return r.state.Load() }

// Submit passes a wish to the source.
func (r *Room) Submit(ctx context.Context, by party.MemberID, n party.Nonce, c party.Command) (party.Seq, error) {
	return r.source.Submit(ctx, by, n, c)
}

// A Signal is worth nothing a second later and is never stored.
type Signal struct {
	By     party.MemberID
	Screen party.ScreenID
	Report *party.Report    // what the screen says of itself; nil: something else
	Can    *party.Abilities // what it says that it can play; nil: something else
	React  string           // an emoji over the film; empty: something else
	Frame  []byte           // as it goes over the wire
	To     party.Role       // lowest role that may see it
}

// Signal shows s to everybody it is for, here and wherever the source leads.
func (r *Room) Signal(s Signal) {
	if s.Report != nil {
		r.meter.report(*s.Report)
	}
	if s.Can != nil {
		r.able.heard(s, time.Now())
	}
	r.source.Signal(s) // first: who sees it may wish something because of it
	r.Show(s)
}

// Show shows s to everybody it is for in this house.
func (r *Room) Show(s Signal) { r.signals.push(s) }
