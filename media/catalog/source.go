package catalog

import (
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxSource bounds an address, in bytes.
const maxSource = 2000

// sourceSchemes are the ways in which a picture may come over the network. No other is
// taken: an address must never lead to a file of the host's.
var sourceSchemes = []string{"http", "https", "rtsp", "srt", "udp"}

// source reads the address of what is live.
func (r *reader) source(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || empty(n) {
		r.bad(n, "", "source must be an address, but is %s", describe(n))
		return ""
	}
	if fault := sourceFault(n.Value); fault != "" {
		r.bad(n, `write it like "https://example.org/live/main.m3u8"; http, https, rtsp, srt and udp are known`,
			"WP-CATALOG-SOURCE: source %s", fault)
		return ""
	}
	return n.Value
}

// sourceFault says what keeps a text from being an address of something live, or nothing. It
// never repeats the text, which may hold a password.
func sourceFault(text string) string {
	if len(text) > maxSource {
		return "is too long"
	}
	if strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c >= 0x7f }) {
		return "holds a space or a character that must be written with %"
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "is no address"
	case !slices.Contains(sourceSchemes, u.Scheme) || !strings.HasPrefix(text, u.Scheme+"://"):
		return "does not begin with a way that is known"
	case u.Host == "":
		return "names no machine"
	case (u.Scheme == "udp" || u.Scheme == "srt") && u.Port() == "":
		return "names no port"
	case u.Fragment != "":
		return "holds a #"
	}
	return ""
}

// origin reads where the bytes of a title come from: a file, or a source where it may be live.
func (s *shelf) origin(n *yaml.Node, m fields, t *Title) {
	file, source := m["file"], m["source"]
	switch {
	case t.Kind == Series || t.Kind == Records:
		return
	case t.Kind == Live && file != nil:
		s.bad(file, `write "source:" and its address, or another kind`, "what is live comes from a source, not from a file")
	case source != nil && t.Kind != Live && t.Kind != Sport:
		s.bad(source, `write "kind: live" or "kind: sport"`, "only what is live or sport has a source")
	case source != nil && file != nil:
		s.bad(source, "keep one of them", "this entry has both a file and a source")
	case source != nil:
		t.Source = s.source(source)
		s.none(m, "is for what has a file", "duration", "subtitles", "audio")
	case file != nil:
		t.File = s.path(file, "file")
	case t.Kind == Live:
		s.bad(n, `such as "source: https://example.org/live/main.m3u8"`, "this entry has no %q", "source")
	default:
		s.bad(n, `such as "file: night-train.mp4"`, "this entry has no %q", "file")
	}
}
