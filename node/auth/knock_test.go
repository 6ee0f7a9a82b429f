package auth_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"watchparty/node/auth"
	"watchparty/node/party"
)

// asking is a house that lets newcomers in one by one.
func asking(t *testing.T) *stage {
	s := open(t)
	s.state = &party.State{Rules: party.Rules{Known: party.KnownAsk}}
	return s
}

func (s *stage) try(r auth.Request) (auth.Ticket, string) {
	if !r.Addr.IsValid() {
		r.Addr = netip.MustParseAddr("192.0.2.1")
	}
	t, err := s.Redeem(r)
	return t, codeOf(err)
}

// TestKnock: while newcomers are let in one by one, PIN and open link lead to the door and no further; a yes lets in
// those who knocked, under the name they knocked with, once; a no is remembered.
func TestKnock(t *testing.T) {
	s := asking(t)
	byPIN := auth.Request{Name: "Ann", PIN: "123456", Device: "phone", Agent: "Firefox, Android"}
	byLink := auth.Request{Name: "Bob", Secret: s.Standing(), Device: "laptop"}
	node := auth.Request{Name: "Cleo", Device: "node-key", Knock: "1", Key: "0011223344556677"}
	program := auth.Request{Name: "Dan", PIN: "123456", Knock: "made by the program"}
	for _, r := range []auth.Request{byPIN, byLink, node, program, byPIN} {
		if _, code := s.try(r); code != "WP-WAIT" {
			t.Fatalf("%s: %q", r.Name, code)
		}
	}
	for _, r := range []auth.Request{{Name: "Eve", PIN: "000000", Device: "eve"}, {Name: "Eve", PIN: "123456"}, {Name: "Eve", Device: "eve"}, {Name: "Eve", Device: "eve", Key: "00"}} {
		if _, code := s.try(r); code == "" {
			t.Errorf("%+v came in", r)
		}
	}
	waiting := s.Knocks()
	if len(waiting) != 4 || waiting[0].Agent != "Firefox, Android" || !waiting[0].ByPIN || !waiting[1].ByLink || waiting[2].Key == "" || waiting[2].ByPIN || waiting[2].ByLink {
		t.Fatalf("at the door: %+v", waiting)
	}
	s.Answer(waiting[0].ID, true)
	s.Answer(waiting[1].ID, false)
	byPIN.PIN, byPIN.Name = "000000", "Host" // what they say now does not matter
	if ticket, code := s.try(byPIN); code != "" || ticket.Account.Name != "Ann" || ticket.Account.Role != party.Guest {
		t.Errorf("the one who was let in: %q, %+v", code, ticket.Account)
	}
	if _, code := s.try(byLink); code != "WP-TURNED-AWAY" {
		t.Errorf("the one who was turned away: %q", code)
	}
	s.Answer(auth.Everyone, true)
	for _, r := range []auth.Request{node, program} {
		if _, code := s.try(r); code != "" {
			t.Errorf("all were let in, %s is told %q", r.Name, code)
		}
	}
	if _, code := s.try(auth.Request{Name: "Dan", PIN: "123456", Knock: "made by the program", Addr: netip.MustParseAddr("192.0.2.9")}); code != "WP-WAIT" {
		t.Errorf("a yes let in twice: %q", code)
	}
	if _, code := s.try(byLink); code != "WP-TURNED-AWAY" {
		t.Errorf("all were let in, also who had been turned away: %q", code)
	}
	s.now = s.now.Add(11 * time.Minute)
	if _, code := s.try(byLink); code != "WP-WAIT" {
		t.Errorf("ten minutes after: %q", code)
	}
}

// TestKnockSpares: whose device the house knows does not wait, nor who has an invitation of their own; and nobody does
// once the rule is lifted, but a node that showed nothing.
func TestKnockSpares(t *testing.T) {
	s := asking(t)
	s.state.Rules.Known = party.Everybody
	if _, code := s.join("Ann", "phone"); code != "" {
		t.Fatal(code)
	}
	gone, _ := s.join("Gone", "tablet")
	s.state.Rules.Known = party.KnownAsk
	if _, code := s.join("Ann again", "phone"); code != "" {
		t.Errorf("a device that is known waits: %s", code)
	}
	if err := s.Forget(gone.Account.ID); err != nil {
		t.Fatal(err)
	}
	if _, code := s.join("Back", "tablet"); code != "WP-WAIT" {
		t.Errorf("somebody whom the house forgot: %q", code)
	}
	own, err := s.Invite(party.Invitation{Uses: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, code := s.try(auth.Request{Name: "Back", Secret: own, Device: "tablet"}); code != "" {
		t.Errorf("an invitation of their own, while they wait: %s", code)
	}
	node := auth.Request{Name: "Node", Device: "key", Knock: "1", Key: "0011223344556677"}
	page := auth.Request{Name: "Page", PIN: "123456", Device: "page"}
	s.try(node)
	s.try(page)
	s.state.Rules.Known = party.Everybody
	if _, code := s.try(page); code != "" {
		t.Errorf("nobody need wait any more: %s", code)
	}
	if _, code := s.try(node); code != "WP-WAIT" {
		t.Errorf("a node that showed nothing: %q", code)
	}
	s.state.Rules.Known = party.KnownDoor
	if _, code := s.try(auth.Request{Name: "Other", Device: "other", Knock: "1", Key: "00"}); code != "WP-KNOWN" {
		t.Errorf("a node at a closed door: %q", code)
	}
}

// TestKnocksAreBounded: so many wait, at one address fewer; who goes without a word is forgotten.
func TestKnocksAreBounded(t *testing.T) {
	s := asking(t)
	told := 0
	for i := range 300 {
		r := auth.Request{Name: "Crowd", PIN: "123456", Device: fmt.Sprint("device ", i), Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i / 20)})}
		if _, code := s.try(r); code == "WP-WAIT" {
			told++
		} else if code != "WP-SLOW" {
			t.Fatalf("knock %d: %q", i, code)
		}
	}
	if n := len(s.Knocks()); n != told || n > 64 {
		t.Errorf("%d wait, %d were told to", n, told)
	}
	s = asking(t)
	for i := range 80 { // each from a network of their own, none of them too fast
		s.now = s.now.Add(300 * time.Millisecond)
		s.try(auth.Request{Name: "Far", PIN: "123456", Device: fmt.Sprint("far ", i), Addr: netip.AddrFrom4([4]byte{198, 18, byte(i), 1})})
	}
	if n := len(s.Knocks()); n != 64 {
		t.Errorf("%d wait from everywhere", n)
	}
	s = asking(t)
	near, addr := 0, netip.MustParseAddr("198.51.100.1")
	for i := range 12 {
		s.now = s.now.Add(10 * time.Second) // the limit of tries is not the one that is meant here
		if _, code := s.try(auth.Request{Name: "Near", PIN: "123456", Device: fmt.Sprint("near ", i), Addr: addr}); code == "WP-WAIT" {
			near++
		}
		for j := range near {
			s.try(auth.Request{Name: "Near", Device: fmt.Sprint("near ", j), PIN: "123456", Addr: addr})
		}
	}
	if near != 8 {
		t.Errorf("%d wait at one address", near)
	}
	s.now = s.now.Add(31 * time.Second)
	if s.SweepKnocks(); len(s.Knocks()) != 0 {
		t.Errorf("%d wait who went away", len(s.Knocks()))
	}
}
