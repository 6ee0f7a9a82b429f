package nodetest_test

import (
	"testing"
	"time"

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

// ahead is a clock that is set wrong.
type ahead struct {
	clock.Clock
	by time.Duration
}

func (a ahead) Now() time.Time { return a.Clock.Now().Add(a.by) }
