package ffmpeg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// probeMemory is what a look into a film may take, in bytes, and probeWork in computing time.
	probeMemory, probeWork = 512 << 20, 15 * time.Second
	// probeTime is how long a look may take on a machine that has other things to do, or a disk.
	probeTime = time.Minute
)

// Info is what a film's file says of itself.
type Info struct {
	Format   string        // ffprobe's name, such as "matroska,webm"
	Duration time.Duration // 0: it does not say
	Bitrate  int64         // bits per second over all; 0: it does not say
	Tags     Tags
	Streams  []Stream
}

// A Stream is one of the pictures, sounds or texts in a file.
type Stream struct {
	Index         int    // counted from 0 over all streams of the file
	Type          string // "video", "audio", "subtitle"; others exist
	Codec         string // ffprobe's name, such as "h264"
	Tag           string // what the container calls the codec, such as "hvc1"
	Profile       string // such as "High"; may be empty
	Level         int    // as the codec counts; 0 or below: not known
	PixFmt        string // such as "yuv420p10le"
	Width, Height int    // pixels, as stored: before Rotation
	Rotation      int    // degrees clockwise by which to turn the picture: 0, 90, 180, 270
	FPS           float64
	Bits          int    // of one sample of the picture; 0: not known
	Transfer      string // such as "smpte2084", which is HDR
	Interlaced    bool
	Channels      int
	SampleRate    int    // of sound, in hertz
	Lang          string // as the file says, mostly ISO 639-2; may be empty
	Title         string
	Default       bool
	Forced        bool
	Impaired      bool    // subtitles that also tell what is heard
	Picture       bool    // a cover that looks like a video stream
	Aspect        float64 // width of a pixel by its height: 1 nearly always, other on discs and in television
}

// HDR tells whether a picture is brighter than an ordinary screen shows.
func (s Stream) HDR() bool { return s.Transfer == "smpte2084" || s.Transfer == "arib-std-b67" }

// Probe looks into the file under a path, for at most a minute. The errors are [ErrMissing]
// without ffprobe, [ErrBroken] where it cannot read the file, and [ErrSlow] where it had no time
// to; ctx's own when that ends.
func Probe(ctx context.Context, path string) (Info, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Info{}, fmt.Errorf("probe: %w", err)
	}
	return probe(ctx, probeTime, "file:"+path, nil)
}

// ProbeFile looks into an open file, as [Probe] does.
func ProbeFile(ctx context.Context, file *os.File) (Info, error) {
	name, files := input(file)
	return probe(ctx, probeTime, name, files)
}

func probe(ctx context.Context, most time.Duration, name string, files []*os.File) (Info, error) {
	ffprobe, err := lookUp("ffprobe")
	if err != nil {
		return Info{}, err
	}
	if few() {
		back, err := looks.Take(ctx)
		if err != nil {
			return Info{}, err
		}
		defer back()
	}
	answer, err := listen(ctx, most, ffprobe, []string{"-hide_banner", "-loglevel", "error", "-threads", "1",
		"-protocol_whitelist", protocols, "-format_whitelist", formats,
		"-show_format", "-show_streams", "-of", "json", "-i", name}, files, limits{memory: probeMemory, work: probeWork})
	switch {
	case ctx.Err() != nil:
		return Info{}, context.Cause(ctx)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, ErrBusy):
		return Info{}, ErrSlow.Because(err)
	case err != nil:
		return Info{}, ErrBroken.Because(err)
	}
	var said report
	if err := json.Unmarshal(answer, &said); err != nil {
		return Info{}, ErrBroken.Because(err)
	}
	info := said.info()
	if len(info.Streams) == 0 {
		return Info{}, ErrBroken.Because(errors.New("no picture and no sound"))
	}
	return info, nil
}

// report is ffprobe's answer, as far as it is used.
type report struct {
	Streams []reportStream `json:"streams"`
	Format  struct {
		Name     string            `json:"format_name"`
		Start    string            `json:"start_time"`
		Duration string            `json:"duration"`
		Bitrate  string            `json:"bit_rate"`
		Tags     map[string]string `json:"tags"`
	} `json:"format"`
}

