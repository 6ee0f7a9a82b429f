package player

import (
	"context"

	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/node/wire"
)

// news is what has happened at the party, and what it is now.
type news struct {
	state *party.State
	room.News
}

// watch hands on what happens at the party, whatever party is on.
func (s *Screen) watch(ctx context.Context) {
	for ctx.Err() == nil {
		r := s.cfg.House.Current()
		if err := r.Ready(ctx); err == nil {
			err = s.watchRoom(ctx, r)
			s.log.Debug("the room ended", "err", err)
		}
		if s.cfg.House.Current() == r { // no other party took its place: the node ends
			<-ctx.Done()
		}
	}
}

func (s *Screen) watchRoom(ctx context.Context, r *room.Room) error {
	seat := r.Seat(r.State().Seq)
	for n := (room.News{}); ; {
		select {
		case s.news <- news{r.State(), n}:
		case <-ctx.Done():
			return ctx.Err()
		}
		var err error
		if n, err = seat.Next(ctx); err != nil {
			return err
		}
	}
}

// passOn tells the party how the player fares.
func (s *Screen) passOn(ctx context.Context) {
	for {
		select {
		case r := <-s.reports:
			frame, err := wire.Marshal(wire.Signal{By: s.cfg.Member, Drift: &r})
			if err != nil {
				s.log.Error("report", "err", err)
				continue
			}
			s.cfg.House.Current().Signal(room.Signal{By: s.cfg.Member, Report: &r, Frame: frame, To: party.Moderator})
		case <-ctx.Done():
			return
		}
	}
}
