package nodetest_test

import (
	"strings"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestChat: people answer each other, call each other by name, hide what would spoil the film, and find what was said
// while they looked elsewhere; moderators pin a line. With the keyboard alone at the desk, with a finger on a phone.
func TestChat(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	emotesIn(t, dir, "shark.png")
	h := Host(t, func(c *node.HostConfig) { c.Emotes = dir })
	bus := h.Guest("Bus Stop")
	b := Shell(t)
	desk := b.Open(h.Ready.Desk, Desktop)
	ann := b.Open(h.Ready.Invite, Phone)
	ann.Enter("Votre nom", "Ann", "Rejoindre")

	bus.Say("who is that with the hat?")
	ann.Until("the line", `window.hat = [...document.querySelectorAll('.said')].find(e => e.innerText.includes('hat?'))`)
	ann.Until("it to rest under the finger", `(async () => {
		const place = () => hat.getBoundingClientRect(), was = place();
		for (let i = 0; i < 10; i++) await new Promise(requestAnimationFrame);
		return place().top === was.top && hat.contains(document.elementFromPoint(60, was.top + was.height / 2));
	})()`)
	const answered = `document.querySelector('.replying').innerText.includes('hat?') && document.activeElement.name === 'message'`
	for range 3 { // Chromium takes the finger away from a page that has no time for it; then a person draws the line again
		y := Eval[float64](ann, `(r => r.top + r.height / 2)(hat.getBoundingClientRect())`)
		ann.Drag(60, y, 180, y+4, func() { keepPictures(t, map[string]*Page{"chat-swipe": ann}) })
		if Eval[bool](ann, `new Promise(ok => { setInterval(() => `+answered+` && ok(true), 20); setTimeout(() => ok(false), 1000) })`) {
			break
		}
	}
	ann.Until("what is answered", answered)
	ann.Fill("Message", "the ||aunt, @bus")
	ann.Until("whom one may mean", `document.querySelector('[role=listbox] [role=option][aria-selected=true]').innerText.includes('Bus Stop')`)
	keepPictures(t, map[string]*Page{"chat-writing": ann})
	ann.Fill("Message", "\t||\r")
	bus.Saw("the ||aunt, @Bus Stop ||")
	if m := lastSaid(bus); m.Re == 0 {
		t.Errorf("the answer is %+v", m)
	}

	desk.Until("a spoiler, and not what it hides", `document.querySelector('.said .spoiler').checkVisibility() && !document.body.innerText.includes('aunt')`)
	Eval[any](desk, `document.querySelector('.said .spoiler').click()`)
	desk.Until("what it hides", `document.activeElement.innerText === 'aunt, @Bus Stop ' || document.activeElement.innerText === 'aunt, @Bus Stop'`)
	Eval[any](desk, `document.querySelector('.quote').click()`)
	desk.Until("the line that is answered", `document.activeElement.innerText.includes('hat?')`)
	press := func(key string) {
		t.Helper()
		Eval[any](desk, `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '`+key+`', bubbles: true, cancelable: true }))`)
	}
	press("Enter")
	desk.Until("the line's menu", `document.activeElement.role === 'menuitem'`)
	keepPictures(t, map[string]*Page{"chat-menu": desk})
	press("Escape")
	press("r")
	desk.Until("the field", `document.activeElement.name === 'message' && !document.querySelector('.replying').hidden`)
	desk.Fill("Message", "a stranger, @Ann!\r")
	ann.Until("that it calls", `[...document.querySelectorAll('.said.calls .mention.of-me')].some(e => e.innerText === '@Ann')`)

	unreadOf(t, bus, desk, ann)
}

// unreadOf pins a line, and lets Ann look elsewhere while much is said.
func unreadOf(t *testing.T, bus *Person, desk, ann *Page) {
	t.Helper()
	desk.Until("lines", `document.querySelectorAll('.said').length === 3`)
	Eval[any](desk, `document.querySelector('.said').focus()`)
	Eval[any](desk, `document.querySelector('.said').dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))`)
	desk.Click("Pin on top")
	ann.Fill("Message", "/mute Bus\r")
	ann.Until("why not", `/^.mute ne vous est pas permis/.test(document.querySelector('.say-note').innerText)`)
	ann.Replace("Message", "/me waves :sha\t:fire:")
	ann.Click("Émojis")
	ann.Fill("Trouver un émoji", "fete")
	keepPictures(t, map[string]*Page{"chat-emoji": ann})
	ann.Fill("Trouver un émoji", "\r")
	ann.Fill("Message", "\r")
	desk.Until("what Ann does, and a shark", `document.querySelector('.said.deed .text')?.innerText === 'Ann waves  🔥🎉' && (e => e?.alt === ':shark:' && e.naturalWidth === 48)(document.querySelector('.said.deed .text img'))`)
	ann.Until("a line no higher for it, and whole", `(e => e.getBoundingClientRect().height <= parseFloat(getComputedStyle(e).lineHeight) + 2 && !e.parentElement.querySelector('.more-text').checkVisibility())(document.querySelector('.said.deed .text'))`)
	ann.Until("what is pinned", `document.querySelector('.pinned').checkVisibility() && document.querySelector('.pinned').innerText.includes('hat?')`)
	Eval[any](ann, `window.hidden = true; Object.defineProperty(document, 'visibilityState', { get: () => hidden ? 'hidden' : 'visible' })`)
	for range 5 {
		bus.Say(strings.Repeat(", and the hat was gone, and so was the aunt", 3))
	}
	bus.Say("@Ann look")
	ann.Until("a mark in the title", `document.title.startsWith('(1) ')`)
	bus.Say("what a film")
	ann.Until("all that was said meanwhile", `document.querySelector('[role=log]').textContent.includes('what a film')`)
	Eval[any](ann, `hidden = false; document.dispatchEvent(new Event('visibilitychange'))`)
	ann.Until("how many are new", `document.querySelector('.news').checkVisibility() && document.querySelector('.news').innerText === '7 nouveaux messages'`)
	keepPictures(t, map[string]*Page{"chat-phone": ann, "chat": desk})
	ann.Click("7 nouveaux messages")
	ann.Until("the first of them", `!document.title.startsWith('(') && (r => r.top >= 0 && r.bottom < innerHeight)(document.querySelector('.unread-line').getBoundingClientRect())`)
	keepPictures(t, map[string]*Page{"chat-unread": ann})
}

// lastSaid is the last line that somebody sees.
func lastSaid(p *Person) party.Message {
	lines := p.State().Messages
	return lines[len(lines)-1]
}
