package node_test

import (
	"fmt"
	"go/ast"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A room of the building: a package, its floor, and which of ours it may import.
type row struct {
	pkg   string
	floor int
	uses  []string
}

// building is the table of docs/architecture.md: who may import whom, from the
// ground up. A row may name only rows above it, so imports go down.
var building = []row{
	{"media/catalog", 0, nil},
	{"media/subtitle", 0, nil},
	{"media/naming", 0, nil},
	{"media/emote", 0, nil},
	{"node/clock", 0, nil},
	{"node/party", 0, []string{"media/catalog"}},

	{"media/demo", 1, nil},
	{"node/place", 1, []string{"media/catalog"}},
	{"media/ffmpeg", 1, nil},
	{"media/live", 1, nil},
	{"discovery", 1, nil},
	{"discovery/router", 1, nil},
	{"node/web/ui", 1, nil},
	{"node/wire", 1, []string{"node/party"}},
	{"store", 1, []string{"node/party"}},

	{"media/rendition", 2, []string{"media/ffmpeg"}},
	{"media/scan", 2, []string{"media/ffmpeg", "media/naming", "media/catalog"}},
	{"media", 2, []string{"media/catalog", "media/subtitle", "media/naming", "media/emote", "media/rendition", "media/ffmpeg"}},
	{"node/room", 2, []string{"node/party", "store", "node/clock"}},
	{"node/auth", 2, []string{"node/party", "media/catalog", "store"}},
	{"node/guest", 2, []string{"node/wire", "node/party", "node/clock"}},

	{"node/session", 3, []string{"node/room", "node/auth", "node/wire", "node/party", "media", "media/catalog", "node/clock"}},
	{"node/player", 3, []string{"node/room", "node/wire", "node/party", "media/catalog", "node/clock"}},
	{"node/relay", 3, []string{"node/guest", "node/room", "media", "media/catalog", "store", "node/wire", "node/party", "node/clock", "media/emote"}},
	{"node/web", 3, []string{"node/web/ui", "node/session", "node/room", "node/auth", "node/wire", "node/party",
		"media", "media/live", "media/catalog", "node/clock", "media/emote"}},

	{"node", 4, []string{"media/catalog", "media/subtitle", "node/clock", "node/party", "media/demo", "media/ffmpeg",
		"media/live", "discovery", "discovery/router", "node/web/ui", "node/wire", "store", "media/rendition", "media/naming", "media/emote", "media/scan", "media", "node/room",
		"node/auth", "node/guest", "node/place", "node/session", "node/player", "node/relay", "node/web"}},
	{nodetest, 4, []string{"media/catalog", "media/subtitle", "node/clock", "node/party", "media/demo", "media/ffmpeg",
		"media/live", "discovery", "discovery/router", "node/web/ui", "node/wire", "store", "media/rendition", "media/naming", "media/emote", "media/scan", "media", "node/room",
		"node/auth", "node/guest", "node/place", "node/session", "node/player", "node/relay", "node/web", "node"}},

	{"node/cli", 5, []string{"node", "store", "discovery", "discovery/router", "media", "media/catalog", "media/demo", "media/ffmpeg", "media/live", "media/scan", "node/guest",
		"node/place", "node/player", "node/party", "node/auth", "node/wire"}},
	{"", 5, []string{"node/cli"}},
}

const nodetest = "node/nodetest" // hosts and guests for tests; no part of the program

// find returns the row of a package.
func find(pkg string) (row, bool) {
	i := slices.IndexFunc(building, func(r row) bool { return r.pkg == pkg })
	if i < 0 {
		return row{}, false
	}
	return building[i], true
}

// impure are the standard packages the ground floor does without, and why.
var impure = []struct{ pkg, why string }{
	{"net", "it knows no network"},
	{"os", "it knows no files and no environment"},
	{"syscall", "it knows no operating system"},
	{"sync", "a value with one owner needs no lock"},
	{"crypto/rand", "the same arguments give the same answer"},
	{"math/rand", "the same arguments give the same answer"},
}

// pureLibraries are the libraries of the ground floor: themselves functions of
// their arguments, and each for the packages named.
var pureLibraries = map[string][]string{
	"go.yaml.in/yaml/v3":                 {"media/catalog"},
	"golang.org/x/text/language":         {"media/catalog"},
	"golang.org/x/text/unicode/norm":     {"node/party"},
	"golang.org/x/text/secure/precis":    {"node/party"},
	"golang.org/x/text/encoding":         {"media/subtitle"},
	"golang.org/x/text/encoding/charmap": {"media/subtitle"},
	"golang.org/x/text/encoding/unicode": {"media/subtitle"},
}

// readsClock are the functions of package time that depend on when they are called.
var readsClock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

func TestFloors(t *testing.T) { keep(t, checkFloors(theHouse(t))) }

// checkFloors holds every import of one of ours against the table.
func checkFloors(h *house) []string {
	var problems []string
	for _, p := range h.packages {
		r, ok := find(p.path)
		if !ok {
			problems = append(problems, p.title()+" is on no floor: add it to the table in node/floors_test.go and in docs/architecture.md")
			continue
		}
		for _, s := range p.files {
			for _, name := range s.imports() {
				used := below(name)
				switch {
				case !ours(name) || slices.Contains(r.uses, used):
				case used == nodetest:
					problems = append(problems, s.path+" imports "+nodetest+", which is for tests alone")
				default:
					problems = append(problems, fmt.Sprintf("%s imports %s, but %s", s.path, used, r))
				}
			}
		}
	}
	return problems
}

// String is the sentence of the rule.
func (r row) String() string {
	name := (&pkg{path: r.pkg}).title()
	if len(r.uses) == 0 {
		return name + " imports nothing of ours"
	}
	return name + " imports of ours only " + strings.Join(r.uses, ", ")
}

func ours(importPath string) bool {
	return importPath == module || strings.HasPrefix(importPath, module+"/")
}

func TestGroundFloorIsPure(t *testing.T) { keep(t, checkPure(theHouse(t))) }

// checkPure holds the ground floor to being a function of its arguments.
func checkPure(h *house) []string {
	var problems []string
	for _, p := range h.packages {
		if r, ok := find(p.path); !ok || r.floor > 0 {
			continue
		}
		for _, s := range p.files {
			problems = append(problems, impureImports(p, s)...)
			problems = append(problems, impureCode(p, s)...)
		}
	}
	return problems
}

func impureImports(p *pkg, s *source) []string {
	var problems []string
	for _, name := range s.imports() {
		for _, no := range impure {
			if within(name, no.pkg) && name != "net/url" && name != "net/netip" && !locks(p, name) {
				problems = append(problems, fmt.Sprintf("%s imports %s, but %s is pure: %s", s.path, name, p.path, no.why))
			}
		}
		if library(name) && !slices.Contains(pureLibraries[name], p.path) {
			problems = append(problems, fmt.Sprintf("%s imports %s, but %s is pure: standard library only", s.path, name, p.path))
		}
	}
	return problems
}

// locks tells what only node/clock may: an estimate is fed by one goroutine and
// read by many.
func locks(p *pkg, name string) bool { return p.path == "node/clock" && name == "sync" }

// within tells whether an import path is a package or below it.
func within(importPath, parent string) bool {
	return importPath == parent || strings.HasPrefix(importPath, parent+"/")
}

// library tells others' modules, which have a dot in their first element, from
// the standard library and from ours.
func library(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return strings.Contains(first, ".")
}

func impureCode(p *pkg, s *source) []string {
	var problems []string
	clock := importName(s, "time")
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			problems = append(problems, fmt.Sprintf("%s starts a goroutine, but %s is pure: it starts nothing", s.line(n), p.path))
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if ok && clock != "" && x.Name == clock && slices.Contains(readsClock, n.Sel.Name) && p.path != "node/clock" {
				problems = append(problems, fmt.Sprintf("%s uses time.%s, but %s is pure: it is told the time", s.line(n), n.Sel.Name, p.path))
			}
		}
		return true
	})
	return problems
}

