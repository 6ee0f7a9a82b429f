package room

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"watchparty/node/clock"
	"watchparty/node/party"
	"watchparty/store"
)

const (
	batch         = 256             // wishes decided in one transaction at most
	snapshotEvery = 1000            // records between stored snapshots
	pulseEvery    = 5 * time.Second // sign of life while a film plays
	finishAgain   = time.Second     // after a film's end that could not be kept
)

// Local is the source of a party that is decided here. It alone holds the state.
type Local struct {
	id     party.ID
	name   string
	db     *store.DB
	titles party.Titles
	clock  clock.Clock
	log    *slog.Logger
	inbox  chan wish // unbuffered: who wishes waits
	gone   chan struct{}
	gate   gate

	state *party.State // owned by Run
	retry time.Time    // a film's end is not tried again before

	recounted recount
	sifting   sifting
}

type wish struct {
	by      party.MemberID
	nonce   party.Nonce
	command party.Command
	answer  chan answer // buffered: the room never waits for who asked
}

type answer struct {
	seq party.Seq
	err error
}

// NewLocal makes the source of party id; if the store does not know it, it opens
// under this name.
func NewLocal(id party.ID, name string, db *store.DB, titles party.Titles, c clock.Clock, log *slog.Logger) *Local {
	return &Local{
		id: id, name: name, db: db, titles: titles, clock: c, log: log.With("party", id),
		inbox: make(chan wish), gone: make(chan struct{}), gate: newGate(),
	}
}

