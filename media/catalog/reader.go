package catalog

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// A reader turns YAML nodes into values. It notes what is wrong and goes on, so that all
// problems of a file are found at once; what it returns after a problem is never used.
type reader struct {
	file     string
	zone     *time.Location
	problems Problems
	groups   map[string]*group
}

func (r *reader) at(line, column int, hint, format string, args ...any) {
	r.problems = append(r.problems, Problem{
		File: r.file, Line: line, Column: column, Text: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// bad notes a problem at a node. It returns false for the convenience of those who check.
func (r *reader) bad(n *yaml.Node, hint, format string, args ...any) bool {
	r.at(n.Line, n.Column, hint, format, args...)
	return false
}

func (r *reader) warn(n *yaml.Node, hint, format string, args ...any) {
	r.at(n.Line, n.Column, hint, format, args...)
	r.problems[len(r.problems)-1].Warning = true
}

// fields are the values of a mapping by key.
type fields map[string]*yaml.Node

// mapping reads a mapping that may have these keys and no others. If it is something else the
// result is nil, otherwise not.
func (r *reader) mapping(n *yaml.Node, what string, keys ...string) fields {
	pairs := r.pairs(n, what)
	if pairs == nil {
		return nil
	}
	known := make(map[string]bool, len(keys))
	for _, key := range keys {
		known[key] = true
	}
	found := make(fields, len(pairs))
	for _, p := range pairs {
		if !known[p.key.Value] {
			r.bad(p.key, didYouMean(p.key.Value, keys), "unknown key %q", short(p.key.Value))
			continue
		}
		found[p.key.Value] = p.value
	}
	return found
}

type pair struct{ key, value *yaml.Node }

// pairs reads a mapping with any keys, each of them text and there once. It is nil if n is no
// mapping.
func (r *reader) pairs(n *yaml.Node, what string) []pair {
	if n.Kind != yaml.MappingNode {
		r.bad(n, "", "%s must be keys with values, but is %s", what, describe(n))
		return nil
	}
	found := make([]pair, 0, len(n.Content)/2)
	lines := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			r.bad(key, "", "a key must be a word, but is %s", describe(key))
			continue
		}
		if line, twice := lines[key.Value]; twice {
			r.bad(key, "keep one of them", "key %q is there twice, first on line %d", short(key.Value), line)
			continue
		}
		lines[key.Value] = key.Line
		found = append(found, pair{key, n.Content[i+1]})
	}
	return found
}

// list reads a list; a problem makes an empty one of it.
func (r *reader) list(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		hint := ""
		if n.Kind == yaml.ScalarNode && !empty(n) {
			hint = fmt.Sprintf("write [%s]", short(n.Value))
		}
		r.bad(n, hint, "%s must be a list, but is %s", what, describe(n))
		return nil
	}
	return n.Content
}

// text reads a line of text of at most so many characters. A number or date counts as text, so
// that a film may be called 1917.
func (r *reader) text(n *yaml.Node, what string, most int) (string, bool) {
	switch {
	case n.Kind != yaml.ScalarNode || empty(n):
		return "", r.bad(n, "", "%s must be text, but is %s", what, describe(n))
	case strings.TrimSpace(n.Value) == "":
		return "", r.bad(n, "", "%s is empty", what)
	case utf8.RuneCountInString(n.Value) > most:
		return "", r.bad(n, "", "%s is longer than %d characters", what, most)
	case strings.ContainsFunc(n.Value, unicode.IsControl):
		return "", r.bad(n, "keep it on one line", "%s holds a line break or control character", what)
	}
	return n.Value, true
}

// number reads a whole number in a range, both ends included.
func (r *reader) number(n *yaml.Node, what string, from, to int) (int, bool) {
	value, err := strconv.Atoi(n.Value)
	switch {
	case n.Kind != yaml.ScalarNode || n.Style != 0 || err != nil:
		return 0, r.bad(n, "", "%s must be a whole number, but is %s", what, describe(n))
	case value < from || value > to:
		return 0, r.bad(n, "", "%s must be between %d and %d, but is %d", what, from, to, value)
	}
	return value, true
}

func (r *reader) yesNo(n *yaml.Node, what string) bool {
	yes := n.Value == "true"
	if n.Kind != yaml.ScalarNode || n.Style != 0 || !yes && n.Value != "false" {
		r.bad(n, "", "%s must be true or false, but is %s", what, describe(n))
	}
	return yes
}

// path reads a path below the library.
func (r *reader) path(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || empty(n) {
		r.bad(n, "", "%s must be a path, but is %s", what, describe(n))
		return ""
	}
	if fault := pathFault(n.Value); fault != "" {
		r.bad(n, `write it from the library folder down, such as "Harbour/one.mkv"`,
			"WP-CATALOG-PATH: %s %q %s", what, short(n.Value), fault)
	}
	return n.Value
}

// empty says that a value was left out, as in "file:".
func empty(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// describe says what stands there instead of what should.
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "keys with values"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case empty(n):
		return "empty"
	}
	return strconv.Quote(short(n.Value))
}

// short keeps a quotation from filling the report.
func short(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}
