package auth_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"watchparty/node/auth"
	"watchparty/node/party"
)

// TestLink: another device comes in as the same person by a link or its code: once, within five minutes, whoever they say they are.
func TestLink(t *testing.T) {
	s := open(t)
	ana, err := s.Redeem(auth.Request{Name: "Ana", PIN: "123456", Addr: netip.MustParseAddr("192.0.2.1")})
	if err != nil {
		t.Fatal(err)
	}
	use := func(secret, code string) (string, error) {
		got, err := s.Redeem(auth.Request{Name: "Bob", Secret: secret, PIN: code, Addr: netip.MustParseAddr("192.0.2.9")})
		if err == nil {
			if id, err := s.Check(got.Token); id != ana.Account.ID || err != nil || got.Token == ana.Token || got.Account.Name != "Ana" {
				t.Errorf("in as %s %+v, %v", id, got.Account, err)
			}
		}
		return codeOf(err), err
	}
	made := func() auth.Link {
		t.Helper()
		l, err := s.Link(ana.Account.ID)
		if err != nil || len(l.Code) != 8 {
			t.Fatalf("%+v, %v", l, err)
		}
		return l
	}
	first := made()
	second := made()
	for i, x := range []struct{ secret, code, want string }{
		{first.Secret, "", "WP-CODE-WRONG"}, // a new one voids the last
		{"", second.Code, ""},
		{"", second.Code, "WP-CODE-WRONG"},
		{second.Secret, "", "WP-CODE-WRONG"}, // one device, by either
		{"~", "", "WP-CODE-WRONG"},
	} {
		if code, err := use(x.secret, x.code); code != x.want {
			t.Errorf("%d: %s, want %s (%v)", i, code, x.want, err)
		}
	}
	third := made()
	s.now = s.now.Add(5*time.Minute - time.Second)
	if code, _ := use(third.Secret, ""); code != "" {
		t.Errorf("in time: %s", code)
	}
	late := made()
	s.now = s.now.Add(5 * time.Minute)
	if code, _ := use(late.Secret, ""); code != "WP-CODE-WRONG" {
		t.Errorf("late: %s", code)
	}
	gone := made()
	if err := s.Forget(ana.Account.ID); err != nil {
		t.Fatal(err)
	}
	if code, _ := use(gone.Secret, ""); code != "WP-PASS" {
		t.Errorf("somebody who was removed: %s", code)
	}
	if _, err := s.Link(ana.Account.ID); codeOf(err) != "WP-UNKNOWN" {
		t.Errorf("for somebody who was removed: %v", err)
	}
}

// TestLinkOfTheBanned: a link that was made before its member was banned lets nobody in.
func TestLinkOfTheBanned(t *testing.T) {
	s := open(t)
	ana, _ := s.Redeem(auth.Request{Name: "Ana", PIN: "123456", Addr: netip.MustParseAddr("192.0.2.1")})
	l, err := s.Link(ana.Account.ID)
	if err == nil {
		err = s.SetBan(ana.Account.ID, &party.Banishment{At: 1, By: auth.HostID})
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem(auth.Request{Secret: l.Secret, Addr: netip.MustParseAddr("192.0.2.9")}); codeOf(err) != "WP-BANNED" {
		t.Errorf("somebody who is banned: %v", err)
	}
}

// TestCodesAreGuessedAsPINs: five wrong codes void them all, and a guesser waits; who has the link does not.
func TestCodesAreGuessedAsPINs(t *testing.T) {
	s := open(t)
	ana, _ := s.Redeem(auth.Request{Name: "Ana", PIN: "123456", Addr: netip.MustParseAddr("192.0.2.1")})
	l, err := s.Link(ana.Account.ID)
	if err != nil {
		t.Fatal(err)
	}
	wrong := "00000000"
	if l.Code == wrong {
		wrong = "00000001"
	}
	for i, want := range []string{"WP-CODE-WRONG", "WP-CODE-WRONG", "WP-CODE-WRONG", "WP-CODE-WRONG", "WP-CODE-WRONG", "WP-SLOW"} {
		if code := s.pin(wrong, "192.0.2.5"); code != want {
			t.Errorf("try %d: %s, want %s", i+1, code, want)
		}
	}
	if code := s.pin(l.Code, "192.0.2.6"); code != "WP-CODE-WRONG" {
		t.Errorf("the code after five wrong ones: %q", code)
	}
	slow := 0
	for i := range 40 {
		if s.pin(wrong, fmt.Sprintf("198.51.100.%d", i)) == "WP-SLOW" {
			slow++
		}
	}
	if slow == 0 {
		t.Error("many addresses may guess without end")
	}
	if _, err := s.Redeem(auth.Request{Secret: l.Secret, Addr: netip.MustParseAddr("192.0.2.5")}); err != nil {
		t.Errorf("the link: %v", err)
	}
}
