package nodetest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/store"
)

// hostileHouse is a house whose log holds 200 hostile names, each with a hostile line, as only a host that lies could have
// made it, and a catalog of a hundred hostile titles.
func hostileHouse(t *testing.T, all []string) Option {
	dir := t.TempDir()
	db, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var recs []party.Record
	add := func(by party.MemberID, e party.Event) {
		r, err := party.NewRecord(party.Seq(len(recs)+1), time.Now(), by, "", e)
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, r)
	}
	add("", party.Opened{ID: "p", Name: all[0]})
	for i, text := range all[:199] {
		id := party.MemberID(fmt.Sprint("m", i))
		add("", party.Joined{ID: id, Name: text})
		add(id, party.Said{Text: text})
	}
	add("", party.Joined{ID: "ana", Name: "Ana"})
	add("ana", party.Said{Text: "An ordinary line"})
	err = db.Update(func(tx *store.Tx) error {
		if err := tx.Append("p", recs); err != nil {
			return err
		}
		return tx.SetCurrent("p")
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	var titles strings.Builder
	titles.WriteString("version: 1\nlibrary: films\ndefaults: {regions: {allow: [world]}}\ntitles:\n")
	for i, text := range all[199:299] {
		name, _ := json.Marshal(party.Clean(text, 120) + ".") // the catalog refuses what has controls
		fmt.Fprintf(&titles, "  - {id: t%d, title: %s, file: aurora.mp4}\n", i, name)
	}
	catalog := Catalog(t, titles.String())
	return func(c *node.HostConfig) { c.Data = dir; catalog(c) }
}

// TestHostilePage: hostile names, lines, titles and questions are text and nothing else, no line stands higher than three, and the
// ordinary line after them looks as ever.
func TestHostilePage(t *testing.T) {
	t.Parallel()
	all := Hostile()
	for i, text := range all {
		if len(text) > 500 { // as a line may be
			all[i] = strings.ToValidUTF8(text[:500], "")
		}
	}
	h := Host(t, hostileHouse(t, all))
	boss, bob := h.Boss(), h.Guest("Bob")
	mo := Shell(t).Open(h.Invite("FR", party.Moderator), Phone)
	mo.Enter("Votre nom", "Mo", "Rejoindre")
	boss.Must(party.StartPoll{Question: all[299], Options: []string{all[0], all[8], all[60]}})
	bob.Say("The next line")
	mo.Until("the lines", `document.querySelectorAll('.said .text').length >= 199 && [...document.querySelectorAll('.said .text')].at(-1).textContent === 'The next line'`)
	for what, js := range map[string]string{
		"something ran":                     `window.hacked`,
		"markup became elements":            `document.querySelectorAll('.lines script, .lines img, .lines iframe, .lines b, .lines i, .lines table, .lines a, .lines svg:not(.icon), .asked-question *, .asked-answer *').length`,
		"a line is higher than three":       higher(".said .text", 3),
		"a name is higher than a line":      higher(".said-who", 1),
		"something is wider than its list":  `[...document.querySelectorAll('.said')].filter(e => e.getBoundingClientRect().right > document.querySelector('.lines').getBoundingClientRect().right + 1).length`,
		"the page is wider than the screen": `document.documentElement.scrollWidth > innerWidth`,
		"the next line is changed":          higher(".said:last-child .text", 1) + ` || getComputedStyle([...document.querySelectorAll('.said .text')].at(-1)).direction !== 'ltr'`,
	} {
		if bad := Eval[any](mo, `(`+js+`) || ''`); bad != "" {
			t.Errorf("%s: %v", what, bad)
		}
	}
	moderates(t, mo, bob)
	votes(t, h, boss, mo)
	mo.Click("Films")
	mo.Until("a hundred titles", `document.querySelectorAll('dialog[open] .item-title').length >= 100`)
	if bad := Eval[any](mo, `window.hacked || document.querySelectorAll('dialog[open] script, dialog[open] iframe, dialog[open] b').length || `+higher("dialog[open] .item-title", 3)); bad != "" {
		t.Errorf("in the titles: %v", bad)
	}
}

// higher finds what is higher than so many lines.
func higher(selector string, lines int) string {
	return fmt.Sprintf(`[...document.querySelectorAll('%s')].filter(e => e.getBoundingClientRect().height > %d * parseFloat(getComputedStyle(e).lineHeight) + 2).map(e => e.textContent.slice(0, 60)).join()`, selector, lines)
}

// votes: what the room votes on is text too, titles and the name of who asks.
func votes(t *testing.T, h *House, boss *Person, mo *Page) {
	t.Helper()
	var titles []catalog.TitleID
	for i := range 24 {
		titles = append(titles, catalog.TitleID(fmt.Sprint("t", i)))
	}
	boss.Must(party.Ask{Titles: titles})
	mo.Until("a vote on them", `(b = document.querySelector('.ballot:not(.asked)')).open && b.querySelectorAll('.ballot-title').length === 24`)
	if bad := Eval[any](mo, `window.hacked || document.querySelectorAll('.ballot-title *').length || `+higher(".ballot-title", 1)+
		` || [...b.querySelectorAll('.ballot-row *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).join()`); bad != "" {
		t.Errorf("in the vote on what to watch: %v", bad)
	}
	const name = `<img src onerror=hacked=1><b>`
	asks, yes := h.Guest(name), true
	boss.Must(party.Set{Vote: &yes})
	boss.Must(party.Cue{Title: titles[0]})
	asks.Must(party.Play{})
	mo.Until("who asks, as text on three lines at most", `(w = document.querySelector('.motion-card .held-words')).innerText.includes('<img src onerror=hacked=1>') && w.checkVisibility() &&
		!w.querySelector(':not(p, bdi)') && !window.hacked && w.getBoundingClientRect().right <= innerWidth && w.firstElementChild.getBoundingClientRect().height <= 3 * parseFloat(getComputedStyle(w.firstElementChild).lineHeight) + 2`)
	boss.Must(party.Cue{Title: titles[1]}) // which ends it
}

// moderates deletes a line by its menu and gives its author a time-out, as a moderator with a phone.
func moderates(t *testing.T, mo *Page, bob *Person) {
	t.Helper()
	open := func() {
		t.Helper()
		Eval[any](mo, `[...document.querySelectorAll('.said')].find(e => e.textContent.includes('The next line')).dispatchEvent(new MouseEvent('contextmenu', {bubbles: true, cancelable: true}))`)
	}
	open()
	bob.Say("and the list moves on")
	mo.Until("the menu, gone with its line", `document.querySelector('.said:last-child').textContent.includes('moves on') && document.querySelector('.lines').scrollTop + document.querySelector('.lines').clientHeight > document.querySelector('.lines').scrollHeight - 2`)
	mo.Click("Modérer Bob…")
	mo.Fill("Pourquoi", "trop bruyant")
	mo.Click("10 min")
	bob.Until("the time-out", func() bool { return bob.StateNow().Members[bob.Member].MutedUntil > 0 })
	mo.Until("the sheet to close", `!document.querySelector('dialog[open]')`)
	bob.Refused("WP-TIMEOUT", party.Say{Text: "not now"})
	open()
	mo.Click("Effacer cette ligne")
	mo.Until("the line to go", `!document.querySelector('.lines').innerText.includes('The next line') && document.querySelector('.text.gone').textContent === 'Cette ligne a été effacée.'`)
	bob.Until("the line to go", func() bool { m := bob.StateNow().Messages; return m[len(m)-2].Gone && m[len(m)-2].Text == "" })
	keepPictures(t, map[string]*Page{"hostile-phone": mo})
}
