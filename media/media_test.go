package media

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"watchparty/media/catalog"
)

// guest is somebody at the party, whom the test can change.
type guest struct {
	mu     sync.Mutex
	viewer catalog.Viewer
	begun  time.Time // zero: nothing begun, so rules are asked about now
	left   bool
}

func (g *guest) Viewer(catalog.TitleID) (catalog.Viewer, time.Time, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := g.begun
	if at.IsZero() {
		at = time.Now()
	}
	return g.viewer, at, !g.left
}

func (g *guest) change(do func(*guest)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	do(g)
}

func from(region catalog.Region) *guest { return &guest{viewer: catalog.Viewer{House: region}} }

// recorder is a folder that counts what is asked of it.
type recorder struct {
	Folder
	mu    sync.Mutex
	calls []string
}

func (r *recorder) note(op, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, op+" "+name)
}

func (r *recorder) Open(name string) (OpenFile, error) {
	r.note("open", name)
	return r.Folder.Open(name)
}

func (r *recorder) Stat(name string) (fs.FileInfo, error) {
	r.note("stat", name)
	return r.Folder.Stat(name)
}

func (r *recorder) ReadDir(name string) ([]fs.DirEntry, error) {
	r.note("readdir", name)
	return r.Folder.ReadDir(name)
}

func parse(t testing.TB, text string) *catalog.Catalog {
	t.Helper()
	c, problems := catalog.Parse("catalog.yaml", []byte(text), time.UTC)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func folder(t testing.TB, path string) Folder {
	t.Helper()
	f, err := OpenFolder(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func open(t testing.TB, l *Library, id catalog.TitleID, who Who) *Title {
	t.Helper()
	title, err := l.Open(t.Context(), id, who)
	if err != nil {
		t.Fatalf("open %s: %v", id, err)
	}
	t.Cleanup(title.Close)
	return title
}

// content gives the bytes of a part that must be there.
func content(t testing.TB, c Content, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	b, err := io.ReadAll(c)
	if err != nil || int64(len(b)) != c.Info().Size {
		t.Fatalf("read %d bytes of %d: %v", len(b), c.Info().Size, err)
	}
	return string(b)
}

func code(err error) catalog.Code {
	if refused, ok := errors.AsType[*Refused](err); ok {
		return refused.Decision.Code
	}
	if _, ok := errors.AsType[*Gone](err); ok {
		return CodeGone
	}
	return ""
}

// shelf is a library on disk with one title for each kind of lock.
func shelf(t testing.TB) (l *Library, s *Shelf, rec *recorder, dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"open", "french", "prime", "hidden"} {
		write(t, filepath.Join(dir, name+".mp4"), "the film "+name)
		write(t, filepath.Join(dir, name+".jpg"), "the poster "+name)
		write(t, filepath.Join(dir, name+".fr.srt"), "1\n00:00:01,000 --> 00:00:02,000\nLe film "+name+"\n")
	}
	rec = &recorder{Folder: folder(t, dir)}
	s = NewShelf(rec, parse(t, locks))
	return NewLibrary(s), s, rec, dir
}

const locks = `
version: 1
defaults: {regions: {allow: [world]}}
titles:
  - {id: open, title: Open, file: open.mp4, poster: open.jpg}
  - {id: french, title: French, file: french.mp4, poster: french.jpg, regions: {allow: [FR]}}
  - {id: prime, title: Prime, file: prime.mp4, poster: prime.jpg, tiers: [prime]}
  - {id: hidden, title: Hidden, file: hidden.mp4, poster: hidden.jpg, hidden: true, regions: {allow: [FR]}}
  - {id: over, title: Over, file: open.mp4, until: 2001-01-01}
`
