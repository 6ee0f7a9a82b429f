package node_test

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What a reader keeps in mind at once. Lines.
const (
	maxFile     = 400
	maxTestFile = 600
	maxFunc     = 60
)

// isTable marks a table, with a word on what of: it may be as long as the thing it
// lists. A function is marked in its comment or body, a file in its first lines, so
// that one long table does not excuse the rest of its file.
var isTable = regexp.MustCompile(`(?m)^\s*(//|/?\*) table: \w`)

func TestSizes(t *testing.T) {
	h := theHouse(t)
	for _, f := range largest(h, 10) {
		t.Logf("%5d %s", f.lines(), f.path)
	}
	keep(t, checkFiles(h))
	keep(t, checkFuncs(h))
}

// code returns the Go, JavaScript and CSS files.
func code(h *house) []file {
	var all []file
	for _, f := range h.files {
		if slices.Contains([]string{".go", ".js", ".mjs", ".css"}, path.Ext(f.path)) {
			all = append(all, f)
		}
	}
	return all
}

// largest returns the n longest files of code.
func largest(h *house, n int) []file {
	all := code(h)
	slices.SortFunc(all, func(a, b file) int { return cmp.Compare(b.lines(), a.lines()) })
	return all[:min(n, len(all))]
}

// head returns the first ten lines.
func head(text []byte) []byte {
	lines := bytes.SplitN(text, []byte("\n"), 11)
	return bytes.Join(lines[:min(10, len(lines))], []byte("\n"))
}

func checkFiles(h *house) []string {
	var problems []string
	for _, f := range code(h) {
		most := maxFile
		if name := path.Base(f.path); strings.HasSuffix(name, "_test.go") || strings.Contains(name, ".test.") {
			most = maxTestFile
		}
		if n := f.lines(); n > most && !isTable.Match(head(f.text)) {
			problems = append(problems, fmt.Sprintf("%s has %d lines, more than %d: a subject too many", f.path, n, most))
		}
	}
	return problems
}

// checkFuncs counts from the word func to the closing brace.
func checkFuncs(h *house) []string {
	var problems []string
	for _, p := range h.packages {
		for _, s := range p.all() {
			for _, d := range s.file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Body == nil {
					continue
				}
				if n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1; n > maxFunc && !tableFunc(s, f) {
					problems = append(problems, fmt.Sprintf("%s: %s has %d lines, more than %d", s.line(f), f.Name.Name, n, maxFunc))
				}
			}
		}
	}
	return problems
}

// tableFunc looks for the mark in the function's comment and in its body.
func tableFunc(s *source, f *ast.FuncDecl) bool {
	first := f.Pos()
	if f.Doc != nil {
		first = f.Doc.Pos()
	}
	for _, group := range s.file.Comments {
		if group.Pos() < first || group.End() > f.End() {
			continue
		}
		for _, c := range group.List {
			if isTable.MatchString(c.Text) {
				return true
			}
		}
	}
	return false
}

func TestSizesCanFail(t *testing.T) {
	long := func(n int) string { return strings.Repeat("\n", n) }
	try(t, checkFiles, []trial{
		{"short", map[string]string{"store/a.go": "package store" + long(maxFile)}, ""},
		{"long", map[string]string{"store/a.go": "package store" + long(maxFile+1)}, "store/a.go has 401 lines"},
		{"long style", map[string]string{"node/web/ui/a.css": long(maxFile + 1)}, "a.css has 401 lines"},
		{"a test may be longer", map[string]string{"store/a_test.go": "package store" + long(maxTestFile)}, ""},
		{"a test too long", map[string]string{"store/a_test.go": "package store" + long(maxTestFile+1)}, "601 lines"},
		{"a table", map[string]string{"store/a.go": "package store\n// table: regions" + long(maxFile)}, ""},
		{"a table further down", map[string]string{"store/a.go": "package store" + long(10) + "// table: regions" + long(maxFile)}, "lines"},
		{"a table of nothing", map[string]string{"store/a.go": "package store\n// table:" + long(maxFile)}, "lines"},
	})
	try(t, checkFuncs, []trial{
		{"short", map[string]string{"store/a.go": "package store\nfunc f() {" + long(maxFunc-1) + "}"}, ""},
		{"long", map[string]string{"store/a.go": "package store\nfunc f() {" + long(maxFunc) + "}"}, "f has 61 lines"},
		{"a table", map[string]string{"store/a.go": "package store\n// table: of kinds\nfunc f() {" + long(maxFunc) + "}"}, ""},
		{"another's table", map[string]string{"store/a.go": "package store\n// table: of kinds\nfunc g() {}\nfunc f() {" + long(maxFunc) + "}"},
			"f has 61 lines"},
	})
}
