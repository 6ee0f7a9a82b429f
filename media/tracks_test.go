package media

import (
	"path"
	"strings"
	"testing"
)

// FuzzTrack: a subtitle's file name gives a key that can stand in an address.
func FuzzTrack(f *testing.F) {
	f.Add("film.fr.forced.srt", "film")
	f.Add("Film.2.en.VTT", "Film")
	f.Add(".srt", "")
	f.Add("a/b.zh-Hant-TW.sdh.default.ass", "b")
	f.Fuzz(func(t *testing.T, file, stem string) {
		found, ok := parseTrack(file, stem)
		if !ok {
			return
		}
		if found.Key == "" || strings.ContainsAny(found.Key, "/\\?#% ") || path.Clean(found.Key) != found.Key {
			t.Errorf("%q beside %q has the key %q", file, stem, found.Key)
		}
	})
}
