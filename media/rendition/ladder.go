package rendition

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"watchparty/media/ffmpeg"
)

// segment is how long a piece is. Any piece can be made alone, because where it begins is
// known from its number.
const segment = 4 * time.Second

// tail is what a film may be longer than its last segment, so that no segment is without a
// picture.
const tail = 100 * time.Millisecond

// small is the size for those whose network is too slow for more.
const small = "480"

// A Rendition is one stream of a film, as devices get it.
type Rendition struct {
	Name          string // "source", "720", "480", "a0", "a1" …, "b0" …; "720s3" with stream 3 drawn into it
	Stream        ffmpeg.Stream
	Words         ffmpeg.Stream // subtitles that are drawn into the picture; without a Type: none
	Width, Height int           // of the picture; 0: it is sound
	Length        time.Duration
	// A second has scale ticks, and each frame of picture or sound lasts step of them.
	scale, step int64
	blind       bool    // the file has no index
	keys        *keys   // of a picture that is copied, once they are known
	beside      *Beside // the file beside the film in which it is; nil: it is in the film
}

// Ladder lists the renditions of a file: its picture as it is, where that can be copied (and
// its key frames turn out to allow it), two sizes of it, as far as it is large enough, and each
// of its sounds. It is empty where there is nothing to play, or the file does
// not say how long it is.
func Ladder(info ffmpeg.Info) []Rendition {
	var all []Rendition
	if info.Duration < tail {
		return nil
	}
	if v, ok := firstOf(info, "video"); ok && v.Width > 0 && v.Height > 0 {
		scale, step := rateOf(v.FPS)
		w, h := float64(v.Width)*cmp.Or(v.Aspect, 1), float64(v.Height)
		if v.Rotation%180 == 90 {
			w, h = h, w
		}
		if copyable(info, v) {
			all = append(all, Rendition{Name: copied, Stream: v, Width: v.Width, Height: v.Height, Length: info.Duration, scale: copyScale, step: 1})
		}
		for _, name := range []string{"720", small} {
			most := map[string]int{"720": 720, small: 480}[name]
			if name == small && h <= float64(most) {
				continue // it would be the same again
			}
			r := Rendition{Name: name, Stream: v, Length: info.Duration, scale: scale, step: step}
			r.Height = even(min(h, float64(most)))
			r.Width = even(w * float64(r.Height) / h)
			all = append(all, r)
		}
	}
	n := 0
	for _, s := range info.Streams {
		if s.Type == "audio" {
			all = append(all, Rendition{Name: fmt.Sprintf("a%d", n), Stream: s, Length: info.Duration, scale: 48000, step: 1024})
			n++
		}
	}
	for i := range all {
		all[i].blind = info.Format == "mpegts" || info.Format == "mpeg"
	}
	return all
}

func even(f float64) int { return max(2, int(math.Round(f/2))*2) }

// rates are those that films have, as ticks a second and ticks a frame.
var rates = [][2]int64{
	{10000, 1000}, {12000, 1000}, {15000, 1000}, {20000, 1000}, {24000, 1001}, {24000, 1000}, {25000, 1000}, {30000, 1001},
	{30000, 1000}, {48000, 1000}, {50000, 1000}, {60000, 1001}, {60000, 1000},
}

// rateOf is the usual rate nearest to what the file has on average. A fixed one makes every
// segment the same, whoever makes it; a phone's film of changing rate gets one too.
func rateOf(fps float64) (scale, step int64) {
	if fps <= 0 || math.IsNaN(fps) {
		fps = 25
	}
	for fps > 61 {
		fps /= 2
	}
	best := rates[0]
	for _, r := range rates {
		if math.Abs(float64(r[0])/float64(r[1])-fps) < math.Abs(float64(best[0])/float64(best[1])-fps) {
			best = r
		}
	}
	return best[0], best[1]
}

// Segments is how many segments a rendition has; 0: its key frames are not known.
func (r Rendition) Segments() int {
	if r.Copied() {
		return r.keys.segments()
	}
	return max(1, int((r.Length-tail+segment-1)/segment))
}

// first is the number of the frame that segment n begins with: the first that does not begin
// before it. That of the segment after the last is where the film ends.
func (r Rendition) first(n int) int64 {
	if n >= r.Segments() {
		return int64(math.Ceil(r.Length.Seconds() * float64(r.scale) / float64(r.step)))
	}
	ticks := int64(n) * int64(segment/time.Second) * r.scale
	return (ticks + r.step - 1) / r.step
}

// at is when a frame begins, in seconds.
func (r Rendition) at(frame int64) float64 { return float64(frame*r.step) / float64(r.scale) }

func (r Rendition) video() bool { return r.Width > 0 }
