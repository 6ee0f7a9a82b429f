package ffmpeg

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// needFFmpeg finds ffmpeg; a test without it is skipped, and fails in CI.
func needFFmpeg(t *testing.T) *Program {
	t.Helper()
	p, err := Find(t.Context())
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return p
}

// clip makes a film of two seconds and gives its path.
func clip(t *testing.T, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	all := append([]string{"-nostdin", "-loglevel", "error",
		"-f", "lavfi", "-i", "testsrc2=s=320x180:r=24000/1001:d=2", "-f", "lavfi", "-i", "sine=440:d=2"}, args...)
	if said, err := exec.Command("ffmpeg", append(all, path)...).CombinedOutput(); err != nil {
		t.Fatalf("make %s: %v: %s", name, err, said)
	}
	return path
}

func TestProbe(t *testing.T) {
	needFFmpeg(t)
	path := clip(t, "two.mkv", "-map", "0", "-map", "1", "-map", "1", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error",
		"-pix_fmt", "yuv420p10le", "-color_trc", "smpte2084", "-c:a", "eac3", "-metadata:s:a:0", "language=fra", "-metadata:s:a:1", "language=eng",
		"-metadata:s:a:1", "title=Commentary", "-disposition:a:0", "default", "-disposition:a:1", "0")
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, look := range []func() (Info, error){
		func() (Info, error) { return Probe(t.Context(), path) },
		func() (Info, error) { return ProbeFile(t.Context(), file) },
	} {
		info, err := look()
		if err != nil {
			t.Fatal(err)
		}
		if info.Format != "matroska,webm" || info.Duration.Round(100*time.Millisecond) != 2*time.Second || len(info.Streams) != 3 {
			t.Fatalf("the file is said to be %+v", info)
		}
		v, a, b := info.Streams[0], info.Streams[1], info.Streams[2]
		if v.Type != "video" || v.Codec != "hevc" || v.Profile != "Main 10" || v.Width != 320 || v.Height != 180 || v.Bits != 10 || !v.HDR() || v.FPS < 23.97 || v.FPS > 23.98 {
			t.Errorf("the picture is said to be %+v", v)
		}
		if a.Codec != "eac3" || a.Lang != "fra" || !a.Default || b.Index != 2 || b.Lang != "eng" || b.Title != "Commentary" || b.Default {
			t.Errorf("the sounds are said to be %+v and %+v", a, b)
		}
	}
}

func TestProbeRotation(t *testing.T) {
	needFFmpeg(t)
	flat := clip(t, "flat.mp4", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
	path := filepath.Join(t.TempDir(), "phone.mp4")
	if said, err := exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-i", flat, "-c", "copy", "-metadata:s:v:0", "rotate=90", path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	info, err := Probe(t.Context(), path)
	if err != nil || info.Streams[0].Rotation%180 != 90 { // which way the option turns differs between versions
		t.Errorf("a portrait film: %+v, %v", info, err)
	}
}

func TestProbeBroken(t *testing.T) {
	needFFmpeg(t)
	whole, err := os.ReadFile(clip(t, "film.mp4", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"))
	if err != nil {
		t.Fatal(err)
	}
	other := clip(t, "other.mp4", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
	for name, bytes := range map[string][]byte{
		"empty": nil, "text": []byte("not a film\n"), "cut": whole[:len(whole)/2],
		"a list of other files": []byte("ffconcat version 1.0\nfile '" + other + "'\n"),
		"a playlist":            []byte("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n" + other + "\n#EXT-X-ENDLIST\n"),
	} {
		path := filepath.Join(t.TempDir(), "x.mp4")
		if err := os.WriteFile(path, bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		var fault *Fault
		if info, err := Probe(t.Context(), path); !errors.Is(err, ErrBroken) || !errors.As(err, &fault) || fault.In("fr-CA") == fault.In("en") {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := Probe(ended, other); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waited, and the answer was %v", err)
	}
}

// An ffmpeg that somebody put into the working directory is not run.
func TestFindIsNotFooled(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"ffmpeg", "ffprobe"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv("PATH", ".")
	if p, err := Find(t.Context()); !errors.Is(err, ErrMissing) {
		t.Errorf("found %+v, %v", p, err)
	}
	if _, err := Probe(t.Context(), "ffmpeg"); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "WP-FFMPEG-MISSING") {
		t.Errorf("a probe gave %v", err)
	}
}

func TestPool(t *testing.T) {
	p := NewPool(1)
	back, err := p.Take(t.Context())
	if err != nil || p.Running() != 1 || !p.Full() {
		t.Fatalf("the first place: %v, %d taken", err, p.Running())
	}
	ctx, leave := context.WithCancel(t.Context())
	got := make(chan error)
	for range maxQueue {
		go func() {
			_, err := p.Take(ctx)
			got <- err
		}()
	}
	for p.Queue() < maxQueue {
		select {
		case err := <-got:
			t.Fatalf("somebody did not wait: %v", err)
		default:
		}
	}
	if _, err := p.Take(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("one too many: %v", err)
	}
	leave()
	for range maxQueue {
		if err := <-got; !errors.Is(err, context.Canceled) {
			t.Errorf("somebody who left got %v", err)
		}
	}
	back()
	if back, err = p.Take(t.Context()); err != nil {
		t.Fatal(err)
	}
	back()
}

// TestHostileNames: a name is one argument and a file, whatever stands in it, also to ffmpeg itself.
func TestHostileNames(t *testing.T) {
	needFFmpeg(t)
	good, err := os.ReadFile(clip(t, "good.mp4", "-c:v", "mpeg4", "-c:a", "aac", "-shortest"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{
		"-i.mp4", `it's "quoted" \ $(id) ;.mp4`, "two\nlines.mp4", "%s%n%03d.mp4", "concat:a|b.mp4", "http:::x?.mp4", "latin \xe9\xff.mp4", strings.Repeat("n", 251) + ".mp4", "[0:v]'null,.mp4",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
		if info, err := Probe(t.Context(), path); err != nil || len(info.Streams) != 2 {
			t.Errorf("%q: %+v, %v", name, info, err)
		}
	}
}
