package catalog

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// An Entry is a title to be written into a catalog file. Its zero fields are not written.
type Entry struct {
	Title   Title   // Rating, of its rule, and nothing else of it
	Entries []Entry // of a series: its episodes; of an album: its tracks
	Remark  string  // one line, written as a comment
}

// An Edit changes the text of a catalog file. What was in the file stays as it is, byte for
// byte, but for what was asked for.
type Edit struct {
	name  string
	zone  *time.Location
	lines []string // with their ends
	root  *yaml.Node
	count int // titles there must be
}

// errShape says that a catalog is written in a way that is not edited.
var errShape = errors.New(`its list is written in brackets; write one title to a line, each after "- "`)

// StartEdit reads a catalog that is to be changed. The problems are those of [Parse]; if one of
// them is more than a warning, there is no edit.
func StartEdit(name string, data []byte, zone *time.Location) (*Edit, *Catalog, Problems) {
	c, problems := Parse(name, data, zone)
	if c == nil {
		return nil, nil, problems
	}
	e := &Edit{name: name, zone: zone, count: len(c.Titles)}
	e.set(string(data))
	return e, c, problems
}

// set takes a text that is a sound catalog.
func (e *Edit) set(text string) {
	e.lines = slices.Collect(strings.Lines(text))
	r := &reader{}
	e.root = r.document([]byte(text))
}

// Text is the file as it is now.
func (e *Edit) Text() []byte { return []byte(strings.Join(e.lines, "")) }

// NewText is a catalog without titles: all its films are for all regions, a host looks for new
// ones in the folders watched, and comments say how to change that.
func NewText(library string, watched []string) []byte {
	var folders []string
	for _, folder := range watched {
		if folder == "." || Writable(folder) == "" {
			folders = append(folders, quoted(folder))
		}
	}
	return []byte(`# What there is to watch, and who may watch it. This file is yours: "watchparty catalog scan"
# adds to it and takes nothing away. Every key is explained in docs/catalog.md.
version: 1
library: ` + scalar(library) + `
# While a party is hosted, new films in these folders are added by themselves; "." is the whole library.
# Take the line out, and only "watchparty catalog scan" adds.
watch: [` + strings.Join(folders, ", ") + `]
defaults:
  # Who may watch is the host's word. "world" is everybody whose country the host knows;
  # write countries instead, such as [FR, DE], here for all titles or at one of them.
  regions: {allow: [world]}
titles: []
`)
}

// Move changes the files of titles: from each key to its value. It gives those that it left as
// they are, because they are not written on a line of their own.
func (e *Edit) Move(moves map[string]string) (left []string) {
	lines := slices.Clone(e.lines)
	changed := map[int]bool{}
	done := map[string]bool{}
	walk(e.root, func(n *yaml.Node) {
		file := value(n, "file")
		if file == nil || moves[file.Value] == "" {
			return
		}
		if line, ok := replaced(lines[file.Line-1], file, moves[file.Value]); ok && !changed[file.Line] {
			lines[file.Line-1], changed[file.Line] = line, true
			done[file.Value] = true
		} else {
			left = append(left, file.Value)
		}
	})
	if err := e.commit(lines, 0); err != nil {
		return slices.Sorted(maps.Keys(moves))
	}
	for from := range moves {
		if !done[from] && !slices.Contains(left, from) {
			left = append(left, from)
		}
	}
	slices.Sort(left)
	return slices.Compact(left)
}

// replaced writes another value where a scalar stands in a line.
func replaced(line string, n *yaml.Node, to string) (string, bool) {
	at := byteOf(line, n.Column)
	rest := line[at:]
	end := -1
	switch n.Style {
	case 0:
		if strings.HasPrefix(rest, n.Value) {
			end = len(n.Value)
		}
	case yaml.SingleQuotedStyle:
		if raw := "'" + strings.ReplaceAll(n.Value, "'", "''") + "'"; strings.HasPrefix(rest, raw) {
			end = len(raw)
		}
	case yaml.DoubleQuotedStyle:
		if raw := `"` + n.Value + `"`; strings.HasPrefix(rest, raw) {
			end = len(raw)
		}
	}
	if end < 0 {
		return "", false
	}
	return line[:at] + quoted(to) + rest[end:], true
}

