package session

import (
	"context"
	"time"

	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/node/wire"
)

const (
	// crowd is how many people know each other where comings and goings are told several at once.
	crowd = 100
	// lull is for how long they are gathered: nobody reads faster, and each costs a system call for everybody who is there.
	lull = 50 * time.Millisecond
)

// write tells the connection what happens at the party.
func (st *seat) write(ctx context.Context, seat *room.Seat) error {
	for {
		news, err := seat.Next(ctx)
		if err != nil {
			return err
		}
		if st.mayWait(news) {
			select {
			case <-time.After(lull):
			case <-ctx.Done():
				return ctx.Err()
			}
			more, err := seat.Now()
			if err != nil {
				return err
			}
			news.Records, news.Signals = append(news.Records[:len(news.Records):len(news.Records)], more.Records...), more.Signals
		}
		if err := st.tell(ctx, news); err != nil {
			return err
		}
	}
}

// mayWait says whether news are of people who come and go at a crowded party, and of nothing else.
func (st *seat) mayWait(news room.News) bool {
	if len(news.Signals) > 0 || len(st.room.State().Members) < crowd {
		return false
	}
	for _, r := range news.Records {
		switch r.Event.(type) {
		case party.Joined, party.Came, party.Went:
			if r.By == st.member {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (st *seat) tell(ctx context.Context, news room.News) error {
	var frames [][]byte
	for _, r := range news.Records {
		frames = append(frames, wire.RecordFrame(r.Bytes()))
		if bye, out := st.out(r); out {
			if err := wire.WriteAll(ctx, st.conn, frames...); err != nil {
				return err
			}
			return errBye{wire.Goodbye(bye)}
		}
	}
	role := st.room.State().Members[st.member].Role
	for _, sig := range news.Signals {
		if role >= sig.To {
			frames = append(frames, sig.Frame)
		}
	}
	return wire.WriteAll(ctx, st.conn, frames...)
}

// out says whether a record takes the seat away, and with which bye.
func (st *seat) out(r party.Record) (code string, out bool) {
	switch e := r.Event.(type) {
	case party.Removed:
		if e.Left { // by another of their screens
			return wire.ByePass, e.Member == st.member
		}
		return wire.ByeRemoved, e.Member == st.member
	case party.Went:
		return "", r.By == st.member && e.ID == st.screen // it is another now
	case party.Banned:
		return wire.ByeBanned, e.Member == st.member && !e.Off
	}
	return "", false
}
