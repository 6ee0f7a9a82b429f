package player

import (
	"context"
	"time"

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

// sayEvery is how often the party is told what the player can.
const sayEvery = 30 * time.Second

// passOn tells the party how the player fares, and that it plays every file.
func (s *Screen) passOn(ctx context.Context) {
	can := party.Abilities{Player: "mpv", Containers: []string{}, Codecs: []string{}}
	say := time.NewTicker(sayEvery)
	defer say.Stop()
	for tell := true; ; {
		if tell {
			tell = false
			frame, err := wire.Marshal(wire.Signal{By: s.cfg.Member, Can: &can})
			if err != nil {
				s.log.Error("report", "err", err)
			}
			s.cfg.House.Current().Signal(room.Signal{By: s.cfg.Member, Can: &can, Frame: frame, To: party.Host})
		}
		select {
		case <-say.C:
			tell = true
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
