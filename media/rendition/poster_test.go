package rendition

import (
	"errors"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A poster is a frame that is not black, or the cover that a file brings along; it is made once,
// and what has no picture has none.
func TestPoster(t *testing.T) {
	s := studio(t, 1<<30)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	render("-f", "lavfi", "-i", "color=c=black:s=640x360:r=25:d=4", "-f", "lavfi", "-i", "color=c=blue:s=640x360:r=25:d=16",
		"-filter_complex", "[0][1]concat=n=2", "-g", "25", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", at("film.mkv"))
	render("-f", "lavfi", "-i", "color=c=lime:s=1200x1200:r=1:d=1", "-frames:v", "1", at("cover.png"))
	render("-f", "lavfi", "-i", "sine=d=3", "-i", at("cover.png"), "-map", "0", "-map", "1", "-disposition:v", "attached_pic", "-c:v", "mjpeg", at("song.flac"))
	render("-f", "lavfi", "-i", "sine=d=3", at("plain.flac"))
	film := func(name string) Source {
		return Source{Key: name, Open: func() (*os.File, error) { return os.Open(at(name)) }}
	}
	poster := func(name string) (p *Piece, err error) {
		for late := time.Now().Add(time.Minute); time.Now().Before(late); { // it gives up soon, and goes on
			if p, err = s.Poster(t.Context(), film(name)); !errors.Is(err, fs.ErrNotExist) || name == "plain.flac" {
				return p, err
			}
		}
		return p, err
	}
	for name, want := range map[string]struct{ width, height, channel int }{"film.mkv": {640, 360, 2}, "song.flac": {800, 800, 1}} {
		p, err := poster(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		defer p.Close()
		picture, err := jpeg.Decode(p)
		if err != nil || p.Type != "image/jpeg" {
			t.Errorf("%s: %s, %v", name, p.Type, err)
			continue
		}
		size := picture.Bounds().Size()
		r, g, b, _ := picture.At(size.X/2, size.Y/2).RGBA()
		for i, light := range []uint32{r, g, b} {
			if (light > 0x8000) != (i == want.channel) {
				t.Errorf("%s: the middle is %x %x %x", name, r, g, b)
				break
			}
		}
		if size.X != want.width || size.Y != want.height {
			t.Errorf("%s: %v", name, size)
		}
	}
	before := s.Started()
	if p, err := poster("film.mkv"); err != nil || s.Started() != before {
		t.Errorf("made again: %v, %d children", err, s.Started()-before)
	} else {
		p.Close()
	}
	if _, err := poster("plain.flac"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of sound alone: %v", err)
	}
}
