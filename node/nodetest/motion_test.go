//go:build long

package nodetest_test

import (
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestMotion: where the room votes, a guest on a phone pauses by asking; everybody sees the question, how it stands and what
// came of it.
func TestMotion(t *testing.T) {
	t.Parallel()
	h := Host(t)
	b := Chromium(t)
	boss := h.Boss()
	desk, phone := b.Open(h.Ready.Desk, Desktop), b.Open(h.Ready.Invite, Phone)
	phone.Enter("Votre nom", "Canapé", "Rejoindre")
	phone.Until("a place", `document.querySelector('.controls')`)
	bob := h.Guest("Bob")
	desk.Click("Remote control")
	desk.Click("The room votes")
	keepPictures(t, map[string]*Page{"motion-set": desk})
	Eval[any](desk, `document.querySelector('dialog[open]').close()`)
	boss.Must(party.Cue{Title: "night-train", Play: true})
	phone.Until("the film", playing)
	const card = `(c = document.querySelector('.motion-card')) && c.checkVisibility()`
	Eval[any](phone, `document.querySelector('.play').click()`)
	desk.Until("the question", card+` && /Canapé asks the room[^]*Pause the film\?[^]*1 yes, 0 no, of 3 here/.test(c.innerText)`)
	phone.Until("the question", card+` && document.querySelector('.motion-card [aria-pressed=true]').innerText === 'Oui'`)
	keepPictures(t, map[string]*Page{"motion": desk, "motion-phone": phone})
	bob.Must(party.Back{Motion: bob.State().Motion.ID})
	desk.Until("how it stands", card+` && /1 yes, 1 no/.test(c.innerText)`)
	desk.Click("Yes")
	phone.Until("what came of it", card+` && c.innerText.includes('En pause : la salle a dit oui') && window.watchparty.timeline.rate === 0`)
	bob.Until("that it was counted once most had said yes", func() bool { m := bob.StateNow().Motion; return m.Closed > 0 && m.Closed < m.Until })
	desk.Until("a line about it", `document.querySelector('.lines').innerText.includes('Paused by vote, 2 to 1') && !document.querySelector('.lines').innerText.includes('Host paused')`)
	keepPictures(t, map[string]*Page{"motion-done": desk})
	phone.Until("the card to go", `!document.querySelector('.motion-card').checkVisibility()`)
}
