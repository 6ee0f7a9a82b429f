//go:build long

package nodetest_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestBadCatalogs: whatever a running host is given in the place of its catalog, the desk is told what is wrong and where, and
// those who may watch and those who may not stay the same at every moment.
func TestBadCatalogs(t *testing.T) {
	good := strings.NewReplacer("HIDDEN", "false", "[FR, DE]", "[FR]").Replace(twoFilms)
	open := strings.Replace(good, "allow: [FR]", "allow: [world]", 1)
	use := Catalog(t, good)
	h := Host(t, use)
	ann, bob := h.By("Ann", h.Invite("FR", party.Guest)), h.By("Bob", h.Invite("DE", party.Guest))
	boss := h.Boss()
	bomb := open + "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n"
	for _, bad := range []struct{ name, text, says string }{
		{"no YAML", open + "\t{", "not valid YAML"},
		{"one id twice", open + "  - {id: open, title: Again, file: aurora.mp4, regions: {allow: [world]}}\n", "is there twice"},
		{"aliases", bomb, "anchors"},
		{"deep", open + "x: " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "nested"},
		{"100 MB", open, "larger than 16 MB"},
		{"a region that is none", strings.Replace(open, "[world]", "[wrold]", 1), "wrold"},
		{"a key that is none", open + "everybody: true\n", "everybody"},
		{"a path out of it", open + "  - {id: out, title: Out, file: ../catalog.yaml, regions: {allow: [world]}}\n", "WP-CATALOG-PATH"},
	} {
		t.Run(bad.name, func(t *testing.T) {
			if err := os.WriteFile(h.Cfg.Catalog, []byte(bad.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if bad.name == "100 MB" {
				if err := os.Truncate(h.Cfg.Catalog, 100<<20); err != nil {
					t.Fatal(err)
				}
			}
			told := func(s wire.Signal) bool {
				b, _ := json.Marshal(s.Catalog)
				return strings.Contains(string(b), bad.says)
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				boss.Signalled(bad.says, told)
			}()
			for ended := false; !ended; {
				select {
				case <-done:
					ended = true // and once more
				default:
				}
				if a := bob.Film("french"); a.Status != 451 {
					t.Fatalf("who is locked out: %d, %d bytes", a.Status, len(a.Body))
				}
				if a := Do(t, "HEAD", h.URL("/media/t/french/file"), ann.Token, nil); a.Status != 200 {
					t.Fatalf("who may watch: %d", a.Status)
				}
			}
		})
	}
}
