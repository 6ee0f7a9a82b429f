package node_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"
)

// vendored is where the page keeps what others wrote.
const vendored = "node/web/ui/vendor/"

func TestVendoredIsAsPublished(t *testing.T) {
	text, err := os.ReadFile("../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	keep(t, checkVendored(string(text))(theHouse(t)))
}

// checkVendored wants a row "| vendor/file | … | hash |" in the explanation for each vendored
// file: nobody changes one by hand, or adds one without saying why.
func checkVendored(text string) func(*house) []string {
	return func(h *house) []string {
		var problems []string
		for _, f := range h.files {
			name, ok := strings.CutPrefix(f.path, vendored)
			if !ok {
				continue
			}
			if row := rowOf(text, name); row == "" {
				problems = append(problems, f.path+": say in docs/dependencies.md what it is, and why")
			} else if sum := fmt.Sprintf("%x", sha256.Sum256(f.text)); !strings.Contains(row, sum) {
				problems = append(problems, f.path+" is not as it was published: docs/dependencies.md gives another hash than "+sum)
			}
		}
		return problems
	}
}

// rowOf is the table's row that begins with the file's name, or "".
func rowOf(text, name string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "| vendor/"+name+" ") {
			return line
		}
	}
	return ""
}

func TestVendoredCanFail(t *testing.T) {
	in := map[string]string{vendored + "a.mjs": "export {};"}
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte("export {};")))
	try(t, checkVendored("| vendor/a.mjs | why | "+sum+" |"), []trial{{"as published", in, ""}})
	try(t, checkVendored("| vendor/a.mjs | why | "+sum[1:]+" |"), []trial{{"changed", in, "not as it was published"}})
	try(t, checkVendored("| vendor/b.mjs | why | "+sum+" |"), []trial{{"unsaid", in, "say in docs/dependencies.md"}})
}
