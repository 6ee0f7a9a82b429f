// Package subtitle turns subtitle files as people have them into WebVTT, which is what browsers
// show. It is pure: bytes in, bytes out. It never fails over a bad cue; it leaves that cue out.
package subtitle

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// MaxSize is the largest subtitle file that is read, in bytes. A long film has 150 KB.
const MaxSize = 8 << 20

// ErrTooLarge is the error about a file above [MaxSize].
var ErrTooLarge = fmt.Errorf("a subtitle file has at most %d MB", MaxSize>>20)

// errNothing is the error about a file without a single cue.
var errNothing = errors.New("no subtitles in this file")

// WebVTT converts a SubRip (.srt), ASS, SSA or WebVTT file, in UTF-8, UTF-16 or Windows-1252,
// into WebVTT in UTF-8. What already is WebVTT keeps its cues as they are.
func WebVTT(file []byte) ([]byte, error) {
	if len(file) > MaxSize {
		return nil, ErrTooLarge
	}
	text, err := decode(file)
	if err != nil {
		return nil, err
	}
	// WebVTT, 4.1: NUL becomes U+FFFD, all line ends become LF.
	text = strings.NewReplacer("\x00", "\uFFFD", "\r\n", "\n", "\r", "\n").Replace(text)
	if header, _, _ := strings.Cut(text, "\n"); header == "WEBVTT" || strings.HasPrefix(header, "WEBVTT ") || strings.HasPrefix(header, "WEBVTT\t") {
		return []byte(text), nil
	}
	read := subRip
	if isScript(text) {
		read = ass
	}
	cues := read(text)
	if len(cues) == 0 {
		return nil, errNothing
	}
	var out bytes.Buffer
	out.WriteString("WEBVTT\n")
	for _, c := range cues {
		fmt.Fprintf(&out, "\n%s --> %s%s\n%s\n", stamp(c.start), stamp(c.end), c.settings, c.text)
	}
	return out.Bytes(), nil
}

// decode makes UTF-8 of what the file is in.
func decode(file []byte) (string, error) {
	var from encoding.Encoding = charmap.Windows1252
	switch {
	case bytes.HasPrefix(file, []byte{0xFF, 0xFE}), bytes.HasPrefix(file, []byte{0xFE, 0xFF}):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case utf8.Valid(file):
		return strings.TrimPrefix(string(file), "\uFEFF"), nil
	}
	text, err := from.NewDecoder().Bytes(file)
	return string(text), err
}

type cue struct {
	start, end time.Duration
	settings   string // with a space before it
	text       string
}

var (
	timing   = regexp.MustCompile(`^\s*(\d{1,3}):(\d{1,2}):(\d{1,2})(?:[,.:](\d{1,3}))?\s*-->\s*(\d{1,3}):(\d{1,2}):(\d{1,2})(?:[,.:](\d{1,3}))?`)
	override = regexp.MustCompile(`\{\\[^}]*\}`) // as in {\an8}
	markup   = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)
	plain    = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// subRip reads the cues of an SRT file, by time. A cue ends at an empty line; numbers are not
// looked at, because many files number wrongly.
func subRip(text string) []cue {
	var cues []cue
	var now *cue
	for line := range strings.SplitSeq(text, "\n") {
		if m := timing.FindStringSubmatch(line); m != nil {
			cues = append(cues, cue{start: clock(m[1:5]), end: clock(m[5:9])})
			now = &cues[len(cues)-1]
			continue
		}
		if strings.TrimSpace(line) == "" {
			now = nil
		}
		if now == nil {
			continue
		}
		if strings.Contains(line, `{\an7}`) || strings.Contains(line, `{\an8}`) || strings.Contains(line, `{\an9}`) {
			now.settings = " line:0" // at the top
		}
		if line = clean(line); line != "" {
			now.text = strings.TrimPrefix(now.text+"\n"+line, "\n")
		}
	}
	cues = slices.DeleteFunc(cues, func(c cue) bool { return c.text == "" || c.end <= c.start })
	slices.SortStableFunc(cues, func(a, b cue) int { return cmp.Compare(a.start, b.start) })
	return cues
}

// clean keeps bold, italics and underline, and makes plain text of everything else.
func clean(line string) string {
	line = override.ReplaceAllString(line, "")
	var out strings.Builder
	last := 0
	for _, at := range markup.FindAllStringIndex(line, -1) {
		out.WriteString(plain.Replace(line[last:at[0]]))
		switch tag := strings.ToLower(line[at[0]:at[1]]); tag {
		case "<b>", "</b>", "<i>", "</i>", "<u>", "</u>":
			out.WriteString(tag)
		}
		last = at[1]
	}
	out.WriteString(plain.Replace(line[last:]))
	return strings.TrimSpace(out.String())
}

// clock reads hours, minutes, seconds and a decimal fraction.
func clock(m []string) time.Duration {
	var n [3]time.Duration
	for i := range n {
		v, _ := strconv.Atoi(m[i]) // the pattern admits digits only
		n[i] = time.Duration(v)
	}
	fraction, _ := strconv.Atoi((m[3] + "000")[:3])
	return n[0]*time.Hour + n[1]*time.Minute + n[2]*time.Second + time.Duration(fraction)*time.Millisecond
}

// stamp writes a WebVTT timestamp (WebVTT, 4.1).
func stamp(d time.Duration) string {
	ms := d.Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3600000, ms/60000%60, ms/1000%60, ms%1000)
}
