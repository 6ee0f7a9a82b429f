package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"watchparty/node/web/ui"
)

// pages are the page's files as the browser gets them. Assets live in a folder
// named after a hash over all of them: they are cached for ever, and an upgrade
// changes the folder.
type pages struct {
	build string
	files map[string][]byte
	small map[string]func() []byte // the assets by gzip (RFC 1952), each made when it is first asked for
	https bool                     // the node answers to https at the same address
}

// inside are the files in the program. They are made ready once, however many nodes run in it.
var inside = sync.OnceValues(func() (*pages, error) { return loadPages(ui.Files) })

// pagesOf are the pages of a node whose files are those in the program, or others.
func pagesOf(own fs.FS, https bool) (*pages, error) {
	load := inside
	if own != nil {
		load = func() (*pages, error) { return loadPages(own) }
	}
	p, err := load()
	if err != nil {
		return nil, err
	}
	mine := *p
	mine.https = https
	return &mine, nil
}

// types are the only kinds of file the page is made of.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".webmanifest": "application/manifest+json", ".png": "image/png",
}

func loadPages(ui fs.FS) (*pages, error) {
	p := &pages{files: map[string][]byte{}}
	sum := sha256.New()
	err := fs.WalkDir(ui, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || types[path.Ext(name)] == "" {
			return err
		}
		b, err := fs.ReadFile(ui, name)
		fmt.Fprintf(sum, "%s %d ", name, len(b))
		sum.Write(b)
		p.files[name] = b
		return err
	})
	for name, b := range p.files {
		if path.Ext(name) == ".css" {
			p.files[name] = p.whole(path.Dir(name), b)
		}
	}
	p.build = hex.EncodeToString(sum.Sum(nil))[:12]
	for name, b := range p.files {
		if path.Ext(name) == ".html" {
			p.files[name] = bytes.Replace(b, []byte("</head>"), append(p.early(b), "</head>"...), 1)
		}
	}
	for name, b := range p.files {
		if kind := path.Ext(name); kind == ".html" || kind == ".webmanifest" {
			p.files[name] = bytes.ReplaceAll(b, []byte("{build}"), []byte(p.build))
		}
	}
	p.small = map[string]func() []byte{}
	for name, b := range p.files {
		p.small[name] = sync.OnceValue(func() []byte { return zipped(b) })
	}
	return p, err
}

func zipped(b []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(b) // neither fails in memory
	w.Close()
	return z.Bytes()
}

var (
	linked = regexp.MustCompile(`src="/ui/\{build\}/([^"]+\.js)"`)        // by a page
	named  = regexp.MustCompile(`(?m)(?:^import|\bfrom)\s+"([^"]+\.js)"`) // by a script
	taken  = regexp.MustCompile(`(?m)^@import "([^"]+\.css)";\n`)         // by a style
)

// whole is a style with those that it imports in their places.
func (p *pages) whole(dir string, style []byte) []byte {
	return taken.ReplaceAllFunc(style, func(line []byte) []byte {
		if other := p.files[path.Join(dir, string(taken.FindSubmatch(line)[1]))]; other != nil {
			return other
		}
		return line
	})
}

// early are links to all scripts that a page will need, so that a browser asks for them at once and not in
// as many rounds as imports are deep.
func (p *pages) early(html []byte) (links []byte) {
	known := map[string]bool{}
	var list []string
	for _, m := range linked.FindAllSubmatch(html, -1) {
		known[string(m[1])] = true
		list = append(list, string(m[1]))
	}
	for i := 0; i < len(list); i++ {
		for _, m := range named.FindAllSubmatch(p.files[list[i]], -1) {
			name := path.Join(path.Dir(list[i]), string(m[1]))
			if known[name] || p.files[name] == nil {
				continue
			}
			known[name], list = true, append(list, name)
			links = fmt.Appendf(links, "<link rel=\"modulepreload\" href=\"/ui/{build}/%s\">\n", name)
		}
	}
	return links
}

// serve answers one of the pages themselves, which are never cached. The language
// the browser asks for, and whether there is HTTPS, is already in the markup, before any script runs.
func (p *pages) serve(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b, ok := p.files[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		html := `<html lang="` + languageOf(r) + `"`
		if p.https {
			html += " data-https"
		}
		b = bytes.Replace(b, []byte(`<html lang="en"`), []byte(html), 1)
		w.Header().Set("Content-Type", types[".html"])
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Vary", "Accept-Language")
		w.Write(b)
	}
}

func (p *pages) asset(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("build") != p.build {
		http.NotFound(w, r)
		return
	}
	p.send(w, r, r.PathValue("path"))
}

func (p *pages) icon(w http.ResponseWriter, r *http.Request) { p.send(w, r, "favicon.svg") }

func (p *pages) send(w http.ResponseWriter, r *http.Request, name string) {
	b, ok := p.files[name]
	if !ok || strings.HasSuffix(name, ".html") {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", types[path.Ext(name)])
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	if takesGzip(r) {
		if z := p.small[name](); len(z) < len(b) {
			h.Set("Content-Encoding", "gzip")
			b = z
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.Write(b)
}

// takesGzip tells whether a browser reads gzip (RFC 9110, 12.5.3). One that weighs codings against each
// other gets the bytes as they are.
func takesGzip(r *http.Request) bool {
	for c := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if strings.TrimSpace(c) == "gzip" {
			return true
		}
	}
	return false
}
