package rendition

import (
	"context"
	"encoding/csv"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"watchparty/media/ffmpeg"
)

// needFFmpeg finds ffmpeg; a test without it is skipped, and fails in CI.
func needFFmpeg(t *testing.T) *ffmpeg.Program {
	t.Helper()
	p, err := ffmpeg.Find(t.Context())
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return p
}

// made is the folder of the clips; empty: there is no ffmpeg.
var made string

const (
	picture = "testsrc2=s=320x180:r=25:d=9"
	sound   = "sine=440:d=9:r=44100"
)

// clips are small films of nine seconds, by name.
var clips = map[string][]string{
	"two.mkv": {"-f", "lavfi", "-i", "testsrc2=s=320x180:r=24000/1001:d=9", "-f", "lavfi", "-i", sound, "-map", "0", "-map", "1", "-map", "1",
		"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p10le", "-c:a", "eac3",
		"-metadata:s:a:0", "language=fra", "-metadata:s:a:1", "language=eng", "-disposition:a:1", "default", "-disposition:a:0", "0"},
	"old.avi":   {"-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-c:v", "mpeg4", "-c:a", "libmp3lame"},
	"tv.ts":     {"-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"},
	"open.webm": {"-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"},
	"uneven.mkv": {"-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-vf", "select='not(mod(n,3))+lt(mod(n,50),9)'", "-fps_mode", "vfr",
		"-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"},
	"reordered.mkv": {"-f", "lavfi", "-i", "testsrc2=s=320x180:r=24000/1001:d=18", "-f", "lavfi", "-i", "sine=440:d=18", "-c:v", "libx264",
		"-preset", "ultrafast", "-bf", "3", "-b_strategy", "0", "-refs", "3", "-g", "53", "-x264-params", "b-pyramid=normal:bframes=3", "-pix_fmt", "yuv420p", "-c:a", "ac3"},
	"opengop.mkv": {"-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=24", "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
		"-x265-params", "log-level=error:keyint=30:min-keyint=30:open-gop=1:bframes=3:b-adapt=0:scenecut=0"},
	"lone.mkv":  {"-f", "lavfi", "-i", "testsrc2=s=64x36:r=10:d=30", "-c:v", "libx264", "-preset", "ultrafast", "-g", "1000"},
	"h264.avi":  {"-f", "lavfi", "-i", picture, "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"},
	"song.flac": {"-f", "lavfi", "-i", sound},
	"long.mp4": {"-f", "lavfi", "-i", "testsrc2=s=192x108:r=25:d=300", "-f", "lavfi", "-i", "sine=440:d=300", "-c:v", "libx264",
		"-preset", "ultrafast", "-g", "250", "-c:a", "aac", "-movflags", "+faststart"},
}

func TestMain(m *testing.M) { os.Exit(inFolder(m)) }

func inFolder(m *testing.M) int {
	fuzzing := slices.ContainsFunc(os.Args, func(a string) bool { return a == "-test.fuzzworker" || strings.HasPrefix(a, "-test.fuzz=") })
	if _, err := ffmpeg.Find(context.Background()); err != nil || fuzzing {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "clips")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	made = dir
	for name, args := range clips {
		render(append(args, filepath.Join(dir, name))...)
	}
	render("-i", filepath.Join(dir, "tv.ts"), "-c", "copy", "-metadata:s:v:0", "rotate=90", filepath.Join(dir, "phone.mp4"))
	render("-i", filepath.Join(dir, "reordered.mkv"), "-c", "copy", filepath.Join(dir, "reordered.mp4"))
	whole, err := os.ReadFile(filepath.Join(dir, "long.mp4"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "cut.mp4"), whole[:len(whole)/2], 0o600)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "empty.mkv"), nil, 0o600)
	}
	if err != nil {
		panic(err)
	}
	return m.Run()
}

func render(args ...string) {
	if said, err := exec.Command("ffmpeg", append([]string{"-nostdin", "-loglevel", "error", "-y"}, args...)...).CombinedOutput(); err != nil {
		panic(strings.Join(args, " ") + ": " + string(said))
	}
}

// source is a clip as a studio gets it.
func source(name string) Source {
	return Source{Key: name, Open: func() (*os.File, error) { return os.Open(filepath.Join(made, name)) }}
}

// studio runs one with an empty cache until the test ends.
func studio(t *testing.T, quota int64) *Studio {
	t.Helper()
	s, err := New(Config{Program: needFFmpeg(t), Dir: t.TempDir(), Quota: quota, Log: slog.New(slog.DiscardHandler)})
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
		if n, _ := s.Load(); n != 0 {
			t.Errorf("%d children are left", n)
		}
	})
	return s
}

func get(t *testing.T, s *Studio, clip, name string) []byte {
	t.Helper()
	p, err := s.Open(t.Context(), source(clip), name)
	if err != nil {
		t.Fatalf("%s of %s: %v", name, clip, err)
	}
	defer p.Close()
	b, err := io.ReadAll(p)
	if err != nil || int64(len(b)) != p.Size || p.Tag == "" {
		t.Fatalf("%s of %s: %d bytes of %d, %v", name, clip, len(b), p.Size, err)
	}
	return b
}

// packets reads pts and dts of what is in pieces, in seconds and in the order of the file.
func packets(t *testing.T, pieces ...[]byte) (pts, dts []float64) {
	t.Helper()
	rows := entries(t, "packet=pts_time,dts_time", pieces...)
	for _, row := range rows {
		p, errP := strconv.ParseFloat(row[0], 64)
		d, errD := strconv.ParseFloat(row[1], 64)
		if errP != nil || errD != nil {
			t.Fatalf("a packet at %v", row)
		}
		pts, dts = append(pts, p), append(dts, d)
	}
	return pts, dts
}

func entries(t *testing.T, what string, pieces ...[]byte) [][]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.mp4")
	var all []byte
	for _, p := range pieces {
		all = append(all, p...)
	}
	if err := os.WriteFile(path, all, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ffprobe", "-v", "error", "-show_entries", what, "-of", "csv=p=0", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(string(out)))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("ffprobe said %q, %v", out, err)
	}
	return rows
}
