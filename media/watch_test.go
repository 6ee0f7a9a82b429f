package media

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
)

const oneFilm = `
version: 1
library: LIBRARY
titles:
  - {id: film, title: Film, file: film.mp4, regions: {allow: [FR]}}
`

// watched is a catalog on disk that is followed, and a library over it that runs.
type watched struct {
	t     *testing.T
	path  string
	lib   *Library
	shelf *Shelf
	told  chan catalog.Problems
}

func watching(t *testing.T) *watched {
	t.Helper()
	dir := t.TempDir()
	w := &watched{t: t, path: filepath.Join(dir, "catalog.yaml"), told: make(chan catalog.Problems)}
	write(t, filepath.Join(dir, "one", "film.mp4"), strings.Repeat("film one ", 1000))
	write(t, filepath.Join(dir, "two", "film.mp4"), "film two")
	write(t, w.path, strings.ReplaceAll(oneFilm, "LIBRARY", "one"))
	c, folder, problems, err := LoadCatalog(w.path, time.UTC)
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	w.shelf = NewShelf(folder, c)
	w.lib = NewLibrary(w.shelf)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- w.lib.Run(ctx) }()
	go func() {
		done <- WatchCatalog(ctx, w.path, time.UTC, w.shelf, func(p catalog.Problems) {
			w.lib.Recheck()
			select {
			case w.told <- p:
			case <-ctx.Done():
			}
		})
	}()
	t.Cleanup(func() {
		stop()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		w.shelf.now.Load().folder.Close()
	})
	w.hears(false) // what it found at the start
	return w
}

// hears waits for the next report and wants it to be good or bad.
func (w *watched) hears(bad bool) catalog.Problems {
	w.t.Helper()
	select {
	case p := <-w.told:
		if got := p.Err() != nil; got != bad {
			w.t.Fatalf("told of %v", p)
		}
		return p
	case <-time.After(5 * time.Second):
		w.t.Fatal("nothing was told")
		return nil
	}
}

// save writes the catalog as editors do: beside it, then renamed.
func (w *watched) save(text string) {
	w.t.Helper()
	write(w.t, w.path+"~", text)
	if err := os.Rename(w.path+"~", w.path); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watched) allowed(region catalog.Region) bool {
	title, err := w.lib.Open(w.t.Context(), "film", from(region))
	if err == nil {
		title.Close()
	}
	return err == nil
}

func TestNewRuleCutsWithinASecond(t *testing.T) {
	for name, save := range map[string]func(w *watched, text string){
		"renamed":  (*watched).save,
		"in place": func(w *watched, text string) { write(w.t, w.path, text) },
	} {
		t.Run(name, func(t *testing.T) {
			w := watching(t)
			title := open(t, w.lib, "film", from("FR"))
			file, err := title.File()
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			b := make([]byte, 100)
			if n, err := file.Read(b); n != 100 || err != nil {
				t.Fatal(n, err)
			}
			start := time.Now()
			save(w, strings.ReplaceAll(strings.ReplaceAll(oneFilm, "LIBRARY", "one"), "FR", "DE"))
			select {
			case <-title.Done():
				t.Logf("cut after %v", time.Since(start))
			case <-time.After(time.Second):
				t.Fatal("still open after a second")
			}
			if n, err := file.Read(b); n != 0 || code(err) != catalog.CodeRegion {
				t.Errorf("read %d bytes: %v", n, err)
			}
			w.hears(false)
			if w.allowed("FR") || !w.allowed("DE") {
				t.Error("the new rule is not in force")
			}
		})
	}
}

func TestBrokenEditChangesNothing(t *testing.T) {
	w := watching(t)
	good := strings.ReplaceAll(oneFilm, "LIBRARY", "one")
	title := open(t, w.lib, "film", from("FR"))
	for _, broken := range []string{
		"", "version: 1\ntitles: [", strings.Replace(good, "regions", "regoins", 1), strings.Replace(good, "FR", "XX", 1),
		good + "  - {id: film, title: Again, file: again.mp4, regions: {allow: [world]}}\n",
		strings.Replace(good, "allow: [FR]", "allow: [world], allow: [FR]", 1),
		strings.Replace(good, "film.mp4", "../film.mp4", 1), strings.Replace(good, "one", "nowhere", 1),
		strings.Repeat("[", 20_000), "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", strings.Repeat("#", maxCatalog+1),
	} {
		w.save(broken)
		p := w.hears(true)
		if p[0].File != w.path || p[0].Line < 1 {
			t.Errorf("%.40q: told %v", broken, p)
		}
		if !w.allowed("FR") || w.allowed("DE") || title.Err() != nil {
			t.Errorf("%.40q changed the rules: %v", broken, title.Err())
		}
	}
	if err := os.Remove(w.path); err != nil {
		t.Fatal(err)
	}
	w.hears(true)
	if !w.allowed("FR") || w.allowed("DE") {
		t.Error("removing the catalog changed the rules")
	}
	w.save(strings.ReplaceAll(good, "[FR]", "[FR, DE]"))
	w.hears(false)
	if !w.allowed("DE") || title.Err() != nil {
		t.Errorf("the mended catalog is not in force: %v", title.Err())
	}
}

func TestAnotherLibrary(t *testing.T) {
	w := watching(t)
	title := open(t, w.lib, "film", from("FR"))
	old, err := title.File()
	if err != nil {
		t.Fatal(err)
	}
	w.save(strings.ReplaceAll(oneFilm, "LIBRARY", "two"))
	w.hears(false)
	if got := content(t, old, nil); !strings.HasPrefix(got, "film one") {
		t.Errorf("the open file became %q", got)
	}
	file, err := title.File()
	if got := content(t, file, err); got != "film two" {
		t.Errorf("from the new library: %q", got)
	}
}

func TestLoadCatalogRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "catalog.yaml")
	if _, _, _, err := LoadCatalog(path, time.UTC); err == nil {
		t.Error("a missing catalog was loaded")
	}
	if _, _, _, err := LoadCatalog(dir, time.UTC); err == nil {
		t.Error("a folder was loaded")
	}
	write(t, path, strings.ReplaceAll(oneFilm, "LIBRARY", "nowhere"))
	if _, _, _, err := LoadCatalog(path, time.UTC); err == nil || !strings.Contains(err.Error(), "library") {
		t.Errorf("a missing library: %v", err)
	}
	write(t, path, "version: 2\n")
	if c, _, problems, err := LoadCatalog(path, time.UTC); c != nil || err != nil || problems.Err() == nil {
		t.Errorf("a broken catalog: %v, %v, %v", c, problems, err)
	}
}
