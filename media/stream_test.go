package media

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"watchparty/media/ffmpeg"
	"watchparty/media/rendition"
)

// needStudio gives a running studio and a folder with a film that no browser plays.
func needStudio(t *testing.T) (*rendition.Studio, string) {
	t.Helper()
	p, err := ffmpeg.Find(t.Context())
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir := t.TempDir()
	said, err := exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=5", "-f", "lavfi",
		"-i", "sine=440:d=5", "-c:v", "mpeg4", "-c:a", "libmp3lame", filepath.Join(dir, "old.avi")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	s, err := rendition.New(rendition.Config{Program: p, Dir: t.TempDir(), Quota: 1 << 30, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return s, dir
}

const oneOld = "version: 1\ntitles: [{id: old, title: Old, file: old.avi, regions: {allow: [FR]}}, {id: bad, title: Bad, file: bad.avi, regions: {allow: [FR]}}]"

// A film of a type that is not served is offered once ffmpeg can play it; who is locked out
// starts no child, also after others have watched.
func TestStream(t *testing.T) {
	studio, dir := needStudio(t)
	if err := os.WriteFile(filepath.Join(dir, "bad.avi"), []byte("no film"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := NewShelf(folder(t, dir), parse(t, oneOld))
	s.UseStudio(studio)
	l := NewLibrary(s)
	locked, allowed := from("DE"), from("FR")
	refused := func() {
		t.Helper()
		var no *Refused
		before := studio.Started()
		if title, err := l.Open(t.Context(), "old", locked); !errors.As(err, &no) || title != nil {
			t.Errorf("locked out, and got %v, %v", title, err)
		}
		list, err := l.Titles(t.Context(), locked, "en")
		if err != nil || list[0].Play != nil || list[0].Offline || list[0].Poster != "" {
			t.Errorf("locked out, and told %+v, %v", list, err)
		}
		if studio.Started() != before {
			t.Error("a child was started for somebody who is locked out")
		}
	}
	refused()
	title, err := l.Open(t.Context(), "old", allowed)
	if err != nil {
		t.Fatal(err)
	}
	defer title.Close()
	checkParts(t, title)
	checkPoster(t, title)
	refused()
	list, err := l.Titles(t.Context(), allowed, "en")
	if err != nil || list[0].Offline || list[0].Play == nil || list[0].Play.MIME != "" || !list[0].Play.HLS || list[0].Duration < 5 || list[0].Poster != "/media/t/old/poster" {
		t.Errorf("the allowed are told %+v, %v", list, err)
	}
	if d := s.Length("old").Seconds(); d < 5 || d > 5.1 {
		t.Errorf("it is %v seconds long", d)
	}
	checkBad(t, l, allowed)
	var gone *Gone
	if err := os.Remove(filepath.Join(dir, "old.avi")); err != nil {
		t.Fatal(err)
	}
	if _, err := title.Stream("720/0.m4s"); !errors.As(err, &gone) {
		t.Errorf("the file is gone: %v", err)
	}
}

// checkPoster wants a picture that is made of the film, which may take longer than one waits.
func checkPoster(t *testing.T, title *Title) {
	t.Helper()
	c, err := title.Poster()
	for late := time.Now().Add(time.Minute); errors.Is(err, fs.ErrNotExist) && time.Now().Before(late); {
		c, err = title.Poster()
	}
	if err != nil {
		t.Errorf("no poster: %v", err)
		return
	}
	defer c.Close()
	if is := c.Info(); is.ContentType != "image/jpeg" || is.Size == 0 || is.ETag == "" {
		t.Errorf("the poster is %+v", is)
	}
}

// checkParts reads a part of each kind.
func checkParts(t *testing.T, title *Title) {
	t.Helper()
	for name, kind := range map[string]string{"main.m3u8": "application/vnd.apple.mpegurl", "720/list.m3u8": "application/vnd.apple.mpegurl",
		"720/init.mp4": "video/mp4", "720/1.m4s": "video/mp4", "a0/0.m4s": "audio/mp4"} {
		c, err := title.Stream(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b, err := io.ReadAll(c)
		if info := c.Info(); err != nil || info.ContentType != kind || info.Size != int64(len(b)) || info.ETag == "" {
			t.Errorf("%s: %d bytes, %+v, %v", name, len(b), info, err)
		}
		if kind == "video/mp4" && !bytes.Contains(b[:12], []byte("typ")) {
			t.Errorf("%s begins with %q", name, b[:12])
		}
		var sent bytes.Buffer // the short way, which starts where a reader stands
		if _, err := c.Seek(8, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if n, err := c.(Sender).Send(&sent, int64(len(b)-8)); err != nil || n != int64(len(b)-8) || !bytes.Equal(sent.Bytes(), b[8:]) {
			t.Errorf("%s is sent as %d bytes of %d: %v", name, n, len(b)-8, err)
		}
		c.Close()
	}
}

// checkBad asks for a file that is no film.
func checkBad(t *testing.T, l *Library, who Who) {
	t.Helper()
	bad, err := l.Open(t.Context(), "bad", who)
	if err != nil {
		t.Fatal(err)
	}
	defer bad.Close()
	var cannot *Unplayable
	if _, err := bad.Stream("main.m3u8"); !errors.As(err, &cannot) || cannot.Code() != "WP-MEDIA-BROKEN" {
		t.Errorf("no film: %v", err)
	}
	if list, err := l.Titles(t.Context(), who, "en"); err != nil || !list[1].Offline {
		t.Errorf("no film, and listed as %+v, %v", list, err)
	}
}

// Without ffmpeg the party goes on, and the reason is told.
func TestStreamWithoutFFmpeg(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "old.avi"), []byte("a film"), 0o600); err != nil {
		t.Fatal(err)
	}
	l := NewLibrary(NewShelf(folder(t, dir), parse(t, oneOld)))
	viewer := from("FR")
	title, err := l.Open(t.Context(), "old", viewer)
	if err != nil {
		t.Fatal(err)
	}
	defer title.Close()
	var cannot *Unplayable
	if _, err := title.Stream("main.m3u8"); !errors.As(err, &cannot) || cannot.Code() != "WP-FFMPEG-MISSING" || cannot.In("fr") == cannot.In("en") {
		t.Errorf("without ffmpeg: %v", err)
	}
	if list, err := l.Titles(t.Context(), viewer, "en"); err != nil || list[0].Play != nil {
		t.Errorf("without ffmpeg the list says %+v, %v", list, err)
	}
}
