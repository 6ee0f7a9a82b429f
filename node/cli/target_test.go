package cli

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"watchparty/discovery"
	"watchparty/node"
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

// TestChoose: of two parties of exactly one name, as an impostor would have it, none is joined by that; their keys are told, and by its key
// each is.
func TestChoose(t *testing.T) {
	found := []discovery.Service{{Name: "Salon", ID: "abcd1111"}, {Name: "Salon", ID: "efgh2222"}, {Name: "Garden", ID: "ijkl3333"}}
	for _, target := range []string{"Salon", "SALON"} {
		var cfg node.GuestConfig
		var out bytes.Buffer
		err := choose(&cfg, found, target, &out)
		if err == nil || !strings.Contains(err.Error(), "More than one party is called that") || cfg.Pin != "" || len(cfg.Addrs) > 0 {
			t.Errorf("%s: %v, %+v", target, err, cfg)
		}
		if said := out.String(); !strings.Contains(said, "abcd1111") || !strings.Contains(said, "efgh2222") || strings.Contains(said, "Garden") {
			t.Errorf("%s is told %s", target, said)
		}
	}
	for target, key := range map[string]string{"efgh2222": "efgh2222", "ABCD 1111": "abcd1111", "garden": "ijkl3333"} {
		var cfg node.GuestConfig
		if err := choose(&cfg, found, target, io.Discard); err != nil || cfg.Pin != key || !cfg.Knock {
			t.Errorf("%s: %v, %+v", target, err, cfg)
		}
	}
	if err := choose(&node.GuestConfig{}, found, "", io.Discard); err == nil || !strings.Contains(err.Error(), "more than one party") {
		t.Errorf("without a name: %v", err)
	}
	if err := choose(&node.GuestConfig{}, nil, "Cellar", io.Discard); err == nil || !strings.Contains(err.Error(), `"Cellar"`) {
		t.Errorf("one that is not there: %v", err)
	}
}
