package catalog

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

// FuzzParse holds, for any bytes: no panic, a catalog exactly if nothing worse than a warning was
// found, the same answer twice, every path inside the library, and nobody without a region in.
func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	for _, test := range problemTests {
		f.Add([]byte(test.text))
	}
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, problems := Parse("f.yaml", data, nil)
		if (c == nil) != (problems.Err() != nil) {
			t.Fatalf("catalog %v with problems %v", c, problems)
		}
		again, same := Parse("f.yaml", data, nil)
		if !reflect.DeepEqual(c, again) || !slices.Equal(problems, same) {
			t.Fatal("a second reading differs")
		}
		for i, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Text == "" || i > 0 && p.Line < problems[i-1].Line {
				t.Fatalf("problem %+v", p)
			}
		}
		if c == nil {
			return
		}
		ids := map[TitleID]bool{}
		for _, title := range c.Titles {
			if ids[title.ID] || !titleID.MatchString(string(title.ID)) || title.Line < 1 {
				t.Fatalf("title %+v", title)
			}
			ids[title.ID] = true
			for _, path := range append([]string{title.File, title.Poster}, title.Subtitles.Files...) {
				if path != "" && pathFault(path) != "" {
					t.Fatalf("path %q", path)
				}
			}
			if c.Decide(title.ID, Viewer{}, at).OK || !c.Decide(title.ID, Viewer{Host: true}, at).OK {
				t.Fatalf("who may watch %+v", title)
			}
		}
		for _, album := range c.Albums {
			for _, id := range album.Tracks {
				if !ids[id] {
					t.Fatalf("album %+v", album)
				}
			}
		}
		for _, show := range c.Shows {
			for _, id := range show.Episodes {
				if !ids[id] {
					t.Fatalf("show %+v", show)
				}
			}
		}
	})
}
