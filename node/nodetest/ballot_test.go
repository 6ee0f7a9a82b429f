package nodetest_test

import (
	"errors"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/store"
)

// watchedBefore lets the host have had an evening already, at which so much of a title ran.
func watchedBefore(t *testing.T, title catalog.TitleID, part float64) Option {
	return func(cfg *node.HostConfig) {
		db, err := store.Open(cfg.Data, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-100 * time.Hour).Truncate(time.Second)
		var recs []party.Record
		add := func(after time.Duration, by party.MemberID, e party.Event) {
			at = at.Add(after)
			r, no := party.NewRecord(party.Seq(len(recs)+1), at, by, "", e)
			err = errors.Join(err, no)
			recs = append(recs, r)
		}
		const length = 100 * time.Second
		add(0, "", party.Opened{ID: "before", Name: "Thursday"})
		add(0, "", party.Joined{ID: party.HostID, Name: "Host", Role: party.Host})
		add(0, party.HostID, party.Came{Screen: party.Screen{ID: "s", Kind: "page"}})
		add(0, party.HostID, party.Timed{Timeline: party.Timeline{Title: title, At: at, Rate: 1, Length: length}, Why: party.WhyPlay})
		add(time.Duration(part*float64(length)), party.HostID, party.Ended{})
		err = errors.Join(err, db.Update(func(tx *store.Tx) error { return tx.Append("before", recs) }), db.Close())
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestBallot: the host puts to the vote what everybody who is here may watch; guests like and veto; who comes late has a
// title dropped, and everybody reads why; the result is on.
func TestBallot(t *testing.T) {
	t.Parallel()
	h := Host(t, Catalog(t, `version: 1
library: films
defaults: {regions: {allow: [world]}}
titles:
  - {id: aurora, title: Aurora, file: aurora.mp4}
  - {id: harbour, title: Harbour Lights, file: harbour-lights.mp4}
  - {id: train, title: Night Train, file: night-train.mp4, regions: {allow: [FR]}}
  - {id: tide, title: Tide, file: small-hours-s01e01.mp4, tiers: [prime]}
  - {id: snow, title: Snow, file: small-hours-s01e02.mp4}
  - {id: more, title: More Snow, file: small-hours-s01e02.mp4}
`), watchedBefore(t, "snow", 0.9))
	boss, b := h.Boss(), Shell(t)
	ana := b.Open(h.Invite("FR", party.Guest), Phone)
	ana.Enter("Votre nom", "Ana", "Rejoindre")
	desk := b.Open(h.Ready.Desk, Desktop)
	desk.Until("Ana", `document.querySelector('.people, .console').innerText.includes('Ana')`)
	desk.Click("Vote")
	desk.Until("who may not watch what", `/Ana: .*membership/i.test(document.querySelector('dialog[open]').innerText) && document.querySelectorAll('dialog[open] input:disabled').length === 1`)
	desk.Until("who has seen what", `[...document.querySelectorAll('dialog[open] .ask-row')].filter(r => r.innerText.includes('seen by')).map(r => r.innerText.replace(/\s+/g, ' ')).join() === 'Snow 60 s · seen by Host'`)
	Eval[any](desk, `document.querySelector('dialog[open] #ask-unseen').click()`)
	desk.Until("it at the end", `document.querySelectorAll('dialog[open] .ask-list input:disabled').length === 2`)
	keepPictures(t, map[string]*Page{"ballot-seen": desk})
	Eval[any](desk, `document.querySelector('dialog[open] #ask-unseen').click()`)
	for _, name := range []string{"Aurora", "Harbour Lights", "Night Train", "Snow", "More Snow"} {
		Eval[any](desk, `[...document.querySelectorAll('dialog[open] .ask-list label.ask-row')].find(l => l.querySelector('.ballot-title').textContent === '`+name+`').click()`)
	}
	desk.Until("the sheet to rest", `document.getAnimations().every(a => a.playState !== 'running')`)
	keepPictures(t, map[string]*Page{"ballot-ask": desk})
	desk.Click("Put 5 titles to the vote")
	ana.Until("the vote", `document.querySelectorAll('.ballot-choice').length === 5`)
	like := func(p *Page, name string) {
		t.Helper()
		Eval[any](p, `[...document.querySelectorAll('.ballot-choice')].find(c => c.innerText.includes('`+name+`')).click()`)
		p.Until("the tick", `[...document.querySelectorAll('.ballot-choice[aria-pressed=true]')].some(c => c.innerText.includes('`+name+`'))`)
	}
	ana.Until("room to talk about it", `document.querySelector('.chat form input').getBoundingClientRect().bottom <= innerHeight && document.querySelector('[role=log]').clientHeight > 60`)
	like(ana, "Night Train")
	like(ana, "Harbour")
	like(desk, "Aurora")
	like(desk, "Harbour")
	like(desk, "Night Train")
	bob := h.By("Bob", h.Invite("DE", party.Guest))
	for p, words := range map[*Page]string{ana: "pas disponible en Allemagne", desk: "not available in Germany"} {
		p.Until("why one is out", `document.querySelector('.ballot-row.out').innerText.includes('`+words+`') && document.querySelector('[role=log]').innerText.includes('Night Train')`)
	}
	bob.Must(party.Veto{Title: "aurora"})
	desk.Until("the veto", `document.querySelectorAll('.ballot-row.out').length === 2 && document.querySelector('.ballot').innerText.includes('vetoed by Bob')`)
	keepPictures(t, map[string]*Page{"ballot": desk, "ballot-phone": ana})
	desk.Click("Count")
	for p, words := range map[*Page]string{ana: "La salle a choisi Harbour Lights, avec 2 voix sur 2", desk: "The room chose Harbour Lights, with 2 of 2"} {
		p.Until("the result", `!document.querySelector('.ballot:not([hidden])') && document.querySelector('[role=log]').innerText.includes('`+words+`')`)
	}
	if now := boss.State().Timeline.Title; now != "harbour" {
		t.Errorf("%q is on", now)
	}
	locked(t, boss, desk, ana, bob)
}

// locked: the desk's shelf says of each title who of those here may not watch it and why, as it is now; somebody locked out
// of what is on reads why in its place, talks on, gets nothing of it, and is back with the next title.
func locked(t *testing.T, boss *Person, desk, ana *Page, bob *Person) {
	t.Helper()
	desk.Click("Choose a film")
	says := func(name, words string) {
		t.Helper()
		desk.Until(name+": "+words, `[...document.querySelectorAll('dialog[open] .item')].find(i => i.querySelector('.item-title').textContent === '`+name+`').querySelector('.rights:not([hidden])').textContent === '`+words+`'`)
	}
	says("Aurora", "All 3 may watch")
	says("Night Train", "2 of 3 · Bob: not in Germany")
	says("Tide", "1 of 3 · Ana: no membership of prime, and 1 more")
	keepPictures(t, map[string]*Page{"rights": desk})
	boss.Must(party.Remove{Member: bob.Member})
	says("Tide", "1 of 2 · Ana: no membership of prime")
	Eval[any](desk, `document.querySelector('dialog[open]').close()`)
	boss.Must(party.Cue{Title: "tide", Play: true})
	desk.Until("the same under what is on", `document.querySelector('.rights-now').textContent === '1 of 2 · Ana: no membership of prime'`)
	ana.Until("why", `document.querySelector('.stage .card').innerText.includes('Réservé aux abonnés prime') && !document.querySelector('video[data-part=film]').getAttribute('src')`)
	keepPictures(t, map[string]*Page{"locked-phone": ana})
	ana.Fill("Message", "Je reste\r")
	desk.Until("her line", `document.querySelector('[role=log]').innerText.includes('Je reste')`)
	if n := Eval[int](ana, `performance.getEntriesByType('resource').filter((r) => r.name.includes('/media/t/tide/')).length`); n != 0 {
		t.Errorf("asked %d times for a title that is locked", n)
	}
	boss.Must(party.Cue{Title: "aurora", Play: true})
	ana.Until("the next title", playing)
	desk.Until("that all may watch it", `document.querySelector('.rights-now').textContent === 'All 2 may watch'`)
	boss.Must(party.Cue{Title: "tide", Play: true})
	ana.Until("the card", `!document.querySelector('.stage .card').hidden`)
	var anas party.MemberID
	for id, m := range boss.State().Members {
		if m.Name == "Ana" {
			anas = id
		}
	}
	tiers := []catalog.Membership{{Tier: "prime"}}
	boss.Must(party.Grant{Member: anas, Tiers: &tiers})
	ana.Until("what was granted", playing)
}
