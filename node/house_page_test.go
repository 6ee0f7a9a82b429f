package node_test

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A ban is something a page of ours must not contain.
type ban struct {
	in      []string // kinds of file
	pattern *regexp.Regexp
	why     string
}

var (
	markup = []string{".html", ".svg"}
	script = []string{".js", ".mjs"}
	anyUI  = []string{".html", ".svg", ".js", ".mjs", ".css", ".json", ".webmanifest"}
)

// bans keep the page to itself and the Content-Security-Policy strict.
var bans = []ban{
	{anyUI, regexp.MustCompile(`(?i)["'\x60(=]//\w[^\s"'\x60)>]*`), "nothing is loaded from elsewhere"},
	{markup, regexp.MustCompile(`(?i)<[^>]*\son\w+\s*=`), "the page's policy refuses inline event handlers: use addEventListener"},
	{markup, regexp.MustCompile(`(?i)<[^>]*\sstyle\s*=`), "the page's policy refuses inline styles: use a class"},
	{markup, regexp.MustCompile(`(?i)<style\b`), "the page's policy refuses inline styles: use a file"},
	{anyUI, regexp.MustCompile(`(?i)\bjavascript:`), "the page's policy refuses script in an address"},
	{script, regexp.MustCompile(`\b(innerHTML|outerHTML|insertAdjacentHTML|srcdoc|setHTMLUnsafe|createContextualFragment)\b`),
		"what people write is text: use textContent and elements"},
	{script, regexp.MustCompile(`\bdocument\s*\.\s*write(ln)?\b`), "what people write is text: use textContent and elements"},
	{script, regexp.MustCompile(`\beval\s*\(|\bnew\s+Function\b|\bset(Timeout|Interval)\s*\(\s*["'\x60]`), "the page's policy refuses code in strings"},
	{script, regexp.MustCompile(`\bsetAttribute\s*\(\s*["'\x60](style|on\w+)["'\x60]`), "the page's policy refuses inline styles and handlers"},
}

var (
	address  = regexp.MustCompile(`(?i)\b(?:https?|wss?)://([\w\[][^/\s"'\x60<>)]*)`)
	scripts  = regexp.MustCompile(`(?i)<script\b[^>]*>`)
	withFile = regexp.MustCompile(`(?i)\ssrc\s*=`)
)

func TestPageKeepsToItself(t *testing.T) { keep(t, checkPage(theHouse(t))) }

// checkPage looks at all of node/web/ui but its tests, which no browser gets, and what
// others wrote, which is held to its bytes instead (house_vendor_test.go).
func checkPage(h *house) []string {
	var problems []string
	for _, f := range h.files {
		rest, ok := strings.CutPrefix(f.path, "node/web/ui/")
		if !ok || strings.HasPrefix(rest, "test/") || strings.HasPrefix(f.path, vendored) || !slices.Contains(anyUI, path.Ext(f.path)) {
			continue
		}
		say := func(at int, why string) {
			line := 1 + bytes.Count(f.text[:at], []byte("\n"))
			problems = append(problems, fmt.Sprintf("%s:%d: %s", f.path, line, why))
		}
		for _, m := range address.FindAllSubmatchIndex(f.text, -1) {
			// The names of XML's vocabularies look like addresses; nothing is fetched.
			if host := string(f.text[m[2]:m[3]]); host != "www.w3.org" {
				say(m[0], "names "+host+": nothing is loaded from elsewhere")
			}
		}
		for _, b := range bans {
			if slices.Contains(b.in, path.Ext(f.path)) {
				for _, m := range b.pattern.FindAllIndex(f.text, -1) {
					say(m[0], b.why)
				}
			}
		}
		if slices.Contains(markup, path.Ext(f.path)) {
			for _, m := range scripts.FindAllIndex(f.text, -1) {
				if !withFile.Match(f.text[m[0]:m[1]]) {
					say(m[0], "the page's policy refuses inline scripts: use a file")
				}
			}
		}
	}
	return problems
}

func TestPageCanFail(t *testing.T) {
	page := func(text string) map[string]string { return map[string]string{"node/web/ui/index.html": text} }
	js := func(text string) map[string]string { return map[string]string{"node/web/ui/js/app.js": text} }
	const elsewhere, handlers, styles, text, code = "from elsewhere", "event handlers", "inline styles", "is text", "code in strings"
	try(t, checkPage, []trial{
		{"clean page", page(`<svg xmlns="http://www.w3.org/2000/svg"></svg><script type="module" src="js/app.js"></script>`), ""},
		{"clean script", js("// a comment (not an address)\nel.textContent = a / b;\nconst u = `${tls ? \"wss:\" : \"ws:\"}//${location.host}/ws`;"), ""},
		{"script from elsewhere", page(`<script src="https://cdn.example/x.js"></script>`), elsewhere},
		{"font from elsewhere", map[string]string{"node/web/ui/css/a.css": `@import url(//fonts.example/a.css);`}, elsewhere},
		{"without a scheme", page(`<img src="//pics.example/a.png">`), elsewhere},
		{"fetched", js("fetch('http://stats.example/')"), elsewhere},
		{"socket", js("new WebSocket(`wss://stats.example/`)"), elsewhere},
		{"a look-alike", js("'http://www.w3.org.example/'"), elsewhere},
		{"handler", page(`<button onclick="x()">`), handlers},
		{"handler on its own line", page("<button\n  class=\"a\"\n  onclick=x()>"), handlers},
		{"style", page(`<p style="color: red">`), styles},
		{"style element", page(`<style>p {}</style>`), styles},
		{"inline script", page(`<script>alert(1)</script>`), "inline scripts"},
		{"address", page(`<a href="javascript:x()">`), "script in an address"},
		{"html", js(`el.innerHTML = name`), text},
		{"adjacent", js(`el.insertAdjacentHTML("beforeend", name)`), text},
		{"write", js(`document.write(name)`), text},
		{"eval", js(`eval(name)`), code},
		{"late eval", js(`setTimeout("x()", 1)`), code},
		{"style by script", js(`el.setAttribute("style", s)`), "styles and handlers"},
		{"others' work", map[string]string{vendored + "a.min.mjs": `"https://elsewhere.example/"`}, ""},
		{"tests are not served", map[string]string{"node/web/ui/test/a.test.js": `"http://10.0.0.5:8470/"`}, ""},
	})
}
