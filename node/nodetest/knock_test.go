package nodetest_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"watchparty/node"
	"watchparty/node/guest"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestAtTheDoor: where newcomers are let in one by one, PIN and link lead to the door alone. Host and moderators see who
// is there, nobody else; a moderator answers from a node of their own as well; and a node that has neither link nor PIN shows
// its key on both sides and comes in by the host's word.
func TestAtTheDoor(t *testing.T) {
	t.Parallel()
	h := Host(t, func(c *node.HostConfig) { c.Admit = true })
	boss, guest := h.Boss(), h.By("Ann", h.Invite("FR", party.Guest))
	den := h.Node("Mod", h.Invite("FR", party.Moderator))
	mod := &Person{TB: t, House: &House{TB: t, Ready: node.Ready{QUIC: strings.TrimPrefix(den.URL(""), "http://")}}, Token: den.Token(t), Member: den.Guest.Joined().Member}
	mod.Sit()

	knock := func(name, with string, what map[string]string) Answer { return knockAt(h, name, with, what) }
	for name, what := range map[string]map[string]string{"Bob": {"pin": "123456"}, "Cem": {"secret": Secret(h.Ready.Invite)}} {
		if a := knock(name, name+"'s own", what); a.Status != http.StatusForbidden || a.Code() != "WP-WAIT" || strings.Contains(string(a.Body), "Friday") {
			t.Fatalf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	for _, path := range []string{"/api/party", "/api/titles", "/media/t/night-train/file"} {
		if a := Do(t, http.MethodGet, h.URL(path), "Bob's own", nil); a.Status != http.StatusUnauthorized {
			t.Errorf("%s from the door: %d", path, a.Status)
		}
	}
	keys, joined := make(chan string, 1), make(chan *Den, 1)
	go func() {
		joined <- h.Node("Dan", "", func(c *node.GuestConfig) { c.Secret, c.Knock, c.Waits = "", true, func(key string) { keys <- key } })
	}()
	key := strings.ReplaceAll(<-keys, " ", "")
	ids := map[string]string{}
	there := func(s wire.Signal) bool {
		if s.Knocks == nil || len(s.Knocks.Waiting) != 3 {
			return false
		}
		for _, k := range s.Knocks.Waiting {
			ids[k.Name] = k.ID
			if k.Key != "" && (k.Key != key || k.Name != "Dan") || k.Key == "" && k.Agent != "Firefox, Android" {
				t.Errorf("at the door: %+v", k)
			}
		}
		return true
	}
	boss.Signalled("the host sees them", there)
	mod.Signalled("a moderator sees them through a node", there)
	guest.Answer("*", true)
	guest.Say("said after a guest tried to open the door")
	mod.Answer(ids["Bob"], true)
	boss.Signalled("Bob was let in by the moderator, and nobody by a guest", func(s wire.Signal) bool {
		return s.Knocks != nil && len(s.Knocks.Waiting) == 2 && !slices.ContainsFunc(s.Knocks.Waiting, func(k wire.Knock) bool { return k.Name == "Bob" })
	})
	if a := knock("Bob", "Bob's own", map[string]string{"pin": "123456"}); a.Status != http.StatusOK {
		t.Errorf("Bob, who was let in: %d %s", a.Status, a.Body)
	}
	boss.Answer(ids["Cem"], false)
	boss.Answer(ids["Dan"], true)
	dan := <-joined
	if dan.Guest.Joined().Region != "FR" {
		t.Errorf("the node came in as %+v", dan.Guest.Joined())
	}
	if a := knock("Cem", "Cem's own", map[string]string{"secret": Secret(h.Ready.Invite)}); a.Code() != "WP-TURNED-AWAY" {
		t.Errorf("Cem, who was turned away: %d %s", a.Status, a.Body)
	}
	guest.NoSignal("who waits at the door", func(s wire.Signal) bool { return s.Knocks != nil || s.Answer != nil })
}

// knockAt asks at the door as a phone that is told from others by what it sends with.
func knockAt(h *House, name, with string, what map[string]string) Answer {
	what["name"], what["knock"] = name, with
	return Do(h, http.MethodPost, h.URL("/api/join"), "", what, func(r *http.Request) {
		r.Header.Set("User-Agent", "Mozilla/5.0 (Android 14; Mobile) Firefox/140.0")
	})
}

// TestPINByEveryDoor: wrong PINs are counted over pages and nodes together; at the fifth the desk is told that there is another.
func TestPINByEveryDoor(t *testing.T) {
	t.Parallel()
	h := Host(t)
	boss := h.Boss()
	_, _, pin := cutLink(h.Ready.Invite)
	page := func() string {
		a := Do(t, http.MethodPost, h.URL("/api/join"), "", map[string]string{"name": "Guesser", "pin": "000000"})
		return a.Code()
	}
	byNode := func() string {
		_, _, err := guest.Join(t.Context(), guest.Config{Addrs: []string{h.Ready.QUIC}, Pin: pin, Log: quiet}, wire.Join{Name: "Guesser", PIN: "000000"})
		var r *party.Refusal
		errors.As(err, &r)
		return r.Code
	}
	for i, guess := range []func() string{page, byNode, page, byNode, byNode} {
		want := "WP-PIN-WRONG"
		if i == 4 {
			want = "WP-PIN-ROTATED"
		}
		if got := guess(); got != want {
			t.Errorf("try %d: %q", i+1, got)
		}
	}
	boss.Signalled("the desk is told", func(s wire.Signal) bool { return s.PIN != nil })
	if now := string(boss.Get("/api/desk").Body); strings.Contains(now, `"pin":"123456"`) || !strings.Contains(now, `"pin":"`) {
		t.Errorf("the desk shows %s", now)
	}
}
