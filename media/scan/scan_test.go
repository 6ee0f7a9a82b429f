package scan

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/media/ffmpeg"
)

var day = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// house is a folder with films of which only the names matter.
type house struct {
	*testing.T
	dir    string
	probed int
	tags   map[string]ffmpeg.Tags // by file name
}

func newHouse(t *testing.T, names ...string) *house {
	h := &house{T: t, dir: t.TempDir()}
	for i, name := range names {
		h.put(name, strings.Repeat("x", i+1))
	}
	return h
}

func (h *house) put(name, text string) {
	h.Helper()
	at := filepath.Join(h.dir, "films", filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		h.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
		h.Fatal(err)
	}
	when := day.Add(time.Duration(len(text)) * time.Second)
	if err := os.Chtimes(at, when, when); err != nil {
		h.Fatal(err)
	}
}

func (h *house) file() string { return filepath.Join(h.dir, "catalog.yaml") }

func (h *house) read() string {
	h.Helper()
	b, err := os.ReadFile(h.file())
	if err != nil {
		h.Fatal(err)
	}
	return string(b)
}

func (h *house) write(text string) {
	h.Helper()
	if err := os.WriteFile(h.file(), []byte(text), 0o644); err != nil {
		h.Fatal(err)
	}
}

func (h *house) scan(change ...func(*Options)) *Report {
	h.Helper()
	o := Options{Catalog: h.file(), Folders: []string{filepath.Join(h.dir, "films")}, Index: filepath.Join(h.dir, "cache", "index.json"), Now: day,
		Probe: func(_ context.Context, f *os.File) (ffmpeg.Info, error) {
			if b, _ := os.ReadFile(f.Name()); bytes.Contains(b, []byte("broken")) {
				return ffmpeg.Info{}, ffmpeg.ErrBroken
			}
			return ffmpeg.Info{Duration: 90 * time.Minute, Tags: h.tags[filepath.Base(f.Name())]}, nil
		}}
	for _, c := range change {
		c(&o)
	}
	r, err := Run(h.Context(), o)
	if err != nil {
		h.Fatal(err)
	}
	if c, problems := catalog.Parse("catalog.yaml", r.Text, time.UTC); c == nil || len(c.Titles) != r.Titles {
		h.Fatalf("not a sound catalog of %d titles: %v\n%s", r.Titles, problems, r.Text)
	}
	h.probed = r.Probed
	return r
}

const first = `library: films
# While a party is hosted, new films in these folders are added by themselves; "." is the whole library.
# Take the line out, and only "watchparty catalog scan" adds.
watch: ["."]
defaults:
  # Who may watch is the host's word. "world" is everybody whose country the host knows;
  # write countries instead, such as [FR, DE], here for all titles or at one of them.
  regions: {allow: [world]}
titles:
  # Found on 2026-11-27 by catalog scan
  # imdb tt0078748; from UK
  - id: alien-1979
    title: Alien
    year: 1979
    file: Alien (1979)/Alien.1979.mkv
    poster: Alien (1979)/poster.jpg
    synopsis: 'In space: nobody.'
    duration: 1h30m0s
    rating: 17
  - id: harbour
    title: Harbour
    kind: series
    episodes:
      - season: 1
        episode: 1
        title: Tide
        file: Harbour/Season 1/Harbour S01E01 - Tide.mkv
        duration: 1h30m0s
      - season: 1
        episode: 2
        title: Episode 2 (2–3)
        file: Harbour/Season 1/Harbour S01E02-E03.mkv
        duration: 1h30m0s
  - id: title-`

