package rendition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"watchparty/media/ffmpeg"
)

func checkJoins(t *testing.T, s, other *Studio, clip string, r Rendition) {
	t.Helper()
	if n := r.Segments(); n != 3 {
		t.Fatalf("%s has %d segments", clip, n)
	}
	name := r.Name + "/%d.m4s"
	init := get(t, s, clip, r.Name+"/init.mp4")
	third := get(t, other, clip, fmt.Sprintf(name, 2)) // made alone, by a child that begins there
	second := get(t, other, clip, fmt.Sprintf(name, 1))
	if again := get(t, other, clip, r.Name+"/init.mp4"); !bytes.Equal(init, again) {
		t.Errorf("%s %s: two children begin otherwise", clip, r.Name)
	}
	first := get(t, s, clip, fmt.Sprintf(name, 0))
	frame := float64(r.step) / float64(r.scale)
	for n, piece := range [][]byte{first, second, third} {
		pts, _ := packets(t, init, piece)
		if off := pts[0] - float64(4*n); off < -0.001 || off >= frame {
			t.Errorf("%s %s: segment %d begins at %f s", clip, r.Name, n, pts[0])
		}
		if r.scale%r.step == 0 && r.video() && math.Abs(pts[0]-float64(4*n)) > 0.001 {
			t.Errorf("%s %s: segment %d begins at %f s, and could be exact", clip, r.Name, n, pts[0])
		}
	}
	_, dts := packets(t, init, first, second, third)
	for i := 1; i < len(dts); i++ {
		if step := dts[i] - dts[i-1]; math.Abs(step-frame) > 0.00011 {
			t.Fatalf("%s %s: from %f to %f s, where a frame has %f", clip, r.Name, dts[i-1], dts[i], frame)
		}
	}
	if end := dts[len(dts)-1] + frame; math.Abs(end-r.Length.Seconds()) > frame {
		t.Errorf("%s %s: ends at %f s of %v", clip, r.Name, end, r.Length)
	}
	if !r.video() {
		return
	}
	size := entries(t, "stream=width,height,profile,pix_fmt,level", init, first)[0]
	if got := strings.Join(size[1:3], "x"); got != fmt.Sprintf("%dx%d", r.Width, r.Height) || size[3] != "yuv420p" {
		t.Errorf("%s %s: the picture is %v", clip, r.Name, size)
	}
	if clip == "phone.mp4" && r.Width > r.Height {
		t.Errorf("a portrait film comes out %dx%d", r.Width, r.Height)
	}
}

// Segment 40 of five minutes is made alone; three who want it share one child, and its first
// picture is that of the film at that time.
func TestSeekTogether(t *testing.T) {
	s := studio(t, 1<<30)
	if _, err := s.Info(t.Context(), source("long.mp4")); err != nil {
		t.Fatal(err)
	}
	got := make(chan []byte)
	for range 3 {
		go func() { got <- get(t, s, "long.mp4", "720/40.m4s") }()
	}
	piece := <-got
	for range 2 {
		if !bytes.Equal(piece, <-got) {
			t.Error("two guests got different bytes")
		}
	}
	if n := s.Started(); n != 2 {
		t.Errorf("%d children for one segment and its sound", n)
	}
	init := get(t, s, "long.mp4", "720/init.mp4")
	get(t, s, "long.mp4", "720/41.m4s")
	if n := s.Started(); n != 2 {
		t.Errorf("%d children for one evening", n)
	}
	if pts, _ := packets(t, init, piece); pts[0] != 160 {
		t.Errorf("segment 40 begins at %f s", pts[0])
	}
	checkPicture(t, append(init, piece...))
}

