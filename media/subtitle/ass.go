package subtitle

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A script is what an ASS or SSA file (Advanced SubStation Alpha, v4.00 and v4.00+) says outside
// of its lines.
type script struct {
	width, height float64          // of the picture in which places are told
	old           bool             // v4.00, which counts alignments otherwise
	styles        map[string]style // by name
	columns       map[string]int   // of an event, by name
}

// style is how text is shown: what a style says, and what overrides make of it.
type style struct {
	bold, italic, under bool
	align               int // as the keys of a number pad: 1 to 3 at the bottom, 7 to 9 at the top
}

// isScript tells an ASS or SSA file from others.
func isScript(text string) bool {
	for line := range strings.Lines(text) {
		switch line = strings.ToLower(strings.TrimSpace(line)); {
		case line == "" || strings.HasPrefix(line, ";") || strings.HasPrefix(line, "!:"):
		default:
			return line == "[script info]" || line == "[v4+ styles]" || line == "[v4 styles]" || line == "[events]"
		}
	}
	return false
}

// ass reads the lines of an ASS or SSA file, by time. Comments, drawings and effects are left out,
// and so is a line that makes no sense. What is shown in layers or frame by frame becomes one cue.
func ass(text string) []cue {
	s := script{width: 384, height: 288, styles: map[string]style{}, columns: map[string]int{}}
	var cues []cue
	var columns map[string]int // of a style
	section := ""
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			section = strings.ToLower(line)
			continue
		}
		kind, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		value = strings.TrimLeft(value, " \t")
		switch kind = strings.ToLower(strings.TrimSpace(kind)); {
		case section == "[script info]":
			s.inform(kind, value)
		case kind == "format" && section == "[events]":
			s.columns = columnsOf(value)
		case kind == "format":
			columns = columnsOf(value)
		case kind == "style":
			s.style(columns, value)
		case kind == "dialogue" && section == "[events]":
			if c, ok := s.dialogue(value); ok {
				cues = append(cues, c)
			}
		}
	}
	return join(cues)
}

// join sorts cues by time and makes one of those that show the same at once or one after the other.
func join(cues []cue) []cue {
	slices.SortStableFunc(cues, func(a, b cue) int { return cmp.Compare(a.start, b.start) })
	type shown struct{ settings, text string }
	last := map[shown]int{} // where the latest of each is in out
	var out []cue
	for _, c := range cues {
		key := shown{c.settings, c.text}
		if at, ok := last[key]; ok && c.start <= out[at].end {
			out[at].end = max(out[at].end, c.end)
			continue
		}
		last[key] = len(out)
		out = append(out, c)
	}
	return out
}

func (s *script) inform(kind, value string) {
	switch n, err := strconv.ParseFloat(value, 64); {
	case kind == "scripttype":
		s.old = strings.EqualFold(value, "v4.00")
	case err != nil || n < 1 || n > 1e5:
	case kind == "playresx":
		s.width = n
	case kind == "playresy":
		s.height = n
	}
}