func TestFirstScan(t *testing.T) {
	h := newHouse(t, "Alien (1979)/Alien.1979.mkv", "Alien (1979)/poster.jpg", "Alien (1979)/trailer.mp4", "Harbour/Season 1/Harbour S01E02-E03.mkv",
		"Harbour/Season 1/Harbour S01E01 - Tide.mkv", "Harbour/Season 1/harbour.1x01.avi", "千と千尋 (2001).mkv")
	h.put("Alien (1979)/movie.nfo", "<movie><title>Alien</title><plot>In space:\nnobody.</plot><mpaa>R</mpaa><country>UK</country><imdbid>tt0078748</imdbid></movie>")
	h.put("cut.mkv", "broken")
	h.put("empty.mkv", "")
	if err := os.Symlink("/etc/hostname", filepath.Join(h.dir, "films", "out.mkv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(".", filepath.Join(h.dir, "films", "round")); err != nil {
		t.Fatal(err)
	}
	r := h.scan()
	if text := h.read(); !strings.Contains(text, first) {
		t.Errorf("the catalog is\n%s", text)
	}
	var why []string
	for _, l := range r.LeftOut {
		why = append(why, l.File+" "+l.Code)
	}
	if got := strings.Join(why, ", "); len(r.New) != 4 || r.Extras != 1 || got != "out.mkv WP-SCAN-LINK, round WP-SCAN-LINK, cut.mkv WP-MEDIA-BROKEN, empty.mkv WP-SCAN-EMPTY, "+
		"Harbour/Season 1/harbour.1x01.avi WP-SCAN-TWICE" {
		t.Errorf("%d new, %d extras, left out: %s", len(r.New), r.Extras, got)
	}
	before := h.read()
	if r = h.scan(); r.Probed != 0 || len(r.New) != 0 || h.read() != before || len(r.LeftOut) != 5 {
		t.Errorf("the second scan: %+v", r)
	}
}

// What a person wrote stays, and so does what they took out.
func TestEdited(t *testing.T) {
	h := newHouse(t, "A (2001).mkv", "B (2002).mkv", "Show/Season 1/Show S01E01.mkv")
	h.scan()
	edited := strings.NewReplacer("title: A\n", "title: \"My: film\" # the best\n", "id: a-2001", "id: mine", "title: Show", "title: Other",
		"  - id: b-2002\n    title: B\n    year: 2002\n    file: B (2002).mkv\n    duration: 1h30m0s\n", "").Replace(h.read())
	edited += "\n# mine\ngroups: {near: [FR]}\n"
	h.write(edited)
	h.put("C (2003).mkv", "new film")
	h.put("Show/Season 1/Show S01E02.mkv", "new episode")
	r := h.scan()
	if r.Probed != 2 || r.TakenOut != 1 || len(r.New) != 2 {
		t.Errorf("%+v", r)
	}
	want := strings.Replace(edited, "\n\n# mine", `
      # Found on 2026-11-27 by catalog scan
      - season: 1
        episode: 2
        title: Episode 2
        file: Show/Season 1/Show S01E02.mkv
        duration: 1h30m0s
  # Found on 2026-11-27 by catalog scan
  - id: c-2003
    title: C
    year: 2003
    file: C (2003).mkv
    duration: 1h30m0s

# mine`, 1)
	if got := h.read(); got != want {
		t.Errorf("the catalog is\n%s\nwant\n%s", got, want)
	}
	if r = h.scan(func(o *Options) { o.Again, o.Dry = true, true }); len(r.New) != 1 || r.New[0].ID != "b-2002" || h.read() != want {
		t.Errorf("--again: %+v", r)
	}
}

func TestMovedAndOffline(t *testing.T) {
	h := newHouse(t, "A (2001).mkv", "B (2002).mkv")
	h.scan()
	h.write(strings.Replace(h.read(), "file: A (2001).mkv", "file: 'A (2001).mkv' # here", 1))
	films := filepath.Join(h.dir, "films")
	if err := os.Mkdir(filepath.Join(films, "new"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(films, "A (2001).mkv"), filepath.Join(films, "new", `A.mkv`)); err != nil {
		t.Fatal(err)
	}
	r := h.scan()
	if len(r.Moved) != 1 || len(r.New) != 0 || !strings.Contains(h.read(), `file: "new/A.mkv" # here`) {
		t.Errorf("%+v\n%s", r, h.read())
	}
	before := h.read()
	if err := os.Rename(films, films+" away"); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), Options{Catalog: h.file(), Folders: []string{films}, Now: day}); err == nil || !strings.Contains(err.Error(), "WP-SCAN-OFFLINE") {
		t.Errorf("without its library: %v", err)
	}
	if err := os.Mkdir(films, 0o755); err != nil { // what is left where a disk was mounted
		t.Fatal(err)
	}
	if r = h.scan(); len(r.Offline) != 2 || r.Titles != 2 || h.read() != before {
		t.Errorf("%+v\n%s", r, h.read())
	}
}

