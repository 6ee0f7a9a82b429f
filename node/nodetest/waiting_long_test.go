//go:build long

package nodetest_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestSoundDelay: a screen whose sound is heard late plays ahead of the others by as
// much, and the device remembers it.
func TestSoundDelay(t *testing.T) {
	h := Host(t)
	sofa := Chromium(t).Open(h.Ready.Invite, Phone)
	sofa.Enter("Votre nom", "Sofa", "Rejoindre")
	boss := h.Boss()
	boss.Must(party.Cue{Title: "night-train", Play: true})
	sofa.Until("the film", playing)
	sofa.Click("Son et image")
	const name = "Mon son a un retard de"
	sofa.Until("the slider", Field(name))
	for range 4 {
		sofa.Fill(name, kb.PageUp) // by the keyboard
	}
	ahead := Eval[float64](sofa, `Number(`+Field(name)+`.value)`)
	if ahead < 100 || ahead > 500 {
		t.Fatalf("four pages up are %v ms", ahead)
	}
	sofa.Until("its words", fmt.Sprintf(`document.querySelector('.tuning-value').textContent === '+%v ms'`, ahead))
	sofa.Until("the film ahead", fmt.Sprintf(`%s && Math.abs((v.currentTime - window.watchparty.position) * 1000 - %v) < 45 && Math.abs(window.watchparty.drift) < 45`, playing, ahead))
	if kept := Eval[string](sofa, `localStorage.getItem('watchparty.offset')`); kept != fmt.Sprint(ahead) {
		t.Errorf("remembers %q", kept)
	}
	sofa.Click("Remettre à 0")
	sofa.Until("the film with the others", playing+` && Math.abs(v.currentTime - window.watchparty.position) < 0.045`)
}

// TestWaitingByVote: the room decides, and everybody sees how it stands.
func TestWaitingByVote(t *testing.T) {
	t.Parallel()
	_, desk, sofa, boss, den := late(t)
	rule(desk, "Ask the room")
	boss.Until("the rule", func() bool { return boss.StateNow().Policy.Wait == party.WaitVote })
	closeSheet(desk)
	seeks(den, boss, 3)
	desk.Click("Play")
	desk.Until("the votes", cardSays("Waiting for Den", "0 of 2 say go on"))
	sofa.Click("Go on without them")
	sofa.Until("the own vote", cardSays("You said go on", "1 of 2 say go on"))
	desk.Until("the votes", cardSays("1 of 2 say go on"))
	if s := boss.State(); s.Timeline.Rate != 0 {
		t.Error("half of them was enough")
	}
	desk.Click("Go on without them")
	for _, p := range []*Page{desk, sofa} {
		p.Until("the film", playing)
		p.Until("no card any more", noCard)
	}
}
