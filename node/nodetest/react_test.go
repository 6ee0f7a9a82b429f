package nodetest_test

import (
	"strings"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestReactions: an emoji reaches everybody under its sender's name; what could be
// read, and what somebody muted sends, reaches nobody. How
// many there were, and where in the film, is kept.
func TestReactions(t *testing.T) {
	h := Host(t)
	boss, ann, bob := h.Boss(), h.Guest("ann"), h.Guest("bob")
	seen := ""
	until := func(last string) {
		t.Helper()
		bob.Signalled("the last reaction", func(s wire.Signal) bool {
			return s.React != nil && s.By == ann.Member && s.React.With == last
		})
		bob.Until("all reactions", func() bool { seen = bob.ReactionsNow(); return true })
	}
	boss.Must(party.Cue{Title: "night-train"})
	boss.Must(party.Seek{Position: party.At(7.5)})
	bob.Say("hello") // who has read a line is told signals from then on
	ann.React("<b>")
	ann.React("buy now")
	ann.React("🎬")
	until("🎬")
	boss.Must(party.Mute{Member: ann.Member})
	ann.React("😂")
	ann.Refused("WP-MUTED", party.Say{Text: "the reaction before this was heard"})
	boss.Must(party.Unmute{Member: ann.Member})
	ann.React("👍")
	until("👍")
	if seen != "🎬👍" {
		t.Errorf("bob saw %q", seen)
	}
	boss.Must(party.End{})
	a := bob.Get("/media/t/night-train/chat/" + string(h.Ready.Party))
	if want := `"bursts":[{"pos":7,"with":"🎬","n":1},{"pos":7,"with":"👍","n":1}]`; !strings.Contains(string(a.Body), want) {
		t.Errorf("kept of them is %d %s, want %s", a.Status, a.Body, want)
	}
}