// A scan that is stopped leaves the catalog alone, and the next one goes on from there.
func TestStopped(t *testing.T) {
	h := newHouse(t, "A (2001).mkv", "B (2002).mkv", "C (2003).mkv", "D (2004).mkv", "E (2005).mkv", "F (2006).mkv", "G (2007).mkv", "H (2008).mkv")
	ctx, stop := context.WithCancel(t.Context())
	_, err := Run(ctx, Options{Catalog: h.file(), Folders: []string{filepath.Join(h.dir, "films")}, Index: filepath.Join(h.dir, "cache", "index.json"), Now: day,
		Progress: func(done, _ int, _ string) {
			if done == 2 {
				stop()
			}
		},
		Probe: func(context.Context, *os.File) (ffmpeg.Info, error) { return ffmpeg.Info{Duration: time.Hour}, nil }})
	if _, none := os.Stat(h.file()); none == nil || err == nil || !strings.Contains(err.Error(), "WP-SCAN-STOPPED") {
		t.Errorf("stopped: %v", err)
	}
	if r := h.scan(); len(r.New) != 8 || r.Probed > 5 {
		t.Errorf("the next one looked into %d and found %d", r.Probed, len(r.New))
	}
}

// A file for which the machine had no time is looked into again, one that is broken is not.
func TestSlow(t *testing.T) {
	h := newHouse(t, "A (2001).mkv", "B (2002).mkv")
	r := h.scan(func(o *Options) {
		o.Probe = func(context.Context, *os.File) (ffmpeg.Info, error) { return ffmpeg.Info{}, ffmpeg.ErrSlow }
	})
	if len(r.LeftOut) != 2 || r.LeftOut[0].Code != "WP-MEDIA-SLOW" {
		t.Errorf("no time: %+v", r.LeftOut)
	}
	if r = h.scan(); r.Probed != 2 || len(r.New) != 2 || len(r.LeftOut) != 0 {
		t.Errorf("with time it looked into %d and found %d: %+v", r.Probed, len(r.New), r.LeftOut)
	}
}

func TestRefused(t *testing.T) {
	h := newHouse(t, "A (2001).mkv")
	for text, want := range map[string]string{
		"version: 1\ntitles: [\n":                                            "WP-SCAN-CATALOG",
		"version: 1\nlibrary: /etc\ntitles: []\n":                            "WP-SCAN-APART",
		"version: 1\nlibrary: films\ntitles: [{id: x, title: X, file: x}]\n": "WP-SCAN-EDIT",
	} {
		h.write(text)
		_, err := Run(t.Context(), Options{Catalog: h.file(), Folders: []string{filepath.Join(h.dir, "films")}, Now: day,
			Probe: func(context.Context, *os.File) (ffmpeg.Info, error) { return ffmpeg.Info{}, ffmpeg.ErrMissing }})
		if err == nil || !strings.Contains(err.Error(), want) || h.read() != text {
			t.Errorf("%q: %v, and the file is %q", text, err, h.read())
		}
	}
	// A person who writes while we look wins.
	h.write("version: 1\nlibrary: films\ntitles: []\n")
	_, err := Run(t.Context(), Options{Catalog: h.file(), Folders: []string{filepath.Join(h.dir, "films")}, Now: day,
		Probe: func(context.Context, *os.File) (ffmpeg.Info, error) {
			h.write("version: 1\n# mine\nlibrary: films\ntitles: []\n")
			return ffmpeg.Info{}, nil
		}})
	if err == nil || !strings.Contains(err.Error(), "WP-SCAN-CHANGED") || !strings.Contains(h.read(), "# mine") || strings.Contains(h.read(), "A (2001)") {
		t.Errorf("%v\n%s", err, h.read())
	}
}
