package nodetest_test

import (
	"fmt"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

const (
	ready = `window.watchparty.doing === 'paused'`
	card  = `(c = document.querySelector('.held-card')) && !c.hidden && c.textContent`
)

// cardSays is an expression for the card over the film with these words.
func cardSays(words ...string) string {
	js := card
	for _, w := range words {
		js += fmt.Sprintf(" && c.textContent.includes(%q)", w)
	}
	return js
}

const noCard = `document.querySelector('.held-card').hidden`

// late is a house with a desk and a theatre that are ready, and Den, whose screen
// looks for the place and says so.
func late(t *testing.T) (h *House, desk, sofa *Page, boss, den *Person) {
	h = Host(t)
	b := Chromium(t)
	desk = b.Open(h.Ready.Desk, Desktop)
	desk.Until("the desk", Button("Choose a film"))
	sofa = b.Open(h.Ready.Invite, Desktop)
	sofa.Enter("Your name", "Sofa", "Join")
	boss, den = h.Boss(), h.Guest("Den")
	boss.Must(party.Cue{Title: "night-train"})
	for _, p := range []*Page{desk, sofa} {
		p.Until("a film that rests", ready)
	}
	return h, desk, sofa, boss, den
}

// seeks has a person report that they look for the place, and waits until that is
// known at the house; ms tells one report from the next.
func seeks(p, boss *Person, ms float64) {
	p.Helper()
	p.Report(party.Report{State: party.Seeking, Title: "night-train", Why: party.WhyNetwork, MS: ms})
	boss.Signalled("the report", func(s wire.Signal) bool { return s.Drift != nil && s.By == p.Member && s.Drift.MS == ms })
}

// rule sets the policy at the desk, by its controls.
func rule(desk *Page, name string) {
	desk.Click("Waiting")
	desk.Until("the rule "+name, Field(name))
	Eval[bool](desk, Field(name)+`.click() || true`)
	desk.Until("the rule to hold", `(c = `+Field(name)+`) && c.checked`)
}

func closeSheet(desk *Page) {
	Eval[bool](desk, `[...document.querySelectorAll('dialog[open]')].forEach(d => d.close()) || true`)
}

// TestWaiting: who is not ready is named on every page, with the reason and a
// countdown; the film goes on by itself, once, or when somebody says enough.
func TestWaiting(t *testing.T) {
	t.Parallel()
	_, desk, sofa, boss, den := late(t)
	rule(desk, "Wait for everybody")
	Eval[bool](desk, `(f = `+Field("Wait at most")+`, f.value = '3', f.dispatchEvent(new Event('change'))) || true`)
	boss.Until("the seconds", func() bool { return boss.StateNow().Policy.Patience == 3 })
	sofa.Until("the line about the rule", `document.querySelector('[role=log]').textContent.includes('The film waits for everybody now, 3 s at most')`)
	closeSheet(desk)

	seeks(den, boss, 1)
	desk.Click("Play")
	for _, p := range []*Page{desk, sofa} {
		p.Until("whom it waits for", cardSays("Waiting for Den", "their network is slow", "Goes on in"))
	}
	desk.Until("the play button", Button("Pause"))
	desk.Until("Den in the table", `[...document.querySelectorAll('.who-table tr')].some(r => r.innerText.includes('Den') && r.innerText.includes('waited for: slow network'))`)
	if got := Eval[bool](sofa, `!!(`+Button("Go on without them")+`)`); got {
		t.Error("a guest who may not drive is offered to")
	}
	for _, p := range []*Page{desk, sofa} {
		p.Until("the film", playing)
		p.Until("no card any more", noCard)
	}
	if n := boss.Timed(party.WhyGo); n != 1 {
		t.Errorf("it went on %d times", n)
	}

	boss.Must(party.Set{Patience: new(60)})
	den.Report(party.Report{State: party.Playing, Title: "night-train"}) // has caught up: may be waited for again
	seeks(den, boss, 2)
	boss.Must(party.Seek{Position: party.At(30)})
	sofa.Until("whom it waits for", cardSays("Waiting for Den", "Goes on in"))
	desk.Click("Pause") // what waits is stopped like what runs
	sofa.Until("no card any more", noCard)
	desk.Click("Play")
	sofa.Until("whom it waits for", cardSays("Waiting for Den"))
	desk.Click("Go on without them")
	sofa.Until("the film", playing+` && v.currentTime > 30`)
	sofa.Until("no card any more", noCard)
	if n := boss.Timed(party.WhyGo); n != 2 {
		t.Errorf("it went on %d times", n)
	}

	den.Report(party.Report{State: party.Playing, Title: "night-train"})
	dry := party.Report{State: party.Loading, Title: "night-train", Why: party.WhyDecoder}
	for _, p := range []*Page{desk, sofa} {
		den.Report(dry) // again: who is silent for ten seconds is not waited for
		p.Until("whom it waits for in the middle", cardSays("Waiting for Den", "their device is still decoding"))
		p.Until("the line about it", `document.querySelector('[role=log]').textContent.includes('The film waited for Den')`)
	}
	den.Report(dry)
	desk.Click("Go on without them")
	sofa.Until("the film", playing)
	if n := boss.Timed(party.WhyWait); n != 1 {
		t.Errorf("it was held %d times", n)
	}
}

// TestLeftBehind: a page that gets no bytes is told that it is waited for; when they
// come it is told what it missed, goes back there, stays behind, and catches up. A line
// is shown to it when its film has come to where that was said.
func TestLeftBehind(t *testing.T) {
	t.Parallel()
	h := Host(t)
	b := Chromium(t)
	sofa := b.Open(h.Ready.Invite, Desktop)
	sofa.Enter("Your name", "Sofa", "Join")
	sofa.Starve("*/media/t/*/file*")
	boss := h.Boss()
	boss.Must(party.Set{Patience: new(60)})
	boss.Must(party.Cue{Title: "night-train"})
	boss.Signalled("that Sofa lacks bytes", func(s wire.Signal) bool { return s.Drift != nil && s.Drift.State == party.Loading })
	boss.Must(party.Play{})
	sofa.Until("for whom the others wait", cardSays("The others are waiting for you", "your network is slow", "Goes on in"))
	boss.Must(party.Urge{})
	sofa.Until("no card any more", noCard)
	sofa.Until("four seconds of film", `window.watchparty.position > 4`)
	sofa.Feed()
	sofa.Until("what it missed", `(n = document.querySelector('.missed')) && !n.hidden && /You missed \d+ s/.test(n.innerText)`)
	sofa.Click("See them: stay ")
	sofa.Until("how far behind it is", `/\d+ s behind the others/.test(document.querySelector('.note.behind').innerText)`)
	sofa.Until("the film from where it had stopped", playing+` && Math.abs(window.watchparty.position - v.currentTime - parseInt(document.querySelector('.note.behind').innerText)) < 1`)
	if n := boss.Timed(party.WhyWait); n != 0 {
		t.Errorf("the film was held %d times for who stays behind", n)
	}
	boss.Say("did you see that?")
	sofa.Until("that a line waits", `(h = document.querySelector('.ahead')) && !h.hidden && h.innerText.startsWith('1 line waits for you ahead') && !/did you see/.test(document.querySelector('.lines').innerText)`)
	sofa.Fill("Message", "what a hat")
	sofa.Click("Send")
	sofa.Until("its own line", `/what a hat/.test(document.querySelector('.said.mine:not(.on-its-way)')?.innerText)`)
	boss.Saw("what a hat")
	if m := boss.State().Messages; m[1].Pos > m[0].Pos-2 {
		t.Errorf("said at %.1f s of the film by who is behind a line of %.1f s", m[1].Pos, m[0].Pos)
	}
	sofa.Click("Catch up")
	sofa.Until("the others' place", playing+` && Math.abs(window.watchparty.position - v.currentTime) < 0.3`)
	sofa.Until("the line that waited", `document.querySelector('.ahead').hidden && /what a hat[^]*did you see/.test(document.querySelector('.lines').innerText)`)
	boss.Must(party.Seek{Position: party.At(0.5)})
	sofa.Until("that it waits again", `!document.querySelector('.ahead').hidden && /what a hat/.test(document.querySelector('.lines').innerText) && !/did you see/.test(document.querySelector('.lines').innerText)`)
	boss.Must(party.Seek{Position: party.At(20)})
	sofa.Until("that it is back, and is not read aloud again", `/did you see/.test(document.querySelector('.said[aria-live=off]')?.innerText)`)
	boss.Must(party.Seek{Position: party.At(0.5)})
	sofa.Until("that it waits once more", `!document.querySelector('.ahead').hidden`)
	boss.Must(party.Erase{Line: boss.State().Messages[0].Seq})
	boss.Must(party.Seek{Position: party.At(20)})
	sofa.Until("that it was deleted meanwhile", `document.querySelector('.said[aria-live=off] .gone') && !/did you see/.test(document.querySelector('.lines').innerText)`)
	sofa.Until("no pill any more", `document.querySelector('.note.behind').hidden`)
}
