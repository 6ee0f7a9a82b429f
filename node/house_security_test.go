package node_test

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

func TestSecurityIsProven(t *testing.T) { keep(t, checkProofs(theHouse(t))) }

var (
	// testName is a test as the page names it.
	testName = regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]*)`")
	// attack is a line of the page's table: a number, what is tried, and the proof.
	attack = regexp.MustCompile(`^\| [0-9–, ]+ \|([^|]*)\|([^|]*)\|$`)
)

// checkProofs wants every test that docs/security.md names to exist, and every line of its table to name one or to say why
// there is none.
func checkProofs(h *house) []string {
	tests := map[string]bool{}
	for _, p := range h.packages {
		for _, s := range p.tests {
			for _, d := range s.file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
					tests[f.Name.Name] = true
				}
			}
		}
	}
	const page = "docs/security.md"
	var problems []string
	lines := 0
	for _, f := range h.files {
		if f.path != page {
			continue
		}
		for line := range strings.Lines(string(f.text)) {
			for _, name := range testName.FindAllStringSubmatch(line, -1) {
				if !tests[name[1]] {
					problems = append(problems, page+" names "+name[1]+", and there is no such test")
				}
			}
			if m := attack.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				lines++
				if proof := strings.TrimSpace(m[2]); !testName.MatchString(proof) && len(strings.Fields(proof)) < 3 {
					problems = append(problems, page+": nothing proves \""+strings.TrimSpace(m[1])+"\", and the page does not say why")
				}
			}
		}
	}
	if lines == 0 {
		problems = append(problems, page+" has no table of attacks")
	}
	return problems
}

func TestProofsCanFail(t *testing.T) {
	with := func(line string) map[string]string {
		return map[string]string{"docs/security.md": line + "\n", "store/a_test.go": "package store\nfunc TestKill() {}"}
	}
	try(t, checkProofs, []trial{
		{"proven", with("| 61 | killed | `TestKill` |"), ""},
		{"a test that is gone", with("| 61 | killed | `TestKilled` |"), "no such test"},
		{"nothing", with("| 61 | killed | – |"), "nothing proves"},
		{"a reason", with("| 62 | power cut | not tested: needs a device of its own |"), ""},
		{"no table", with("Nothing."), "no table"},
	})
}