// Submit is Source's.
func (l *Local) Submit(ctx context.Context, by party.MemberID, n party.Nonce, c party.Command) (party.Seq, error) {
	w := wish{by, n, c, make(chan answer, 1)}
	select {
	case l.inbox <- w:
	case <-l.gone:
		return 0, ErrClosed
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	select {
	case a := <-w.answer:
		return a.seq, a.err
	case <-l.gone:
		return 0, ErrClosed
	}
}

// Run is Source's. It takes the party up again where it was.
func (l *Local) Run(ctx context.Context, publish func([]party.Record, *party.State)) error {
	defer close(l.gone)
	if err := l.begin(publish); err != nil {
		return err
	}
	pulse := time.NewTicker(pulseEvery)
	defer pulse.Stop()
	for ctx.Err() == nil {
		if err := l.once(ctx, pulse.C, publish); err != nil {
			return err
		}
	}
	_, err := l.wish(party.Measure{}, publish)
	if err == nil {
		_, err = l.wish(party.React{}, publish)
	}
	l.pulse()
	return err
}

// once waits for whatever comes next and does it, then looks whether a start can go.
func (l *Local) once(ctx context.Context, pulse <-chan time.Time, publish func([]party.Record, *party.State)) (err error) {
	end := l.endTimer()
	defer end.Stop()
	look := l.lookTimer()
	defer look.Stop()
	select {
	case w := <-l.inbox:
		l.listenFirst()
		if err = l.followFirst(publish); err == nil {
			err = l.do(l.gather(w), publish)
		}
	case h := <-l.gate.heard:
		l.listen(h)
	case <-end.C:
		err = l.finish(publish)
	case <-look.C:
	case <-pulse:
		if l.state.Timeline.Rate > 0 {
			l.pulse()
		}
		err = l.measure(publish)
	case <-ctx.Done():
		return nil
	}
	if err == nil {
		err = l.look(publish)
	}
	return err
}

// begin folds what the store has, opens the party or takes it up again.
func (l *Local) begin(publish func([]party.Record, *party.State)) error {
	if err := l.fold(); err != nil {
		return err
	}
	tariff, err := kept[party.Tariff](l.db, keyTariff)
	if err != nil {
		return err
	}
	rules, err := kept[party.Rules](l.db, keyRules)
	if err != nil {
		return err
	}
	var first party.Command = party.Open{ID: l.id, Name: l.name, Tariff: tariff, Rules: rules}
	if l.state.Seq > 0 {
		if l.state.Ended != 0 {
			publish(nil, l.state.Snapshot())
			return nil
		}
		alive, err := l.alive()
		if err != nil {
			return err
		}
		first = party.Resume{Alive: alive}
	}
	refused, err := l.wish(first, publish)
	return errors.Join(err, refused)
}

// finish stops a film at its end. If that cannot be kept, it is tried again in a
// while.
func (l *Local) finish(publish func([]party.Record, *party.State)) error {
	unkept, err := l.wish(party.Finish{}, publish)
	if unkept != nil {
		l.retry = l.clock.Now().Add(finishAgain)
	}
	return err
}

func (l *Local) fold() error {
	return l.db.View(func(tx *store.Tx) error {
		state, err := tx.Fold(l.id)
		if err == nil {
			l.state = state
		}
		return err
	})
}

// gather adds to w what else is waiting, up to a batch.
func (l *Local) gather(w wish) []wish {
	ws := []wish{w}
	for len(ws) < batch {
		select {
		case w := <-l.inbox:
			ws = append(ws, w)
		default:
			return ws
		}
	}
	return ws
}

// wish does what the house itself wants, and says apart why that was not to be and
// that there is nothing to go on with.
func (l *Local) wish(c party.Command, publish func([]party.Record, *party.State)) (refused, lost error) {
	w := wish{by: party.House, command: c, answer: make(chan answer, 1)}
	if lost = l.do([]wish{w}, publish); lost != nil {
		return nil, lost
	}
	return (<-w.answer).err, nil
}

// do decides a batch in one transaction, publishes it and answers. It fails only
// when there is no state to go on with.
func (l *Local) do(ws []wish, publish func([]party.Record, *party.State)) (lost error) {
	answers := make([]answer, len(ws))
	var all []party.Record
	before := l.state.Seq
	err := l.db.Update(func(tx *store.Tx) error {
		for i, w := range ws {
			recs, seq, err := l.decide(tx, w)
			if err != nil && !isRefusal(err) {
				return err
			}
			answers[i] = answer{seq, err}
			all = append(all, recs...)
		}
		if before/snapshotEvery != l.state.Seq/snapshotEvery {
			return tx.PutSnapshot(l.state)
		}
		return nil
	})
	if err != nil {
		// The state ran ahead of the log: throw it away and fold again.
		l.log.Error("commit failed", "err", err)
		for i := range answers {
			answers[i] = answer{err: uncommitted(err)}
		}
		if err := l.fold(); err != nil {
			lost = fmt.Errorf("fold again: %w", err)
		}
	} else if len(all) > 0 {
		l.gate.kept(all)
		l.sifting.kept(all)
		publish(all, l.state.Snapshot())
	}
	for i, w := range ws {
		w.answer <- answers[i]
	}
	return lost
}

// decide does one wish inside the transaction: at most once by its nonce.
func (l *Local) decide(tx *store.Tx, w wish) ([]party.Record, party.Seq, error) {
	if w.nonce != "" {
		if seq, done := tx.Nonce(l.id, w.by, w.nonce); done {
			return nil, seq, nil
		}
	}
	now := l.clock.Now().Truncate(time.Millisecond)
	events, err := l.state.Decide(w.command, party.Env{By: w.by, Now: now, Titles: l.titles, Bank: bank{tx}, Company: l.gate.company, Draw: rand.IntN, Past: l.past(tx),
		Record:  func(seq party.Seq) (party.Record, bool) { return tx.Record(l.id, seq) },
		Evening: func() (party.Evening, error) { return l.evening(tx, now) }})
	if err != nil {
		return nil, 0, err
	}
	recs := make([]party.Record, 0, len(events))
	for _, e := range events {
		r, err := party.NewRecord(l.state.Seq+1, now, w.by, w.nonce, e)
		if err != nil {
			return nil, 0, err
		}
		l.state.Apply(r)
		recs = append(recs, r)
		if err := settle(tx, l.state, r); err != nil {
			return nil, 0, err
		}
	}
	if err := tx.Append(l.id, recs); err != nil {
		return nil, 0, err
	}
	if err := tx.Erase(l.id, recs); err != nil {
		return nil, 0, err
	}
	if w.nonce != "" {
		return recs, l.state.Seq, tx.PutNonce(l.id, w.by, w.nonce, l.state.Seq)
	}
	return recs, l.state.Seq, nil
}

// uncommitted is what people are told when nothing can be kept.
func uncommitted(err error) error {
	if errors.Is(err, store.ErrFull) {
		return &party.Refusal{Code: "WP-DISK-FULL", Reason: "The host's disk is full: nothing can be kept until there is space. The film goes on."}
	}
	return fmt.Errorf("commit: %w", err)
}

func isRefusal(err error) bool {
	var r *party.Refusal
	return errors.As(err, &r)
}

// settle keeps what outlives the party: what is known of a member, and that a
// removed one's passes are void.
func settle(tx *store.Tx, s *party.State, r party.Record) error {
	switch e := r.Event.(type) {
	case party.Opened:
		return tx.SetCurrent(e.ID)
	case party.Ordered:
		return keep(tx, keyTariff, e.Tariff)
	case party.Ruled:
		return keep(tx, keyRules, e.Rules)
	case party.Banned:
		return banish(tx, r, e)
	case party.Ended:
		if e.Evening == nil {
			return nil
		}
		return putWatched(tx, e.Evening.Ever)
	case party.Removed:
		_, err := tx.DropPasses(e.Member)
		return err
	case party.Joined:
		a, ok, err := tx.Account(e.ID)
		if err != nil || !ok {
			return err
		}
		a.Role, a.Region, a.Tiers, a.Rating = e.Role, e.Region, e.Tiers, e.Rating
		return tx.PutAccount(a)
	}
	return tx.Enter(r)
}

// endTimer fires when the film that is on reaches its end.
func (l *Local) endTimer() *time.Timer {
	ends, ok := l.state.Timeline.Ends()
	if !ok {
		t := time.NewTimer(time.Hour)
		t.Stop()
		return t
	}
	if ends.Before(l.retry) {
		ends = l.retry
	}
	return time.NewTimer(ends.Sub(l.clock.Now()) + time.Millisecond)
}

func (l *Local) pulseKey() string { return "pulse/" + string(l.id) }

// pulse writes a sign of life, so that a host that comes back knows how long it
// was away.
func (l *Local) pulse() {
	err := l.db.Update(func(tx *store.Tx) error {
		return tx.PutMeta(l.pulseKey(), []byte(l.clock.Now().UTC().Format(time.RFC3339Nano)))
	})
	if err != nil {
		l.log.Warn("no sign of life written", "err", err)
	}
}

// alive is the last sign of life: the pulse or the last record, whichever is later.
func (l *Local) alive() (alive time.Time, err error) {
	err = l.db.View(func(tx *store.Tx) error {
		if b := tx.Meta(l.pulseKey()); b != nil {
			if alive, err = time.Parse(time.RFC3339Nano, string(b)); err != nil {
				return fmt.Errorf("read pulse: %w", err)
			}
		}
		last, err := tx.Records(l.id, l.state.Seq-1, 1)
		if errors.Is(err, store.ErrGone) { // only the snapshot is left
			return nil
		}
		if err == nil && len(last) == 1 && last[0].At.After(alive) {
			alive = last[0].At
		}
		return err
	})
	return alive, err
}
