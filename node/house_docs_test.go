package node_test

import (
	"go/ast"
	"strings"
	"testing"
)

func TestPackagesSayWhatTheyAreFor(t *testing.T) { keep(t, checkDocs(theHouse(t))) }

// checkDocs wants one package comment in each package, in one of its files.
func checkDocs(h *house) []string {
	var problems []string
	for _, p := range h.packages {
		var docs []string
		for _, s := range p.files {
			if s.file.Doc != nil && strings.TrimSpace(s.file.Doc.Text()) != "" {
				docs = append(docs, s.file.Doc.Text())
			}
		}
		switch {
		case len(p.files) == 0:
		case len(docs) == 0:
			problems = append(problems, p.title()+" has no package comment: say what it is for and what it promises")
		case len(docs) > 1:
			problems = append(problems, p.title()+" has its package comment in more than one file")
		case !introduces(p, docs[0]):
			problems = append(problems, p.title()+"'s package comment must be a sentence that begins with \"Package "+p.name+" \"")
		}
	}
	return problems
}

// introduces tells whether a comment names the package and is a whole sentence.
func introduces(p *pkg, doc string) bool {
	starts := []string{"Package " + p.name + " "}
	if p.name == "main" {
		starts = []string{"Watchparty ", "Command "}
	}
	for _, start := range starts {
		if rest, ok := strings.CutPrefix(doc, start); ok {
			return strings.Contains(strings.ReplaceAll(rest, "\n", " "), ". ")
		}
	}
	return false
}

func TestSkipsAreNeeds(t *testing.T) { keep(t, checkSkips(theHouse(t))) }

// checkSkips allows a test to be skipped only by a helper named for what it
// needs, and only by one that fails in CI instead: there everything is installed.
func checkSkips(h *house) []string {
	var problems []string
	for _, p := range h.packages {
		for _, s := range p.all() {
			for _, d := range s.file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Body == nil {
					continue
				}
				for _, skip := range skips(f) {
					if need := strings.ToLower(f.Name.Name); !strings.HasPrefix(need, "need") {
						problems = append(problems, s.line(skip)+" skips a test: only a helper named need… may")
					} else if !asksCI(f) {
						problems = append(problems, s.line(skip)+" skips a test in CI too: with CI=true "+f.Name.Name+" must fail")
					}
				}
			}
		}
	}
	return problems
}

// skips returns the calls of Skip, Skipf and SkipNow.
func skips(f *ast.FuncDecl) []ast.Node {
	var found []ast.Node
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			switch sel.Sel.Name {
			case "Skip", "Skipf", "SkipNow":
				found = append(found, call)
			}
		}
		return true
	})
	return found
}

// asksCI tells whether a function looks at the variable CI.
func asksCI(f *ast.FuncDecl) bool {
	asks := false
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Value == `"CI"` {
			asks = true
		}
		return !asks
	})
	return asks
}

func TestDocsCanFail(t *testing.T) {
	try(t, checkDocs, []trial{
		{"said", map[string]string{"store/a.go": "// Package store keeps things.\npackage store"}, ""},
		{"the command", map[string]string{"main.go": "// Watchparty shows films.\npackage main"}, ""},
		{"silent", map[string]string{"store/a.go": "package store"}, "no package comment"},
		{"a detached comment", map[string]string{"store/a.go": "// Package store keeps things.\n\npackage store"}, "no package comment"},
		{"no sentence", map[string]string{"store/a.go": "// Package store\npackage store"}, "must be a sentence"},
		{"no full stop", map[string]string{"store/a.go": "// Package store keeps\npackage store"}, "must be a sentence"},
		{"of another", map[string]string{"store/a.go": "// Package room keeps things.\npackage store"}, "must be a sentence"},
		{"twice", map[string]string{"store/a.go": "// Package store keeps.\npackage store",
			"store/b.go": "// Package store keeps.\npackage store"}, "more than one file"},
	})
}

func TestSkipsCanFail(t *testing.T) {
	test := func(text string) map[string]string {
		return map[string]string{"store/a_test.go": "package store\nimport (\"os\"; \"testing\")\n" + text}
	}
	try(t, checkSkips, []trial{
		{"a need", test(`func needTool(t *testing.T) { if os.Getenv("CI") == "true" { t.Fatal() }; t.Skip("no tool") }`), ""},
		{"a test", test(`func TestX(t *testing.T) { t.Skip("later") }`), "only a helper named need"},
		{"inside a literal", test(`func TestX(t *testing.T) { t.Run("", func(t *testing.T) { t.SkipNow() }) }`), "only a helper named need"},
		{"in CI too", test(`func needTool(t *testing.T) { t.Skipf("no") }`), "with CI=true needTool must fail"},
	})
}
