package catalog

import (
	"os"
	"regexp"
	"testing"
)

// The examples people copy from the documentation are sound.
func TestDocumentedExamples(t *testing.T) {
	text, err := os.ReadFile("../../docs/catalog.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1)
	if len(examples) < 2 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, example := range examples {
		mustParse(t, string(example[1]), nil)
	}
}
