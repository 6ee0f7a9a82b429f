package nodetest_test

import (
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestReplay: at the next evening the chat of the last one comes again with its film, on the page of a guest's own node: each
// line where it was said, hidden when the film goes back, and reactions float by.
func TestReplay(t *testing.T) {
	t.Parallel()
	h := Host(t)
	boss, ann := h.Boss(), h.Guest("ann")
	boss.Must(party.Cue{Title: "night-train"})
	for at, line := range map[float64]string{5: "here it comes", 40: "all those windows"} {
		boss.Must(party.Seek{Position: party.At(at)})
		boss.Say(line)
		ann.Saw(line)
	}
	boss.Must(party.Seek{Position: party.At(21)})
	ann.React("🎬")
	boss.Signalled("the reaction", func(s wire.Signal) bool { return s.React != nil })
	boss.Must(party.End{})
	if a := Do(t, "POST", h.URL("/api/party"), boss.Token, map[string]string{"name": "Saturday"}); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}

	boss = h.Boss()
	den := h.Node("Den", "")
	sofa := Chromium(t).Open(den.URL("/"), Small)
	boss.Must(party.Cue{Title: "night-train"})
	sofa.Until("the film", `document.querySelector('video').readyState > 1`)
	boss.Must(party.Recall{Title: "night-train", Evening: h.Ready.Party})
	sofa.Until("whose chat comes again", `/With the chat of .+, /.test(document.querySelector('.recalled:not([hidden])')?.innerText)`)
	const old = `[...document.querySelectorAll('.of-old .text')].map((x) => x.innerText).join()`
	for at, want := range map[float64]string{10: "here it comes", 45: "here it comes,all those windows", 2: ""} {
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
