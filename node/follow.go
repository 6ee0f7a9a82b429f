package node

import (
	"context"
	"errors"

	"watchparty/node/party"
	"watchparty/node/room"
)

// follow hands each record of the house's party to seen, once and in order,
// whatever party is on, until ctx ends.
func follow(ctx context.Context, h *room.House, seen func(*room.Room, party.Record)) error {
	for ctx.Err() == nil {
		r := h.Current()
		err := r.Ready(ctx)
		if err == nil {
			err = followRoom(ctx, r, seen)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case !errors.Is(err, room.ErrClosed):
			return err
		case h.Current() == r: // no other party took its place: the node ends
			<-ctx.Done()
		}
	}
	return nil
}

func followRoom(ctx context.Context, r *room.Room, seen func(*room.Room, party.Record)) error {
	for seat := r.FirstSeat(); ; {
		news, err := seat.Next(ctx)
		if err != nil {
			return err
		}
		for _, rec := range news.Records {
			seen(r, rec)
		}
	}
}

// Follow hands each record of the party to seen, once and in order, until ctx
// ends. What was missed while the host was away is caught up on.
func (g *Guest) Follow(ctx context.Context, seen func(party.Record)) error {
	return follow(ctx, g.relay.House(), func(_ *room.Room, r party.Record) { seen(r) })
}
