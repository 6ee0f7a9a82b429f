package media

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
)

func TestTypesAreFixed(t *testing.T) {
	l, s, _, dir := shelf(t)
	write(t, filepath.Join(dir, "a.MKV"), "x")
	for _, name := range []string{"page.html", "noext", "list.m3u8", "picture.svg", "film.strm"} {
		write(t, filepath.Join(dir, name), "<script>")
		s.Swap(parse(t, "version: 1\ntitles: [{id: x, title: X, file: "+name+", poster: "+name+", regions: {allow: [FR]}}]"))
		title := open(t, l, "x", from("FR"))
		if _, err := title.File(); code(err) != CodeGone {
			t.Errorf("%s was served as a film: %v", name, err)
		}
		if _, err := title.Poster(); code(err) != CodeGone {
			t.Errorf("%s was served as a poster: %v", name, err)
		}
	}
	for name, offline := range map[string]bool{"old.avi": false, "page.html": true} { // what only mpv or the host reads is there all the same
		write(t, filepath.Join(dir, name), "x")
		s.Swap(parse(t, "version: 1\ntitles: [{id: x, title: X, file: "+name+", regions: {allow: [FR]}}]"))
		if list, err := l.Titles(t.Context(), from("FR"), "en"); err != nil || len(list) != 1 || list[0].Offline != offline {
			t.Errorf("%s in the list: %+v, %v", name, list, err)
		}
	}
	s.Swap(parse(t, "version: 1\ntitles: [{id: x, title: X, file: a.MKV, regions: {allow: [FR]}}]"))
	title := open(t, l, "x", from("FR"))
	file, err := title.File()
	if content(t, file, err); file.Info().ContentType != "video/matroska" {
		t.Errorf("%+v", file.Info())
	}
	_, err = title.Poster()
	gone, ok := errors.AsType[*Gone](err)
	if !ok || gone.ID != "x" || gone.In("fr") == gone.In("en") || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a title without a poster: %v", err)
	}
}

func TestSubtitleTracks(t *testing.T) {
	siblings := []string{
		"film.mp4", "film.vtt", "film.en.srt", "film.en.vtt", "film.fr.forced.srt", "film.fr.default.vtt", "film.pt-BR.sdh.vtt",
		"film.en.SDH.forced.srt", "film.2.de.vtt", "film.en.ass", "film.es.ssa", "film.es.ASS", "filmed.de.vtt", "film.de.txt", "other.de.vtt",
	}
	for name, test := range map[string]struct {
		rule catalog.Beside
		want string
	}{
		"beside the film": {catalog.Beside{Auto: true}, "en=film.en.vtt en.forced.sdh=film.en.SDH.forced.srt es=film.es.ASS fr=film.fr.default.vtt " +
			"fr.forced=film.fr.forced.srt pt-BR.sdh=film.pt-BR.sdh.vtt und=film.vtt"},
		"a list": {catalog.Beside{Files: []string{"x/words.de.srt", "x/plain.vtt", "x/again.de.vtt"}}, "de=x/words.de.srt und=x/plain.vtt"},
		"none":   {catalog.Beside{}, ""},
	} {
		var got []string
		for _, f := range findTracks(&catalog.Title{File: "film.mp4", Subtitles: test.rule}, func(string) []string { return siblings }) {
			got = append(got, f.Key+"="+f.file)
			if f.Default != strings.Contains(f.file, "default") {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, test.want)
		}
	}
	for key, want := range map[string]string{"fr": "Français", "en.sdh": "English (SDH)", "fr.forced": "Français (forcés)", "und": "Sous-titres", "ja": "日本語"} {
		lang, _, _ := strings.Cut(key, ".")
		if got := label(key, lang, "fr"); got != want {
			t.Errorf("%s is labelled %q, want %q", key, got, want)
		}
	}
}

func TestSubtitleThatCannotBeRead(t *testing.T) {
	l, _, _, dir := shelf(t)
	write(t, filepath.Join(dir, "open.de.srt"), "no cues here")
	write(t, filepath.Join(dir, "open.en.srt"), strings.Repeat("x", 9<<20))
	title := open(t, l, "open", from("FR"))
	for _, key := range []string{"de", "en", "es", "", "../french.fr"} {
		if _, err := title.Subtitle(key); code(err) != CodeGone {
			t.Errorf("%q: %v", key, err)
		}
	}
}

