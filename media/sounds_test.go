package media

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
)

// TestSoundsBeside: names say language and what a sound is, of two that are called the same the better counts, and
// what belongs to another film is that film's.
func TestSoundsBeside(t *testing.T) {
	siblings := []string{
		"film.mp4", "film.fr.mka", "film.fr.ac3", "film.Director speaks.en.default.m4a", "film.mka", "film.de.txt", "film.srt", "film.pt-BR.DTS", "filmed.de.mka",
		"film.2.mkv", "film.2.fr.mka", "film.song.mp3",
	}
	for name, test := range map[string]struct {
		file string
		rule catalog.Beside
		want string
	}{
		"beside the film": {"film.mp4", catalog.Beside{Auto: true}, "director speaks.en=film.Director speaks.en.default.m4a fr=film.fr.mka pt-br=film.pt-BR.DTS song.und=film.song.mp3"},
		"another film":    {"film.2.mkv", catalog.Beside{Auto: true}, "fr=film.2.fr.mka"},
		"a list":          {"film.mp4", catalog.Beside{Files: []string{"x/talk.en.mka", "x/film.fr.flac", "x/film.fr.txt"}}, "fr=x/film.fr.flac talk.en=x/talk.en.mka"},
		"none":            {"film.mp4", catalog.Beside{}, ""},
		"music":           {"film.song.mp3", catalog.Beside{Auto: true}, ""},
	} {
		var got []string
		for _, f := range findSounds(&catalog.Title{File: test.file, Audio: test.rule}, func(string) []string { return siblings }) {
			got = append(got, f.key+"="+f.file)
			if f.asked != strings.Contains(f.file, "default") || strings.Contains(f.file, ".fr.") != (f.lang == "fr") || strings.Contains(f.title, "speaks") != f.asked {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, test.want)
		}
	}
}

// TestNamesAreRemembered: a folder is read again when something has come, and not before.
func TestNamesAreRemembered(t *testing.T) {
	dir := t.TempDir()
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("film.mp4")
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(dir, long, long); err != nil {
		t.Fatal(err)
	}
	s := &stock{folder: folder(t, dir)}
	if got := s.names("."); len(got) != 1 || len(s.names(".")) != 1 {
		t.Errorf("at first %q", got)
	}
	if _, known := s.listed.Load("."); !known {
		t.Error("they are read again each time")
	}
	write("film.fr.mka")
	if got := s.names("."); len(got) != 2 || len(s.names(".")) != 2 {
		t.Errorf("then %q", got)
	}
}
