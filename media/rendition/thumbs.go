package rendition

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"

	"watchparty/media/ffmpeg"
)

const (
	// across and down are how many thumbnails a sheet has.
	across, down = 5, 5
	// thumbSide is the longer side of one, in pixels.
	thumbSide = 240
	// often is how many seconds lie between two, as far as mostSheets are enough.
	often, mostSheets = 10, 60
	// stretch is how many bytes of a film are read through for one sheet. In a larger one each
	// picture is looked up by itself, which takes longer and leaves the disk to the viewers.
	stretch = 256 << 20
	// thumbQuality is JPEG's, of 100.
	thumbQuality = 76
)

// Thumbs say how the small pictures of a film lie on sheets, row by row: the one for second t is
// number t/Every.
type Thumbs struct {
	Every  int `json:"every"`  // seconds from one to the next
	Count  int `json:"count"`  // of all
	Across int `json:"across"` // of a row
	Down   int `json:"down"`   // rows of a sheet; the last one may have fewer
	Width  int `json:"width"`  // pixels of each
	Height int `json:"height"`
}

// ThumbsOf are those of a film; nil where it has no picture, or does not say how long it is.
func ThumbsOf(info ffmpeg.Info) *Thumbs {
	v, ok := firstOf(info, "video")
	if !ok || v.Width <= 0 || v.Height <= 0 || info.Duration <= tail {
		return nil
	}
	length := info.Duration.Seconds()
	least := math.Ceil(length / (mostSheets * across * down))
	t := &Thumbs{Every: int(max(least, min(often, math.Ceil(length/(across*down))))), Across: across, Down: down}
	t.Count = int(math.Ceil((info.Duration - tail).Seconds() / float64(t.Every)))
	t.Width, t.Height = fit(v, thumbSide)
	return t
}

// fit is the size of a picture with square pixels, turned as it is shown, whose longer side has
// most pixels at most.
func fit(v ffmpeg.Stream, most float64) (w, h int) {
	fw, fh := float64(v.Width)*cmp.Or(v.Aspect, 1), float64(v.Height)
	if v.Rotation%180 == 90 {
		fw, fh = fh, fw
	}
	scale := min(1, most/max(fw, fh))
	return even(fw * scale), even(fh * scale)
}

// Sheet gives a sheet of thumbnails as JPEG by its name, "0.jpg" and so on. It is made when first
// asked for, behind everything else. What does not exist is an fs.ErrNotExist; other errors are
// those of [Studio.Open].
func (s *Studio) Sheet(ctx context.Context, src Source, name string) (*Piece, error) {
	info, err := s.Info(ctx, src)
	if err != nil {
		return nil, err
	}
	t := ThumbsOf(info)
	digits, ok := strings.CutSuffix(name, ".jpg")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 || strconv.Itoa(n) != digits || t == nil || n >= (t.Count+across*down-1)/(across*down) {
		return nil, fmt.Errorf("%s: %w", strconv.Quote(name), fs.ErrNotExist)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "thumbs 1\x00%s\x00%s\x00%v", src.Key, s.Program.Version, *t))
	name = fmt.Sprintf("%x/thumbs%d", sum[:12], n)
	f, err := s.once(ctx, name, func(house context.Context) error {
		return s.extract(house, s.sheets, src, name, func(file *os.File) ([]byte, error) { return s.sheet(house, file, info, *t, n) })
	})
	if err != nil {
		return nil, err
	}
	return filePiece(f, name, "image/jpeg")
}

func (s *Studio) sheet(ctx context.Context, file *os.File, info ffmpeg.Info, t Thumbs, n int) ([]byte, error) {
	v, _ := firstOf(info, "video")
	first := n * across * down
	count := min(t.Count-first, across*down)
	step := count
	if info.Bitrate/8*int64(t.Every*count) > stretch {
		step = 1
	}
	var tiles [][]byte
	for i := 0; i < count; i += step {
		some, err := s.strip(ctx, file, v, (first+i)*t.Every, t, min(step, count-i))
		tiles = append(tiles, some...)
		if ctx.Err() != nil || errors.Is(err, ffmpeg.ErrStall) {
			return nil, err
		}
		if len(tiles) == 0 {
			if step == 1 && i+1 < count {
				continue
			}
			return nil, cmp.Or(err, errShort)
		}
		for len(tiles) < i+step && len(tiles) < count { // a hole, or the end
			tiles = append(tiles, tiles[len(tiles)-1])
		}
	}
	return paste(tiles, t)
}

// strip gives up to n small pictures of raw RGB from a second on; there are fewer where the film
// ends. Its child yields to all others, uses one thread, and decodes pictures only that need no
// other ones, from the last one before on.
func (s *Studio) strip(ctx context.Context, file *os.File, v ffmpeg.Stream, from int, t Thumbs, n int) (all [][]byte, err error) {
	in := []string{"-threads", "1", "-copyts", "-start_at_zero", "-noaccurate_seek", "-skip_frame", "nokey", "-ss", strconv.Itoa(from)}
	filters := append([]string{fmt.Sprintf("fps=fps=1/%d:start_time=%d", t.Every, from), fmt.Sprintf("scale=%d:%d:flags=area", t.Width, t.Height)},
		toneMap(v, s.Program)...)
	out := []string{"-map", "0:" + strconv.Itoa(v.Index), "-map_metadata", "-1", "-filter_threads", "1", "-fps_mode", "passthrough",
		"-vf", strings.Join(append(filters, "setsar=1"), ","), "-frames:v", strconv.Itoa(n), "-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1"}
	child, err := s.Program.Behind().Start(file, in, out)
	if err != nil {
		return nil, err
	}
	defer child.End()
	defer context.AfterFunc(ctx, child.Kill)()
	s.started.Add(1)
	for len(all) < n {
		b := make([]byte, 3*t.Width*t.Height)
		if _, err := io.ReadFull(child, b); err == io.EOF {
			break
		} else if err != nil {
			return all, err
		}
		all = append(all, b)
	}
	return all, nil
}

// paste makes a sheet of pictures of raw RGB.
func paste(tiles [][]byte, t Thumbs) ([]byte, error) {
	sheet := image.NewRGBA(image.Rect(0, 0, across*t.Width, (len(tiles)+across-1)/across*t.Height))
	for i, tile := range tiles {
		left, top := i%across*t.Width, i/across*t.Height
		for y := range t.Height {
			row := sheet.Pix[sheet.PixOffset(left, top+y):]
			for x := range t.Width {
				copy(row[4*x:4*x+3], tile[3*(y*t.Width+x):])
				row[4*x+3] = 0xff
			}
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, sheet, &jpeg.Options{Quality: thumbQuality})
	return b.Bytes(), err
}
