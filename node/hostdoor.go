package node

import (
	"context"
	"net/netip"
	"time"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/auth"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// titles answers what the party may ask of the shelf.
type titles struct{ *media.Shelf }

func (t titles) Decide(id catalog.TitleID, v catalog.Viewer, at time.Time) catalog.Decision {
	return t.Catalog().Decide(id, v, at)
}

func (t titles) Music(id catalog.TitleID) bool {
	title, ok := t.Catalog().Title(id)
	return ok && title.Kind == catalog.Music
}

func (t titles) Next(id catalog.TitleID) (catalog.TitleID, bool) { return t.Catalog().Next(id) }

// gate is who comes in at a host.
type gate struct{ *auth.Auth }

func (g gate) Member(id party.MemberID) (party.Member, error) {
	a, ok, err := g.Account(id)
	if err == nil && !ok {
		err = &party.Refusal{Code: wire.ByePass, Reason: "This house does not know you any more. Ask the host for a new invitation."}
	}
	return a.Member(), err
}

// door lets people in at a host.
type door struct{ h *Host }

func (d door) Join(ctx context.Context, from netip.Addr, j wire.Join) (wire.Joined, error) {
	ticket, err := d.h.auth.Redeem(auth.Request{Name: j.Name, Secret: j.Secret, PIN: j.PIN, Addr: from, Device: j.Device, Knock: j.Knock, Agent: j.Agent, Key: wire.FingerprintID(j.Device)})
	if err != nil {
		return wire.Joined{}, err
	}
	r := d.h.house.Current()
	if err := d.h.sessions.Arrive(ctx, r, ticket.Account.ID); err != nil {
		return wire.Joined{}, err
	}
	m, known := r.State().Members[ticket.Account.ID]
	if !known { // the party is over
		m = ticket.Account.Member()
	}
	joined := wire.Joined{
		Token: ticket.Token, Member: m.ID, Name: m.Name, Role: m.Role, Region: string(m.Region), Party: r.ID, Tiers: []string{},
	}
	for _, t := range m.Tiers {
		joined.Tiers = append(joined.Tiers, string(t.Tier))
	}
	return joined, nil
}

// Link makes a way in for another device of a member's.
func (d door) Link(_ context.Context, id party.MemberID) (wire.Linked, error) {
	l, err := d.h.auth.Link(id)
	if err != nil {
		return wire.Linked{}, err
	}
	return wire.Linked{Link: d.h.link(l.Secret), Code: l.Code, Expires: l.Until.UnixMilli()}, nil
}
