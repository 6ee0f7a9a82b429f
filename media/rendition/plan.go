package rendition

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"watchparty/media/ffmpeg"
)

// A Device is what a screen says that it can play. The words are those of [ffmpeg.Stream]'s codecs,
// with "-10" behind where a sample has ten bits, and the ends of MIME types.
type Device struct {
	All        bool     // a player that reads every file: mpv
	Containers []string // of files: "mp4", "webm", "x-matroska", "ogg", "mpeg", "flac", "aac"
	Codecs     []string // "h264", "hevc-10", "aac" …
	HLS        bool     // plays it by itself or by hls.js
}

// A Way is how a film gets onto a screen.
type Way string

// The ways, best first.
const (
	AsFile      Way = "file"    // as it is
	AsCopy      Way = "copy"    // its picture as it is, in another container
	AsConverted Way = "convert" // made anew, once for all who need it
	NoWay       Way = "none"
	Unsaid      Way = "unsaid" // the screen has not said what it plays
)

// A Light is how well that is going to go.
type Light string

// The lights.
const (
	Green Light = "green"
	Amber Light = "amber"
	Red   Light = "red"
)

// A Place is one screen of a [Plan].
type Place struct {
	Way       Way
	Light     Light
	Slow      bool   // it is converted, and that takes longer than watching
	Rendition string // the picture, or the sound where there is none; empty: the file
	Rate      int64  // bits per second at most
}

// A Plan is how a film gets onto the screens of a party.
type Plan struct {
	Places  []Place
	Rate    int64    // bits per second that the host sends, all together and at most
	Convert []string // the renditions that are made, each once for all
	Work    float64  // what these take: 1 is 720p with 25 pictures a second
	Load    float64  // the part of this machine's encoder that it takes; 0: not known
	Drawn   bool     // some subtitles are pictures: who chooses them has one rendition more made
}

// A Case is a film for which a plan is made.
type Case struct {
	Info  ffmpeg.Info
	Keys  bool    // its key frames are known
	Cut   bool    // and it can be cut there
	Speed float64 // how much [Plan.Work] this machine does in real time; 0: not known
}

// enough is the part of a machine that conversions may take before it gets close.
const enough = 0.75

// MakePlan plans for devices; a nil one has said nothing.
func MakePlan(c Case, devices []*Device) Plan {
	var p Plan
	all := Ladder(c.Info)
	if c.Keys && !c.Cut {
		all = slices.DeleteFunc(all, Rendition.Copied)
	}
	for _, d := range devices {
		at := place(c.Info, all, d)
		if at.Way == AsConverted && !slices.Contains(p.Convert, at.Rendition) {
			p.Convert = append(p.Convert, at.Rendition)
		}
		p.Places = append(p.Places, at)
	}
	for _, r := range all {
		if slices.Contains(p.Convert, r.Name) && r.video() {
			p.Work += float64(r.Width*r.Height) / (1280 * 720) * float64(r.scale) / float64(r.step) / 25
		}
	}
	if c.Speed > 0 {
		p.Load = p.Work / c.Speed
	}
	for i := range p.Places {
		p.light(&p.Places[i])
		p.Rate += p.Places[i].Rate
	}
	p.Drawn = slices.ContainsFunc(c.Info.Streams, IsDrawn)
	return p
}

// light says how well it is going to go on a screen.
func (p *Plan) light(at *Place) {
	switch at.Way {
	case AsFile, AsCopy:
		at.Light = Green
	case NoWay:
		at.Light = Red
	case Unsaid:
		at.Light = Amber
	case AsConverted:
		at.Light, at.Slow = Green, p.Load > 1
		if p.Load > enough || p.Load == 0 && p.Work > 0 {
			at.Light = Amber
		}
		if at.Slow {
			at.Light = Red
		}
	}
}

// place finds the best way of one device, in the order in which pages try them.
func place(info ffmpeg.Info, all []Rendition, d *Device) Place {
	if d == nil {
		return Place{Way: Unsaid}
	}
	if d.All || d.reads(info) {
		return Place{Way: AsFile, Rate: info.Bitrate}
	}
	if !d.HLS {
		return Place{Way: NoWay}
	}
	for _, r := range all {
		switch {
		case r.Copied() && d.knows(r.Stream):
			return Place{Way: AsCopy, Rendition: r.Name, Rate: info.Bitrate}
		case r.video() && !r.Copied() && d.knows(converted):
			return Place{Way: AsConverted, Rendition: r.Name, Rate: int64(r.rung().rate) + audioRate}
		case !r.video():
			return Place{Way: AsConverted, Rendition: r.Name, Rate: audioRate}
		}
	}
	return Place{Way: NoWay}
}

// converted is the picture that conversions make.
var converted = ffmpeg.Stream{Type: "video", Codec: "h264", Bits: 8}

// reads tells whether a device plays the file itself.
func (d *Device) reads(info ffmpeg.Info) bool {
	mime, _, _ := strings.Cut(MIME(info), ";")
	_, container, _ := strings.Cut(mime, "/")
	if container == "" || !slices.Contains(d.Containers, container) {
		return false
	}
	for _, kind := range []string{"video", "audio"} {
		if s, ok := firstOf(info, kind); ok && !d.knows(s) {
			return false
		}
	}
	return true
}

// knows tells whether it decodes a stream.
func (d *Device) knows(s ffmpeg.Stream) bool {
	name := s.Codec
	if s.Type == "video" && s.Bits > 8 {
		name += "-10"
	}
	return slices.Contains(d.Codecs, name)
}

// Plan plans for a film, once it is known what that is.
func (s *Studio) Plan(ctx context.Context, src Source, devices []*Device) (Plan, error) {
	info, err := s.Info(ctx, src)
	if err != nil {
		return Plan{}, err
	}
	c := Case{Info: info, Speed: s.speedOf(ctx)}
	s.mu.Lock()
	f := s.found[src.Key]
	s.mu.Unlock()
	if f != nil {
		select {
		case <-f.done:
			c.Keys, c.Cut = f.err == nil, f.err == nil && f.keys.Why == ""
		default:
		}
	}
	return MakePlan(c, devices), nil
}

// trial is what the encoder's speed is found by, in seconds of film.
const trial = 3

// speedOf measures once how much of [Plan.Work] the encoder does, while nothing is converted.
func (s *Studio) speedOf(ctx context.Context) float64 {
	select {
	case <-s.ready:
	case <-ctx.Done():
		return 0
	}
	s.gauge.Lock()
	defer s.gauge.Unlock()
	if s.speed > 0 || s.picture.Running() > 0 {
		return s.speed
	}
	r := Rendition{Name: "720"}
	began := time.Now()
	args := slices.Concat(device(s.coder()), []string{"-f", "lavfi", "-i", fmt.Sprintf("testsrc2=s=1280x720:r=25:d=%d", trial),
		"-vf", "format=yuv420p" + upload(s.coder()), "-bf", "0"}, r.quality(s.coder()), []string{"-f", "null", "-"})
	if s.Program.Try(ctx, args...) == nil {
		s.speed = trial / time.Since(began).Seconds()
	}
	return s.speed
}
