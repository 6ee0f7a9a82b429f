package room

import (
	"context"
	"fmt"

	"watchparty/node/party"
	"watchparty/store"
)

// catchUp is how many records a seat reads from the store at a time.
const catchUp = 256

// A Seat is a cursor into the party. It belongs to one goroutine.
type Seat struct {
	room    *Room
	after   uint64 // last record handed out
	signals uint64 // last signal handed out
}

// Seat begins after the given record; signals begin now.
func (r *Room) Seat(after party.Seq) *Seat {
	return &Seat{room: r, after: uint64(after), signals: r.signals.load().end() - 1}
}

// FirstSeat begins where the room began, so that nothing is missed between its
// becoming ready and the call. The room must be ready.
func (r *Room) FirstSeat() *Seat { return r.Seat(r.began) }

// News is what happened since a seat last asked.
type News struct {
	Records []party.Record
	Signals []Signal
}

// Next waits for news. It fails with [ErrClosed] when the room is gone.
func (s *Seat) Next(ctx context.Context) (News, error) {
	for {
		records, signals := s.room.records.load(), s.room.signals.load()
		news, err := s.collect(records, signals)
		if err != nil || len(news.Records)+len(news.Signals) > 0 {
			return news, err
		}
		select {
		case <-records.more:
		case <-signals.more:
		case <-s.room.done:
			if news, err = s.collect(s.room.records.load(), s.room.signals.load()); err == nil && len(news.Records) > 0 {
				return news, nil // the last ones
			}
			return News{}, ErrClosed
		case <-ctx.Done():
			return News{}, ctx.Err()
		}
	}
}

// Now is what there is without waiting.
func (s *Seat) Now() (News, error) {
	return s.collect(s.room.records.load(), s.room.signals.load())
}

func (s *Seat) collect(records *tail[party.Record], signals *tail[Signal]) (News, error) {
	var news News
	recs, ok := records.after(s.after)
	if !ok {
		var err error
		if recs, err = s.fromStore(); err != nil {
			return news, err
		}
	}
	if len(recs) > catchUp {
		recs = recs[:catchUp]
	}
	if len(recs) > 0 {
		s.after = uint64(recs[len(recs)-1].Seq)
	}
	sigs, ok := signals.after(s.signals)
	if !ok {
		sigs = signals.items
	}
	s.signals = max(s.signals, signals.end()-1)
	news.Records, news.Signals = recs, sigs
	return news, nil
}

// Reaches says whether a seat can begin after the given record: what follows is
// still kept, and nothing is claimed that has not happened.
func (r *Room) Reaches(after party.Seq) bool {
	if after > r.State().Seq {
		return false
	}
	if _, ok := r.records.load().after(uint64(after)); ok {
		return true
	}
	_, err := (&Seat{room: r, after: uint64(after)}).fromStore()
	return err == nil
}

func (s *Seat) fromStore() (recs []party.Record, err error) {
	err = s.room.db.View(func(tx *store.Tx) error {
		recs, err = tx.Records(s.room.ID, party.Seq(s.after), catchUp)
		return err
	})
	if err == nil && (len(recs) == 0 || recs[0].Seq != party.Seq(s.after)+1) {
		err = fmt.Errorf("party %s has no record after %d", s.room.ID, s.after)
	}
	return recs, err
}
