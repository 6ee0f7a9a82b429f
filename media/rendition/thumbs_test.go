package rendition

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"watchparty/media/ffmpeg"
)

// hour is a film whose colour tells the time: its red grows evenly from black to full.
func hour(seconds int) []string {
	return []string{"-f", "lavfi", "-i", fmt.Sprintf("color=black:s=64x36:r=2:d=%d", seconds), "-vf",
		fmt.Sprintf("format=gbrp,geq=r='255*T/%d':g=32:b=64,format=yuv420p", seconds),
		"-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-g", "4"}
}

// clipOf makes a film of its own for a test, and gives it as a source.
func clipOf(t *testing.T, name string, args ...string) Source {
	t.Helper()
	needFFmpeg(t)
	path := filepath.Join(t.TempDir(), name)
	render(append(args, path)...)
	return Source{Key: path, Open: func() (*os.File, error) { return os.Open(path) }}
}

func pictureOf(t *testing.T, p *Piece, err error) image.Image {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	b, err := io.ReadAll(p)
	if err != nil || int64(len(b)) != p.Size || p.Tag == "" || p.Type != "image/jpeg" {
		t.Fatalf("%d bytes of %d, %s, %v", len(b), p.Size, p.Type, err)
	}
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// alike tells whether two colours are about the same; JPEG and YUV leave little exact.
func alike(c color.Color, r, g, b float64) bool {
	cr, cg, cb, _ := c.RGBA()
	return math.Abs(float64(cr>>8)-r) < 16 && math.Abs(float64(cg>>8)-g) < 16 && math.Abs(float64(cb>>8)-b) < 16
}

// Each thumbnail shows its time, also where the film is read in pieces; a sheet is made once.
func TestSheets(t *testing.T) {
	s := studio(t, 1<<30)
	src := clipOf(t, "hour.mp4", hour(400)...)
	info, err := s.Info(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	want := Thumbs{Every: 10, Count: 40, Across: 5, Down: 5, Width: 64, Height: 36}
	if th := ThumbsOf(info); th == nil || *th != want {
		t.Fatalf("the thumbnails are said to be %+v", th)
	}
	check := func(img image.Image, first int) {
		t.Helper()
		for i := range min(25, want.Count-first) {
			at := image.Pt(i%5*want.Width+want.Width/2, i/5*want.Height+want.Height/2)
			red := 255 * float64((first+i)*want.Every+want.Every/2) / 400
			if c := img.At(at.X, at.Y); !alike(c, red, 32, 64) {
				t.Errorf("thumbnail %d is %v, and the film is %.0f", first+i, c, red)
			}
		}
	}
	for n, size := range []image.Point{{320, 180}, {320, 108}} {
		p, err := s.Sheet(t.Context(), src, fmt.Sprintf("%d.jpg", n))
		img := pictureOf(t, p, err)
		if img.Bounds().Size() != size {
			t.Errorf("sheet %d is %v", n, img.Bounds())
		}
		check(img, n*25)
	}
	children := s.Started()
	p, err := s.Sheet(t.Context(), src, "0.jpg")
	pictureOf(t, p, err)
	if children != 2 || s.Started() != children {
		t.Errorf("%d children for two sheets, then %d", children, s.Started())
	}
	for _, name := range []string{"2.jpg", "-1.jpg", "00.jpg", "+1.jpg", "1.png", "1", "", "../poster.jpg"} {
		if _, err := s.Sheet(t.Context(), src, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
	file, err := src.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info.Bitrate = 100 << 20 // as large as films get: each picture is looked up by itself
	b, err := s.sheet(t.Context(), file, info, want, 1)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil || s.Started() != children+15 {
		t.Fatalf("%d children more, %v", s.Started()-children, err)
	}
	check(img, 25)
}

// However long a film is, its sheets are few, and a thumbnail is upright where the film is.
func TestThumbsOf(t *testing.T) {
	film := func(d time.Duration, v ffmpeg.Stream) ffmpeg.Info {
		v.Type = "video"
		return ffmpeg.Info{Duration: d, Streams: []ffmpeg.Stream{v}}
	}
	hd := ffmpeg.Stream{Width: 1920, Height: 1080}
	for _, c := range []struct {
		info ffmpeg.Info
		want string
	}{
		{film(30*time.Second, hd), "2 15 240x136"},
		{film(249*time.Second, hd), "10 25 240x136"},
		{film(2*time.Hour, hd), "10 720 240x136"},
		{film(4*time.Hour, hd), "10 1440 240x136"},
		{film(10*time.Hour, hd), "24 1500 240x136"},
		{film(time.Hour, ffmpeg.Stream{Width: 1920, Height: 1080, Rotation: 90}), "10 360 136x240"},
		{film(time.Hour, ffmpeg.Stream{Width: 720, Height: 576, Aspect: 64.0 / 45}), "10 360 240x136"},
		{film(time.Hour, ffmpeg.Stream{Width: 100, Height: 80}), "10 360 100x80"},
		{film(0, hd), "none"},
		{film(time.Hour, ffmpeg.Stream{Width: 600, Height: 600, Picture: true}), "none"},
	} {
		got := "none"
		if th := ThumbsOf(c.info); th != nil {
			got = fmt.Sprintf("%d %d %dx%d", th.Every, th.Count, th.Width, th.Height)
		}
		if got != c.want {
			t.Errorf("%+v: %s, want %s", c.info, got, c.want)
		}
	}
}
