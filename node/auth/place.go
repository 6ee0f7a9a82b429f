package auth

import (
	"net/netip"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// placeOf is where a newcomer is taken to be: what their invitation says; else, if they knock from outside
// and the house can look addresses up, the country of theirs; else where the house is.
func (a *Auth) placeOf(inv party.Invitation, from netip.Addr) catalog.Region {
	if inv.Region != "" {
		return inv.Region
	}
	if a.place != nil {
		if region, outside := a.place(from); outside {
			return region
		}
	}
	return a.house
}
