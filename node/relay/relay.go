// Package relay makes a guest's node out of a guest: the host's party as a room of
// this house, and the host's films as titles of this house.
//
// Nothing is decided here. Records are kept in the node's own store before they
// are published, so its pages are served like a host's, and after a restart it
// goes on from where it was. What may be watched is decided by the host, again for
// every range; the answer remembered here only spares a question.
package relay

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	"watchparty/node/guest"
	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/node/wire"
	"watchparty/store"
)

// Relay follows a host's party on behalf of a house.
type Relay struct {
	guest  *guest.Guest
	db     *store.DB
	house  *room.House
	log    *slog.Logger
	origin *Origin
	host   atomic.Pointer[string] // fingerprint of the deciding host

	// Of the follower's goroutine alone.
	ctx    context.Context
	member party.MemberID
	source *source
	state  *party.State
}

// New makes a relay with the party it knows from before, if any.
func New(g *guest.Guest, db *store.DB, log *slog.Logger) (*Relay, error) {
	r := &Relay{guest: g, db: db, log: log, state: &party.State{}}
	r.origin = newOrigin(g)
	err := db.View(func(tx *store.Tx) (err error) {
		if id, ok := tx.Current(); ok {
			r.state, err = tx.Fold(id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	r.source = newSource(r)
	r.house = room.NewHouse(room.New(r.state.ID, db, r.source))
	return r, nil
}

// House holds the host's party.
func (r *Relay) House() *room.House { return r.house }

// Origin brings the host's titles.
func (r *Relay) Origin() *Origin { return r.origin }

// Host is the fingerprint of the deciding host, once it has spoken.
func (r *Relay) Host() string {
	if h := r.host.Load(); h != nil {
		return *h
	}
	return ""
}

// Run follows until ctx ends or there is nothing to come back to.
func (r *Relay) Run(ctx context.Context) error {
	r.ctx = ctx
	if r.state.Seq > 0 {
		r.push(nil)
	}
	return r.guest.Run(ctx, r)
}

// Folded is guest.Follower's.
func (r *Relay) Folded() (party.ID, party.Seq) { return r.state.ID, r.state.Seq }

// Welcome is guest.Follower's.
func (r *Relay) Welcome(w wire.Welcome) error {
	r.host.Store(&w.Host)
	r.member = w.Member
	if s := w.Snapshot; s != nil {
		err := r.db.Update(func(tx *store.Tx) error {
			if err := tx.SeedLog(s); err != nil {
				return err
			}
			return tx.SetCurrent(s.ID)
		})
		if err != nil {
			return err
		}
		// Always a new room: seats in the old one may have seen what is not in this log.
		r.state, r.source = s, newSource(r)
		if _, err := r.house.Move(r.ctx, room.New(s.ID, r.db, r.source)); err != nil {
			return err
		}
		r.push(nil)
	}
	r.origin.forget()
	r.tell(wire.Signal{Host: &wire.HostState{}})
	r.tell(wire.Signal{Titles: &wire.Changed{}})
	return nil
}

// Records is guest.Follower's.
func (r *Relay) Records(rs []party.Record) error {
	if rs[0].Seq != r.state.Seq+1 {
		return errors.New("the host left a record out")
	}
	err := r.db.Update(func(tx *store.Tx) error {
		return errors.Join(tx.Append(r.state.ID, rs), tx.Erase(r.state.ID, rs))
	})
	if err != nil {
		return err
	}
	for _, rec := range rs {
		r.state.Apply(rec)
		switch rec.Event.(type) {
		case party.Timed, party.Joined, party.Sifted: // a film that has begun is not cut, another may be; and rights may be new
			r.origin.forget()
		}
	}
	r.push(rs)
	return nil
}

// Signal is guest.Follower's.
func (r *Relay) Signal(s wire.Signal) {
	if s.By != "" && s.By == r.member {
		return // our own, shown already
	}
	if s.Titles != nil {
		r.origin.forget()
	}
	if s.Waiting != nil {
		r.house.Current().Meter().Waits(len(s.Waiting.For))
	}
	r.tell(s)
}

// Away is guest.Follower's.
func (r *Relay) Away(error) { r.tell(wire.Signal{Host: &wire.HostState{Away: true}}) }

// Roads tells pages by which roads the host is reached now.
func (r *Relay) Roads(now wire.Roads) { r.tell(wire.Signal{Host: &wire.HostState{Roads: &now}}) }

func (r *Relay) tell(s wire.Signal) {
	frame, err := wire.Marshal(s)
	if err != nil {
		r.log.Error("signal", "err", err)
		return
	}
	r.house.Current().Show(room.Signal{By: s.By, Frame: frame, To: party.Guest})
}

func (r *Relay) push(rs []party.Record) {
	select {
	case r.source.news <- news{rs, r.state.Snapshot()}:
	case <-r.ctx.Done():
	}
}

type news struct {
	records []party.Record
	state   *party.State
}

// source is a room's Source that follows the host.
type source struct {
	relay *Relay
	news  chan news
}

func newSource(r *Relay) *source { return &source{r, make(chan news)} }

// Run is room.Source's.
func (s *source) Run(ctx context.Context, publish func([]party.Record, *party.State)) error {
	for {
		select {
		case n := <-s.news:
			publish(n.records, n.state)
		case <-ctx.Done():
			return nil
		}
	}
}

// Submit is room.Source's. Who is present in this house is this house's affair:
// the host counts the node as one screen.
func (s *source) Submit(ctx context.Context, _ party.MemberID, n party.Nonce, c party.Command) (party.Seq, error) {
	switch c.(type) {
	case party.Admit, party.Come, party.Go:
		return 0, nil
	}
	return s.relay.guest.Wish(ctx, n, c)
}

// Signal is room.Source's.
func (s *source) Signal(sig room.Signal) { s.relay.guest.Signal(sig.Frame) }
