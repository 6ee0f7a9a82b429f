package rendition

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/media/ffmpeg"
)

// wordy makes films with subtitles of each kind inside, and gives their folder.
func wordy(t *testing.T) string {
	t.Helper()
	needFFmpeg(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{
		"en.srt": "1\n00:00:01,500 --> 00:00:03,000\n{\\an8}<i>Hello</i>\n\n2\n00:00:08,000 --> 00:00:09,000\nBye\n",
		"fr.ass": "[Script Info]\nScriptType: v4.00+\n[V4+ Styles]\nFormat: Name, Italic, Alignment\nStyle: Default,0,2\n[Events]\n" +
			"Format: Layer, Start, End, Style, Text\nDialogue: 0,0:00:01.50,0:00:03.00,Default,{\\i1}Bonjour, vous{\\i0}\n",
		"de.vtt": "WEBVTT\n\n00:01.500 --> 00:03.000\nHallo\n",
	} {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	render("-i", filepath.Join(made, "tv.ts"), "-i", at("en.srt"), "-i", at("fr.ass"), "-map", "0", "-map", "1", "-map", "2", "-c", "copy", at("words.mkv"))
	render("-i", filepath.Join(made, "tv.ts"), "-i", at("en.srt"), "-map", "0", "-map", "1", "-c", "copy", "-c:s", "mov_text", at("words.mp4"))
	render("-i", filepath.Join(made, "open.webm"), "-i", at("de.vtt"), "-map", "0", "-map", "1", "-c", "copy", at("words.webm"))
	return dir
}

// Text comes out of a film as it went in, once for everybody, and is kept.
func TestTexts(t *testing.T) {
	dir, s := wordy(t), studio(t, 1<<30)
	film := func(name string) Source {
		return Source{Key: name, Open: func() (*os.File, error) { return os.Open(filepath.Join(dir, name)) }}
	}
	read := func(name string, index int) string {
		t.Helper()
		p, err := s.Text(t.Context(), film(name), index)
		if err != nil {
			t.Errorf("%s %d: %v", name, index, err)
			return ""
		}
		defer p.Close()
		b, err := io.ReadAll(p)
		if err != nil || int64(len(b)) != p.Size {
			t.Errorf("%s %d: %d bytes of %d, %v", name, index, len(b), p.Size, err)
		}
		return string(b)
	}
	for _, test := range []struct {
		name  string
		index int
		want  []string
	}{
		{"words.mkv", 2, []string{"00:00:01,500 --> 00:00:03,000", `{\an8}<i>Hello</i>`, "00:00:08,000 --> 00:00:09,000", "Bye"}},
		{"words.mkv", 3, []string{"[Script Info]", "0:00:01.50,0:00:03.00", `{\i1}Bonjour, vous{\i0}`}},
		{"words.mp4", 2, []string{"00:00:01,500 --> 00:00:03,000", "Hello", "Bye"}},
		{"words.webm", 2, []string{"WEBVTT", "00:01.50", "Hallo"}},
	} {
		text := read(test.name, test.index)
		for _, want := range test.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s %d lacks %q:\n%s", test.name, test.index, want, text)
			}
		}
	}
	before := s.Started()
	several := make(chan string)
	for range 3 {
		go func() { several <- read("words.mkv", 2) }()
	}
	for range 3 {
		<-several
	}
	if s.Started() != before {
		t.Error("what was kept was read again")
	}
	for _, index := range []int{0, 1, 4, -1} {
		if _, err := s.Text(t.Context(), film("words.mkv"), index); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("stream %d: %v", index, err)
		}
	}
}

// Three who want the same text share one child, and a film that cannot be read says so to all.
func TestTextsTogether(t *testing.T) {
	dir, s := wordy(t), studio(t, 1<<30)
	broken := filepath.Join(dir, "words.mkv")
	src := Source{Key: "x", Open: func() (*os.File, error) { return os.Open(broken) }}
	if _, err := s.Info(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error)
	ask := func() {
		for range 3 {
			go func() {
				p, err := s.Text(t.Context(), src, 3)
				if err == nil {
					err = p.Close()
				}
				errs <- err
			}()
		}
	}
	ask()
	for range 3 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := s.Started(); n != 1 {
		t.Errorf("%d children for one text", n)
	}
	src.Key = "y" // another film, known, and then lost
	if _, err := s.Info(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, []byte("no film"), 0o600); err != nil {
		t.Fatal(err)
	}
	ask()
	for range 3 {
		if err := <-errs; !errors.Is(err, ffmpeg.ErrBroken) {
			t.Errorf("no film: %v", err)
		}
	}
}
