package nodetest_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"watchparty/media/catalog"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

func TestEvening(t *testing.T) {
	h := Host(t)
	boss, ann, bob := h.Boss(), h.Guest("Ann"), h.Guest("Ann")
	if got := bob.Joined.Name; got != "Ann 2" {
		t.Errorf("two guests of one name: %q", got)
	}
	ann.Say("hello")
	bob.Saw("hello")
	boss.Saw("hello")
	ann.Refused("WP-FORBIDDEN", party.Cue{Title: "night-train"})
	boss.Must(party.Cue{Title: "night-train", Play: true})
	bob.Until("the film", func() bool { s := bob.StateNow(); return s.Timeline.Title == "night-train" && s.Timeline.Rate == 1 })
	boss.Must(party.SetRole{Member: ann.Member, Role: party.Moderator})
	ann.Must(party.Pause{})
	boss.Must(party.End{})
	ann.Refused("WP-ENDED", party.Say{Text: "late"})
}

// TestNonce: a wish is done once, however often it is sent.
func TestNonce(t *testing.T) {
	h := Host(t)
	ann := h.Guest("Ann")
	for range 5 {
		if err := ann.WishAs("same", party.Say{Text: "once"}); err != nil {
			t.Fatal(err)
		}
	}
	h.Stop()
	h.Start()
	ann.Sit()
	if err := ann.WishAs("same", party.Say{Text: "once"}); err != nil {
		t.Fatal(err)
	}
	if n := h.Guest("Bob").Count("once"); n != 1 {
		t.Errorf("said %d times", n)
	}
}

// TestRestart: members' passes are still good, and the film goes on.
func TestRestart(t *testing.T) {
	h := Host(t)
	boss, ann := h.Boss(), h.Guest("Ann")
	boss.Must(party.Cue{Title: "night-train", Play: true})
	ann.Say("before")
	before := ann.State()
	h.Stop()
	if code := ann.Gone(); code != "WP-CLOSING" {
		t.Errorf("the host closes with %s", code)
	}
	h.Start()
	ann.Sit()
	ann.Say("after")
	ann.Saw("after")
	after := ann.State()
	if after.ID != before.ID || ann.Count("before") != 1 || ann.Count("after") != 1 {
		t.Errorf("party %s then %s, chat:\n%s", before.ID, after.ID, ann.Lines())
	}
	now := time.Now()
	a, b := before.Timeline.Position(now), after.Timeline.Position(now)
	if d := (a - b).Abs(); d > 50*time.Millisecond || after.Timeline.Rate != 1 {
		t.Errorf("the film was at %v and is at %v", a, b)
	}
	ann.Until("nobody else", func() bool { return len(ann.StateNow().Members[boss.Member].Screens) == 0 })
}

func TestRemoved(t *testing.T) {
	h := Host(t)
	boss, ann, bob := h.Boss(), h.Guest("Ann"), h.Guest("Bob")
	if a := ann.Film("night-train"); a.Status != 200 {
		t.Fatalf("film: %d", a.Status)
	}
	boss.Must(party.Remove{Member: ann.Member})
	if code := ann.Gone(); code != "WP-REMOVED" {
		t.Errorf("removed with %s", code)
	}
	for _, path := range []string{"/api/party", "/api/titles", "/media/t/night-train/file", "/media/t/night-train/poster"} {
		if a := ann.Get(path); a.Status != 401 || len(a.Body) > 300 {
			t.Errorf("%s after removal: %d, %d bytes", path, a.Status, len(a.Body))
		}
	}
	bob.Say("still here")
	boss.Saw("still here")
}

func TestPIN(t *testing.T) {
	h := Host(t)
	join := func(pin string) Answer {
		return Do(t, "POST", h.URL("/api/join"), "", map[string]string{"name": "Guesser", "pin": pin})
	}
	if a := join("123456"); a.Status != 200 {
		t.Fatalf("right PIN: %d %s", a.Status, a.Body)
	}
	var mu sync.Mutex
	codes := map[string]int{}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			a := join("999999")
			mu.Lock()
			defer mu.Unlock()
			codes[a.Code()]++
		})
	}
	all.Wait()
	if codes["WP-PIN-WRONG"] != 4 || codes["WP-PIN-ROTATED"] != 1 || codes["WP-SLOW"] != 45 {
		t.Errorf("answers to guesses, of which five may be compared: %v", codes)
	}
	if a := join("123456"); a.Status != 401 || a.Code() != "WP-PIN-ROTATED" {
		t.Errorf("the old PIN: %d %s", a.Status, a.Body)
	}
	h.Guest("By link").Say("links still work")
}

