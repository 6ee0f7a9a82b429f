package node_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A bond ties a library to the packages that may know it, so that it can be
// replaced in one place.
type bond struct {
	library string
	pkgs    []string
	tests   bool // any _test.go file may use it too
}

// bonds names the tied libraries; the others are free above the ground floor.
var bonds = []bond{
	{"github.com/spf13/cobra", []string{"node/cli"}, false},
	{"github.com/spf13/pflag", []string{"node/cli"}, false},
	{"go.etcd.io/bbolt", []string{"store"}, false},
	{"github.com/quic-go/quic-go", []string{"node/wire", nodetest}, true},
	{"github.com/libp2p/go-yamux", []string{"node/wire", nodetest}, true},
	{"github.com/coder/websocket", []string{"node/wire", nodetest}, true},
	{"github.com/hashicorp/mdns", []string{"discovery"}, false},
	{"github.com/miekg/dns", []string{"discovery"}, false},
	{"github.com/huin/goupnp", []string{"discovery/router"}, false},
	{"github.com/jackpal/go-nat-pmp", []string{"discovery/router"}, false},
	{"github.com/libp2p/go-netroute", []string{"discovery/router"}, false},
	{"github.com/oschwald/maxminddb-golang", []string{"node/place"}, false},
	{"github.com/maxmind/mmdbwriter", nil, true},
	{"go.yaml.in/yaml/v3", []string{"media/catalog"}, false},
	{"github.com/fsnotify/fsnotify", []string{"media", "media/scan"}, false},
	{"github.com/pion", []string{"media/live", nodetest}, false},
	{"github.com/arran4/golang-ical", []string{"node/web"}, false},
	{"rsc.io/qr", []string{"node/web", "node/cli"}, false},
	{"github.com/mdp/qrterminal", []string{"node/web", "node/cli"}, false},
	{"github.com/chromedp", []string{nodetest}, true},
	{"github.com/rogpeppe/go-internal", nil, true},
}

func TestLibrariesHaveOneHome(t *testing.T) { keep(t, checkBonds(theHouse(t))) }

// checkBonds holds every import of a tied library against its bond.
func checkBonds(h *house) []string {
	var problems []string
	for _, p := range h.packages {
		for _, s := range p.all() {
			test := slices.Contains(p.tests, s)
			for _, name := range s.imports() {
				for _, b := range bonds {
					if within(name, b.library) && !slices.Contains(b.pkgs, p.path) && !(test && b.tests) {
						problems = append(problems, fmt.Sprintf("%s imports %s, but %s", s.path, name, b))
					}
				}
			}
		}
	}
	return problems
}

// String is the sentence of the rule.
func (b bond) String() string {
	homes := slices.Clone(b.pkgs)
	if b.tests {
		homes = append(homes, "tests")
	}
	return fmt.Sprintf("%s is for %s alone", b.library, strings.Join(homes, " and "))
}

func TestDependenciesAreExplained(t *testing.T) {
	text, err := os.ReadFile("../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	keep(t, checkExplained(theHouse(t), required(t), string(text)))
}

// required returns the modules go.mod names.
func required(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct{ Require []struct{ Path string } }
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, r := range mod.Require {
		paths = append(paths, r.Path)
	}
	return paths
}

// checkExplained wants a row "| `module` | …" for every module whose packages we
// import, and no row for one that go.mod has no longer.
func checkExplained(h *house, required []string, text string) []string {
	explained := map[string]bool{}
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "| `"); ok {
			name, _, _ = strings.Cut(name, "`")
			explained[name] = true
		}
	}
	var problems []string
	for name := range explained {
		if !slices.Contains(required, name) {
			problems = append(problems, name+" is gone from go.mod: drop its row in docs/dependencies.md")
		}
	}
	for _, mod := range required {
		if user := userOf(h, mod); user != "" && !explained[mod] {
			problems = append(problems, fmt.Sprintf("%s is imported by %s: say in docs/dependencies.md why, and what we would write instead", mod, user))
		}
	}
	return problems
}

// userOf returns a file that imports a package of the module, or "".
func userOf(h *house, mod string) string {
	for _, p := range h.packages {
		for _, s := range p.all() {
			for _, name := range s.imports() {
				if within(name, mod) {
					return s.path
				}
			}
		}
	}
	return ""
}

func TestLibrariesCanFail(t *testing.T) {
	try(t, checkBonds, []trial{
		{"at home", map[string]string{"store/a.go": `package store; import _ "go.etcd.io/bbolt"`}, ""},
		{"elsewhere", map[string]string{"node/room/a.go": `package room; import _ "go.etcd.io/bbolt"`},
			"go.etcd.io/bbolt is for store alone"},
		{"below a path", map[string]string{"node/a.go": `package node; import _ "github.com/pion/webrtc/v4"`},
			"for media/live and node/nodetest alone"},
		{"a namesake", map[string]string{"node/a.go": `package node; import _ "rsc.io/qrs"`}, ""},
		{"in a test", map[string]string{"node/web/a_test.go": `package web; import _ "github.com/coder/websocket"`}, ""},
		{"in a test that may not", map[string]string{"node/web/a_test.go": `package web; import _ "go.etcd.io/bbolt"`},
			"for store alone"},
		{"tests only", map[string]string{"node/cli/a.go": `package cli; import _ "github.com/rogpeppe/go-internal/testscript"`},
			"for tests alone"},
	})
}

func TestExplainingCanFail(t *testing.T) {
	in := map[string]string{"store/a.go": `package store; import _ "go.etcd.io/bbolt/errors"`}
	rule := func(text string) func(*house) []string {
		return func(h *house) []string { return checkExplained(h, []string{"go.etcd.io/bbolt"}, text) }
	}
	try(t, rule("| `go.etcd.io/bbolt` | why | what |"), []trial{{"said", in, ""}})
	try(t, rule("bbolt is good"), []trial{{"unsaid", in, "go.etcd.io/bbolt is imported by store/a.go"}})
	try(t, rule("| `old.example/x` | why | what |"), []trial{{"gone", in, "old.example/x is gone"}})
}
