package nodetest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestOnlyOnesOwn: a guest who puts another's number, or that of another's line, into what they wish gets at nothing of theirs;
// what they say is said by themselves.
func TestOnlyOnesOwn(t *testing.T) {
	t.Parallel()
	h := Host(t)
	ann, bob := h.Guest("Ann"), h.Guest("Bob")
	ann.Say("a line of Ann's")
	bob.Saw("a line of Ann's")
	line := bob.State().Messages[0].Seq
	before := bob.State().Members[ann.Member]
	for _, c := range []party.Command{
		party.Erase{Line: line}, party.Sit{People: 9, Member: ann.Member}, party.Bow{Member: ann.Member}, party.Mute{Member: ann.Member},
		party.Remove{Member: ann.Member}, party.Grant{Member: ann.Member},
	} {
		bob.Refused("WP-FORBIDDEN", c)
	}
	for i, by := range []string{`"by":%q,`, `"member":%q,`} { // nobody is asked who they are
		bob.Raw(fmt.Sprintf(`{"wish":{"nonce":"f%d",`+by+`"say":{"text":"line %[1]d"}}}`, i, ann.Member))
	}
	bob.Raw(`{"wish":{"nonce":"f9","say":{"text":"the last line"}}}`)
	ann.Saw("the last line")
	for _, m := range ann.State().Messages {
		if m.By == ann.Member && m.Text != "a line of Ann's" || m.Seq == line && m.Text == "" {
			t.Errorf("%+v", m)
		}
	}
	if after := bob.State().Members[ann.Member]; fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("Ann was %+v and is %+v", before, after)
	}
	if a := Do(t, "POST", h.URL("/api/leave"), bob.Token, map[string]any{"member": ann.Member}); a.Status == 200 && ann.Bye().Code != "" {
		t.Errorf("Bob has Ann leave: %s", ann.Bye().Code)
	}
	ann.Say("still here")
}

// TestOpenedDirectly: a poster that is an SVG, subtitles that are a page: whoever opens their addresses gets neither, or something that
// runs nothing, whatever a browser takes it for.
func TestOpenedDirectly(t *testing.T) {
	t.Parallel()
	const script = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
	use := Catalog(t, `version: 1
library: films
titles:
  - {id: svg, title: SVG, file: night-train.mp4, poster: evil.svg, subtitles: [evil.en.html], regions: {allow: [world]}}
  - {id: jpg, title: JPG, file: evil.mp4, poster: evil.jpg, subtitles: [evil.en.vtt], regions: {allow: [world]}}
`)
	h := Host(t, use, func(c *node.HostConfig) {
		for _, name := range []string{"evil.svg", "evil.en.html", "evil.jpg", "evil.en.vtt", "evil.mp4"} {
			text := script
			if name == "evil.en.vtt" {
				text = "WEBVTT\n\n00:00.000 --> 00:09.000\n" + script + "\n"
			}
			if err := os.WriteFile(filepath.Join(filepath.Dir(c.Catalog), "films", name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	})
	ann, den := h.Guest("Ann"), h.Node("Den", "")
	for _, at := range []struct{ url, token string }{{h.URL(""), ann.Token}, {den.URL(""), den.Token(t)}} {
		served := 0
		for _, path := range []string{"svg/poster", "svg/subtitles/en.vtt", "jpg/file", "jpg/poster", "jpg/subtitles/en.vtt"} {
			a := Do(t, "GET", at.url+"/media/t/"+path, at.token, nil)
			kind := a.Header.Get("Content-Type")
			if strings.Contains(kind, "html") || strings.Contains(kind, "svg") || strings.Contains(kind, "xml") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s%s: %v", at.url, path, a.Header)
			}
			if a.Status != 200 {
				continue
			}
			if served++; a.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || strings.HasPrefix(path, "svg/p") {
				t.Errorf("%s%s: %v", at.url, path, a.Header)
			}
		}
		if served == 0 {
			t.Errorf("%s serves nothing", at.url)
		}
	}
}
