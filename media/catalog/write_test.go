package catalog

import (
	"strings"
	"testing"
	"time"
)

func startEdit(t *testing.T, text string) *Edit {
	t.Helper()
	e, _, problems := StartEdit("films.yaml", []byte(text), nil)
	if e == nil {
		t.Fatal(problems)
	}
	return e
}

var one = []Entry{{Title: Title{ID: "n", Name: "1917: a film", Kind: Film, File: "n.mp4", Duration: time.Hour}}}

const written = "# new\n@- id: \"n\"\n@  title: '1917: a film'\n@  file: n.mp4\n@  duration: 1h0m0s\n"

// Titles are added at the end of their list, wherever that is, and nothing else changes.
func TestAdd(t *testing.T) {
	rule := "version: 1\ndefaults: {regions: {allow: [world]}}\n"
	tests := []struct{ name, before, indent, after string }{
		{"empty", rule + "titles: [ ] # none\n", "  ", ""},
		{"at the end", rule + "titles:\n  - {id: a, title: A, file: a}\n", "  ", ""},
		{"without an end of line", rule + "titles:\n- id: a\n  title: A\n  file: a", "", ""},
		{"in the middle", "version: 1\ntitles:\n    - id: a\n      title: A\n      file: a\n      # about a\n", "    ", "\n# of guests\ndefaults: {regions: {allow: [world]}}\n"},
		{"below a paragraph", rule + "titles:\n  - id: a\n    title: A\n    file: a\n    synopsis: >\n      One.\n\n      # Two.\n", "  ", ""},
		{"lines of another system", strings.ReplaceAll(rule+"titles:\n  - id: a\n    title: A\n    file: a\n", "\n", "\r\n"), "  ", ""},
	}
	for _, test := range tests {
		e := startEdit(t, test.before+test.after)
		if err := e.Add("new", one); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		want := test.before
		if test.name == "empty" {
			want = rule + "titles: # none\n"
		}
		if !strings.HasSuffix(want, "\n") {
			want += "\n"
		}
		want += test.indent + strings.ReplaceAll(written, "@", test.indent) + test.after
		if got := string(e.Text()); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, want)
		}
	}
}

func TestMoveFile(t *testing.T) {
	const before = "version: 1\ndefaults: {regions: {allow: [world]}}\ntitles:\n" +
		"  - {id: a, title: Ä, file: \"a b.mp4\", year: 2001} # x\n  - {id: b, title: B, file: a b.mp4}\n  - {id: c, title: C, file: 'it''s.mp4'}\n"
	e := startEdit(t, before)
	if left := e.Move(map[string]string{"a b.mp4": `new/a, "b".mp4`, "it's.mp4": "c.mp4", "nothing": "x"}); len(left) != 1 || left[0] != "nothing" {
		t.Fatal(left)
	}
	to := `"new/a, \"b\".mp4"`
	if got, want := string(e.Text()), strings.NewReplacer(`"a b.mp4"`, to, "a b.mp4", to, "'it''s.mp4'", `"c.mp4"`).Replace(before); got != want {
		t.Errorf("the catalog is\n%s\nwant\n%s", got, want)
	}
	folded := startEdit(t, "version: 1\ntitles:\n  - id: a\n    title: A\n    file: >-\n      a.mp4\n")
	if left := folded.Move(map[string]string{"a.mp4": "b.mp4"}); len(left) != 1 || !strings.Contains(string(folded.Text()), ">-\n      a.mp4") {
		t.Errorf("a folded name: %q", left)
	}
}

// What cannot be edited is left alone, and said.
func TestNoEdit(t *testing.T) {
	for _, text := range []string{
		"version: 1\ntitles: [{id: a, title: A, file: a}]\n",
		"{version: 1, titles: []}\n",
		"version: 1\ntitles:\n  - {id: n, title: A, file: a}\n", // the id is taken
	} {
		e := startEdit(t, text)
		if err := e.Add("new", one); err == nil || string(e.Text()) != text {
			t.Errorf("%q: %v, and it is %q", text, err, e.Text())
		}
	}
	e := startEdit(t, "version: 1\ntitles:\n  - {id: s, title: S, kind: series, episodes: [{season: 1, episode: 1, title: E, file: e}]}\n")
	if err := e.AddTo("s", "new", one); err == nil {
		t.Error("an episode was added between brackets")
	}
}

// Tracks are added to their album, and what a person wrote stays.
func TestAddTracks(t *testing.T) {
	const before = "version: 1\ndefaults: {regions: {allow: [world]}}\ntitles:\n"
	track := func(disc, number int) Entry {
		return Entry{Title: Title{Kind: Music, Disc: disc, Track: number, Name: "T", File: "t.mp3", Duration: 1500 * time.Millisecond}}
	}
	e := startEdit(t, before+"  - {id: x, title: X, file: x}\n")
	whole := Entry{Title: Title{ID: "a", Name: "A", Kind: Records, Artist: "B", Year: 1999, Poster: "c.jpg"}, Entries: []Entry{track(1, 1)}}
	if err := e.Add("", []Entry{whole}); err != nil {
		t.Fatal(err)
	}
	e = startEdit(t, strings.Replace(string(e.Text()), "title: T\n", "title: Mine # of mine\n", 1))
	if err := e.AddTo("a", "new", []Entry{track(2, 1)}); err != nil {
		t.Fatal(err)
	}
	const album = "  - id: a\n    title: A\n    artist: B\n    year: 1999\n    kind: album\n    poster: c.jpg\n    tracks:\n"
	want := before + "  - {id: x, title: X, file: x}\n" + album + "      - track: 1\n        title: Mine # of mine\n        file: t.mp3\n        duration: 1.5s\n" +
		"      # new\n      - disc: 2\n        track: 1\n        title: T\n        file: t.mp3\n        duration: 1.5s\n"
	if got := string(e.Text()); got != want {
		t.Errorf("the catalog is\n%s\nwant\n%s", got, want)
	}
}

// FuzzAdd adds to any sound catalog: the titles that were there are there still.
func FuzzAdd(f *testing.F) {
	for _, seed := range []string{whole, album, head + film, string(NewText("films: \"x\"", []string{".", "a: 'b' \"c"})), "version: 1\ntitles: []", "version: 1\ntitles:\n- id: a\n  title: A\n  file: a\n# x\ngroups: {}\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, c, _ := StartEdit("f.yaml", data, nil)
		if e == nil {
			return
		}
		entry := one[0]
		for entry.Title.ID = "n"; c.titles[entry.Title.ID] != nil; entry.Title.ID += "n" {
		}
		if err := e.Add("new", []Entry{entry}); err != nil {
			return
		}
		after, problems := Parse("f.yaml", e.Text(), nil)
		if after == nil || len(after.Titles) != len(c.Titles)+1 {
			t.Fatalf("%v\n%s", problems, e.Text())
		}
		for _, title := range c.Titles {
			if now := after.titles[title.ID]; now == nil || now.File != title.File || now.Name != title.Name || now.Synopsis != title.Synopsis {
				t.Errorf("%+v became %+v in\n%s", title, now, e.Text())
			}
		}
	})
}
