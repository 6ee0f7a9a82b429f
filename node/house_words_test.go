package node_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	topFolders = []string{"node", "discovery", "media", "store", "docs", ".ci"}
	topFiles   = []string{"main.go", "go.mod", "go.sum", "README.md", "Makefile", "LICENSE", ".gitignore", ".gitattributes"}
)

func TestTopLevel(t *testing.T) { keep(t, checkTop(theHouse(t))) }

// checkTop keeps the first page of the tree as it is.
func checkTop(h *house) []string {
	var problems []string
	for _, f := range h.files {
		first, _, deeper := strings.Cut(f.path, "/")
		if deeper && !slices.Contains(topFolders, first) {
			problems = append(problems, f.path+": the top level has no folder "+first+"; see docs/architecture.md")
		}
		if !deeper && !slices.Contains(topFiles, first) {
			problems = append(problems, f.path+": the top level has no such file; see docs/architecture.md")
		}
	}
	return problems
}

// A word is something no file of ours says. The patterns are written so that this
// file does not say it either.
type word struct {
	pattern *regexp.Regexp
	why     string
}

// words also refuses the folder that this checkout stands in, wherever that is.
func words(checkout string) []word {
	all := []word{
		{regexp.MustCompile(`\b(TO[D]O|FIX[M]E|XX[X])\b`), "nothing is left for later: do it, or write an issue"},
		{regexp.MustCompile(`(?m)(^|[^\w./-])/(home|root|tmp/w|work|Users)/`), "a path of somebody's machine"},
	}
	if strings.Count(checkout, "/") > 1 { // one level, as in a container's /src, is too common a word
		all = append(all, word{regexp.MustCompile(`(?m)(^|[^\w./-])` + regexp.QuoteMeta(checkout) + `\b`), "the path of this checkout"})
	}
	return all
}

func TestWords(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	keep(t, checkWords(words(root))(theHouse(t)))
}

// checkWords reads every text of ours. What a fuzzer or a module proxy wrote is
// not ours.
func checkWords(words []word) func(*house) []string {
	return func(h *house) []string {
		var problems []string
		for _, f := range h.files {
			if f.binary() || f.path == "go.sum" || strings.Contains(f.path, "/testdata/fuzz/") {
				continue
			}
			for _, w := range words {
				for _, m := range w.pattern.FindAllIndex(f.text, -1) {
					line := 1 + bytes.Count(f.text[:m[1]], []byte("\n"))
					problems = append(problems, fmt.Sprintf("%s:%d says %q: %s", f.path, line, bytes.TrimSpace(f.text[m[0]:m[1]]), w.why))
				}
			}
		}
		return problems
	}
}

func TestTopLevelCanFail(t *testing.T) {
	try(t, checkTop, []trial{
		{"ours", map[string]string{"docs/storage.md": "", "README.md": "", ".ci/run": ""}, ""},
		{"a new folder", map[string]string{"internal/a.txt": ""}, "has no folder internal"},
		{"a new file", map[string]string{"notes.txt": ""}, "no such file"},
	})
}

func TestWordsCanFail(t *testing.T) {
	slash := "/"
	try(t, checkWords(words("/srv/checkout")), []trial{
		{"plain", map[string]string{"a.md": "media/home/x and XXXL"}, ""},
		{"later", map[string]string{"a.md": "TO" + "DO: more"}, "left for later"},
		{"mend", map[string]string{"a.md": "// FIX" + "ME"}, "left for later"},
		{"a home", map[string]string{"a.md": "see " + slash + "home/someone"}, "somebody's machine"},
		{"at the start", map[string]string{"a.md": slash + "root/x"}, "somebody's machine"},
		{"quoted", map[string]string{"a.md": "`" + slash + "tmp/w/x`"}, "somebody's machine"},
		{"the checkout", map[string]string{"a.md": "cd /srv/checkout"}, "this checkout"},
		{"which line", map[string]string{"a.md": "one\ntwo\n" + slash + "work/x"}, "a.md:3 says"},
		{"a picture", map[string]string{"a.png": "\x00TO" + "DO"}, ""},
		{"a fuzzer's", map[string]string{"store/testdata/fuzz/F/1": "TO" + "DO"}, ""},
	})
}
