package demo

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
)

const (
	most    = 4_000_000 // bytes that the demo may add to the program
	seconds = 60
	rate    = 24 // frames a second
	gop     = 2  // seconds from keyframe to keyframe
)

// needTool finds a program. Where it is missing the test is skipped, in CI it fails.
func needTool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("CI must have %s: %v", name, err)
	} else if err != nil {
		t.Skipf("needs %s", name)
	}
	return path
}

func parse(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, problems := catalog.Parse("catalog.yaml", Catalog(), time.UTC)
	if len(problems) > 0 {
		t.Fatalf("the demo catalog has problems:\n%v", problems)
	}
	return c
}

// onDisk copies a film out of the program, for tools that want a file.
func onDisk(t *testing.T, name string) string {
	t.Helper()
	b, err := fs.ReadFile(Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/film.mp4"
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCatalogAndFilesBelongTogether(t *testing.T) {
	used := map[string]bool{}
	for _, title := range parse(t).Titles {
		stem := strings.TrimSuffix(title.File, ".mp4")
		for _, name := range []string{title.File, title.Poster, stem + ".en.vtt", stem + ".fr.vtt"} {
			if _, err := fs.Stat(Files(), name); err != nil {
				t.Errorf("%s: %v", title.ID, err)
			}
			used[name] = true
		}
		if title.Duration != seconds*time.Second || title.Synopsis == "" {
			t.Errorf("%s: duration %v, synopsis %q", title.ID, title.Duration, title.Synopsis)
		}
	}
	total := int64(len(Catalog()))
	err := fs.WalkDir(Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		if !used[path] {
			t.Errorf("%s is embedded but no title uses it", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if total > most {
		t.Errorf("the demo weighs %d bytes, more than %d", total, most)
	}
}

func TestRulesShowEachKindOfLock(t *testing.T) {
	c := parse(t)
	at := time.Date(2026, 6, 1, 20, 0, 0, 0, time.UTC)
	prime := []catalog.Membership{{Tier: "prime"}}
	for _, test := range []struct {
		who  catalog.Viewer
		open string
	}{
		{catalog.Viewer{House: "DE"}, "night-train small-hours small-hours"},
		{catalog.Viewer{House: "FR"}, "night-train aurora small-hours small-hours"},
		{catalog.Viewer{House: "DE", Tiers: prime}, "night-train harbour-lights small-hours small-hours"},
		{catalog.Viewer{}, ""},
	} {
		var open []string
		for _, title := range c.Titles {
			if c.Decide(title.ID, test.who, at).OK {
				name := string(title.ID)
				if title.Series != "" {
					name = string(title.Series)
				}
				open = append(open, name)
			}
		}
		if got := strings.Join(open, " "); got != test.open {
			t.Errorf("%+v may watch %q, want %q", test.who, got, test.open)
		}
	}
}

// boxes names the top-level boxes of an MP4 file in order (ISO/IEC 14496-12, 4.2).
func boxes(b []byte) (names []string, err error) {
	for len(b) > 0 {
		if len(b) < 8 {
			return names, errors.New("cut short")
		}
		size := int64(binary.BigEndian.Uint32(b))
		if size < 8 || size > int64(len(b)) {
			return names, errors.New("bad size")
		}
		names, b = append(names, string(b[4:8])), b[size:]
	}
	return names, nil
}

func TestFilmsStartBeforeTheyAreWholeHere(t *testing.T) {
	for _, title := range parse(t).Titles {
		b, err := fs.ReadFile(Files(), title.File)
		if err != nil {
			t.Fatal(err)
		}
		names, err := boxes(b)
		order := strings.Join(names, " ")
		if moov, mdat := strings.Index(order, "moov"), strings.Index(order, "mdat"); err != nil || moov < 0 || moov > mdat {
			t.Errorf("%s: boxes %s: %v", title.File, order, err)
		}
	}
}

func TestPicture(t *testing.T) {
	probe := needTool(t, "ffprobe")
	for _, title := range parse(t).Titles {
		path := onDisk(t, title.File)
		out, err := exec.CommandContext(t.Context(), probe, "-v", "error", "-of", "json", "-show_streams",
			"-show_entries", "packet=pts_time,flags,stream_index", path).Output()
		if err != nil {
			t.Fatalf("%s: %v", title.File, err)
		}
		var film struct {
			Streams []struct {
				Codec   string `json:"codec_name"`
				Profile string `json:"profile"`
				Pixels  string `json:"pix_fmt"`
				Width   int    `json:"width"`
				Height  int    `json:"height"`
				Rate    string `json:"avg_frame_rate"`
				Frames  string `json:"nb_frames"`
				Length  string `json:"duration"`
			} `json:"streams"`
			Packets []struct {
				Stream int    `json:"stream_index"`
				At     string `json:"pts_time"`
				Flags  string `json:"flags"`
			} `json:"packets"`
		}
		if err := json.Unmarshal(out, &film); err != nil || len(film.Streams) != 2 {
			t.Fatalf("%s: %d streams: %v", title.File, len(film.Streams), err)
		}
		v, a := film.Streams[0], film.Streams[1]
		if v.Codec != "h264" || v.Profile != "High" || v.Pixels != "yuv420p" || v.Width != 640 || v.Height != 360 ||
			v.Rate != "24/1" || v.Frames != "1440" || v.Length != "60.000000" || a.Codec != "aac" || a.Length != "60.000000" {
			t.Errorf("%s: picture %+v, sound %+v", title.File, v, a)
		}
		var keys int
		for _, p := range film.Packets {
			if p.Stream == 0 && strings.HasPrefix(p.Flags, "K") {
				if at, err := time.ParseDuration(p.At + "s"); err != nil || at != time.Duration(keys)*gop*time.Second {
					t.Errorf("%s: keyframe %d is at %s s", title.File, keys, p.At)
				}
				keys++
			}
		}
		if keys != seconds/gop {
			t.Errorf("%s: %d keyframes, want %d", title.File, keys, seconds/gop)
		}
	}
}

// TestClick listens: within 5 ms of each whole second, and at no other time, the sound grows suddenly.
func TestClick(t *testing.T) {
	ffmpeg := needTool(t, "ffmpeg")
	const hertz, block = 32000, 160 // 5 ms
	for _, title := range parse(t).Titles {
		out, err := exec.CommandContext(t.Context(), ffmpeg, "-v", "error", "-i", onDisk(t, title.File),
			"-af", "highpass=f=1200", "-f", "s16le", "-ac", "1", "-").Output()
		if err != nil {
			t.Fatalf("%s: %v", title.File, err)
		}
		samples := make([]int16, len(out)/2)
		if err := binary.Read(bytes.NewReader(out), binary.LittleEndian, samples); err != nil {
			t.Fatal(err)
		}
		loud := func(from int) (sum float64) {
			for _, s := range samples[max(0, from):min(len(samples), max(0, from)+block)] {
				sum += float64(s) * float64(s)
			}
			return math.Sqrt(sum / block)
		}
		for s := 1; s < seconds; s++ {
			before, on, between := loud(s*hertz-3*block), loud(s*hertz), loud(s*hertz+hertz/2)
			if on < 600 || on < 4*before || on < 4*between {
				t.Errorf("%s: at %d s the click is %.0f, before it %.0f, half a second later %.0f", title.File, s, on, before, between)
			}
		}
	}
}
