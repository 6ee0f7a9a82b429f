package node_test

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
)

// ownClass finds the classes that a style is about, not those it looks for around them.
var ownClass = regexp.MustCompile(`(?m)^\.([a-z][a-z-]*)\s*[,{]`)

// TestStyles: a class is described in one file, so that two parts of the page that know nothing of
// each other do not share a name.
func TestStyles(t *testing.T) { keep(t, checkStyles(theHouse(t))) }

func checkStyles(h *house) []string {
	var problems []string
	owner := map[string]string{}
	for _, f := range h.files {
		if path.Ext(f.path) != ".css" || !strings.HasPrefix(f.path, "node/web/ui/css/") {
			continue
		}
		for _, m := range ownClass.FindAllSubmatch(f.text, -1) {
			class := string(m[1])
			if other := owner[class]; other != "" && other != f.path {
				problems = append(problems, fmt.Sprintf("%s: .%s is described in %s already", f.path, class, other))
			}
			owner[class] = f.path
		}
	}
	return problems
}

func TestStylesCanFail(t *testing.T) {
	try(t, checkStyles, []trial{
		{"one each", map[string]string{"node/web/ui/css/a.css": ".face {\n}\n\n.face {\n}", "node/web/ui/css/b.css": ".head .face {\n}\n"}, ""},
		{"two of one name", map[string]string{"node/web/ui/css/a.css": ".face {\n}", "node/web/ui/css/b.css": ".head,\n.face {\n}"}, ".face is described"},
	})
}
