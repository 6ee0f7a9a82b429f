package nodetest_test

import (
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestBits: a guest is given Bits, cheers with a tap and with what they write, and sees what is left; everybody sees
// the cheer as one, and what merely looks like markup as text.
func TestBits(t *testing.T) {
	t.Parallel()
	h := Host(t)
	boss := h.Boss()
	b := Chromium(t)
	ann := b.Open(h.Ready.Invite, Desktop)
	ann.Enter("Your name", "Ann", "Join")
	phone := b.Open(h.Ready.Invite, Phone)
	phone.Enter("Votre nom", "Bus", "Rejoindre")
	var annID party.MemberID
	boss.Until("Ann", func() bool {
		for id, m := range boss.StateNow().Members {
			if m.Name == "Ann" {
				annID = id
			}
		}
		return annID != ""
	})
	boss.Must(party.Credit{Member: annID, Bits: 7000})
	ann.Until("the gift in the chat", `document.querySelector('[role=log]').innerText.includes('Ann was given 7,000 Bits')`)
	ann.Click("Cheer with Bits")
	ann.Until("the balance", `document.querySelector('.bits-menu').innerText.includes('You have 7,000 Bits')`)
	ann.Click("Cheer 100 Bits")
	ann.Until("the price", `document.querySelector('.bits-cost').innerText === 'Cheers 100 Bits; 6,900 left'`)
	ann.Click("Send")
	ann.Fill("Message", "<b>Cheer5</b> bravo Cheer5000 !")
	ann.Click("Send")
	for _, p := range []*Page{ann, phone} {
		p.Until("two cheers", `[...document.querySelectorAll('[role=log] .cheer')].map(c => c.dataset.tier).join() === '100,5000'`)
		p.Until("text as text", `document.querySelector('[role=log]').innerText.includes('<b>Cheer5</b> bravo') && !document.querySelector('[role=log] b')`)
		p.Until("who cheered most", `/Ann 5.?100/.test(document.querySelector('.top-cheers').innerText)`)
	}
	phone.Click("Encourager avec des Bits")
	phone.Until("none to cheer with", `document.querySelector('.bits-menu').innerText.includes('Vous avez 0 Bit') && document.querySelectorAll('.bits-offer:enabled').length === 0`)
	// A month for oneself and one for the other, as two taps in a sheet; both see who has what.
	ann.Click("Cheer with Bits")
	ann.Click("Subscribe or give a month")
	ann.Fill("Say something with it", "<i>hello</i> from the sofa")
	ann.Click("Subscribe for 500 Bits")
	ann.Until("thanks, and until when", `/You are subscribed/.test(document.querySelector('dialog[open]').innerText) && /Subscribed until .* 1 month so far/.test(document.querySelector('dialog[open]').innerText)`)
	ann.Click("Give for 500 Bits")
	ann.Until("that it is given", `document.querySelector('dialog[open]').innerText.includes('How kind')`)
	keepPictures(t, map[string]*Page{"subs": ann})
	phone.Until("the subscription and the gift", `/A pris un abonnement[^]*<i>hello<.i> from the sofa[^]*A offert un mois à Bus/.test(document.querySelector('[role=log]').innerText)`)
	phone.Until("badges", `[...document.querySelectorAll('.said.subs .badge')].map(b => b.ariaLabel).join().startsWith('Abonnement : 1 mois,A encouragé de 5')`)
	phone.Until("until when", `document.querySelector('.bits-menu').innerText.includes('Abonnement jusqu’au')`)
	keepPictures(t, map[string]*Page{"bits": ann, "bits-phone": phone})
	if m := boss.State().Members[annID]; m.Bits != 900 || m.Cheered != 6100 || m.Months != 1 {
		t.Errorf("Ann has %d Bits and cheered %d", m.Bits, m.Cheered)
	}
	reportOf(t, boss, ann, phone)
}

// reportOf ends the party after a few seconds of film, and wants everybody to read what it came to, and to be able to keep that as a picture.
func reportOf(t *testing.T, boss *Person, ann, phone *Page) {
	t.Helper()
	boss.Must(party.Cue{Title: "night-train", Play: true})
	ann.Until("some film", playing+` && v.currentTime > 3`)
	boss.Must(party.End{})
	for p, words := range map[*Page]string{ann: "3 people at once · 2 lines · 6,100 Bits", phone: "3 personnes à la fois · 2 messages · 6 100 Bits"} {
		p.Until("the report", `document.querySelector('.sum')?.innerText.replace(/[\u202f\u00a0]/g, ' ').includes('`+words+`') && document.querySelector('.sum-film').innerText.includes('Night Train')`)
	}
	e := boss.State().Evening
	if e == nil || e.Bits != 6100 || e.Watched < 3*3 || e.Watched != e.Ever || len(e.Shown) != 1 || e.Shown[0].Watched != e.Watched || len(e.People) != 3 {
		t.Errorf("the evening is %+v", e)
	}
	keepPictures(t, map[string]*Page{"report": ann, "report-phone": phone})
	Eval[any](ann, `URL.createObjectURL = (b) => { window.kept = { type: b.type, size: b.size }; const r = new FileReader(); r.onload = () => window.shown = r.result; r.readAsDataURL(b); return 'blob:x' };
		HTMLAnchorElement.prototype.click = function () { window.kept.name = this.download }`)
	ann.Click("Save as a picture")
	ann.Until("the picture", `window.kept?.type === 'image/png' && window.kept.size > 10000 && /^watchparty-\d{4}-\d\d-\d\d\.png$/.test(window.kept.name)`)
}
