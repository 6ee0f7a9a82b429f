package media

import (
	"path"
	"testing"

	"watchparty/media/catalog"
)

// The poster is what the catalog names, else what lies beside the film.
func TestPosterBeside(t *testing.T) {
	for name, test := range map[string]struct {
		title catalog.Title
		files []string
		want  string
	}{
		"named":               {catalog.Title{File: "a/b.mkv", Poster: "x.jpg"}, []string{"b-poster.jpg"}, "x.jpg"},
		"its own":             {catalog.Title{File: "a/b.mkv"}, []string{"b.jpg", "b-poster.PNG", "poster.jpg", "b-fanart.jpg"}, "a/b-poster.PNG"},
		"of its folder":       {catalog.Title{File: "a/b.mkv"}, []string{"b.jpg", "folder.webp", "fanart.jpg"}, "a/folder.webp"},
		"a still":             {catalog.Title{File: "b.mkv"}, []string{"b-thumb.jpg", "poster.jpg", "c.jpg"}, "b-thumb.jpg"},
		"of an episode":       {catalog.Title{File: "a/b.mkv", Series: "s"}, []string{"poster.jpg", "b.jpg"}, "a/b.jpg"},
		"of a season":         {catalog.Title{File: "a/b.mkv"}, []string{"season01-poster.jpg"}, ""},
		"of another film":     {catalog.Title{File: "a/b.mkv"}, []string{"bb.jpg", "bb-poster.jpg"}, ""},
		"not a picture":       {catalog.Title{File: "a/b.mkv"}, []string{"poster.svg", "b-poster.html", "b.gif"}, ""},
		"nothing to play yet": {catalog.Title{}, []string{"poster.jpg"}, ""},
	} {
		got := (&stock{}).picture(&test.title, func(folder string) []string {
			if folder != path.Dir(test.title.File) {
				t.Errorf("%s: looked into %q", name, folder)
			}
			return test.files
		})
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
