package rendition

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"watchparty/media/ffmpeg"
)

// runDrawn is how far before a segment a child begins to read that draws subtitles, in seconds:
// as long as one of them stays. What began to be shown earlier would not be seen.
const runDrawn = 15.0

// pictures are the subtitles that are pictures, by ffprobe's name.
var pictures = []string{"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"}

// IsDrawn tells whether a stream is subtitles that can only be drawn into the picture.
func IsDrawn(s ffmpeg.Stream) bool {
	return s.Type == "subtitle" && slices.Contains(pictures, s.Codec)
}

// drawn tells whether subtitles are drawn into the picture of r.
func (r Rendition) drawn() bool { return r.Words.Type != "" }

// rung is how well r is encoded.
func (r Rendition) rung() rung {
	size, _, _ := strings.Cut(r.Name, "s")
	return rungs[size]
}

// offered are the renditions to which a name belongs, and the name among them: those of the film,
// for "main.480.m3u8" that size alone, or for "main.s3.m3u8" and "720s3/…" those with the subtitles
// of stream 3 in the picture. Of these there is one size, so that all who want them share it.
func offered(info ffmpeg.Info, name string) ([]Rendition, string) {
	all := Ladder(info)
	key, isMain := strings.CutPrefix(strings.TrimSuffix(name, ".m3u8"), "main.")
	if !isMain {
		which, _, _ := strings.Cut(name, "/")
		_, key, _ = strings.Cut(which, "s")
		key = "s" + key
	}
	if isMain && slices.ContainsFunc(all, func(r Rendition) bool { return r.Name == small && key == small }) {
		return slices.DeleteFunc(all, func(r Rendition) bool { return r.video() && r.Name != small }), "main.m3u8"
	}
	for _, s := range info.Streams {
		if !IsDrawn(s) || key != "s"+strconv.Itoa(s.Index) {
			continue
		}
		at := slices.IndexFunc(all, func(r Rendition) bool { return r.video() && r.rung().rate > 0 })
		if at < 0 {
			break
		}
		r := all[at]
		r.Name, r.Words = r.Name+key, s
		with := append([]Rendition{r}, slices.DeleteFunc(all, Rendition.video)...)
		if isMain {
			name = "main.m3u8"
		}
		return with, name
	}
	return all, name
}

// filters are the options that lead the picture through a chain of filters, and put the subtitles
// over it. These are as wide as the picture and end where it does: a picture without the black bars
// of its disc has them within it.
func (r Rendition) filters(chain []string, upload string) []string {
	if !r.drawn() {
		return []string{"-map", "0:" + strconv.Itoa(r.Stream.Index), "-vf", strings.Join(chain, ",") + upload}
	}
	graph := fmt.Sprintf("[0:%d]%s[film];[0:%d]scale=%d:-1[words];[film][words]overlay=x=0:y=H-h:eof_action=pass,format=yuv420p%s[out]",
		r.Stream.Index, strings.Join(chain, ","), r.Words.Index, r.Width, upload)
	return []string{"-filter_complex", graph, "-map", "[out]"}
}
