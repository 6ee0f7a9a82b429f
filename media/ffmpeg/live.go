package ffmpeg

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// quietSource is how long a live source may give nothing while we listen. The pieces of an HLS
// source are some ten seconds long.
const quietSource = 20 * time.Second

// look is how long a source is looked into before it is shown: long enough for a picture that
// stands by itself, mostly.
const look = 2 * time.Second

// ways are the protocols that a child may speak to reach a source, by the scheme of its
// address. None leads to a file of this machine, whatever a playlist or a redirection names.
var ways = map[string]string{
	"http": "http,https,httpproxy,tcp,tls,crypto", "https": "http,https,httpproxy,tcp,tls,crypto",
	"rtsp": "rtsp,rtp,srtp,udp,tcp,http,tls", "srt": "srt", "udp": "udp",
}

// liveFormats are what a source may be, by the scheme of its address; further addresses can be
// named by a playlist alone, and in rtsp.
var liveFormats = map[string]string{
	"http": "hls,mpegts,mov,aac,mp3,ac3,eac3,flv,ogg,webm,matroska", "https": "hls,mpegts,mov,aac,mp3,ac3,eac3,flv,ogg,webm,matroska",
	"rtsp": "rtsp,sdp,rtp,mpegts", "srt": "mpegts", "udp": "mpegts",
}

// Receive runs ffmpeg over a source on the network, whose address begins with http, https,
// rtsp, srt or udp. The options out are as those of [Program.Start]. The child is killed when
// it writes nothing for twenty seconds while somebody reads.
func (p *Program) Receive(source string, out []string) (*Child, error) {
	args, err := receiving(source, out)
	if err != nil {
		return nil, err
	}
	c, err := p.launch(args, nil)
	if err == nil {
		c.watch = quietSource
	}
	return c, err
}

// receiving are the arguments of a child that reads a source.
func receiving(source string, out []string) ([]string, error) {
	scheme, _, _ := strings.Cut(source, "://")
	if ways[scheme] == "" {
		return nil, fmt.Errorf("start ffmpeg: no way to a source by %q", scheme)
	}
	in := slices.Concat([]string{"-nostdin", "-hide_banner", "-loglevel", "error"}, thinFilters(), []string{"-protocol_whitelist", ways[scheme],
		"-format_whitelist", liveFormats[scheme], "-analyzeduration", strconv.Itoa(int(look / time.Microsecond))}, thin())
	switch scheme {
	case "rtsp":
		in = append(in, "-rtsp_flags", "prefer_tcp") // a packet that is lost tears the picture
	case "udp":
		in = append(in, "-overrun_nonfatal", "1")
	}
	return slices.Concat(in, []string{"-i", source}, thin(), out), nil
}

// Draw runs ffmpeg over pictures and sounds of its own making: a filter graph of libavfilter.
func (p *Program) Draw(graph string, out []string) (*Child, error) {
	return p.launch(slices.Concat([]string{"-nostdin", "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", graph}, out), nil)
}

// secret is what an address may hold that is nobody's business: user and password, and what
// follows a question mark.
var secret = regexp.MustCompile(`//[^/@\s'"]*@|\?[^\s'"]*`)

// Discreet is what a child said, without the secrets of the addresses in it.
func Discreet(said error) string {
	return secret.ReplaceAllStringFunc(said.Error(), func(s string) string {
		if s[0] == '?' {
			return "?…"
		}
		return "//…@"
	})
}
