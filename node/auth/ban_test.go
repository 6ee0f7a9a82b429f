package auth_test

import (
	"testing"

	"watchparty/node/auth"
	"watchparty/node/party"
)

// join comes in by the standing link.
func (s *stage) join(name, device string) (auth.Ticket, string) {
	t, err := s.Redeem(auth.Request{Name: name, Secret: s.Standing(), Device: device})
	return t, codeOf(err)
}

// TestBannedDevice: who is banned is told so by their pass, and their device lets nobody in, whatever the name.
func TestBannedDevice(t *testing.T) {
	s := open(t)
	rude, _ := s.join("Rude", "phone")
	other, _ := s.join("Other", "laptop")
	if err := s.SetBan(rude.Account.ID, &party.Banishment{At: 1, By: auth.HostID, Why: "rude"}); err != nil {
		t.Fatal(err)
	}
	for device, want := range map[string]string{"phone": "WP-BANNED", "laptop": "", "": ""} {
		if _, code := s.join("Somebody", device); code != want {
			t.Errorf("from %q: %q, want %q", device, code, want)
		}
	}
	if _, err := s.Check(rude.Token); codeOf(err) != "WP-BANNED" {
		t.Errorf("the pass: %v", err)
	}
	if _, err := s.Check(other.Token); err != nil {
		t.Error(err)
	}
	if bans, err := s.Bans(); err != nil || len(bans) != 1 || bans[0].Ban.Why != "rude" {
		t.Errorf("the list of bans is %v, %v", bans, err)
	}
	if code := codeOf(s.Forget(rude.Account.ID)); code != "WP-BANNED" {
		t.Errorf("a ban was forgotten: %q", code)
	}
	if err := s.SetBan(rude.Account.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Check(rude.Token); err != nil {
		t.Errorf("after it was lifted: %v", err)
	}
	if _, code := s.join("Somebody", "phone"); code != "" {
		t.Errorf("after it was lifted: %s", code)
	}
	if code := codeOf(s.SetBan("nobody", nil)); code != "WP-UNKNOWN" {
		t.Errorf("nobody: %q", code)
	}
}

// TestDoor: the door may be for those only whom the host invites; and a name that looks like the host's is refused there, before
// it costs an invitation.
func TestDoor(t *testing.T) {
	s := open(t)
	s.state = &party.State{Rules: party.Rules{Known: party.KnownDoor}, Members: map[party.MemberID]party.Member{"host": {ID: "host", Name: "Host", Role: party.Host}}}
	if _, code := s.join("New", ""); code != "WP-KNOWN" {
		t.Errorf("by the link on the screen: %q", code)
	}
	if code := s.pin("123456", "192.0.2.1"); code != "WP-KNOWN" {
		t.Errorf("by PIN: %q", code)
	}
	own, err := s.Invite(party.Invitation{Uses: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, want string }{{"Нost", "WP-NAME-TAKEN"}, {"\u2800", "WP-NAME"}, {"New", ""}, {"Newer", "WP-INVITE-USED"}} {
		if _, err := s.Redeem(auth.Request{Name: c.name, Secret: own}); codeOf(err) != c.want {
			t.Errorf("%q: %v, want %q", c.name, err, c.want)
		}
	}
}
