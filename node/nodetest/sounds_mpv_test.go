//go:build long

package nodetest_test

import (
	"strings"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestSoundsInMPV: mpv has the sounds beside a film to choose from, and keeps to the choice.
func TestSoundsInMPV(t *testing.T) {
	silentMPV(t)
	list := voices(t)
	h := Host(t, func(c *node.HostConfig) { c.Catalog, c.Cache = list, 1<<30 })
	boss := h.Boss()
	boss.Until("what there is to hear", func() bool {
		return strings.Contains(string(Do(t, "GET", h.URL("/api/titles"), boss.Token, nil).Body), `"beside":"fr"`)
	})
	c := newCinema(h, "Den", h.Invite("FR", party.Guest))
	boss.Must(party.Cue{Title: "film", Play: true})
	c.until("all sounds", func() bool { return c.get("track-list/count") == 4.0 })
	c.do("set_property", "aid", 3)
	c.follows("with another sound")
	if lang := c.get("current-tracks/audio/lang"); lang != "fr" && lang != "en" {
		t.Errorf("mpv plays sound in %v", lang)
	}
	boss.Must(party.Seek{Position: party.At(25)})
	c.follows("after a seek")
}
