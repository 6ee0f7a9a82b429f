package rendition

import (
	"fmt"
	"slices"
	"strings"

	"watchparty/media/ffmpeg"
)

// MIME is a file's type with its codecs (RFC 6381), such as
// `video/mp4; codecs="avc1.64001f, mp4a.40.2"`, so that a browser can be asked whether it plays
// it. It is empty where a browser would not know the answer.
func MIME(info ffmpeg.Info) string {
	var codecs, names []string
	video, hasVideo := firstOf(info, "video")
	audio, hasAudio := firstOf(info, "audio")
	if hasVideo {
		codecs, names = append(codecs, videoCodec(video)), append(names, video.Codec)
	}
	if hasAudio {
		codecs, names = append(codecs, audioCodec(audio)), append(names, audio.Codec)
	}
	kind := "audio"
	if hasVideo {
		kind = "video"
	}
	switch formats := strings.Split(info.Format, ","); {
	case len(codecs) == 0 || slices.Contains(codecs, ""):
		return ""
	case slices.Contains(formats, "mp4"):
		kind += "/mp4"
	case slices.Contains(formats, "webm"):
		kind += "/" + matroska(names)
	case slices.Contains(formats, "ogg"):
		kind += "/ogg"
	case slices.Contains(formats, "mp3") && kind == "audio":
		return "audio/mpeg"
	case slices.Contains(formats, "flac") && kind == "audio":
		return "audio/flac"
	case slices.Contains(formats, "aac") && kind == "audio":
		return "audio/aac"
	default:
		return ""
	}
	return kind + `; codecs="` + strings.Join(codecs, ", ") + `"`
}

// matroska tells WebM from its larger family by what may be in it.
func matroska(codecs []string) string {
	for _, c := range codecs {
		if !slices.Contains([]string{"vp8", "vp9", "av1", "opus", "vorbis"}, c) {
			return "x-matroska"
		}
	}
	return "webm"
}

// firstOf is the stream that a player takes: the default one, else the first.
func firstOf(info ffmpeg.Info, kind string) (ffmpeg.Stream, bool) {
	var found ffmpeg.Stream
	ok := false
	for _, s := range info.Streams {
		if s.Type == kind && !s.Picture && (!ok || s.Default && !found.Default) {
			found, ok = s, true
		}
	}
	return found, ok
}

// avc are profile_idc and the constraint flags of H.264, by ffprobe's name (ITU-T H.264, A.2).
var avc = map[string]string{
	"Constrained Baseline": "42e0", "Baseline": "4200", "Main": "4d40", "Extended": "5800", "High": "6400",
	"High 10": "6e00", "High 4:2:2": "7a00", "High 4:4:4 Predictive": "f400",
}

func videoCodec(s ffmpeg.Stream) string {
	switch s.Codec {
	case "h264":
		if profile, ok := avc[s.Profile]; ok && s.Level > 0 {
			return fmt.Sprintf("avc1.%s%02x", profile, s.Level)
		}
	case "hevc":
		return hevc(s)
	case "vp8":
		return "vp8"
	case "vp9":
		profile := strings.TrimPrefix(s.Profile, "Profile ")
		if len(profile) == 1 {
			return fmt.Sprintf("vp09.0%s.%d.%02d", profile, vp9Level(s), max(s.Bits, 8))
		}
	case "av1":
		profile := slices.Index([]string{"Main", "High", "Professional"}, s.Profile)
		if profile >= 0 && s.Level >= 0 {
			return fmt.Sprintf("av01.%d.%02dM.%02d", profile, s.Level, max(s.Bits, 8))
		}
	}
	return ""
}

// hevc is by ISO/IEC 14496-15, annex E. The name hev1 says that parameters may change on the
// way, which some players refuse.
func hevc(s ffmpeg.Stream) string {
	profile, ok := map[string]string{"Main": "1.6", "Main 10": "2.4", "Rext": "4.10"}[s.Profile]
	if !ok || s.Level <= 0 {
		return ""
	}
	name := "hvc1"
	if s.Tag == "hev1" {
		name = "hev1"
	}
	return fmt.Sprintf("%s.%s.L%d.B0", name, profile, s.Level)
}

// vp9Level is the least level for the size of the picture: the file does not say it.
func vp9Level(s ffmpeg.Stream) int {
	switch n := s.Width * s.Height; {
	case n <= 640*384:
		return 21
	case n <= 1280*768:
		return 31
	case n <= 2048*1088:
		return 41
	}
	return 51
}

func audioCodec(s ffmpeg.Stream) string {
	switch s.Codec {
	case "aac":
		switch s.Profile {
		case "HE-AAC":
			return "mp4a.40.5"
		case "HE-AACv2":
			return "mp4a.40.29"
		}
		return "mp4a.40.2"
	case "ac3":
		return "ac-3"
	case "eac3":
		return "ec-3"
	case "mp3", "opus", "vorbis", "flac", "alac":
		return s.Codec
	}
	return ""
}