// checkPicture compares the first picture of a segment with the film's at 160 seconds.
func checkPicture(t *testing.T, piece []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.mp4")
	if err := os.WriteFile(path, piece, 0o600); err != nil {
		t.Fatal(err)
	}
	// Structural similarity with the frame that is due, and with its neighbours.
	score := func(at string) float64 {
		said, err := exec.Command("ffmpeg", "-nostdin", "-hide_banner", "-i", path, "-ss", at, "-i", filepath.Join(made, "long.mp4"),
			"-lavfi", "[0:v]trim=end_frame=1,setpts=0[a];[1:v]trim=end_frame=1,setpts=0[b];[a][b]ssim", "-f", "null", "-").CombinedOutput()
		_, after, ok := strings.Cut(string(said), "All:")
		f, errF := strconv.ParseFloat(strings.Fields(after + " x")[0], 64)
		if err != nil || !ok || errF != nil {
			t.Fatalf("compare: %v: %s", err, said)
		}
		return f
	}
	due := score("160")
	if before, after := score("159.96"), score("160.04"); due <= before || due <= after {
		t.Errorf("the picture is like the one due by %f, before it by %f, after it by %f", due, before, after)
	}
}

// A child that is killed in the middle of a segment is followed by another, and nobody who waits hears of it.
func TestKilled(t *testing.T) {
	ffmpeg, dir := needFFmpeg(t).Path, t.TempDir()
	script := fmt.Sprintf(`#!/bin/sh
case "$*" in *libx264*pipe:1) if rm %q/well; then %s "$@" | head -c 9999; kill -KILL $$; fi ;; esac
exec %[2]s "$@"
`, dir, ffmpeg)
	for name, text := range map[string]string{"well": "", "ffmpeg": script} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	s := studio(t, 1<<30)
	get(t, s, "long.mp4", "720/0.m4s")
	get(t, s, "long.mp4", "720/2.m4s")
	if n := s.Started(); n != 3 {
		t.Errorf("%d children: two for the picture and one for the sound were due", n)
	}
	if _, err := os.Stat(filepath.Join(dir, "well")); err == nil {
		t.Error("no child was killed")
	}
}

