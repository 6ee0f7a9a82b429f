//go:build long

package nodetest_test

import (
	"strings"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
)

// TestBackAfterLeaving: on a shared machine somebody leaves, and who sits there next presses Back, to where the party was open before:
// the browser asks for the page anew, and has nothing of them any more; also over plain HTTP, where it does not forget by itself.
func TestBackAfterLeaving(t *testing.T) {
	h := Host(t, func(c *node.HostConfig) { c.Names = []string{"salon.local"} })
	at := func(url string) string { return strings.Replace(url, "127.0.0.1", "salon.local", 1) }
	page := Chromium(t).Open(at(h.Ready.Invite), Small)
	page.Enter("Your name", "Bea", "Join")
	page.Fill("Message", "between us")
	page.Click("Send")
	const said = `document.querySelector('[role=log]')?.innerText.includes('between us')`
	page.Until("the line", said)
	const elsewhere = `location.href === 'about:blank'`
	Eval[any](page, `void location.assign('about:blank')`)
	page.Until("another page", elsewhere)
	Eval[any](page, `void history.back()`)
	page.Until("the party again", said)
	Eval[any](page, `void location.assign('about:blank')`)
	page.Until("another page", elsewhere)
	Eval[any](page, `void location.assign("`+at(h.URL("/"))+`")`)
	page.Until("the party anew", said)
	page.Click("Menu")
	page.Click("Leave the party")
	const door = `document.querySelector("form.door-form")?.checkVisibility()`
	page.Until("the door", door)
	Eval[any](page, `void history.go(-2)`)
	page.Until("the door at the earlier place too", `performance.getEntriesByType('navigation')[0].type === 'back_forward' && `+door)
	if text := Eval[string](page, `document.documentElement.textContent + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie`); strings.Contains(text, "between us") || strings.Contains(text, "Bea") {
		t.Errorf("it is still there: %s", text)
	}
	if status := Eval[int](page, `fetch('/api/me').then((r) => r.status)`); status != 401 {
		t.Errorf("who am I: %d", status)
	}
}