type reportStream struct {
	Index       int               `json:"index"`
	Type        string            `json:"codec_type"`
	Codec       string            `json:"codec_name"`
	Tag         string            `json:"codec_tag_string"`
	Profile     string            `json:"profile"`
	Level       int               `json:"level"`
	PixFmt      string            `json:"pix_fmt"`
	Width       int               `json:"width"`
	Height      int               `json:"height"`
	Aspect      string            `json:"sample_aspect_ratio"`
	Real        string            `json:"r_frame_rate"`
	Average     string            `json:"avg_frame_rate"`
	Bits        string            `json:"bits_per_raw_sample"`
	Transfer    string            `json:"color_transfer"`
	Fields      string            `json:"field_order"`
	Channels    int               `json:"channels"`
	SampleRate  string            `json:"sample_rate"`
	Tags        map[string]string `json:"tags"`
	Disposition struct {
		Default  int `json:"default"`
		Forced   int `json:"forced"`
		Picture  int `json:"attached_pic"`
		Impaired int `json:"hearing_impaired"`
	} `json:"disposition"`
	Side []struct {
		Rotation float64 `json:"rotation"` // degrees against the clock
	} `json:"side_data_list"`
}

func (r report) info() Info {
	info := Info{Format: r.Format.Name, Bitrate: number(r.Format.Bitrate), Tags: r.tags()}
	// A length beyond a thousand hours is none: the number is broken.
	if s, err := strconv.ParseFloat(r.Format.Duration, 64); err == nil && s > 0 && s < (1000*time.Hour).Seconds() {
		// What an encoder puts before the first sound is skipped by all players, and would be a gap before the next track.
		if skip, err := strconv.ParseFloat(r.Format.Start, 64); err == nil && r.Format.Name == "mp3" && skip > 0 && skip < s {
			s -= skip
		}
		info.Duration = time.Duration(math.Round(s * float64(time.Second)))
	}
	for _, s := range r.Streams {
		info.Streams = append(info.Streams, s.stream())
	}
	return info
}

func (r reportStream) stream() Stream {
	s := Stream{Index: r.Index, Type: r.Type, Codec: r.Codec, Tag: r.Tag, Profile: r.Profile, Level: r.Level, PixFmt: r.PixFmt,
		Width: bound(r.Width, maxSide), Height: bound(r.Height, maxSide), FPS: r.fps(), Bits: bound(int(number(r.Bits)), 64), Transfer: r.Transfer,
		Interlaced: r.Fields != "" && r.Fields != "progressive" && r.Fields != "unknown",
		Channels:   bound(r.Channels, maxChannels), SampleRate: int(number(r.SampleRate)), Lang: r.tag("language"), Title: r.tag("title"),
		Default: r.Disposition.Default == 1, Forced: r.Disposition.Forced == 1, Impaired: r.Disposition.Impaired == 1, Picture: r.Disposition.Picture == 1}
	if s.Aspect = ratio(strings.ReplaceAll(r.Aspect, ":", "/")); s.Aspect < 0.1 || s.Aspect > 10 {
		s.Aspect = 1
	}
	if s.Lang == "und" {
		s.Lang = ""
	}
	if s.Bits == 0 && s.PixFmt != "" {
		s.Bits = 8
		for _, deep := range []int{9, 10, 12, 14, 16} {
			if strings.Contains(s.PixFmt, "p"+strconv.Itoa(deep)) || strings.Contains(s.PixFmt, "p0"+strconv.Itoa(deep)) {
				s.Bits = deep
			}
		}
	}
	for _, side := range r.Side {
		if turn := int(math.Round(math.Mod(side.Rotation, 360)/90)) * -90; turn != 0 {
			s.Rotation = (turn%360 + 360) % 360
		}
	}
	return s
}

// tag reads a tag whose name some programs write in capitals.
func (r reportStream) tag(name string) string {
	for key, value := range r.Tags {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

// fps is the rate on average where the file knows it, else that of the finest step.
func (r reportStream) fps() float64 {
	for _, text := range []string{r.Average, r.Real} {
		if f := ratio(text); f > 0 && f <= maxFPS {
			return f
		}
	}
	return 0
}

// What a film may say of itself and be believed: more is a mistake, or meant to do harm.
const (
	maxFPS      = 1000
	maxSide     = 1 << 16 // pixels
	maxChannels = 256
)

// bound is a number between nothing and a bound; beyond them it is none.
func bound(n, most int) int {
	if n < 0 || n > most {
		return 0
	}
	return n
}

// ratio reads "24000/1001"; 0 if it is none.
func ratio(text string) float64 {
	above, below, _ := strings.Cut(text, "/")
	a, errA := strconv.ParseFloat(above, 64)
	b, errB := strconv.ParseFloat(below, 64)
	if errA != nil || errB != nil || !(a > 0) || !(b > 0) || math.IsInf(a/b, 0) {
		return 0
	}
	return a / b
}

// number reads a whole number; 0 if it is none.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
