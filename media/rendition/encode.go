package rendition

import (
	"context"
	"fmt"
	"strconv"

	"watchparty/media/ffmpeg"
)

const (
	// run is how far before a segment a child begins to read, in seconds, so that what is shown
	// when the segment begins is known. A stream without an index is entered anywhere, and has to be
	// read until its next whole picture.
	run, runBlind = 1.0, 3.0
	// runAgain is the same for a second child, where the first found nothing: no film leaves longer
	// between two whole pictures, and few sounds go on for longer than the picture.
	runAgain = 15.0
	// warm is how many frames of sound are encoded and thrown away before a segment.
	warm = 8
)

// software is the encoder that is there wherever ffmpeg is.
const software = "libx264"

// chooseEncoder tries the encoders of the hardware for a second each, and gives the first that
// works. What is merely listed often does not.
func chooseEncoder(ctx context.Context, p *ffmpeg.Program) string {
	for _, name := range []string{"h264_videotoolbox", "h264_vaapi", "h264_v4l2m2m"} {
		if !p.HasEncoder(name) {
			continue
		}
		args := append(device(name), "-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30:d=1", "-vf", "format=yuv420p"+upload(name), "-c:v", name, "-f", "null", "-")
		if p.Try(ctx, args...) == nil {
			return name
		}
	}
	return software
}

func device(encoder string) []string {
	if encoder == "h264_vaapi" {
		return []string{"-vaapi_device", "/dev/dri/renderD128"}
	}
	return nil
}

func upload(encoder string) string {
	if encoder == "h264_vaapi" {
		return ",format=nv12,hwupload"
	}
	return ""
}

// arguments are what a child is started with to make a rendition from segment n on: before the
// input, and after it. It is not the first that tries this if again is set.
func (r Rendition) arguments(n int, again bool, p *ffmpeg.Program, encoder string) (in, out []string) {
	if r.Copied() {
		return copyArguments(r, r.keys.start(n), again)
	}
	from := r.first(n)
	if !r.video() {
		from = max(0, from-warm)
	}
	in = []string{"-copyts", "-start_at_zero"}
	before := run
	if r.blind {
		before = runBlind
	}
	if r.drawn() {
		before = runDrawn
	}
	if again {
		before = max(before, runAgain)
	}
	if at := r.at(from) - before; at > 0 {
		in = append(in, "-ss", strconv.FormatFloat(at, 'f', 6, 64))
	}
	out = []string{"-map_metadata", "-1", "-map_chapters", "-1"}
	if r.video() {
		in = append(device(encoder), in...)
		out = append(out, r.picture(n, p, encoder)...)
	} else {
		out = append(out, "-map", "0:"+strconv.Itoa(r.Stream.Index), "-af", "aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo,"+
			fmt.Sprintf("aresample=async=1:first_pts=%d,apad", from*r.step), "-c:a", "aac", "-b:a", strconv.Itoa(audioRate))
	}
	return in, append(out, "-fflags", "+bitexact", "-flags", "+bitexact", "-use_editlist", "0", "-avoid_negative_ts", "disabled",
		"-output_ts_offset", strconv.Itoa(lead), "-movflags", "+frag_keyframe+empty_moov+default_base_moof+frag_discont",
		"-frag_duration", "500000", "-f", "mp4", "pipe:1")
}

// toneMap are the filters that make HDR fit for an ordinary screen, where ffmpeg has them.
func toneMap(v ffmpeg.Stream, p *ffmpeg.Program) []string {
	if !v.HDR() || !p.HasFilter("zscale") || !p.HasFilter("tonemap") {
		return nil
	}
	return []string{"zscale=t=linear:npl=100", "format=gbrpf32le", "zscale=p=bt709", "tonemap=hable:desat=0", "zscale=t=bt709:m=bt709:r=tv"}
}

// picture are the options of a child that makes pictures. The fps filter counts frames from
// the beginning of the film, fills holes and begins exactly where the segment does.
func (r Rendition) picture(n int, p *ffmpeg.Program, encoder string) []string {
	first := r.first(n)
	var f []string
	if r.Stream.Interlaced {
		f = append(f, "yadif=deint=interlaced")
	}
	f = append(f, fmt.Sprintf("fps=fps=%d/%d:start_time=%d*%d/%d", r.scale, r.step, first, r.step, r.scale),
		fmt.Sprintf("tpad=stop_mode=clone:stop_duration=%d", int(runAgain)), fmt.Sprintf("scale=%d:%d", r.Width, r.Height))
	f = append(append(f, toneMap(r.Stream, p)...), "format=yuv420p", "setsar=1")
	return append(append(r.filters(f, upload(encoder)), "-fps_mode", "passthrough",
		"-enc_time_base", fmt.Sprintf("%d:%d", r.step, r.scale), "-video_track_timescale", strconv.FormatInt(r.scale, 10),
		"-g", "1000",
		// Some players take the times of reordered pictures for later than they are.
		"-bf", "0",
		// The first frame of each segment, and no other, is a picture of its own.
		"-force_key_frames", fmt.Sprintf("expr:gte(n+%d,ceil(%d*(%d+n_forced)*%d/%d))", first, int(segment.Seconds()), n, r.scale, r.step)), r.quality(encoder)...)
}

// quality are the options that say how well it is encoded.
func (r Rendition) quality(encoder string) []string {
	rung := r.rung()
	rate := strconv.Itoa(rung.rate)
	out := []string{"-c:v", encoder, "-profile:v", rung.profile}
	if encoder == software {
		return append(out, "-preset", "veryfast", "-crf", "23", "-maxrate", rate, "-bufsize", rate, "-level:v", rung.level,
			"-sc_threshold", "0", "-forced-idr", "1", "-flags:v", "+cgop+bitexact")
	}
	return append(out, "-b:v", rate)
}
