package rendition

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/Eyevinn/mp4ff/mp4"

	"watchparty/media/ffmpeg"
)

const (
	// copied is the name of the rendition that is the file's own picture in another container.
	copied = "source"
	// copyScale are the ticks a second of a picture that is copied: MPEG's own. What files count in
	// is a multiple of it or comes out within six microseconds.
	copyScale = 90000
)

// Copied tells whether the picture is the file's own, not encoded anew.
func (r Rendition) Copied() bool { return r.Name == copied }

// copyable tells whether a picture can be copied into fMP4 and read there by some browser: a
// known codec in the colours that they decode, upright and not interlaced, out of a container
// that tells when each picture is shown. Its key frames have a say too.
func copyable(info ffmpeg.Info, v ffmpeg.Stream) bool {
	profiles := map[string][]string{
		"h264": {"Constrained Baseline", "Baseline", "Main", "High"}, "hevc": {"Main", "Main 10"},
		"vp9": {"Profile 0", "Profile 2"}, "av1": {"Main"},
	}
	formats := strings.Split(info.Format, ",")
	timed := slices.ContainsFunc([]string{"mov", "mpegts", "flv"}, func(f string) bool { return slices.Contains(formats, f) }) ||
		// What has a tag there was taken over from AVI, with its decode times alone.
		slices.Contains(formats, "matroska") && strings.HasPrefix(v.Tag, "[0]")
	colours := []string{"yuv420p", "yuvj420p"}
	if v.Codec != "h264" {
		colours = append(colours, "yuv420p10le")
	}
	return timed && !v.Interlaced && v.Rotation == 0 && slices.Contains(profiles[v.Codec], v.Profile) &&
		slices.Contains(colours, v.PixFmt) && videoCodec(asCopied(v)) != ""
}

// asCopied is a stream as the copy has it: HEVC's parameters stand at the beginning alone.
func asCopied(v ffmpeg.Stream) ffmpeg.Stream {
	if v.Codec == "hevc" {
		v.Tag = "hvc1"
	}
	return v
}

// rangeOf says to a main playlist how bright a picture is (RFC 8216bis, 4.4.6.2).
func rangeOf(v ffmpeg.Stream) string {
	switch v.Transfer {
	case "smpte2084":
		return ",VIDEO-RANGE=PQ"
	case "arib-std-b67":
		return ",VIDEO-RANGE=HLG"
	}
	return ""
}

// copyArguments are what a child is started with that copies a picture from a time on, in
// seconds: before the input, and after it.
func copyArguments(r Rendition, from float64, again bool) (in, out []string) {
	in = []string{"-copyts", "-start_at_zero"}
	before := run
	if r.blind {
		before = runBlind
	}
	if again {
		before = runAgain
	}
	if from > before {
		in = append(in, "-ss", strconv.FormatFloat(from-before, 'f', 6, 64))
	}
	out = []string{"-map", "0:" + strconv.Itoa(r.Stream.Index), "-map_metadata", "-1", "-map_chapters", "-1", "-c:v", "copy"}
	if r.Stream.Codec == "hevc" {
		out = append(out, "-tag:v", "hvc1")
	}
	return in, append(out, "-video_track_timescale", strconv.Itoa(copyScale), "-fflags", "+bitexact", "-use_editlist", "0",
		"-avoid_negative_ts", "disabled", "-output_ts_offset", strconv.Itoa(lead),
		"-movflags", "+frag_keyframe+empty_moov+default_base_moof+frag_discont", "-frag_duration", "500000", "-f", "mp4", "pipe:1")
}

// A copier cuts a picture that is copied, where its key frames were found to be.
type copier struct {
	keys    *keys
	n       int // the segment that is being gathered
	begun   bool
	from    reader
	samples []mp4.FullSample
	segment func(n int, b []byte) error
}

// copying makes one that begins with segment n.
func copying(k *keys, n int, init func([]byte) error, segment func(int, []byte) error) *copier {
	c := &copier{keys: k, n: n, segment: segment}
	c.from = reader{scale: copyScale, init: init, sample: c.add}
	return c
}

func (c *copier) cut(from io.Reader) error {
	for c.n < c.keys.segments() {
		if err := c.from.next(from); err == io.EOF {
			return errShort
		} else if err != nil {
			return err
		}
	}
	return nil
}

// add takes a sample in decoding order, and ends the segment with the last of it. All but the
// order is as it was found when the key frames were.
func (c *copier) add(s mp4.FullSample) error {
	if c.n >= c.keys.segments() {
		return nil
	}
	begin, end := c.keys.shown(c.n), c.keys.end(c.n)
	at := s.PresentationTime() - lead*copyScale
	whole := s.Flags&notSync == 0
	switch {
	case !c.begun && at < begin:
		return nil // what the child began with
	case len(c.samples) == 0 && (at != begin || !whole):
		return fmt.Errorf("a picture at %d comes in the place of the key frame at %d", at, begin)
	case at < begin || at >= end:
		return fmt.Errorf("a picture at %d comes between %d and %d", at, begin, end)
	}
	c.begun = true
	if c.n == 0 && len(c.samples) == 0 {
		at = 0 // the film begins with its first picture, if a little early
	}
	s.DecodeTime = uint64(at) // when it is shown; finish makes of it when it is decoded
	s.Flags = mp4.NonSyncSampleFlags
	if whole {
		s.Flags = mp4.SyncSampleFlags
	}
	c.samples = append(c.samples, s)
	if len(c.samples) == c.keys.Marks[c.n].Frames {
		return c.finish()
	}
	return nil
}

// finish writes the segment. It is decoded in the times in which it is shown, in order: so the
// first picture has one and the same time by both, and readers that go by either agree. Some
// are then decoded after they are shown, on paper (ISO/IEC 14496-12, 8.8.8: signed offsets).
func (c *copier) finish() error {
	times := make([]uint64, 0, len(c.samples)+1)
	for _, s := range c.samples {
		times = append(times, s.DecodeTime)
	}
	slices.Sort(times)
	times = append(times, uint64(c.keys.end(c.n)))
	for i := range c.samples {
		s := &c.samples[i]
		if times[i+1] == times[i] {
			return errors.New("two pictures at one time")
		}
		s.CompositionTimeOffset = int32(int64(s.DecodeTime) - int64(times[i]))
		s.DecodeTime, s.Dur = times[i], uint32(times[i+1]-times[i])
	}
	b, err := write(c.n, c.from.trex.TrackID, c.samples)
	if err != nil {
		return err
	}
	n := c.n
	c.n, c.samples = c.n+1, nil
	return c.segment(n, b)
}
