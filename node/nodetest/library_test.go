package nodetest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/media/demo"
	"watchparty/node"
	. "watchparty/node/nodetest"
)

// put copies a demo film into a folder, as one that has lain there for an hour.
func put(t *testing.T, at string) {
	t.Helper()
	film, err := fs.ReadFile(demo.Files(), "small-hours-s01e01.mp4")
	if err == nil {
		err = os.WriteFile(at, film, 0o600)
	}
	if old := time.Now().Add(-time.Hour); err == nil {
		err = os.Chtimes(at, old, old)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestNewFilms: at the desk new films are looked for and added; in a folder that the catalog
// names they come by themselves; and guests see them without doing anything.
func TestNewFilms(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	put(t, filepath.Join(dir, "Harbour (2019).mp4"))
	list := filepath.Join(dir, "catalog.yaml")
	write := func(text string) {
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("version: 1\nlibrary: .\ndefaults: {regions: {allow: [world]}}\ntitles: []\n")
	h := Host(t, func(c *node.HostConfig) { c.Catalog = list })
	b := Chromium(t)
	sofa := b.Open(h.Ready.Invite, Small)
	sofa.Enter("Your name", "Sofa", "Join")
	desk := b.Open(h.Ready.Desk, Small)
	desk.Click("Catalog")
	desk.Click("Look for new films")
	desk.Until("what was found", `document.querySelector('.scan-new')?.textContent.includes('Harbour (2019).mp4')`)
	if b, err := os.ReadFile(list); err != nil || strings.Contains(string(b), "Harbour") {
		t.Errorf("added before anybody said so: %v\n%s", err, b)
	}
	desk.Click("Add it to the catalog")
	desk.Until("that it was added", `document.querySelector('.library').textContent.includes('1 new title is in the catalog')`)
	sees := func(name string) string {
		return `fetch('/api/titles').then(r => r.json()).then(l => l.some(t => t.title === '` + name + `'))`
	}
	sofa.Until("the new film", sees("Harbour"))
	if text, err := os.ReadFile(list); err != nil {
		t.Fatal(err)
	} else {
		write(strings.Replace(string(text), "library: .\n", "library: .\nwatch: [Evening]\n", 1))
	}
	desk.Until("that a folder is watched", `document.querySelector('.library').textContent.includes('by themselves: Evening')`)
	if err := os.Mkdir(filepath.Join(dir, "Evening"), 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "Evening", "Tide (2020).mp4"))
	put(t, filepath.Join(dir, "Elsewhere (2021).mp4"))
	sofa.Until("the film that came by itself", sees("Tide"))
	desk.Until("the film that came by itself", `document.querySelector('.scan-new')?.textContent.includes('Tide')`)
	if sofa := Eval[bool](sofa, sees("Elsewhere")); sofa {
		t.Error("a film outside of the watched folders was added")
	}
	keepPictures(t, map[string]*Page{"library": desk})
}
