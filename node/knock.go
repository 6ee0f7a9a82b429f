package node

import (
	"context"
	"fmt"
	"time"

	"watchparty/node/auth"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// knockLook is how often it is noticed who went from the door without a word.
const knockLook = 5 * time.Second

// askFirst has newcomers wait until they are let in, from the start on.
func (h *Host) askFirst(ctx context.Context) error {
	if !h.cfg.Admit || h.house.State().Ended != 0 || h.house.State().Rules.Known == party.KnownDoor {
		return nil
	}
	ask := party.KnownAsk
	_, err := h.house.Current().Submit(ctx, party.House, "", party.Rule{Known: &ask})
	return err
}

// watchKnocks notices who has gone from the door.
func (h *Host) watchKnocks(ctx context.Context) error {
	tick := time.NewTicker(knockLook)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			h.auth.SweepKnocks()
		case <-ctx.Done():
			return nil
		}
	}
}

// knocked tells the host and moderators who waits at the door, and the terminal who came.
func (h *Host) knocked(came []auth.Knock) {
	told := wire.Knocks{Waiting: []wire.Knock{}}
	for _, k := range h.auth.Knocks() {
		told.Waiting = append(told.Waiting, wireKnock(k))
	}
	h.signal(h.house.Current(), wire.Signal{Knocks: &told}, party.Moderator)
	for _, k := range came {
		with := k.Agent
		if k.Key != "" {
			with = "a node with the key " + wire.SpacedID(k.Key)
		}
		if with != "" {
			with = " (" + with + ")"
		}
		h.cfg.Tell(Event{"knock", wireKnock(k), fmt.Sprintf("%s waits at the door%s: let them in on your desk.", k.Name, with)})
	}
}

func wireKnock(k auth.Knock) wire.Knock {
	by := ""
	switch {
	case k.ByLink:
		by = "link"
	case k.ByPIN:
		by = "pin"
	}
	return wire.Knock{ID: k.ID, Name: k.Name, Agent: k.Agent, Key: k.Key, By: by, Since: k.Since.UnixMilli()}
}

// answer is what the host or a moderator says to who knocked.
func (h *Host) answer(a wire.Answer) {
	if a.ID == "" {
		h.knocked(nil)
		return
	}
	h.auth.Answer(a.ID, a.In)
}

// pinRotated tells the desk and the terminal that too many wrong ones were tried.
func (h *Host) pinRotated(pin string) {
	if h.house.State() != nil {
		h.signal(h.house.Current(), wire.Signal{PIN: &wire.Changed{}}, party.Host)
	}
	h.cfg.Tell(Event{"pin", map[string]string{"pin": pin}, "Too many wrong PINs. The new one is " + pin + "."})
}
