package rendition

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/Eyevinn/mp4ff/mp4"
)

// copiedClips are films whose picture can be copied; make test-long has more.
var copiedClips = []string{"reordered.mkv", "tv.ts", "open.webm"}

// A picture that is copied is the file's, picture by picture, and in its times, in segments
// that two studios make by turns.
func TestCopied(t *testing.T) {
	for _, clip := range copiedClips {
		t.Run(clip, func(t *testing.T) {
			studios := []*Studio{studio(t, 1<<30), studio(t, 1<<30)}
			for _, s := range studios {
				get(t, s, clip, "source/list.m3u8") // waits for the key frames, as long as it takes
				if main := string(get(t, s, clip, "main.m3u8")); !strings.Contains(main, "source/list.m3u8") {
					t.Fatalf("it is not copied:\n%s", main)
				}
			}
			longs := lengths(t, get(t, studios[0], clip, "source/list.m3u8"))
			pieces := [][]byte{get(t, studios[0], clip, "source/init.mp4")}
			order := make([][]byte, len(longs))
			for n := range slices.Backward(longs) {
				order[n] = get(t, studios[n%2], clip, fmt.Sprintf("source/%d.m4s", n))
			}
			begin := 0.0
			for n, piece := range order {
				shown, decoded, ends := times(t, piece)
				if math.Abs(shown-begin) > 2e-5 || math.Abs(decoded-begin) > 2e-5 {
					t.Errorf("segment %d begins at %f s and is decoded at %f s, not at %f s", n, shown, decoded, begin)
				}
				if begin += longs[n]; math.Abs(ends-begin) > 2e-5 {
					t.Errorf("segment %d ends at %f s, not at %f s", n, ends, begin)
				}
			}
			checkSame(t, clip, append(pieces, order...))
		})
	}
}

// times are when the first picture of a segment is shown, when it is decoded, and when the
// last ends, in seconds. (ffprobe moves what is decoded after it is shown.)
func times(t *testing.T, piece []byte) (shown, decoded, ends float64) {
	t.Helper()
	file, err := mp4.DecodeFile(bytes.NewReader(piece))
	if err != nil {
		t.Fatal(err)
	}
	all, err := file.Segments[0].Fragments[0].GetFullSamples(nil)
	if err != nil {
		t.Fatal(err)
	}
	last := all[len(all)-1]
	return float64(all[0].PresentationTime()) / copyScale, float64(all[0].DecodeTime) / copyScale, float64(last.DecodeTime+uint64(last.Dur)) / copyScale
}

// lengths are those that a playlist tells, which no segment exceeds.
func lengths(t *testing.T, list []byte) (all []float64) {
	t.Helper()
	most, err := strconv.Atoi(regexp.MustCompile(`TARGETDURATION:(\d+)`).FindStringSubmatch(string(list))[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`#EXTINF:([0-9.]+)`).FindAllStringSubmatch(string(list), -1) {
		f, err := strconv.ParseFloat(m[1], 64)
		if err != nil || int(math.Round(f)) > most {
			t.Errorf("a segment of %s s, %v, where none has more than %d", m[1], err, most)
		}
		all = append(all, f)
	}
	return all
}

// checkSame compares what a decoder makes of the file and of the segments.
func checkSame(t *testing.T, clip string, pieces [][]byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.mp4")
	if err := os.WriteFile(path, bytes.Join(pieces, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	pictures := func(args ...string) [][]string {
		out, err := exec.Command("ffmpeg", slices.Concat([]string{"-nostdin", "-v", "error", "-copyts", "-start_at_zero"}, args,
			[]string{"-map", "0:v", "-fps_mode", "passthrough", "-enc_time_base", "1:90000", "-f", "framemd5", "-"})...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`(?m)^0, +\d+, +(\d+), .*, ([0-9a-f]{32})$`).FindAllStringSubmatch(string(out), -1)
	}
	want, got := pictures("-i", filepath.Join(made, clip)), pictures("-i", path)
	if len(want) != len(got) || len(want) == 0 {
		t.Fatalf("%d pictures of %d", len(got), len(want))
	}
	for i := range want {
		a, _ := strconv.Atoi(want[i][1])
		b, _ := strconv.Atoi(got[i][1])
		if want[i][2] != got[i][2] || i > 0 && a-b > 1 || b-a > 1 {
			t.Fatalf("picture %d is another: at %d and %d", i, a, b)
		}
	}
}

// What cannot be cut at key frames is not copied, and says why.
func TestNotCopied(t *testing.T) {
	s := studio(t, 1<<30)
	for clip, why := range map[string]string{"opengop.mkv": "key frame to begin at", "lone.mkv": "30.0 s without", "h264.avi": "", "old.avi": "", "phone.mp4": ""} {
		if _, err := s.Open(t.Context(), source(clip), "source/list.m3u8"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: a list, %v", clip, err)
		}
		main := string(get(t, s, clip, "main.m3u8"))
		if strings.Contains(main, "source/") || !strings.Contains(main, "720/list.m3u8") {
			t.Errorf("%s: the playlist is\n%s", clip, main)
		}
		s.mu.Lock()
		f := s.found[clip]
		s.mu.Unlock()
		if why == "" && f != nil || why != "" && (f == nil || !strings.Contains(f.keys.Why, why)) {
			t.Errorf("%s: %+v", clip, f)
		}
	}
}
