package node

import (
	"context"
	"time"

	"watchparty/node/party"
	"watchparty/node/wire"
)

// keepLive is how often it is looked whether what is live is still watched.
const keepLive = 10 * time.Second

// watchLive keeps what is live being recorded while it is on and somebody is there who may watch
// it: a screen that is paused asks for nothing, and wants to go on where it was.
func (h *Host) watchLive(ctx context.Context) error {
	tick := time.NewTicker(keepLive)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if s := h.house.State(); s != nil && s.Ended == 0 && h.watched(s) {
			if err := h.shelf.Want(ctx, s.Timeline.Title); err != nil && ctx.Err() == nil {
				h.cfg.Log.Warn("what is live is not recorded", "err", err)
			}
		}
	}
}

// watched says whether somebody is there who may watch what is on.
func (h *Host) watched(s *party.State) bool {
	t, ok := h.shelf.Catalog().Title(s.Timeline.Title)
	if !ok || t.Source == "" {
		return false
	}
	for _, m := range s.Members {
		v, at, ok := s.Viewer(m.ID, t.ID, h.clock.Now())
		if ok && len(m.Screens) > 0 && h.shelf.Catalog().Decide(t.ID, v, at).OK {
			return true
		}
	}
	return false
}

// listChanged has all screens ask for the titles again.
func (h *Host) listChanged() {
	h.signal(h.house.Current(), wire.Signal{Titles: &wire.Changed{}}, party.Guest)
}
