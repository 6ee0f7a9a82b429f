package auth_test

import (
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/auth"
	"watchparty/node/party"
	"watchparty/store"
)

type stage struct {
	*auth.Auth
	now   time.Time
	pins  []string
	state *party.State
}

func open(t *testing.T) *stage {
	t.Helper()
	db, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := &stage{now: time.UnixMilli(1_763_843_200_000)}
	s.Auth, err = auth.New(auth.Config{
		DB: db, Now: func() time.Time { return s.now }, Region: "FR", Host: "Host", PIN: "123456",
		Tiers: func() []catalog.Tier { return []catalog.Tier{"basic"} }, OnPIN: func(p string) { s.pins = append(s.pins, p) }, Party: func() *party.State { return s.state },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func codeOf(err error) string {
	var r *party.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func (s *stage) pin(pin, addr string) string {
	_, err := s.Redeem(auth.Request{Name: "Guest", PIN: pin, Addr: netip.MustParseAddr(addr)})
	return codeOf(err)
}

// TestGuesser: a guesser gets five tries a PIN, then waits; many addresses gain
// nothing; and who has the link is not kept waiting.
func TestGuesser(t *testing.T) {
	s := open(t)
	if code := s.pin("123456", "192.0.2.1"); code != "" {
		t.Fatal(code)
	}
	for i, want := range []string{"WP-PIN-WRONG", "WP-PIN-WRONG", "WP-PIN-WRONG", "WP-PIN-WRONG", "WP-PIN-ROTATED", "WP-SLOW"} {
		if code := s.pin("000001", "192.0.2.1"); code != want {
			t.Errorf("try %d: %s, want %s", i+1, code, want)
		}
	}
	if code := s.pin("123456", "192.0.2.2"); code != "WP-PIN-ROTATED" {
		t.Errorf("the old PIN: %s", code)
	}
	if len(s.pins) != 1 || s.pins[0] != s.PIN() {
		t.Fatalf("told of %v, the PIN is %s", s.pins, s.PIN())
	}
	if code := s.pin(s.PIN(), "192.0.2.2"); code != "" {
		t.Errorf("the new PIN from elsewhere: %s", code)
	}
	compared := 0
	for i := range 250 {
		addr := netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}).String()
		if s.pin("000002", addr) != "WP-SLOW" {
			compared++
		}
	}
	if compared > 15 {
		t.Errorf("%d guesses from many addresses were compared", compared)
	}
	if _, err := s.Redeem(auth.Request{Name: "Friend", Secret: s.Standing()}); err != nil {
		t.Errorf("by link meanwhile: %v", err)
	}
	s.now = s.now.Add(time.Minute)
	if code := s.pin(s.PIN(), "192.0.2.9"); code != "" {
		t.Errorf("the right PIN a minute later: %s", code)
	}
}

func TestInvitation(t *testing.T) {
	s := open(t)
	secret, err := s.Invite(party.Invitation{Region: "DE", Tiers: []catalog.Tier{"prime"}, Uses: 1, Expires: s.Expiry(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem(auth.Request{Name: "\u202e", Secret: secret}); codeOf(err) != "WP-NAME" {
		t.Errorf("without a name: %v", err)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	for range 20 {
		all.Go(func() {
			_, err := s.Redeem(auth.Request{Name: "Guest", Secret: secret})
			mu.Lock()
			defer mu.Unlock()
			got[codeOf(err)]++
		})
	}
	all.Wait()
	if got[""] != 1 || got["WP-INVITE-USED"] != 19 {
		t.Errorf("twenty at once with one use: %v", got)
	}
	late, _ := s.Invite(party.Invitation{Uses: -1, Expires: s.Expiry(time.Minute)})
	s.now = s.now.Add(time.Minute)
	if _, err := s.Redeem(auth.Request{Name: "Guest", Secret: late}); codeOf(err) != "WP-INVITE-EXPIRED" {
		t.Errorf("after its time: %v", err)
	}
	if _, err := s.Redeem(auth.Request{Name: "Guest", Secret: "guessed"}); codeOf(err) != "WP-INVITE-UNKNOWN" {
		t.Errorf("a guessed secret: %v", err)
	}
	for name, inv := range map[string]party.Invitation{
		"no uses": {}, "host": {Uses: 1, Role: party.Host}, "rating": {Uses: 1, Rating: -1}, "tier": {Uses: 1, Tiers: []catalog.Tier{"<b>"}},
	} {
		if _, err := s.Invite(inv); codeOf(err) != "WP-BAD" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPass: a pass is good until it is left, forgotten or over.
func TestPass(t *testing.T) {
	s := open(t)
	ticket := func() auth.Ticket {
		t.Helper()
		ticket, err := s.Redeem(auth.Request{Name: "Guest", Secret: s.Standing()})
		if err != nil {
			t.Fatal(err)
		}
		return ticket
	}
	a, b, c := ticket(), ticket(), ticket()
	for _, x := range []auth.Ticket{a, b, c} {
		if id, err := s.Check(x.Token); err != nil || id != x.Account.ID {
			t.Fatalf("%s %v", id, err)
		}
	}
	if err := s.Leave(a.Token); err != nil {
		t.Fatal(err)
	}
	if err := s.Forget(b.Account.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Forget(auth.HostID); codeOf(err) != "WP-FORBIDDEN" {
		t.Errorf("the host is forgotten: %v", err)
	}
	s.now = s.now.Add(91 * 24 * time.Hour)
	for _, token := range []string{a.Token, b.Token, c.Token, "", "x", s.Desk()} {
		if id, err := s.Check(token); codeOf(err) != "WP-PASS" {
			t.Errorf("%s passes as %s: %v", token, id, err)
		}
	}
}

// TestRenewed: after somebody was shown the door, the link they have is void.
func TestRenewed(t *testing.T) {
	s := open(t)
	old := s.Standing()
	if err := s.RenewStanding(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem(auth.Request{Name: "Guest", Secret: old}); codeOf(err) != "WP-INVITE-UNKNOWN" {
		t.Errorf("the old link: %v", err)
	}
	if _, err := s.Redeem(auth.Request{Name: "Guest", Secret: s.Standing()}); err != nil {
		t.Errorf("the new one: %v", err)
	}
}

func TestDesk(t *testing.T) {
	s := open(t)
	first, err := s.Redeem(auth.Request{Secret: s.Desk()})
	if err != nil || first.Account.Role != party.Host || first.Account.Name != "Host" {
		t.Fatalf("%+v %v", first.Account, err)
	}
	second, err := s.Redeem(auth.Request{Name: "Somebody", Secret: s.Desk()})
	if err != nil || second.Account.ID != first.Account.ID || second.Account.Name != "Host" {
		t.Errorf("%+v %v", second.Account, err)
	}
}

// TestOutstanding: what lets somebody in is listed, and what was taken back lets nobody in; the open invitation is neither.
func TestOutstanding(t *testing.T) {
	s := open(t)
	var secrets []string
	for _, inv := range []party.Invitation{
		{Role: party.Moderator, Uses: 2}, {Uses: 1, Expires: s.Expiry(time.Hour)}, {Uses: 1}, {Uses: 1, Expires: s.Expiry(time.Minute)},
	} {
		secret, err := s.Invite(inv)
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, secret)
	}
	if _, err := s.Redeem(auth.Request{Name: "Ann", Secret: secrets[2]}); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(2 * time.Minute) // one is used up, and one over
	all, err := s.Outstanding()
	if err != nil || len(all) != 2 || all[0].Expires == 0 || all[1].Role != party.Moderator || all[1].Uses != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	if err := s.Revoke(all[1].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem(auth.Request{Name: "Bob", Secret: secrets[0]}); codeOf(err) != "WP-INVITE-UNKNOWN" {
		t.Errorf("what was taken back: %v", err)
	}
	if code := codeOf(s.Revoke(all[1].ID)); code != "WP-INVITE-UNKNOWN" {
		t.Errorf("taken back once more: %s", code)
	}
	if _, err := s.Redeem(auth.Request{Name: "Cem", Secret: secrets[1]}); err != nil {
		t.Errorf("another: %v", err)
	}
	if _, err := s.Redeem(auth.Request{Name: "Dan", Secret: s.Standing()}); err != nil {
		t.Errorf("the open one: %v", err)
	}
}