func TestBrokenFilms(t *testing.T) {
	s := studio(t, 1<<30)
	get(t, s, "cut.mp4", "720/3.m4s") // before the cut
	for _, ask := range [][2]string{{"cut.mp4", "720/70.m4s"}, {"empty.mkv", "main.m3u8"}} {
		var fault *ffmpeg.Fault
		if _, err := s.Open(t.Context(), source(ask[0]), ask[1]); !errors.Is(err, ffmpeg.ErrBroken) || !errors.As(err, &fault) {
			t.Errorf("%v: %v", ask, err)
		}
	}
	for _, name := range []string{"", "720", "720/75.m4s", "720/-1.m4s", "720/01.m4s", "720/x.mp4", "a9/list.m3u8", "../main.m3u8", "480/list.m3u8", "source/99.m4s"} {
		if _, err := s.Open(t.Context(), source("long.mp4"), name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := s.Open(gone, source("tv.ts"), "720/0.m4s"); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waited, and got %v", err)
	}
}

func TestPlaylists(t *testing.T) {
	s := studio(t, 1<<30)
	main := string(get(t, s, "two.mkv", "main.m3u8"))
	for _, want := range []string{"#EXT-X-INDEPENDENT-SEGMENTS\n", `NAME="fra",LANGUAGE="fra",DEFAULT=NO`, `NAME="eng",LANGUAGE="eng",DEFAULT=YES`,
		`URI="a1/list.m3u8"`, `CODECS="avc1.640028,mp4a.40.2",RESOLUTION=320x180,FRAME-RATE=23.976,AUDIO="sound"` + "\n720/list.m3u8\n"} {
		if !strings.Contains(main, want) {
			t.Errorf("the playlist lacks %q:\n%s", want, main)
		}
	}
	list := string(get(t, s, "two.mkv", "a1/list.m3u8"))
	if strings.Count(list, "#EXTINF:4.000000,\n") != 2 || !strings.Contains(list, "\n2.m4s\n#EXT-X-ENDLIST\n") || !strings.Contains(list, `#EXT-X-MAP:URI="init.mp4"`) {
		t.Errorf("the list is\n%s", list)
	}
	if s.Started() != 0 {
		t.Error("a playlist started a child")
	}
}

// The cache keeps to its quota, forgets what was half written, and finds again what is whole.
func TestCache(t *testing.T) {
	dir := t.TempDir()
	c, err := openCache(dir, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a/1", "a/2", "b/1"} {
		if err := c.put(name, make([]byte, 30)); err != nil {
			t.Fatal(err)
		}
	}
	if f, ok := c.get("a/1"); ok {
		f.Close()
	}
	if err := c.put("b/2", make([]byte, 30)); err != nil || c.size > 100 || c.has("a/2") || !c.has("a/1") || !c.has("b/2") {
		t.Errorf("%d bytes are kept: %v, %v", c.size, c.held, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "3"+unfinished), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err = openCache(dir, 100); err != nil || !c.has("a/1") || len(c.held) != 3 {
		t.Errorf("opened again: %v, %v", c.held, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "a", "3"+unfinished)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was half written is there: %v", err)
	}
}

func TestMIME(t *testing.T) {
	needFFmpeg(t)
	for clip, want := range map[string]string{
		"two.mkv": `video/x-matroska; codecs="hvc1.2.4.L60.B0, ec-3"`, "open.webm": `video/webm; codecs="vp09.00.21.08, opus"`,
		"phone.mp4": `video/mp4; codecs="avc1.42e00c, mp4a.40.2"`, "song.flac": "audio/flac", "old.avi": "", "tv.ts": "",
	} {
		info, err := ffmpeg.Probe(t.Context(), filepath.Join(made, clip))
		if got := MIME(info); got != want || err != nil {
			t.Errorf("%s is %s, not %s (%v)", clip, got, want, err)
		}
	}
}

// TestLadder: two sizes of a picture that stands upright, each even, and every sound.
func TestLadder(t *testing.T) {
	film := ffmpeg.Info{Format: "matroska,webm", Duration: 60e9, Streams: []ffmpeg.Stream{
		{Type: "video", Codec: "h264", PixFmt: "yuv420p", Width: 1920, Height: 1080, Rotation: 90, FPS: 24},
		{Index: 1, Type: "audio", Codec: "dts"}}}
	if l := Ladder(film); len(l) != 3 || l[0].Width != 406 || l[0].Height != 720 || l[1].Name != "480" || l[2].Name != "a0" {
		t.Errorf("the ladder is %+v", l)
	}
	film.Streams[0].Codec = "mpeg4"
	for name, want := range map[string]string{"main.m3u8": "720", "main.480.m3u8": "480"} {
		all, is := offered(film, name)
		if list := string(mainPlaylist(all)); is != "main.m3u8" || strings.Count(list, "#EXT-X-STREAM-INF") != 1 || !strings.Contains(list, "\n"+want+"/list.m3u8\n") || !strings.Contains(list, "a0/list.m3u8") {
			t.Errorf("of %s they get %s", name, list)
		}
	}
	film.Streams[0] = ffmpeg.Stream{Type: "video", Codec: "mpeg2video", Width: 720, Height: 576, Aspect: 64.0 / 45, FPS: 25} // a disc
	if l := Ladder(film); l[0].Width != 1024 || l[0].Height != 576 {
		t.Errorf("wide pixels make %+v", l)
	}
	for _, clear := range []bool{true, false} {
		v := ffmpeg.Stream{Type: "video", Codec: "h264", Profile: "High", Level: 41, Tag: "[0][0][0][0]", PixFmt: "yuv420p", Width: 640, Height: 480, FPS: 25, Interlaced: !clear}
		if l := Ladder(ffmpeg.Info{Format: "matroska,webm", Duration: 60e9, Streams: []ffmpeg.Stream{v}}); l[0].Copied() != clear {
			t.Errorf("of a picture whose lines are whole: %v, the ladder is %+v", clear, l)
		}
	}
}