func TestInvitation(t *testing.T) {
	h := Host(t)
	boss := h.Boss()
	a := Do(t, "POST", h.URL("/api/invites"), boss.Token, map[string]any{"region": "DE", "tiers": []string{"prime"}, "role": "moderator", "uses": 1})
	if a.Status != 200 {
		t.Fatalf("invite: %d %s", a.Status, a.Body)
	}
	link := field(t, a.Body, "link")
	ann := h.By("Ann", link)
	if ann.Joined.Region != "DE" || ann.Joined.Role != party.Moderator || len(ann.Joined.Tiers) != 1 {
		t.Errorf("joined as %+v", ann.Joined)
	}
	second := Do(t, "POST", h.URL("/api/join"), "", map[string]string{"name": "B", "secret": Secret(link)})
	if second.Status != 401 || second.Code() != "WP-INVITE-USED" {
		t.Errorf("a used invitation: %d %s", second.Status, second.Body)
	}
	guest := h.Guest("Guest")
	if a := Do(t, "POST", h.URL("/api/invites"), guest.Token, map[string]any{"uses": 1}); a.Status != 403 {
		t.Errorf("a guest invites: %d", a.Status)
	}
}

// TestNewParty: after the end the host opens another, and everybody's pass is good.
func TestNewParty(t *testing.T) {
	h := Host(t)
	boss, ann := h.Boss(), h.Guest("Ann")
	boss.Must(party.End{})
	if a := Do(t, "POST", h.URL("/api/party"), boss.Token, map[string]string{"name": "Saturday"}); a.Status != 200 {
		t.Fatalf("new party: %d %s", a.Status, a.Body)
	}
	if code := ann.Gone(); code != "WP-MOVED" {
		t.Errorf("moved with %s", code)
	}
	ann.Sit()
	if s := ann.State(); s.Name != "Saturday" || s.Ended != 0 {
		t.Errorf("ann is at %q", s.Name)
	}
	ann.Say("here again")
}

// TestMembership: what the host grants holds at once.
func TestMembership(t *testing.T) {
	h := Host(t)
	boss, ann := h.Boss(), h.Guest("Ann")
	if a := ann.Film("harbour-lights"); a.Status != 403 || a.Code() != "WP-MEMBERSHIP" {
		t.Errorf("without membership: %d %s", a.Status, a.Body)
	}
	boss.Must(party.Grant{Member: ann.Member, Tiers: &[]catalog.Membership{{Tier: "prime"}}})
	if a := ann.Film("harbour-lights"); a.Status != 200 {
		t.Errorf("with membership: %d %s", a.Status, a.Body)
	}
}

// TestLeave: who leaves is out on all their screens, and may come again under the
// same name; the host stays known.
func TestLeave(t *testing.T) {
	h := Host(t)
	boss, ann := h.Boss(), h.Guest("Ann")
	const kept = "private, no-cache" // a browser may keep it, and has to ask each time
	if a := ann.Film("night-train"); a.Status != 200 || a.Header.Get("Cache-Control") != kept {
		t.Errorf("a film: %d, %v", a.Status, a.Header)
	}
	for _, path := range []string{"/", "/api/me", "/api/party", "/api/titles"} {
		if a := ann.Get(path); a.Status != 200 || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %v", path, a.Header)
		}
	}
	a := Do(t, "POST", h.URL("/api/leave"), ann.Token, map[string]string{})
	if cookie := a.Header.Get("Set-Cookie"); a.Status != 200 || !strings.Contains(cookie, "Max-Age=0") || !strings.Contains(a.Header.Get("Clear-Site-Data"), "cache") {
		t.Fatalf("leave: %d %s %v", a.Status, a.Body, a.Header)
	}
	if code := ann.Gone(); code != "WP-PASS" {
		t.Errorf("gone with %s", code)
	}
	if a := ann.Film("night-train"); a.Status != 401 {
		t.Errorf("a film after leaving: %d", a.Status)
	}
	if again := h.Guest("Ann"); again.Joined.Name != "Ann" {
		t.Errorf("back as %q", again.Joined.Name)
	}
	if a := Do(t, "POST", h.URL("/api/leave"), boss.Token, map[string]string{}); a.Status != 200 {
		t.Errorf("the host leaves the desk: %d", a.Status)
	}
	h.Boss().Must(party.Cue{Title: "night-train"})
}
