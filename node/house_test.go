package node_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The house rules are tests. Each is a function from what it looks at to a list
// of problems, so that a small invented house can show that the rule is able to
// fail; the Test functions then hold the real one against it. This file reads
// the real one; the rules are in floors_test.go and house_*_test.go.

const module = "watchparty"

// A house is what the rules look at: Go packages, and all files.
type house struct {
	packages []*pkg
	files    []file
}

// A pkg is one Go package. Its path is relative to the module: "" for the
// command itself, "node/party".
type pkg struct {
	path  string
	name  string
	files []*source
	tests []*source // _test.go files of the package and of its _test package
}

// title is how a problem names the package.
func (p *pkg) title() string {
	if p.path == "" {
		return "main"
	}
	return p.path
}

// all returns the package's files, tests last.
func (p *pkg) all() []*source { return slices.Concat(p.files, p.tests) }

// A source is one parsed Go file.
type source struct {
	path string
	fset *token.FileSet
	file *ast.File
}

// line tells where a node stands, as path:line.
func (s *source) line(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.fset.Position(n.Pos()).Line)
}

// imports returns the import paths of the file.
func (s *source) imports() []string {
	var all []string
	for _, spec := range s.file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			all = append(all, p)
		}
	}
	return all
}

// A file is one file of the tree, with its path relative to the root.
type file struct {
	path string
	text []byte
}

// binary tells pictures and films from text.
func (f file) binary() bool { return bytes.IndexByte(f.text, 0) >= 0 }

// lines counts as editors do.
func (f file) lines() int {
	n := bytes.Count(f.text, []byte("\n"))
	if len(f.text) > 0 && f.text[len(f.text)-1] != '\n' {
		n++
	}
	return n
}

// parse reads one Go file.
func parse(name string, text []byte) (*source, error) {
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return &source{path: name, fset: fset, file: parsed}, err
}

// readHouse reads the module once for all rules: one go list and one walk.
var readHouse = sync.OnceValues(func() (*house, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	files, err := readFiles(root)
	if err != nil {
		return nil, err
	}
	packages, err := readPackages(root)
	if err != nil {
		return nil, err
	}
	return &house{packages, files}, nil
})

// theHouse is the real one.
func theHouse(t *testing.T) *house {
	t.Helper()
	h, err := readHouse()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// readPackages asks go list for the packages and parses their files, those for
// other systems included: a rule holds on every platform we build for. What does
// not compile is the compiler's to say (-e).
func readPackages(root string) ([]*pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,Name,GoFiles,CgoFiles,IgnoredGoFiles,TestGoFiles,XTestGoFiles", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil, errors.New("go list: " + string(exit.Stderr))
	} else if err != nil {
		return nil, err
	}
	var packages []*pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var l struct {
			ImportPath, Dir, Name                                        string
			GoFiles, CgoFiles, IgnoredGoFiles, TestGoFiles, XTestGoFiles []string
		}
		if err := dec.Decode(&l); err == io.EOF {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		p := &pkg{path: below(l.ImportPath), name: l.Name}
		for _, name := range slices.Concat(l.GoFiles, l.CgoFiles, l.IgnoredGoFiles, l.TestGoFiles, l.XTestGoFiles) {
			text, err := os.ReadFile(filepath.Join(l.Dir, name))
			if err != nil {
				return nil, err
			}
			s, err := parse(path.Join(p.path, name), text)
			if err != nil {
				return nil, err
			}
			p.add(s)
		}
		packages = append(packages, p)
	}
}

// add puts a file among the package's own or its tests. A file of another
// package is a tool that only shares the folder, and no part of the program.
func (p *pkg) add(s *source) {
	switch {
	case strings.HasSuffix(s.path, "_test.go"):
		p.tests = append(p.tests, s)
	case s.file.Name.Name == p.name:
		p.files = append(p.files, s)
	}
}

// below turns an import path of ours into a path relative to the module.
func below(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
}

// readFiles reads every file of the tree that .gitignore does not leave out.
func readFiles(root string) ([]file, error) {
	left, err := ignored(filepath.Join(root, ".gitignore"))
	if err != nil {
		return nil, err
	}
	var files []file
	err = filepath.WalkDir(root, func(full string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, full)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case slices.Contains(left, name) && d.IsDir():
			return filepath.SkipDir
		case slices.Contains(left, name) || !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(full)
		files = append(files, file{name, text})
		return err
	})
	return files, err
}

// ignored returns the paths .gitignore names, and git's own folder. Ours has only
// lines of the form /name and /name/, so that reading it needs no git.
func ignored(name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	paths := []string{".git"}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if p := strings.Trim(lines.Text(), "/"); p != "" && p[0] != '#' {
			paths = append(paths, p)
		}
	}
	return paths, lines.Err()
}

// keep fails with each problem found.
func keep(t *testing.T, problems []string) {
	t.Helper()
	for _, p := range problems {
		t.Error(p)
	}
}

// A trial is an invented house and what must be said of it; "" means nothing.
type trial struct {
	name string
	in   map[string]string // path to text
	want string
}

// try holds invented houses against a rule.
func try(t *testing.T, rule func(*house) []string, trials []trial) {
	t.Helper()
	for _, tr := range trials {
		t.Run(tr.name, func(t *testing.T) {
			problems := rule(invent(t, tr.in))
			if tr.want == "" {
				keep(t, problems)
			} else if !strings.Contains(strings.Join(problems, "\n"), tr.want) {
				t.Errorf("want a problem with %q, got %q", tr.want, problems)
			}
		})
	}
}

// invent builds a house from texts. Go files become packages by their folder.
func invent(t *testing.T, texts map[string]string) *house {
	t.Helper()
	h := &house{}
	byPath := map[string]*pkg{}
	for name, text := range texts {
		h.files = append(h.files, file{name, []byte(text)})
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		s, err := parse(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		dir := strings.TrimPrefix(path.Dir(name), ".")
		if byPath[dir] == nil {
			byPath[dir] = &pkg{path: dir, name: strings.TrimSuffix(s.file.Name.Name, "_test")}
			h.packages = append(h.packages, byPath[dir])
		}
		byPath[dir].add(s)
	}
	return h
}
