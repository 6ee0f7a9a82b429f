package cli

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
)

// TestTarget: a link comes by argument, by stdin up to its line's end, or by the environment, where no child finds it any more.
func TestTarget(t *testing.T) {
	in := strings.NewReader("  http://192.0.2.1:8470/#a.b \n{\"say\": {}}\n")
	s := streams{in: in, err: &bytes.Buffer{}}
	if got, err := target([]string{"-"}, s); err != nil || got != "http://192.0.2.1:8470/#a.b" {
		t.Errorf("from stdin: %q, %v", got, err)
	}
	if rest, _ := io.ReadAll(in); string(rest) != "{\"say\": {}}\n" {
		t.Errorf("left for wishes: %q", rest)
	}
	for _, no := range []string{"", "\n", strings.Repeat("x", 2000) + "\n"} {
		if got, err := target([]string{"-"}, streams{in: strings.NewReader(no), err: &bytes.Buffer{}}); err == nil {
			t.Errorf("from %.10q: %q", no, got)
		}
	}
	t.Setenv(linkVariable, "http://192.0.2.1:8470/#c.d")
	if got, err := target(nil, s); err != nil || got != "http://192.0.2.1:8470/#c.d" {
		t.Errorf("from the environment: %q, %v", got, err)
	}
	if left, there := os.LookupEnv(linkVariable); there {
		t.Errorf("children would inherit %q", left)
	}
}
