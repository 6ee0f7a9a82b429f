package node

import (
	"context"
	"time"

	"watchparty/node/party"
)

// watchScheduled opens the doors of scheduled parties and begins their films. It looks each second at the clock: a machine that slept, or whose clock
// was set, is not late for that.
func (h *Host) watchScheduled(ctx context.Context) error {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	announced, _ := h.nextParty()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
		}
		all, err := h.auth.Scheduled()
		for _, s := range all {
			if err == nil && s.Open(h.clock.Now()) && h.clock.Now().Before(s.Moment().Add(party.ScheduledOver)) {
				err = h.attend(ctx, s)
			}
		}
		if next, no := h.nextParty(); no == nil && !next.Equal(announced) {
			announced = next
			h.nudge()
		}
		if err != nil && ctx.Err() == nil {
			h.cfg.Log.Warn("scheduled party", "err", err)
		}
	}
}

// nextParty is when the next party to come begins; zero: none is.
func (h *Host) nextParty() (time.Time, error) {
	all, err := h.auth.Scheduled()
	for _, s := range all {
		if !s.Cancelled && s.Moment().After(h.clock.Now()) {
			return s.Moment(), err
		}
	}
	return time.Time{}, err
}

// attend brings a scheduled party on whose doors are open. Where another party is going on, nobody is put out of it: those who come join it.
func (h *Host) attend(ctx context.Context, s party.Scheduled) error {
	begins := !h.clock.Now().Before(s.Moment())
	if s.Begun || s.Opened && !begins && h.house.State().Ended == 0 {
		return nil
	}
	if h.house.State().Ended != 0 {
		if err := h.newParty(ctx, s.Name); err != nil {
			return err
		}
		if s.Title != "" {
			if err := h.wishes(ctx, party.Cue{Title: s.Title}); err != nil {
				return err
			}
		}
	}
	line := h.house.State().Timeline
	if begins && s.Title != "" && line.Title == s.Title && !line.Wanted() && line.Pos == 0 {
		if err := h.wishes(ctx, party.Play{}); err != nil {
			return err
		}
	}
	_, err := h.auth.Schedule(s.ID, func(p *party.Scheduled) error {
		p.Opened, p.Begun = true, begins
		return nil
	})
	return err
}

func (h *Host) wishes(ctx context.Context, c party.Command) error {
	_, err := h.house.Current().Submit(ctx, party.House, "", c)
	return err
}
