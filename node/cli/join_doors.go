package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"watchparty/node"
	"watchparty/node/party"
)

// knock is how often a guest's node asks whether the doors are open.
const knock = 2 * time.Second

// openGuest joins, and where the doors of a party to come are not open yet, when they are. It says so once, and again
// when the host has changed the moment.
func openGuest(ctx context.Context, cfg node.GuestConfig, asJSON bool, s streams) (*node.Guest, error) {
	said := ""
	for {
		g, err := node.OpenGuest(ctx, cfg)
		var no *party.Refusal
		var away *node.UnreachedError
		switch {
		case errors.As(err, &no) && no.Code == "WP-DOORS":
			if no.Reason != said {
				said = no.Reason
				sayWaiting(*no, asJSON, s)
			}
		case said != "" && errors.As(err, &away): // the host sleeps until then
		default:
			return g, err
		}
		select {
		case <-ctx.Done():
			return nil, errQuiet
		case <-time.After(knock):
		}
	}
}

func sayWaiting(no party.Refusal, asJSON bool, s streams) {
	if asJSON {
		json.NewEncoder(s.out).Encode(map[string]string{"event": "waiting", "code": no.Code, "reason": no.Reason})
		return
	}
	fmt.Fprintf(s.out, "%s You are let in when they open. Ctrl-C gives up.\n", plain(no.Reason))
}
