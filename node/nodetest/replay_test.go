//go:build long

package nodetest_test

import (
	"encoding/json"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
	"watchparty/store"
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
	ann.Must(party.Say{Text: "and what a bridge", Re: lastSaid(ann).Seq})
	ann.Say("sh")
	boss.Must(party.Seek{Position: party.At(40)})
	boss.Must(party.Say{Text: "counts windows", Me: true})
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
	for at, want := range map[float64]string{10: "here it comes,and what a bridge,sh", 45: "here it comes,and what a bridge,sh,Host counts windows", 2: ""} {
		boss.Must(party.Seek{Position: party.At(at)})
		sofa.Until("what was said until there", old+` === "`+want+`"`)
	}
	boss.Must(party.Seek{Position: party.At(20)})
	sofa.Until("who said it, and when", `/Host/.test(document.querySelector('.of-old.named .said-who').innerText) && /20\d\d/.test(document.querySelector('.of-old .said-day').innerText)`)
	sofa.Until("what ann answered", `[...document.querySelectorAll('.of-old .quote')].map((x) => x.innerText.trim()).join() === 'Host\nhere it comes' || document.querySelector('.of-old .quote-text').innerText === 'here it comes'`)
	keepPictures(t, map[string]*Page{"replay": sofa})
	boss.Must(party.Play{})
	sofa.Until("what was reacted there", `document.querySelector('.afloat-sign')?.innerText === "🎬"`)
	sofa.Click("Without the old chat")
	sofa.Until("none of it", old+` === "" && document.querySelector('.recalled').hidden`)
	readsIn(t, h, boss)
}

// readsIn reads an evening in at the desk. It is the same to the byte as what the command makes of the file.
func readsIn(t *testing.T, h *House, boss *Person) {
	t.Helper()
	vtt := string(boss.Get("/api/history/" + string(h.Ready.Party) + "/chat.vtt").Body)
	desk := Shell(t).Open(h.Ready.Desk, Desktop)
	desk.Click("Past evenings")
	desk.Click("Read in an evening…")
	choose := func(name, text string) {
		t.Helper()
		given, _ := json.Marshal([]string{name, text})
		Eval[any](desk, `(([name, text], input) => {
			const files = new DataTransfer();
			files.items.add(new File([text], name));
			input.files = files.files;
			input.dispatchEvent(new Event('change'));
		})(`+string(given)+`, document.querySelector('#import-file'))`)
	}
	choose("broken.json", "{")
	desk.Click("Read it in")
	desk.Until("why not", `/holds no evening/.test(document.querySelector('dialog[open] .trouble').innerText)`)
	choose("Old friends.vtt", vtt)
	desk.Until("what the file does not say", `document.querySelector('#import-name').checkVisibility() && document.querySelector('#import-name').value === 'Old friends'`)
	Eval[any](desk, `document.querySelector('#import-date').value = '2020-02-29'`) // keys depend on the country
	keepPictures(t, map[string]*Page{"import": desk})
	desk.Click("Read it in")
	desk.Until("that it is there", `/Old friends of .*2020 is here now/.test([...document.querySelectorAll('dialog[open] [role=status]')].map((x) => x.innerText).join())`)

	want, err := node.ImportInto(t.TempDir(), node.Import{File: vtt, Name: "Old friends", Date: "2020-02-29"}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := boss.Get("/api/history/" + string(want.ID) + "/chat.vtt")
	if a.Status != 200 || string(a.Body) != vtt {
		t.Errorf("read in at the desk it is %d\n%s\nwant\n%s", a.Status, a.Body, vtt)
	}
}
