package media

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/media/ffmpeg"
	"watchparty/media/rendition"
)

// needInside is a running studio and a folder with old.mkv, which has four subtitles inside, and
// one beside it.
func needInside(t *testing.T) (*rendition.Studio, string) {
	t.Helper()
	studio, dir := needStudio(t)
	write(t, filepath.Join(dir, "in.srt"), "1\n00:00:01,000 --> 00:00:02,000\nInside\n")
	said, err := exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-i", filepath.Join(dir, "old.avi"), "-i", filepath.Join(dir, "in.srt"),
		"-map", "0", "-map", "1", "-map", "1", "-map", "1", "-map", "1", "-c:v", "copy", "-c:a", "copy", "-c:s:0", "srt", "-c:s:1", "ass", "-c:s:2", "srt", "-c:s:3", "srt",
		"-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=fre", "-metadata:s:s:1", "title=Forced", "-disposition:s:1", "forced",
		"-metadata:s:s:2", "language=eng", "-metadata:s:s:2", "title=English Commentary", "-metadata:s:s:3", "language=ger",
		"-disposition:s:3", "hearing_impaired", filepath.Join(dir, "old.mkv")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	write(t, filepath.Join(dir, "old.en.srt"), "1\n00:00:01,000 --> 00:00:02,000\nBeside\n")
	return studio, dir
}

// Subtitles inside a film are listed beside those of files once the film was looked into, and
// read; who is locked out starts no child, also after others have read.
func TestInside(t *testing.T) {
	studio, dir := needInside(t)
	s := NewShelf(folder(t, dir), parse(t, "version: 1\ndefaults: {regions: {allow: [FR]}}\ntitles: [{id: old, title: Old, file: old.mkv}, {id: mute, title: Mute, file: old.mkv, subtitles: none}]"))
	s.UseStudio(studio)
	l := NewLibrary(s)
	locked, allowed := from("DE"), from("FR")
	refused := func() {
		t.Helper()
		before := studio.Started()
		var no *Refused
		if title, err := l.Open(t.Context(), "old", locked); !errors.As(err, &no) || title != nil {
			t.Errorf("locked out, and got %v, %v", title, err)
		}
		if list, err := l.Titles(t.Context(), locked, "en"); err != nil || list[0].Subtitles != nil || studio.Started() != before {
			t.Errorf("locked out, and told %+v, %v; %d children", list, err, studio.Started()-before)
		}
	}
	refused()
	title, err := l.Open(t.Context(), "old", allowed)
	if err != nil {
		t.Fatal(err)
	}
	defer title.Close()
	if _, err := title.Stream("main.m3u8"); err != nil { // has the film looked into
		t.Fatal(err)
	}
	list, err := l.Titles(t.Context(), allowed, "fr")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, track := range list[0].Subtitles {
		got = append(got, fmt.Sprintf("%s %s %s %v", track.Key, track.Lang, track.Label, track.Inside))
	}
	want := "en en English false; s3 fr Français (forcés) true; s4 en English Commentary true; s5 de Deutsch (SDH) true"
	if text := strings.Join(got, "; "); text != want || list[1].Subtitles != nil {
		t.Errorf("listed are\n%s, not\n%s; and %+v", text, want, list[1].Subtitles)
	}
	checkTexts(t, title)
	refused()
	for _, key := range []string{"s0", "s9", "s03", "s", "s-1"} {
		if _, err := title.Subtitle(key); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", key, err)
		}
	}
	mute, err := l.Open(t.Context(), "mute", allowed)
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	if _, err := mute.Subtitle("s3"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("subtitles: none, and got %v", err)
	}
}

// checkTexts reads the one beside the film and two inside it.
func checkTexts(t *testing.T, title *Title) {
	t.Helper()
	for key, line := range map[string]string{"en": "Beside", "s3": "Inside", "s4": "Inside"} {
		c, err := title.Subtitle(key)
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		b, err := io.ReadAll(c)
		info := c.Info()
		if want := "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n" + line + "\n"; err != nil || string(b) != want || info.ContentType != "text/vtt; charset=utf-8" || info.Size != int64(len(b)) || info.ETag == "" {
			t.Errorf("%s is %q, %+v, %v", key, b, info, err)
		}
		c.Close()
	}
}

// What a film calls its subtitles is told where it says more than its language.
func TestInsideLabel(t *testing.T) {
	for _, test := range []struct {
		s    ffmpeg.Stream
		want string
	}{
		{ffmpeg.Stream{Lang: "fre"}, "Français"},
		{ffmpeg.Stream{Lang: "fre", Title: "French (Full) SRT"}, "Français"},
		{ffmpeg.Stream{Lang: "fre", Title: "Forcés", Forced: true}, "Français (forcés)"},
		{ffmpeg.Stream{Lang: "eng", Title: "english [Director]", Impaired: true}, "english [Director] (SDH)"},
		{ffmpeg.Stream{Lang: "eng", Title: "SDH"}, "English · SDH"},
		{ffmpeg.Stream{Lang: "eng", Title: "Signs\n\x1b & \u202eSongs"}, "English · Signs & Songs"},
		{ffmpeg.Stream{Title: "日本語"}, "Sous-titres · 日本語"},
		{ffmpeg.Stream{Lang: "no such", Title: strings.Repeat("x", 99)}, "Sous-titres · " + strings.Repeat("x", maxName-1) + "…"},
	} {
		lang := "und"
		if test.s.Lang == "fre" || test.s.Lang == "eng" {
			lang = test.s.Lang[:2]
		}
		if got := insideLabel(test.s, lang, "fr"); got != test.want {
			t.Errorf("%+v is %q, not %q", test.s, got, test.want)
		}
	}
}
