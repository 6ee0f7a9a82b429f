package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

const (
	maxBytes = 8 << 20 // a catalog of 100,000 titles has about this size
	maxDepth = 32      // mappings and lists inside each other; the format itself needs seven
)

// document reads the one YAML document of a file, in the plain part of YAML: no anchors, no
// tags, no second document. The node it returns is the value at the top, or nil after a problem.
func (r *reader) document(data []byte) *yaml.Node {
	if len(data) > maxBytes {
		r.at(1, 1, "", "the file has %d bytes; a catalog has at most %d", len(data), maxBytes)
		return nil
	}
	if line, fault := unreadable(data); fault != "" {
		r.at(line, 1, "save the file as UTF-8 text", "%s", fault)
		return nil
	}
	doc, second, err := decode(data)
	switch {
	case errors.Is(err, io.EOF):
		r.at(1, 1, `start with "version: 1"`, "the file is empty")
		return nil
	case err != nil:
		line, text := yamlFault(data, err)
		r.at(line, 1, "look at indentation, colons, quotes and brackets here", "not valid YAML: %s", short(text))
		return nil
	case second.Kind != 0:
		r.at(second.Line, second.Column, "keep one and remove the --- line", "a second document starts here")
		return nil
	}
	if !r.plain(doc.Content[0], 1) {
		return nil
	}
	return doc.Content[0]
}

// unreadable finds bytes that YAML cannot hold, of which the library does not tell the line
// (YAML 1.2, section 5.1).
func unreadable(data []byte) (line int, fault string) {
	line = 1
	text := bytes.TrimPrefix(data, []byte("\ufeff"))
	for len(text) > 0 {
		c, size := utf8.DecodeRune(text)
		switch {
		case c == utf8.RuneError && size == 1:
			return line, "this line is not UTF-8 text"
		case c == '\n':
			line++
		case c < ' ' && c != '\t' && c != '\r', c >= 0x7f && c < 0xa0 && c != 0x85,
			c == 0xfeff, c == 0xfffe, c == 0xffff:
			return line, fmt.Sprintf("this line holds the control character %U", c)
		}
		text = text[size:]
	}
	return 0, ""
}

// decode reads the first document, and the second if there is one. The error is io.EOF if there
// is none.
func decode(data []byte) (first, second yaml.Node, err error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err = decoder.Decode(&first); err != nil {
		return first, second, err
	}
	if err = decoder.Decode(&second); errors.Is(err, io.EOF) {
		err = nil
	}
	return first, second, err
}

// yamlLine is where the library puts the line in its messages: "yaml: line 5: did not find …".
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// maxSearch bounds the files that are read again and again to find a line, in bytes: it makes
// for a second.
const maxSearch = 1 << 20

// yamlFault says what the library found wrong, and on which line. The library tells where the
// list or mapping began that it could not finish, which may be a thousand lines above; so look
// for the shortest beginning of the file that is wrong in the same way.
func yamlFault(data []byte, err error) (line int, text string) {
	prefix := yamlLine.FindStringSubmatch(err.Error())
	text = strings.TrimPrefix(err.Error(), prefix[0])
	if len(data) > maxSearch {
		line, _ = strconv.Atoi(prefix[1])
		return max(line, 1), text
	}
	var ends []int // of the lines
	for i, c := range data {
		if c == '\n' || i == len(data)-1 {
			ends = append(ends, i+1)
		}
	}
	line = 1 + sort.Search(len(ends)-1, func(i int) bool {
		_, _, err := decode(data[:ends[i]])
		return err != nil && strings.HasSuffix(err.Error(), text)
	})
	return line, text
}

// plain refuses what makes a small file mean a large one, or a value mean something else than
// it looks like. It reports whether there was none of that.
func (r *reader) plain(n *yaml.Node, depth int) bool {
	switch {
	case depth > maxDepth:
		return r.bad(n, "", "nested more than %d deep", maxDepth)
	case n.Kind == yaml.AliasNode:
		return r.bad(n, "write the value out, or use defaults and groups", "aliases (*%s) are not allowed", short(n.Value))
	case n.Anchor != "":
		return r.bad(n, "write the value out, or use defaults and groups", "anchors (&%s) are not allowed", short(n.Anchor))
	case n.Style&yaml.TaggedStyle != 0:
		return r.bad(n, "remove it", "tags (%s) are not allowed", short(n.Tag))
	}
	ok := true
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && child.Kind == yaml.ScalarNode && child.Tag == "!!merge" {
			ok = r.bad(child, "write the keys out, or use defaults", "merge keys (<<) are not allowed")
			continue
		}
		if !r.plain(child, depth+1) {
			ok = false
		}
	}
	return ok
}
