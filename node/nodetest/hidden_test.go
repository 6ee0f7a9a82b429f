package nodetest_test

import (
	"testing"
	"time"

	"watchparty/node"
	"watchparty/node/clock"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

const (
	hide = `(window.__over = window.open('about:blank')) != null`
	show = `window.__over.close() === undefined`
)

// inPlace is a page that plays within a frame and a half of the party's position.
const inPlace = playing + ` && window.watchparty.doing === 'playing' && Math.abs(v.currentTime - window.watchparty.position) < 0.06`

// TestHiddenTab: a page in a hidden tab keeps its place; one that is muted, which a
// browser may stop, is right when it is shown again, and nobody waits for it.
func TestHiddenTab(t *testing.T) {
	h := Host(t)
	p := Chromium(t).Open(h.Ready.Invite, Small)
	p.Enter("Your name", "Sofa", "Join")
	boss := h.Boss()
	boss.Must(party.Cue{Title: "night-train", Play: true})
	p.Until("the film", inPlace)

	Eval[bool](p, hide)
	p.Until("the tab to be hidden", `document.hidden`)
	boss.Must(party.Seek{Position: party.At(20)})
	p.Until("its place, unseen", inPlace+` && v.currentTime > 20`)
	Eval[bool](p, show)
	p.Until("its place, seen", `!document.hidden && `+inPlace)

	p.Click("Mute")
	Eval[bool](p, hide)
	p.Until("the tab to be hidden", `document.hidden`)
	boss.Must(party.Seek{Position: party.At(5)})
	boss.Until("the film without it", func() bool { return boss.StateNow().Timeline.Rate == 1 })
	Eval[bool](p, show)
	p.Until("its place again", `!document.hidden && `+inPlace+` && v.currentTime < 20`)
}

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

// ahead is a clock that is set wrong.
type ahead struct {
	clock.Clock
	by time.Duration
}

func (a ahead) Now() time.Time { return a.Clock.Now().Add(a.by) }
