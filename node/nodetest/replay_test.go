//go:build long

package nodetest_test

import (
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestReplay: who comes in the middle of a film is told what they missed, and may go back to it. At the next evening the chat of the last one comes again with its film, on the page of a guest's own node: each
// line where it was said, hidden when the film goes back, and reactions float by.
func TestReplay(t *testing.T) {
	t.Parallel()
	h := Host(t)
	boss, ann := h.Boss(), h.Guest("ann")
	boss.Must(party.Cue{Title: "night-train"})
	boss.Must(party.Seek{Position: party.At(5)})
	boss.Say("here it comes")
	ann.Saw("here it comes")
	ann.Say("and what a bridge")
	ann.Say("sh")
	boss.Must(party.Seek{Position: party.At(40)})
	boss.Say("all those windows")
	boss.Must(party.Seek{Position: party.At(21)})
	ann.React("🎬")
	boss.Signalled("the reaction", func(s wire.Signal) bool { return s.React != nil })
	boss.Must(party.Seek{Position: party.At(30)})

	den := h.Node("Den", "")
	sofa := Chromium(t).Open(den.URL("/"), Small)
	sofa.Until("how much was missed", `/What you missed\s+3 lines/.test(document.querySelector('.recap:not([hidden])')?.innerText)`)
	Eval[bool](sofa, `document.querySelector('.recap summary').click() || true`)
	sofa.Until("what, and nothing that lies ahead", `(m = document.querySelector('.recap').innerText) && /0:05\s+and what a bridge\s+(🎬 4|3)/.test(m) && /ann sh/.test(m) && !/windows/.test(m)`)
	sofa.Click("Go back there, for yourself: 0:05 and what a bridge")
	sofa.Until("that place", `Math.abs(document.querySelector('video').currentTime - 5) < 1 && document.querySelector('.recap').hidden`)
	boss.Must(party.End{})
	if a := Do(t, "POST", h.URL("/api/party"), boss.Token, map[string]string{"name": "Saturday"}); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}

	boss = h.Boss()
	boss.Must(party.Cue{Title: "night-train"})
	sofa.Until("the film", `document.querySelector('video').readyState > 1`)
	boss.Must(party.Recall{Title: "night-train", Evening: h.Ready.Party})
	sofa.Until("whose chat comes again", `/With the chat of .+, /.test(document.querySelector('.recalled:not([hidden])')?.innerText)`)
	const old = `[...document.querySelectorAll('.of-old .text')].map((x) => x.innerText).join()`
	for at, want := range map[float64]string{10: "here it comes,and what a bridge,sh", 45: "here it comes,and what a bridge,sh,all those windows", 2: ""} {
		boss.Must(party.Seek{Position: party.At(at)})
		sofa.Until("what was said until there", old+` === "`+want+`"`)
	}
	boss.Must(party.Seek{Position: party.At(20)})
	sofa.Until("who said it, and when", `/Host/.test(document.querySelector('.of-old.named .said-who').innerText) && /20\d\d/.test(document.querySelector('.of-old .said-day').innerText)`)
	boss.Must(party.Play{})
	sofa.Until("what was reacted there", `document.querySelector('.afloat-sign')?.innerText === "🎬"`)
	sofa.Click("Without the old chat")
	sofa.Until("none of it", old+` === "" && document.querySelector('.recalled').hidden`)
}
