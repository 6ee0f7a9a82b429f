package nodetest_test

import (
	"testing"
	"time"

	"watchparty/media/catalog"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestBits: on the desk the host gives Bits, an allowance and a goal; a guest cheers with a tap and with what they
// write, subscribes and gives a month, and sees what is left; everybody sees that, and what merely looks like markup
// as text.
func TestBits(t *testing.T) {
	t.Parallel()
	h, b := Host(t), Shell(t)
	bus := h.Guest("Bus")
	desk := b.Open(h.Ready.Desk, Desktop)
	ann := b.Open(h.Ready.Invite, Phone)
	ann.Enter("Votre nom", "Ann", "Rejoindre")

	desk.Click("Manage Ann")
	desk.Replace("Bits", "7000")
	desk.Click("Give")
	ann.Until("the gift in the chat", `/Ann a reçu 7.000 Bits/.test(document.querySelector('[role=log]').innerText)`)
	desk.Click("Close")
	desk.Click("Bits")
	desk.Fill("What happens", "the host sings")
	desk.Click("Set the goal")
	desk.Until("its bar", `document.querySelector('.goal').innerText.includes('0 of 2,000 Bits')`)
	desk.Replace("Bits for everybody", "100\t")
	desk.Until("that it is set", `document.querySelector('[role=log]').innerText.includes('Everybody gets 100 Bits a week now')`)
	keepPictures(t, map[string]*Page{"bits-desk": desk})
	desk.Click("Close")

	ann.Click("Encourager avec des Bits")
	ann.Until("the balance", `/Vous avez 7.100 Bits/.test(document.querySelector('.bits-menu').innerText)`)
	ann.Click("Encourager de 100 Bits")
	ann.Until("the price", `/^Encourage de 100 Bits ; reste 7.000$/.test(document.querySelector('.bits-cost').innerText)`)
	ann.Click("Envoyer")
	ann.Fill("Message", "<b>Cheer5</b> bravo Cheer5000 !")
	ann.Click("Envoyer")
	desk.Until("the goal over the film", `document.querySelector('.goal-banner').checkVisibility() && document.querySelector('.goal-banner').innerText.includes('the host sings')`)
	desk.Until("the goal in the chat", `/bravo[^]*Goal reached: the host sings/.test(document.querySelector('[role=log]').innerText)`)

	subscribes(t, ann)
	bus.Must(party.Cheer{Bits: 50})
	for _, p := range []*Page{desk, ann} {
		p.Until("cheers as jewels", `[...document.querySelectorAll('[role=log] .cheer')].map(c => c.dataset.tier).join() === '100,5000,1'`)
		p.Until("text as text", `document.querySelector('[role=log]').innerText.includes('<b>Cheer5</b> bravo') && !document.querySelector('[role=log] b')`)
		p.Until("who gave most", `/Ann 6.100/.test(document.querySelector('.top-cheers').innerText)`)
		p.Until("the hype train", `/(level|niveau) 5/.test(document.querySelector('.train').innerText)`)
	}
	desk.Until("the subscription and the gift", `/Subscribed\n+<i>hello<.i> from the sofa[^]*Gave a month to Bus/.test(document.querySelector('[role=log]').innerText)`)
	desk.Until("badges", `[...document.querySelectorAll('.said.subs .badge')].map(b => b.ariaLabel).join().startsWith('Subscriber for 1 month,Has cheered 5,000 Bits and more,First evening here')`)
	keepPictures(t, map[string]*Page{"bits": desk, "bits-phone": ann})
	bus.Until("its month", func() bool { return bus.StateNow().Members[bus.Member].Months == 1 })
	for _, m := range bus.State().Members {
		if m.Name == "Ann" && (m.Bits != 1000 || m.Cheered != 6100 || m.Months != 1) {
			t.Errorf("Ann has %+v and gave %d", m.Purse, m.Cheered)
		}
	}
	asked(t, bus, desk, ann)
	reportOf(t, alsoOn(t, h.Boss(), ann), desk, ann)
}

// subscribes lets Ann subscribe, with a word that merely looks like markup, and give a month.
func subscribes(t *testing.T, ann *Page) {
	t.Helper()
	ann.Click("Encourager avec des Bits")
	ann.Click("S’abonner ou offrir")
	ann.Fill("Un mot avec", "<i>hello</i> from the sofa")
	ann.Click("S’abonner pour 500 Bits")
	ann.Until("thanks, and until when", `/Abonnement jusqu’au [^]*C’est fait/.test(document.querySelector('dialog[open]').innerText)`)
	keepPictures(t, map[string]*Page{"subs-phone": ann})
	ann.Click("Offrir pour 500 Bits")
	ann.Until("that it is given", `document.querySelector('dialog[open]').innerText.includes('gentillesse')`)
	ann.Click("Fermer")
}

// alsoOn brings another device of Ann's in by the code that her page shows: it is the same person, who reads there what the host
// has granted and until when.
func alsoOn(t *testing.T, boss *Person, ann *Page) *Person {
	t.Helper()
	ann.Click("Menu")
	ann.Click("Relier un autre appareil")
	ann.Until("the code", `document.querySelector('.device-code')?.innerText.length === 9`)
	ann.Until("the sheet to rest", `document.getAnimations().every(a => a.playState !== 'running' || a.effect.getComputedTiming().iterations === Infinity)`)
	keepPictures(t, map[string]*Page{"link-phone": ann})
	code := Eval[string](ann, `document.querySelector('.device-code').innerText`)
	Eval[any](ann, `document.querySelector('dialog[open]').close()`)
	tv := Shell(t).Open(boss.House.URL("/"), Small)
	tv.Fill("PIN", code)
	keepPictures(t, map[string]*Page{"link-door": tv})
	tv.Click("Join")
	tv.Until("the theatre", `document.querySelector('[role=log]')?.offsetParent`)
	id := Eval[party.MemberID](tv, `fetch('/api/me').then((r) => r.json()).then((me) => me.member)`)
	boss.Until("both devices as one person", func() bool {
		m := boss.StateNow().Members[id]
		return m.Name == "Ann" && len(m.Screens) == 2 && len(boss.StateNow().Members) == 3
	})
	tiers := []catalog.Membership{{Tier: "prime", Until: time.Date(2127, 1, 1, 12, 0, 0, 0, time.UTC)}}
	boss.Must(party.Grant{Member: id, Tiers: &tiers})
	tv.Click("Menu")
	tv.Until("what she holds", `/prime, until [^]*2127/.test(document.querySelector('dialog[open] .own-facts').innerText)`)
	keepPictures(t, map[string]*Page{"held": tv})
	tv.Close()
	return boss
}

// reportOf ends the party after a few seconds of film, and wants everybody to read what it came to, and to be able to keep that as a picture.
func reportOf(t *testing.T, boss *Person, desk, ann *Page) {
	t.Helper()
	Eval[any](desk, `(s = [...document.querySelectorAll('select')].find((s) => s.labels[0]?.textContent === 'Before your screens'), s.value = '3', s.dispatchEvent(new Event('change')))`)
	boss.Until("three on the sofa", func() bool { return boss.StateNow().Members["host"].People == 3 })
	boss.Must(party.Cue{Title: "night-train", Play: true})
	ann.Until("some film", playing+` && v.currentTime > 3 && watchparty.position > 3.5`)
	boss.Must(party.End{})
	for p, words := range map[*Page]string{desk: "5 people at once · 3 lines · 6,150 Bits", ann: "5 personnes à la fois · 3 messages · 6 150 Bits"} {
		p.Until("the report", `document.querySelector('.sum')?.innerText.replace(/[\u202f\u00a0]/g, ' ').includes('`+words+`') && document.querySelector('.sum-film').innerText.includes('Night Train')`)
	}
	e := boss.State().Evening
	if e == nil || e.Bits != 6150 || e.Watched < 5*3 || e.Watched != e.Ever || len(e.Shown) != 1 || e.Shown[0].Watched != e.Watched || len(e.People) != 3 || e.People[0].Watched+e.People[1].Watched+e.People[2].Watched < e.Watched-3 {
		t.Errorf("the evening is %+v", e)
	}
	keepPictures(t, map[string]*Page{"report": desk, "report-phone": ann})
	Eval[any](desk, `URL.createObjectURL = (b) => { window.kept = { type: b.type, size: b.size }; return 'blob:x' };
		HTMLAnchorElement.prototype.click = function () { window.kept.name = this.download }`)
	desk.Click("Save as a drawing")
	desk.Until("the drawing", `window.kept?.type === 'image/svg+xml' && window.kept.size > 500 && /^watchparty-\d{4}-\d\d-\d\d\.svg$/.test(window.kept.name)`)
	desk.Click("Past evenings")
	desk.Until("all evenings", `document.querySelector('dialog[open] .past').innerText.match(/watched together at 1 evening[^]*Friday[^]*5 people at once · Night Train/i)`)
	desk.Click("Friday")
	desk.Until("the report of one", `document.querySelector('dialog[open] .sum')?.innerText.includes('6,150 Bits')`)
	keepPictures(t, map[string]*Page{"past": desk})
	Eval[any](desk, `document.querySelector('dialog[open]').close()`)
	desk.Click("Save as a picture")
	desk.Until("the picture", `window.kept?.type === 'image/png' && window.kept.size > 10000 && /^watchparty-\d{4}-\d\d-\d\d\.png$/.test(window.kept.name)`)
}
