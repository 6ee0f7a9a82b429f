//go:build long

package nodetest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"watchparty/media/catalog"
	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/web"
)

// repertory is a catalog of a film that is copied, one that is converted, and one that is empty.
func repertory(t *testing.T) (list string) {
	t.Helper()
	dir := library(t, "film.mp4", "old.avi", "empty.mp4")
	list = filepath.Join(t.TempDir(), "catalog.yaml")
	text := fmt.Sprintf("version: 1\nlibrary: %q\ndefaults: {regions: {allow: [FR]}}\ntitles:\n", dir) +
		"  - {id: mkv, title: Film, file: film.mp4}\n  - {id: old, title: Old, file: old.avi}\n  - {id: empty, title: Empty, file: empty.mp4}\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestRehearsal: before a film is on, the desk says of every screen how it is going to get it, as it
// then does; of who may not watch it, why; and what it costs.
func TestRehearsal(t *testing.T) {
	t.Parallel()
	list := repertory(t)
	h := Host(t, func(c *node.HostConfig) { c.Catalog, c.Cache = list, 1<<30 })
	boss := h.Boss()
	b := Shell(t)
	den := b.Open(h.Node("Den", h.Invite("FR", party.Guest)).URL("/"), Small) // a page behind a node of its own
	den.Until("the party", `document.querySelector('[role=log]')`)
	bob := h.By("Bob", h.Invite("DE", party.Guest))
	cleo := h.By("Cleo", h.Invite("FR", party.Guest))
	cleo.Can(party.Abilities{Player: "mpv"})

	rehearse := func(title string) (r web.Rehearsal) {
		t.Helper()
		a := boss.Get("/api/desk/rehearsal?title=" + title)
		if err := json.Unmarshal(a.Body, &r); a.Status != 200 || err != nil {
			t.Fatalf("%s: %d %s", title, a.Status, a.Body)
		}
		return r
	}
	ids := idsOf(boss, "Den", "Bob", "Cleo")
	of := func(r web.Rehearsal, who string) web.Rehearsed {
		t.Helper()
		i := slices.IndexFunc(r.Screens, func(s web.Rehearsed) bool { return s.Member == ids[who] })
		if i < 0 {
			t.Fatalf("%s has no place in %+v", who, r)
		}
		return r.Screens[i]
	}
	boss.Until("what Den's page can", func() bool { return of(rehearse("mkv"), "Den").Player == "browser" })
	for title, way := range map[string]string{"mkv": "copy", "old": "convert"} {
		r := rehearse(title)
		if s := of(r, "Den"); s.Way != way || s.Light == "red" || !strings.Contains(string(s.Screen), "/") {
			t.Errorf("%s on Den's page: %+v", title, s)
		}
		if s := of(r, "Cleo"); s.Way != "file" || s.Light != "green" || s.Player != "mpv" {
			t.Errorf("%s in Cleo's mpv: %+v", title, s)
		}
		if s := of(r, "Bob"); s.Way != "refused" || s.Light != "red" || s.Code != "WP-REGION" || s.Reason == "" {
			t.Errorf("%s for Bob: %+v", title, s)
		}
		if converts := way == "convert"; slices.Equal(r.Convert, []string{"720"}) != converts || (r.Load > 0) != converts || r.Rate == 0 {
			t.Errorf("%s costs %v, %v, %v", title, r.Convert, r.Load, r.Rate)
		}
		boss.Must(party.Cue{Title: catalog.TitleID(title)})
		den.Until(title+" by HLS", `window.watchparty.timeline.title === '`+title+`' && ['native', 'mse'].includes(window.watchparty.source) && window.watchparty.doing === 'paused'`)
	}
	if r := rehearse("empty"); r.Fault == nil || r.Fault.Code != "WP-MEDIA-BROKEN" || of(r, "Den").Light != "red" {
		t.Errorf("an empty file: %+v", r)
	}
	if a := bob.Get("/api/desk/rehearsal?title=mkv"); a.Status != 403 {
		t.Errorf("a guest asks: %d %s", a.Status, a.Body)
	}
	desk := b.Open(h.Ready.Desk, Desktop)
	desk.Click("Choose a film")
	desk.Click("Old")
	desk.Until("its rehearsal", `(r = document.querySelector('.rehearsal')) && r.offsetParent && /not available in DE|Germany|region/i.test(r.innerText) && r.innerText.includes('mpv')`)
	keepPictures(t, map[string]*Page{"rehearsal": desk})
}

// idsOf waits until people of these names are there, and gives the ids of all.
func idsOf(p *Person, names ...string) map[string]party.MemberID {
	p.Helper()
	ids := map[string]party.MemberID{}
	p.Until("everybody", func() bool {
		for id, m := range p.StateNow().Members {
			ids[m.Name] = id
		}
		return !slices.ContainsFunc(names, func(name string) bool { return ids[name] == "" })
	})
	return ids
}