// byteOf turns a column, which counts characters from 1, into an index.
func byteOf(line string, column int) int {
	at := 0
	for ; column > 1 && at < len(line); column-- {
		_, size := utf8.DecodeRuneInString(line[at:])
		at += size
	}
	return at
}

// quoted is a text that can stand in any place, also between { and }.
func quoted(s string) string {
	s = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
	return `"` + s + `"`
}

// Add writes titles at the end of the list, below a comment of one line.
func (e *Edit) Add(comment string, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	list := value(e.root, "titles")
	if e.root.Style&yaml.FlowStyle != 0 {
		return errShape
	}
	if len(list.Content) > 0 {
		return e.insert(e.root, list, e.below(e.root, list, len(e.lines)+1), comment, entries)
	}
	line := e.lines[list.Line-1]
	at := byteOf(line, list.Column)
	closing := strings.IndexByte(line[at:], ']')
	if list.Style&yaml.FlowStyle == 0 || closing < 0 || strings.TrimSpace(line[at+1:at+closing]) != "" {
		return errShape
	}
	lines := slices.Clone(e.lines)
	lines[list.Line-1] = strings.TrimRight(line[:at], " ") + strings.TrimRight(line[at+closing+1:], "\r\n") + "\n"
	return e.commit(slices.Insert(lines, list.Line, render(2, comment, entries)), count(entries))
}

// AddTo writes episodes at the end of their series, or tracks at the end of their album.
func (e *Edit) AddTo(whole TitleID, comment string, parts []Entry) error {
	titles := value(e.root, "titles")
	if titles.Style&yaml.FlowStyle != 0 {
		return errShape
	}
	end := e.below(e.root, titles, len(e.lines)+1)
	for i, item := range titles.Content {
		id := value(item, "id")
		if id == nil || id.Value != string(whole) {
			continue
		}
		if i+1 < len(titles.Content) {
			end = titles.Content[i+1].Line
		}
		list := cmp.Or(value(item, "episodes"), value(item, "tracks"))
		if list == nil || item.Style&yaml.FlowStyle != 0 {
			return errShape
		}
		return e.insert(item, list, e.below(item, list, end), comment, parts)
	}
	return fmt.Errorf("there is no series or album %q", whole)
}

// below is the line at which what follows a value in its mapping begins, or end.
func (e *Edit) below(mapping, n *yaml.Node, end int) int {
	for i := 1; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i] == n {
			return mapping.Content[i+1].Line
		}
	}
	return end
}

// insert writes entries at the end of a list of which the text ends before a line. Comments
// above that line belong to what follows.
func (e *Edit) insert(mapping, list *yaml.Node, line int, comment string, entries []Entry) error {
	if list.Style&yaml.FlowStyle != 0 {
		return errShape
	}
	indent := list.Column - 1
	at := line - 1
	if line <= len(e.lines) {
		for at > list.Line {
			text := strings.TrimRight(e.lines[at-1], " \r\n")
			inner := strings.TrimLeft(text, " ")
			if inner != "" && (inner[0] != '#' || len(text)-len(inner) > max(indent-1, mapping.Column-1)) {
				break
			}
			at--
		}
	}
	lines := slices.Clone(e.lines)
	if at > 0 && !strings.HasSuffix(lines[at-1], "\n") {
		lines[at-1] += "\n"
	}
	return e.commit(slices.Insert(lines, at, render(indent, comment, entries)), count(entries))
}

