package nodetest_test

import (
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// asked lets the host ask something and open a prediction: one vote for each member, changed once; Bits on outcomes, and the
// pool to who was right. Words that merely look like markup are text.
func asked(t *testing.T, bus *Person, desk, ann *Page) {
	t.Helper()
	desk.Click("Poll")
	desk.Fill("Question", "Pizza <b>now</b>?")
	desk.Fill("Answer 1", "Four cheeses, and as much of each as the oven takes")
	desk.Fill("Answer 2", "<i>None</i>")
	desk.Until("the sheet to rest", `document.getAnimations().every(a => a.playState !== 'running')`)
	keepPictures(t, map[string]*Page{"poll-ask": desk})
	desk.Click("Ask")
	choose := func(p *Page, words string) {
		t.Helper()
		Eval[any](p, `[...document.querySelectorAll('.asked[open] .ballot-choice')].find(c => c.innerText.includes('`+words+`')).click()`)
		p.Until("the tick", `[...document.querySelectorAll('.asked[open] .ballot-choice[aria-pressed=true]')].some(c => c.innerText.includes('`+words+`'))`)
	}
	ann.Until("the poll, as text", `document.querySelector('.asked-poll[open]')?.innerText.includes('Pizza <b>now</b>?')`)
	choose(ann, "<i>None</i>")
	choose(ann, "Four cheeses")
	bus.Until("the poll", func() bool { return bus.StateNow().Poll != nil })
	bus.Must(party.Vote{Poll: bus.State().Poll.ID, Options: []int{0}})
	desk.Until("both votes", `/Four cheeses[^]*100 % · 2[^]*0 % · 0/.test(document.querySelector('.asked-poll').innerText)`)
	keepPictures(t, map[string]*Page{"poll": desk, "poll-phone": ann})
	desk.Click("Close the poll")
	ann.Until("the result", `document.querySelector('.asked-row.best').innerText.includes('Four cheeses') && /Pizza <b>now<.b>\? Four cheeses[^]*, 2 sur 2/.test(document.querySelector('[role=log]').innerText)`)

	desk.Click("Poll")
	desk.Click("Prediction")
	desk.Fill("Question", "Who did it?")
	desk.Fill("Answer 1", "The butler")
	desk.Fill("Answer 2", "The cat")
	desk.Click("Open it")
	ann.Until("the prediction in the place of the poll", `document.querySelector('.asked-prediction[open]') && !document.querySelector('.asked-poll[open]')`)
	Eval[any](ann, `[...document.querySelectorAll('.asked[open] .ballot-choice')].find(c => c.innerText.includes('The cat')).click()`)
	ann.Click("100")
	ann.Click("Miser 100 Bits")
	bus.Until("the prediction", func() bool { return bus.StateNow().Prediction != nil })
	bus.Must(party.Wager{Prediction: bus.State().Prediction.ID, Outcome: 0, Bits: 33})
	ann.Until("what lies on each", `/The butler\s+33 Bits · 1 personne\s+The cat\s+100 Bits · 1 personne[^]*Vous avez misé 100 Bits sur The cat/.test(document.querySelector('.asked-prediction').innerText)`)
	keepPictures(t, map[string]*Page{"prediction-phone": ann})
	desk.Click("Lock it now")
	ann.Until("that it is locked", `/fermé · 133 Bits/.test(document.querySelector('.asked-prediction').innerText)`)
	choose(desk, "The cat")
	keepPictures(t, map[string]*Page{"prediction": desk})
	desk.Click("The cat came true")
	ann.Until("what was won", `document.querySelector('.asked-prediction').innerText.includes('133 Bits sont à vous') && /C’était The cat : 133 Bits pour 1 personne/.test(document.querySelector('[role=log]').innerText)`)
}
