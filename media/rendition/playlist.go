package rendition

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// rung is how well a size is encoded.
type rung struct {
	rate           int // bits per second of the picture at most
	profile, level string
	codec          string // RFC 6381
}

var rungs = map[string]rung{
	"720": {4_000_000, "high", "4.0", "avc1.640028"},
	small: {1_600_000, "main", "3.1", "avc1.4d401f"},
}

// audioRate is that of AAC in stereo, in bits per second.
const audioRate = 160_000

// mainPlaylist is the list of renditions (RFC 8216, 4.3.4).
func mainPlaylist(all []Rendition) []byte {
	var b strings.Builder
	b.WriteString("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n")
	sound, picture := "", slices.ContainsFunc(all, Rendition.video)
	sounds := slices.DeleteFunc(slices.Clone(all), Rendition.video)
	chosen := heard(sounds)
	for i, name := range labels(sounds) {
		r, lang, is := sounds[i], "", "NO"
		sound = `,AUDIO="sound"`
		if l := quotable(r.Stream.Lang); l != "" {
			lang = `,LANGUAGE="` + l + `"`
		}
		if r.Name == chosen {
			is = "YES"
		}
		fmt.Fprintf(&b, "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"%s\"%s,DEFAULT=%s,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"%s/list.m3u8\"\n",
			name, lang, is, r.Name)
	}
	for _, r := range shared(all) {
		if !r.video() {
			continue
		}
		codecs, rate := r.rung().codec, r.rung().rate*5/4
		fps, more := float64(r.scale)/float64(r.step), ""
		if r.Copied() {
			codecs, rate, fps, more = videoCodec(r.Stream), r.keys.Rate, r.Stream.FPS, rangeOf(r.Stream)
		}
		if sound != "" {
			codecs, rate = codecs+",mp4a.40.2", rate+audioRate*5/4
		}
		fmt.Fprintf(&b, "#EXT-X-STREAM-INF:BANDWIDTH=%d,CODECS=\"%s\",RESOLUTION=%dx%d,FRAME-RATE=%.3f%s%s\n%s/list.m3u8\n",
			rate, codecs, r.Width, r.Height, fps, more, sound, r.Name)
	}
	if !picture && sound != "" {
		fmt.Fprintf(&b, "#EXT-X-STREAM-INF:BANDWIDTH=%d,CODECS=\"mp4a.40.2\"%s\n%s/list.m3u8\n", audioRate*5/4, sound, chosen)
	}
	return []byte(b.String())
}

// shared leaves out sizes that need not be made, and of those that have to be encoded all but the best: players take
// the time in which a piece is made for a slow network, and would change to another size, which then is made besides.
func shared(all []Rendition) []Rendition {
	most := spare(all)
	return slices.DeleteFunc(slices.Clone(all), func(r Rendition) bool {
		if !r.video() || r.Copied() {
			return false
		}
		if r.rung().rate*5/4 >= most {
			return true
		}
		most = 0
		return false
	})
}

// spare is the rate from which a size need not be made, in bits per second: wherever HLS is played H.264
// is, so a film's own picture in H.264 is seen, and more bits would make it no better.
func spare(all []Rendition) int {
	for _, r := range all {
		if r.Copied() && r.Stream.Codec == "h264" {
			return r.keys.Rate
		}
	}
	return math.MaxInt
}

// quotable is text as it may stand between quotes in a playlist.
func quotable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '"' || r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}

// mediaPlaylist lists the segments of a rendition: from its length alone, or by its key frames.
func mediaPlaylist(r Rendition) []byte {
	ends := make([]time.Duration, r.Segments())
	for i := range ends {
		ends[i] = time.Duration(i+1) * segment
	}
	ends[len(ends)-1] = r.Length
	if r.Copied() {
		ends = r.keys.ends()
	}
	var list strings.Builder
	longest, begin := segment, time.Duration(0)
	for i, end := range ends {
		longest = max(longest, end-begin)
		fmt.Fprintf(&list, "#EXTINF:%.6f,\n%d.m4s\n", (end - begin).Seconds(), i)
		begin = end
	}
	// The whole number that no segment is longer than, rounded (RFC 8216, 4.3.3.1).
	return fmt.Appendf(nil, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%d\n#EXT-X-MEDIA-SEQUENCE:0\n"+
		"#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n%s#EXT-X-ENDLIST\n",
		int(math.Round(longest.Seconds())), list.String())
}