// importName is what a file calls an import: its last element, another name, or
// "" if it does not import it.
func importName(s *source, importPath string) string {
	for _, spec := range s.file.Imports {
		if spec.Path.Value != strconv.Quote(importPath) {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(importPath)
	}
	return ""
}

func TestTableGoesDown(t *testing.T) {
	for i, r := range building {
		for _, used := range r.uses {
			at := slices.IndexFunc(building, func(o row) bool { return o.pkg == used })
			if at < 0 || at >= i || building[at].floor > r.floor {
				t.Errorf("%q may not use %q: it must have a row above, on the same floor or a lower one", r.pkg, used)
			}
		}
	}
}

func TestArchitectureTellsTheTable(t *testing.T) {
	text, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	keep(t, checkTold(string(text)))
}

// checkTold compares the lines "who → whom, whom" of the document with the table.
// There a package goes by its last element; no two share one.
func checkTold(text string) []string {
	told := map[string][]string{}
	for line := range strings.Lines(text) {
		who, whom, ok := strings.Cut(line, "→")
		if !ok || strings.HasPrefix(line, "|") {
			continue
		}
		for name := range strings.SplitSeq(who, ",") {
			told[strings.TrimSpace(name)] = list(whom)
		}
	}
	var problems []string
	for _, r := range building {
		var want []string
		for _, used := range r.uses {
			want = append(want, path.Base(used))
		}
		slices.Sort(want)
		name := path.Base((&pkg{path: r.pkg}).title())
		got, ok := told[name]
		if r.floor == 4 && ok && slices.Equal(got, []string{"all below"}) {
			continue
		}
		if !ok || !slices.Equal(got, want) {
			problems = append(problems, fmt.Sprintf("docs/architecture.md says %s → %v, the table says %v", name, got, want))
		}
	}
	return problems
}

// list splits "a, b" and sorts it; "nothing" is empty.
func list(text string) []string {
	var all []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "nothing" {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func TestFloorsCanFail(t *testing.T) {
	try(t, checkFloors, []trial{
		{"down", map[string]string{"node/room/a.go": `package room; import _ "watchparty/store"`}, ""},
		{"up", map[string]string{"store/a.go": `package store; import _ "watchparty/node/room"`},
			"store imports of ours only node/party"},
		{"nothing", map[string]string{"discovery/a.go": `package discovery; import _ "watchparty/store"`},
			"discovery imports nothing of ours"},
		{"stranger", map[string]string{"util/a.go": `package util`}, "util is on no floor"},
		{"a test may", map[string]string{"store/a.go": `package store`,
			"store/a_test.go": `package store; import _ "watchparty/node/nodetest"`}, ""},
		{"the program may not", map[string]string{"node/cli/a.go": `package cli; import _ "watchparty/node/nodetest"`},
			"for tests alone"},
		{"main", map[string]string{"main.go": `package main; import _ "watchparty/store"`}, "main imports of ours only node/cli"},
	})
}

func TestPureCanFail(t *testing.T) {
	party := func(text string) map[string]string {
		return map[string]string{"node/party/a.go": "package party\n" + text}
	}
	try(t, checkPure, []trial{
		{"pure", party(`import ("time"; "encoding/json"); var _ = json.Valid; var _ = time.Unix`), ""},
		{"net", party(`import _ "net"`), "it knows no network"},
		{"http", party(`import _ "net/http"`), "it knows no network"},
		{"netip is a value", party(`import _ "net/netip"`), ""},
		{"exec", party(`import _ "os/exec"`), "it knows no files"},
		{"lock", party(`import _ "sync/atomic"`), "needs no lock"},
		{"dice", party(`import _ "crypto/rand"`), "the same arguments"},
		{"library", party(`import _ "go.yaml.in/yaml/v3"`), "standard library only"},
		{"catalog may", map[string]string{"media/catalog/a.go": `package catalog; import _ "go.yaml.in/yaml/v3"`}, ""},
		{"now", party(`import "time"; var _ = time.Now`), "it is told the time"},
		{"now by another name", party(`import t "time"; var _ = t.Since`), "it is told the time"},
		{"the clock may", map[string]string{"node/clock/a.go": `package clock; import "time"; var _ = time.Now`}, ""},
		{"go", party(`func f() { go f() }`), "it starts nothing"},
		{"upstairs", map[string]string{"store/a.go": `package store; import _ "os"; func f() { go f() }`}, ""},
	})
}

func TestTellingCanFail(t *testing.T) {
	if got := checkTold("store → room\n"); !strings.Contains(strings.Join(got, "\n"), "store → [room], the table says [party]") {
		t.Errorf("a wrong line was not seen: %q", got)
	}
}