// realFilm is one with a movie header.
func realFilm(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("demo/films/aurora.mp4")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLengthComesFromTheFile(t *testing.T) {
	film := realFilm(t)
	dir := t.TempDir()
	bomb := bytes.Clone(film)
	copy(bomb[bytes.Index(bomb, []byte("mvhd"))-4:], "\xff\xff\xff\xff")
	fat := bytes.Clone(film) // the movie header claims to be all the rest of its parent
	copy(fat[bytes.Index(fat, []byte("mvhd"))-4:], []byte{0, 0, 8, 0})
	long := bytes.Clone(film) // moov claims to go on after the end of the file
	copy(long[bytes.Index(long, []byte("moov"))-4:], "\x7f\xff\xff\xff")
	endless := bytes.Clone(film)
	copy(endless[bytes.Index(endless, []byte("mvhd"))+16:], "\x00\x00\x00\x00\xff\xff\xff\xff") // no ticks in a second
	for name, b := range map[string][]byte{
		"whole": film, "cut": film[:100], "empty": {}, "bomb": bomb, "fat": fat, "long": long, "endless": endless, "other": []byte(strings.Repeat("no film ", 99)),
	} {
		write(t, filepath.Join(dir, "film.mp4"), string(b))
		s := NewShelf(folder(t, dir), parse(t, "version: 1\ntitles: [{id: x, title: X, file: film.mp4, duration: 90s, regions: {allow: [FR]}}]"))
		list, err := NewLibrary(s).Titles(t.Context(), from("FR"), "en")
		if err != nil {
			t.Fatal(err)
		}
		want := 90.0
		if name == "whole" {
			want = 60
		}
		if got := list[0]; got.Duration != want || got.BytesPerSecond != int64(float64(len(b))/want) {
			t.Errorf("%s: %v seconds, %d bytes a second", name, got.Duration, got.BytesPerSecond)
		}
	}
}

func TestLengthIsRemembered(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "film.mp4"), string(realFilm(t)))
	rec := &recorder{Folder: folder(t, dir)}
	l := NewLibrary(NewShelf(rec, parse(t, "version: 1\ntitles: [{id: x, title: X, file: film.mp4, regions: {allow: [FR]}}]")))
	for range 3 {
		if list, err := l.Titles(t.Context(), from("FR"), "en"); err != nil || list[0].Duration != 60 {
			t.Fatal(list, err)
		}
	}
	if opened := strings.Count(strings.Join(rec.calls, "\n"), "open "); opened != 1 {
		t.Errorf("the film was opened %d times", opened)
	}
}

func FuzzMovieLength(f *testing.F) {
	film := realFilm(f)
	f.Add(film[:2000])
	f.Add([]byte("\x00\x00\x00\x08moov"))
	f.Add([]byte("\x00\x00\x00\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := movieLength(bytes.NewReader(b), int64(len(b))); err == nil && (d <= 0 || d > 1001*time.Hour) {
			t.Errorf("a length of %v", d)
		}
	})
}

// BenchmarkRead reads ranges of a megabyte of a film in the page cache, as a web server does.
func BenchmarkRead(b *testing.B) {
	const size, span = 64 << 20, 1 << 20
	dir := b.TempDir()
	write(b, filepath.Join(dir, "film.mp4"), strings.Repeat("0123456789abcdef", size/16))
	l := NewLibrary(NewShelf(folder(b, dir), parse(b, "version: 1\ntitles: [{id: x, title: X, file: film.mp4, regions: {allow: [FR]}}]")))
	who := from("FR")
	buffer := make([]byte, 256<<10)
	b.SetBytes(span)
	b.ReportAllocs()
	at := int64(0)
	for b.Loop() {
		title, err := l.Open(b.Context(), "x", who)
		if err != nil {
			b.Fatal(err)
		}
		file, err := title.File()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := file.Seek(at, io.SeekStart); err != nil {
			b.Fatal(err)
		}
		for left := span; left > 0; {
			n, err := file.Read(buffer)
			if err != nil {
				b.Fatal(err)
			}
			left -= n
		}
		file.Close()
		title.Close()
		at = (at + span) % (size - span)
	}
}