// commit takes a new text, if it is a sound catalog with that many titles more.
func (e *Edit) commit(lines []string, more int) error {
	text := strings.Join(lines, "")
	c, problems := Parse(e.name, []byte(text), e.zone)
	if c == nil {
		return fmt.Errorf("the result would not be a sound catalog: %w", problems)
	}
	if len(c.Titles) != e.count+more {
		return errors.New("the result would not hold the right titles")
	}
	e.count += more
	e.set(text)
	return nil
}

func count(entries []Entry) int {
	n := 0
	for _, entry := range entries {
		n += max(1, len(entry.Entries))
	}
	return n
}

// walk visits all mappings.
func walk(n *yaml.Node, visit func(*yaml.Node)) {
	if n.Kind == yaml.MappingNode {
		visit(n)
	}
	for _, child := range n.Content {
		walk(child, visit)
	}
}

// value is the value of a key of a mapping, or nil.
func value(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// render writes entries as a list.
func render(indent int, comment string, entries []Entry) string {
	var b strings.Builder
	pad := strings.Repeat(" ", indent)
	if comment != "" {
		fmt.Fprintf(&b, "%s# %s\n", pad, plainLine(comment))
	}
	for _, entry := range entries {
		t, first := entry.Title, true
		line := func(key, value string) {
			mark := "  "
			if first {
				mark, first = "- ", false
			}
			fmt.Fprintf(&b, "%s%s%s: %s\n", pad, mark, key, value)
		}
		if entry.Remark != "" {
			fmt.Fprintf(&b, "%s# %s\n", pad, plainLine(entry.Remark))
		}
		writeKeys(t, line)
		if len(entry.Entries) > 0 {
			key := "episodes"
			if t.Kind == Records {
				key = "tracks"
			}
			fmt.Fprintf(&b, "%s  %s:\n%s", pad, key, render(indent+4, "", entry.Entries))
		}
	}
	return b.String()
}

// writeKeys writes the keys of a title that say something.
func writeKeys(t Title, line func(key, value string)) {
	text := func(key, value string) {
		if value != "" {
			line(key, scalar(value))
		}
	}
	text("id", string(t.ID))
	if t.Kind == Episode {
		line("season", fmt.Sprint(t.Season))
		line("episode", fmt.Sprint(t.Episode))
	}
	if t.Disc > 1 {
		line("disc", fmt.Sprint(t.Disc))
	}
	if t.Disc > 0 {
		line("track", fmt.Sprint(t.Track))
	}
	text("title", t.Name)
	text("artist", t.Artist)
	if t.Year > 0 {
		line("year", fmt.Sprint(t.Year))
	}
	if t.Kind != Episode && t.Kind != Film && t.Disc == 0 {
		text("kind", string(t.Kind))
	}
	text("file", t.File)
	text("source", t.Source)
	text("poster", t.Poster)
	text("synopsis", t.Synopsis)
	if t.Duration > 0 {
		fine := time.Second
		if t.Kind == Music { // the next one begins where this one ends
			fine = time.Millisecond
		}
		line("duration", t.Duration.Round(fine).String())
	}
	if t.Rule.Rating > 0 {
		line("rating", fmt.Sprint(t.Rule.Rating))
	}
}

// Writable says in words why a file cannot be named in a catalog, or nothing if it can.
func Writable(file string) string {
	switch fault := pathFault(file); {
	case fault != "":
		return fault
	case !utf8.ValidString(file):
		return "is not UTF-8 text"
	case plainLine(file) != strings.Join(strings.Fields(file), " ") || strings.ContainsFunc(file, unicode.IsControl):
		return "holds a control character"
	}
	return ""
}

// plainLine is a text for a comment.
func plainLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || r == '\ufeff' {
			return ' '
		}
		return r
	}, s)), " ")
}

// scalar writes a text as YAML does.
func scalar(s string) string {
	b, err := yaml.Marshal(s)
	text := string(bytes.TrimRight(b, "\n"))
	if err != nil || strings.ContainsAny(text, "\n") {
		return quoted(plainLine(s))
	}
	return text
}
