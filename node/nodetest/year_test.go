//go:build long

package nodetest_test

import (
	"testing"
	"time"

	"watchparty/node"
	"watchparty/node/clock"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestYearOff: a host whose clock is a year ahead of its guests' makes no difference.
func TestYearOff(t *testing.T) {
	h := Host(t, func(c *node.HostConfig) { c.Clock = ahead{clock.Steady(), 365 * 24 * time.Hour} })
	b := Chromium(t)
	boss := h.Boss()
	boss.Must(party.Cue{Title: "night-train", Play: true})
	sofa := b.Open(h.Ready.Invite, Small)
	sofa.Enter("Your name", "Sofa", "Join")
	den := b.Open(h.Node("Den", h.Ready.Invite).URL("/"), Small)
	for _, p := range []*Page{sofa, den} {
		p.Until("its place", inPlace)
	}
	framesApart(t, "a year off", []*Page{sofa, den}, 3*time.Second)
	boss.Say("late in the year")
	sofa.Until("the line", `document.querySelector('[role=log]').textContent.includes('late in the year')`)
}
