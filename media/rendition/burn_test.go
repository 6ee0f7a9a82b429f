package rendition

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sup is a PGS stream (US 2009/0185789): for each pair of seconds a white bar is shown from the one
// to the other, 160 by 30 points at (80, 140) of 320 by 180.
func sup(t *testing.T, times ...[2]float64) []byte {
	t.Helper()
	var out bytes.Buffer
	segment := func(at float64, kind byte, body ...byte) {
		out.WriteString("PG")
		binary.Write(&out, binary.BigEndian, uint32(at*90000))
		binary.Write(&out, binary.BigEndian, uint32(0))
		out.WriteByte(kind)
		binary.Write(&out, binary.BigEndian, uint16(len(body)))
		out.Write(body)
	}
	window := []byte{1, 0, 0, 80, 0, 140, 0, 160, 0, 30}
	row := []byte{0, 0xC0, 160, 1, 0, 0} // 160 points of colour 1, and the end of the row
	for i, at := range times {
		n := byte(2 * i)
		segment(at[0], 0x16, 1, 64, 0, 180, 0x10, 0, n, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 80, 0, 140)
		segment(at[0], 0x17, window...)
		segment(at[0], 0x14, 0, 0, 1, 235, 128, 128, 255)
		data := bytes.Repeat(row, 30)
		segment(at[0], 0x15, append([]byte{0, 0, 0, 0xC0, 0, 0, byte(len(data) + 4), 0, 160, 0, 30}, data...)...)
		segment(at[0], 0x80)
		segment(at[1], 0x16, 1, 64, 0, 180, 0x10, 0, n+1, 0, 0, 0, 0)
		segment(at[1], 0x17, window...)
		segment(at[1], 0x80)
	}
	return out.Bytes()
}

// drawable is a folder with a dark film of ten seconds, with and without its disc's black bars,
// that has PGS and DVD subtitles from the second 1.0 to 9.5.
func drawable(t *testing.T) string {
	t.Helper()
	needFFmpeg(t)
	dir := t.TempDir()
	words := filepath.Join(dir, "words.sup")
	if err := os.WriteFile(words, sup(t, [2]float64{1, 9.5}), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]string{"words.mkv": "320x180", "wide.mkv": "320x134"} {
		render("-copyts", "-f", "lavfi", "-i", "color=c=0x102030:s="+size+":r=25:d=10", "-f", "lavfi", "-i", "sine=440:d=10", "-i", words, "-fix_sub_duration", "-i", words,
			"-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:v", "mpeg4", "-c:a", "aac", "-c:s:0", "copy", "-c:s:1", "dvdsub", filepath.Join(dir, name))
	}
	return dir
}

// Subtitles that are pictures are drawn into one rendition, in its frames' grid and also in a
// segment that is made alone long after they appeared; the others are as they were.
func TestDrawn(t *testing.T) {
	dir := drawable(t)
	for _, name := range []string{"words.mkv", "wide.mkv"} {
		was := made
		made = dir
		t.Cleanup(func() { made = was })
		s, other := studio(t, 1<<30), studio(t, 1<<30)
		info, err := s.Info(t.Context(), source(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"s2", "s3"} {
			if key == "s3" && name == "wide.mkv" {
				continue
			}
			all, is := offered(info, "main."+key+".m3u8")
			if len(all) != 2 || all[0].Name != "720"+key || all[1].Name != "a0" || is != "main.m3u8" {
				t.Fatalf("%s has %+v", key, all)
			}
			if list := string(get(t, s, name, "main."+key+".m3u8")); strings.Count(list, "#EXT-X-STREAM-INF") != 1 || !strings.Contains(list, "\n720"+key+"/list.m3u8\n") ||
				!strings.Contains(list, `URI="a0/list.m3u8"`) || !strings.Contains(list, "avc1.640028") {
				t.Errorf("the playlist of %s is\n%s", key, list)
			}
			if key == "s2" && name == "words.mkv" {
				checkJoins(t, s, other, name, all[0])
			}
			for _, look := range []struct {
				seconds string
				white   bool
			}{{"0/0.5", false}, {"0/3.5", true}, {"2/0.5", true}, {"2/1.9", false}} {
				n, at, _ := strings.Cut(look.seconds, "/")
				light := brightness(t, append(get(t, other, name, "720"+key+"/init.mp4"), get(t, other, name, "720"+key+"/"+n+".m4s")...), at)
				if (light > 180) != look.white {
					t.Errorf("%s %s: segment %s at %s has light %d", name, key, n, at, light)
				}
			}
		}
		if light := brightness(t, append(get(t, s, name, "720/init.mp4"), get(t, s, name, "720/0.m4s")...), "3.5"); light > 60 {
			t.Errorf("without subtitles: light %d", light)
		}
		for _, none := range []string{"main.s0.m3u8", "main.s1.m3u8", "main.s9.m3u8", "main.s02.m3u8", "main..m3u8", "720s1/list.m3u8", "480s2/list.m3u8", "720s2s2/0.m4s"} {
			if _, err := s.Open(t.Context(), source(name), none); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: %v", none, err)
			}
		}
	}
}

// brightness is that of the middle of the bar, 30 points above the lower edge, so many seconds
// into a segment.
func brightness(t *testing.T, piece []byte, at string) byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.mp4")
	if err := os.WriteFile(path, piece, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-i", path, "-ss", at, "-frames:v", "1",
		"-vf", "crop=100:10:110:ih-30,scale=1:1,format=gray", "-f", "rawvideo", "-").Output()
	if err != nil || len(out) != 1 {
		t.Fatalf("%d points at %s: %v", len(out), at, err)
	}
	return out[0]
}

// All who want the same subtitles drawn share one child.
func TestDrawnTogether(t *testing.T) {
	dir := drawable(t)
	was := made
	made = dir
	t.Cleanup(func() { made = was })
	s := studio(t, 1<<30)
	if _, err := s.Info(t.Context(), source("words.mkv")); err != nil {
		t.Fatal(err)
	}
	got := make(chan []byte)
	for range 3 {
		go func() { got <- get(t, s, "words.mkv", "720s2/1.m4s") }()
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
}
