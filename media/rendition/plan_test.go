package rendition

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"watchparty/media/ffmpeg"
)

// planned are files and devices as there are.
func planned() (files map[string]ffmpeg.Info, devices map[string]*Device) {
	film := func(format string, rate int64, streams ...ffmpeg.Stream) ffmpeg.Info {
		for i := range streams {
			streams[i].Index = i
		}
		return ffmpeg.Info{Format: format, Duration: time.Hour, Bitrate: rate, Streams: streams}
	}
	h264 := ffmpeg.Stream{Type: "video", Codec: "h264", Tag: "[0][0][0][0]", Profile: "High", Level: 40, PixFmt: "yuv420p", Bits: 8, Width: 1920, Height: 1080, FPS: 25, Aspect: 1}
	hevc := ffmpeg.Stream{Type: "video", Codec: "hevc", Tag: "[0][0][0][0]", Profile: "Main 10", Level: 120, PixFmt: "yuv420p10le", Bits: 10, Width: 1920, Height: 1080, FPS: 24, Aspect: 1}
	old := ffmpeg.Stream{Type: "video", Codec: "mpeg4", PixFmt: "yuv420p", Bits: 8, Width: 640, Height: 360, FPS: 25, Aspect: 1}
	aac, ac3 := ffmpeg.Stream{Type: "audio", Codec: "aac", Profile: "LC"}, ffmpeg.Stream{Type: "audio", Codec: "ac3"}
	pgs := ffmpeg.Stream{Type: "subtitle", Codec: "hdmv_pgs_subtitle"}
	files = map[string]ffmpeg.Info{
		"mp4":  film("mov,mp4,m4a,3gp,3g2,mj2", 5e6, h264, aac),
		"mkv":  film("matroska,webm", 8e6, h264, ac3, pgs),
		"deep": film("matroska,webm", 12e6, hevc, aac),
		"avi":  film("avi", 1e6, old, ffmpeg.Stream{Type: "audio", Codec: "mp3"}),
		"song": film("wav", 1e6, ffmpeg.Stream{Type: "audio", Codec: "pcm_s24le"}),
	}
	devices = map[string]*Device{
		"chrome": {Containers: []string{"mp4", "webm", "x-matroska"}, Codecs: []string{"h264", "aac", "vp9"}, HLS: true},
		"safari": {Containers: []string{"mp4"}, Codecs: []string{"h264", "hevc", "hevc-10", "aac", "ac3"}, HLS: true},
		"old tv": {Containers: []string{"mp4"}, Codecs: []string{"h264", "aac"}},
		"free":   {Containers: []string{"webm"}, Codecs: []string{"vp8", "vorbis"}, HLS: true},
		"mpv":    {All: true},
		"silent": nil,
	}
	return files, devices
}

// How each file gets onto each device.
func TestPlan(t *testing.T) {
	files, devices := planned()
	for what, want := range map[string]string{
		"mp4 chrome": "file green", "mp4 safari": "file green", "mp4 old tv": "file green", "mp4 free": "convert green a0", "mp4 mpv": "file green", "mp4 silent": "unsaid amber",
		"mkv chrome": "copy green source", "mkv safari": "copy green source", "mkv old tv": "none red", "mkv mpv": "file green",
		"deep chrome": "convert green 720", "deep safari": "copy green source",
		"avi chrome": "convert green 720", "avi old tv": "none red", "song chrome": "convert green a0", "song free": "convert green a0",
	} {
		var file, device string
		for name := range devices {
			if rest, ok := strings.CutSuffix(what, " "+name); ok {
				file, device = rest, name
			}
		}
		p := MakePlan(Case{Info: files[file], Keys: true, Cut: true, Speed: 8}, []*Device{devices[device]})
		at := p.Places[0]
		got := string(at.Way) + " " + string(at.Light)
		if at.Rendition != "" {
			got += " " + at.Rendition
		}
		if got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
}

// What a whole room needs is made once, and costs what the machine can do.
func TestPlanForAll(t *testing.T) {
	files, devices := planned()
	room := []*Device{devices["chrome"], devices["safari"], devices["mpv"], devices["chrome"], devices["silent"]}
	p := MakePlan(Case{Info: files["deep"], Keys: true, Speed: 2}, room) // which cannot be cut
	if got := fmt.Sprint(p.Convert); got != "[720]" || math.Abs(p.Work-0.96) > 0.01 || math.Abs(p.Load-0.48) > 0.01 || p.Rate != 3*(4_000_000+int64(audioRate))+12e6 || p.Drawn {
		t.Errorf("one conversion for three: %+v", p)
	}
	if p = MakePlan(Case{Info: files["deep"], Keys: true, Speed: 0.5}, room); !p.Places[0].Slow || p.Places[0].Light != Red || p.Places[2].Light != Green {
		t.Errorf("a slow machine: %+v", p)
	}
	if p = MakePlan(Case{Info: files["deep"], Keys: true}, room); p.Places[0].Light != Amber || p.Load != 0 {
		t.Errorf("a machine of unknown speed: %+v", p)
	}
	if p = MakePlan(Case{Info: files["mkv"], Keys: true, Cut: true}, room); len(p.Convert) != 0 || !p.Drawn {
		t.Errorf("nothing to convert: %+v", p)
	}
}
