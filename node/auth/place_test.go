package auth_test

import (
	"net/netip"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/auth"
	"watchparty/node/party"
	"watchparty/store"
)

// houseAt is a house in France that can look addresses up, or not.
func houseAt(t *testing.T, db *store.DB, now time.Time, place func(netip.Addr) (catalog.Region, bool)) *auth.Auth {
	t.Helper()
	a, err := auth.New(auth.Config{
		DB: db, Now: func() time.Time { return now }, Region: "FR", Place: place, Host: "Host", PIN: "123456",
		Tiers: func() []catalog.Tier { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestPlaceOf: what an invitation says wins over the address, the address over the house's region, and the
// address counts only from outside; a party to come is shown by the same rule.
func TestPlaceOf(t *testing.T) {
	db, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now := time.UnixMilli(1_763_843_200_000)
	outside := netip.MustParseAddr("203.0.113.77")
	elsewhere := func(ip netip.Addr) (catalog.Region, bool) { return "CH", ip == outside }
	a := houseAt(t, db, now, elsewhere)
	coming, err := a.Schedule("", func(p *party.Scheduled) error {
		p.Name, p.At = "Friday", now.Add(time.Hour).UnixMilli()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	invite := func(inv party.Invitation) string {
		inv.Uses = -1
		secret, err := a.Invite(inv)
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	silent, german, later := invite(party.Invitation{}), invite(party.Invitation{Region: "DE"}), invite(party.Invitation{Party: coming.ID})
	for _, c := range []struct {
		as   string
		a    *auth.Auth
		r    auth.Request
		want catalog.Region
	}{
		{"said, from outside", a, auth.Request{Secret: german, Addr: outside}, "DE"},
		{"said, from within", a, auth.Request{Secret: german}, "DE"},
		{"unsaid, from outside", a, auth.Request{Secret: silent, Addr: outside}, "CH"},
		{"unsaid, from within", a, auth.Request{Secret: silent, Addr: netip.MustParseAddr("192.168.1.2")}, "FR"},
		{"open, from outside", a, auth.Request{Secret: a.Standing(), Addr: outside}, "CH"},
		{"PIN, from outside", a, auth.Request{PIN: "123456", Addr: outside}, "CH"},
		{"PIN, from within", a, auth.Request{PIN: "123456", Addr: netip.MustParseAddr("192.168.1.2")}, "FR"},
		{"unsaid, without a file", houseAt(t, db, now, nil), auth.Request{Secret: silent, Addr: outside}, "FR"},
	} {
		c.r.Name = "Ann"
		ticket, err := c.a.Redeem(c.r)
		if err != nil || ticket.Account.Region != c.want {
			t.Errorf("%s: %s, %v", c.as, ticket.Account.Region, err)
		}
	}
	for from, want := range map[netip.Addr]catalog.Region{outside: "CH", netip.MustParseAddr("192.168.1.2"): "FR"} {
		if _, inv, ok, err := a.ScheduledFor(later, from); !ok || err != nil || inv.Region != want {
			t.Errorf("a party to come, from %v: %s, %t, %v", from, inv.Region, ok, err)
		}
	}
}
