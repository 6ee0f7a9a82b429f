package nodetest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// mishap waits until the desk tells of one.
func mishap(h *House, boss *Person, kind, who string) {
	h.Helper()
	boss.Signalled("of "+kind, func(s wire.Signal) bool {
		if s.Mishap == nil {
			return false
		}
		var desk struct {
			Mishaps []struct{ Kind, Who string }
		}
		if err := json.Unmarshal(Do(h, "GET", h.URL("/api/desk"), boss.Token, nil).Body, &desk); err != nil {
			h.Fatal(err)
		}
		for _, m := range desk.Mishaps {
			if m.Kind == kind && m.Who == who {
				return true
			}
		}
		return false
	})
}

// TestMishaps: who floods the chat, what cannot be understood, and a film that cannot be read are each told at the desk; others
// are told nothing and go on.
func TestMishaps(t *testing.T) {
	t.Parallel()
	h := Host(t, Catalog(t, "version: 1\nlibrary: films\ntitles:\n  - {id: lost, title: Lost, file: night-train.mp4, regions: {allow: [world]}}\n"), func(c *node.HostConfig) {
		if err := os.Remove(filepath.Join(filepath.Dir(c.Catalog), "films", "night-train.mp4")); err != nil {
			t.Fatal(err)
		}
	})
	boss, ann, bob := h.Boss(), h.Guest("Ann"), h.Guest("Bob")
	for refused := 0; refused < 20; {
		if ann.Wish(party.Say{Text: "spam"}) != nil {
			refused++
		}
	}
	mishap(h, boss, "flood", "Ann")
	ann.Raw(`{"wish": 3}`)
	mishap(h, boss, "malformed", "Ann")
	if a := bob.Film("lost"); a.Code() != "WP-MEDIA-GONE" {
		t.Errorf("a film without a file: %s", a.Body)
	}
	mishap(h, boss, "gone", "lost")
	bob.Say("nothing to see here")
	if bob.Told(func(s wire.Signal) bool { return s.Mishap != nil }) {
		t.Error("a guest is told of mishaps")
	}
}
