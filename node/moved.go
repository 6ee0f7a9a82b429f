package node

import (
	"context"
	"time"

	"watchparty/discovery"
	"watchparty/node/wire"
)

// addressEvery is between two looks at this machine's addresses.
const addressEvery = 5 * time.Second

// watchAddress tells where the party is to be joined when this machine gets another address. The desk shows it by itself, and
// nodes find it by the host's key.
func (h *Host) watchAddress(ctx context.Context) error {
	tick := time.NewTicker(addressEvery)
	defer tick.Stop()
	for at := h.urlHost(); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if now := h.urlHost(); now != at {
			at = now
			link := h.standing()
			h.cfg.Tell(Event{"invite", map[string]string{"link": link}, "This machine has another address. The open invitation is now: " + link})
		}
	}
}

// seek is how a guest's node looks for its host by multicast DNS; nil if it does not.
func (c GuestConfig) seek() func(context.Context, string) []string {
	if !c.MDNS {
		return nil
	}
	return func(ctx context.Context, pin string) []string {
		id := wire.FingerprintID(pin)
		if id == "" {
			id = pin // what is known of a host that was joined by its name
		}
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		b := discovery.Browse(discovery.Config{Log: c.Log})
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx) }()
		for {
			select {
			case <-b.Changes():
			case <-ended:
				return nil
			}
			for _, s := range b.Services() {
				if s.ID == id {
					stop()
					<-ended
					return s.HostPorts()
				}
			}
		}
	}
}
