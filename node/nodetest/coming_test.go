//go:build long

package nodetest_test

import (
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestComing: at an episode's end everybody sees what comes next; who may not drive
// has no buttons, who may can stop it, and otherwise it comes by itself.
func TestComing(t *testing.T) {
	t.Parallel()
	h := Host(t)
	b := Shell(t)
	boss := h.Boss()
	desk, phone := b.Open(h.Ready.Desk, Small), b.Open(h.URL("/"), Phone)
	phone.Fill("PIN", "123456")
	phone.Enter("Votre nom", "Canapé", "Rejoindre")
	const card = `(c = document.querySelector('.coming-card')) && c.offsetParent !== null`
	ends := func() {
		boss.Must(party.Seek{Position: party.At(59.5)})
		boss.Must(party.Play{})
		for _, p := range []*Page{desk, phone} {
			p.Until("the card", card)
		}
	}
	boss.Must(party.Cue{Title: "small-hours-s01e01"})
	ends()
	desk.Until("its words", card+` && /Snow[^]*Begins in \d+ second/.test(c.innerText)`)
	phone.Until("its words", card+` && /Commence dans \d+ seconde/.test(c.innerText)`)
	if n := Eval[int](phone, `[...document.querySelectorAll('.coming-card button')].filter((x) => x.offsetParent).length`); n != 0 {
		t.Errorf("a guest who may not drive has %d buttons", n)
	}
	keepPictures(t, map[string]*Page{"coming": desk, "coming-phone": phone})
	desk.Click("Not now")
	phone.Until("the card to go", `document.querySelector('.coming-card').offsetParent === null`)
	ends()
	phone.Until("the next episode by itself", playing+` && document.querySelector('.coming-card').offsetParent === null && window.watchparty.timeline.title === 'small-hours-s01e02'`)
	if n := boss.Timed(party.WhyCue); n != 2 {
		t.Errorf("put on %d times in all, want 2", n)
	}
}