func columnsOf(format string) map[string]int {
	columns := map[string]int{}
	for i, name := range strings.Split(format, ",") {
		columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	return columns
}

func (s *script) style(columns map[string]int, line string) {
	fields := strings.Split(line, ",")
	get := func(name string) string {
		if i, ok := columns[name]; ok && i < len(fields) {
			return strings.TrimSpace(fields[i])
		}
		return ""
	}
	on := func(name string) bool { n, _ := strconv.Atoi(get(name)); return n != 0 }
	align, _ := strconv.Atoi(get("alignment"))
	if s.old {
		align = fromOld(align)
	}
	s.styles[styleName(get("name"))] = style{on("bold"), on("italic"), on("underline"), align}
}

func styleName(name string) string { return strings.TrimLeft(name, "*") }

// fromOld is an alignment of v4.00 as v4.00+ counts it: 1 to 3 at the bottom, 5 to 7 at the top,
// 9 to 11 in the middle.
func fromOld(a int) int {
	switch {
	case a >= 5 && a <= 7:
		return a + 2
	case a >= 9 && a <= 11:
		return a - 5
	}
	return a
}

// dialogue reads one line of text with its times.
func (s *script) dialogue(line string) (cue, bool) {
	columns := s.columns
	if len(columns) == 0 {
		columns = columnsOf("Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text")
	}
	text, hasText := columns["text"]
	if !hasText {
		return cue{}, false
	}
	fields := strings.SplitN(line, ",", text+1) // the text comes last, and has commas of its own
	get := func(name string) string {
		if i, ok := columns[name]; ok && i < len(fields) {
			return strings.TrimSpace(fields[i])
		}
		return ""
	}
	start, okStart := when(get("start"))
	end, okEnd := when(get("end"))
	if !okStart || !okEnd || end <= start || text >= len(fields) || len(line) > maxLine {
		return cue{}, false
	}
	w := writer{now: s.styles[styleName(get("style"))], script: s}
	w.first = w.now
	w.write(fields[text])
	body := w.end()
	return cue{start, end, w.settings(), body}, body != ""
}

var assTime = regexp.MustCompile(`^(\d{1,3}):(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,3}))?$`)

func when(text string) (time.Duration, bool) {
	m := assTime.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	return clock(m[1:]), true
}

// A writer makes WebVTT of the text of one line.
type writer struct {
	*script
	first, now style
	x, y       float64 // where it is told to be
	placed     bool
	drawing    bool
	out        strings.Builder
	open       []byte // tags that are open, outermost first
}

// maxLine bounds a line, in bytes: what is longer draws, and is not to be read.
const maxLine = 64 << 10

var (
	breaks = strings.NewReplacer(`\N`, "\n", `\n`, " ", `\h`, "\u00a0")
	blank  = regexp.MustCompile(`[ \t]*\n\s*`)
)

func (w *writer) write(text string) {
	for {
		before, rest, opens := strings.Cut(text, "{")
		block, after, closes := strings.Cut(rest, "}")
		if !opens || !closes {
			w.text(text)
			return
		}
		w.text(before)
		w.override(block)
		text = after
	}
}

// override reads what stands between braces: tags, each after a backslash. What is no tag there
// is a comment.
func (w *writer) override(block string) {
	for i, tag := range strings.Split(block, `\`) {
		if tag = strings.TrimRight(tag, " )"); i == 0 || tag == "" {
			continue
		}
		if kind, place, ok := strings.Cut(tag, "("); ok && (kind == "pos" || kind == "move") {
			w.place(place)
			continue
		}
		if tag[0] == 'r' {
			w.reset(tag[1:])
			continue
		}
		name := strings.TrimRight(tag, "-0123456789")
		n, err := strconv.Atoi(tag[len(name):])
		if err != nil {
			continue
		}
		switch name {
		case "an":
			w.first.align = n
		case "a":
			w.first.align = fromOld(n)
		case "b":
			w.now.bold = n == 1 || n >= 600 // or a weight
		case "i":
			w.now.italic = n != 0
		case "u":
			w.now.under = n != 0
		case "p":
			w.drawing = n > 0
		}
	}
}

// reset goes to another style, or back to that of the line.
func (w *writer) reset(name string) {
	style, ok := w.styles[styleName(name)]
	if !ok {
		style = w.first
	}
	w.now = style
}

// place reads where a text is told to be: x and y in the script's own picture.
func (w *writer) place(arguments string) {
	fields := strings.Split(arguments, ",")
	if len(fields) < 2 || w.placed {
		return
	}
	x, errX := strconv.ParseFloat(strings.TrimSpace(fields[0]), 64)
	y, errY := strconv.ParseFloat(strings.TrimSpace(fields[1]), 64)
	if errX == nil && errY == nil {
		w.x, w.y, w.placed = x/w.width*100, y/w.height*100, true
	}
}

func (w *writer) text(text string) {
	if w.drawing || text == "" {
		return
	}
	w.tags()
	w.out.WriteString(plain.Replace(breaks.Replace(text)))
}

// tags closes and opens tags until they are those of the style.
func (w *writer) tags() {
	want := map[byte]bool{'b': w.now.bold, 'i': w.now.italic, 'u': w.now.under}
	for i, tag := range w.open {
		if !want[tag] {
			for j := len(w.open) - 1; j >= i; j-- {
				w.out.WriteString("</" + string(w.open[j]) + ">")
			}
			w.open = w.open[:i]
			break
		}
	}
	for _, tag := range []byte("biu") {
		if want[tag] && !slices.Contains(w.open, tag) {
			w.out.WriteString("<" + string(tag) + ">")
			w.open = append(w.open, tag)
		}
	}
}

// end gives the text; none where nothing is to be read.
func (w *writer) end() string {
	w.now = style{}
	w.tags()
	text := blank.ReplaceAllString(strings.TrimSpace(w.out.String()), "\n")
	if strings.TrimSpace(markup.ReplaceAllString(text, "")) == "" {
		return ""
	}
	return text
}

// settings are those of the cue (WebVTT, 4.4): where it is, unless that is at the bottom.
func (w *writer) settings() string {
	if w.placed && w.x >= 0 && w.x <= 100 && w.y >= 0 && w.y <= 100 {
		return fmt.Sprintf(" line:%.0f%% position:%.0f%%", w.y, w.x)
	}
	switch a := w.first.align; {
	case a >= 7 && a <= 9:
		return " line:0"
	case a >= 4 && a <= 6:
		return " line:50%"
	}
	return ""
}
