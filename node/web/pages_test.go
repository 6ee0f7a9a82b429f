package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"path"
	"testing"
)

// TestSmallAssets: whoever reads gzip gets the same bytes in fewer; whoever does not, or weighs codings, gets them as they are.
func TestSmallAssets(t *testing.T) {
	p, err := pagesOf(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	var whole, sent int
	for name, b := range p.files {
		if path.Ext(name) == ".html" || len(b) > 64<<10 { // those of others are long
			continue
		}
		for _, accept := range []string{"", "br, gzip;q=0", "gzip, deflate, br, zstd"} {
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Accept-Encoding", accept)
			w := httptest.NewRecorder()
			p.send(w, r, name)
			got, h := w.Body.Bytes(), w.Header()
			if h.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: Vary %q", name, h.Get("Vary"))
			}
			if coding := h.Get("Content-Encoding"); coding != "" {
				if coding != "gzip" || accept[:4] != "gzip" {
					t.Errorf("%s: %s for who accepts %q", name, coding, accept)
				}
				whole, sent = whole+len(b), sent+len(got)
				z, err := gzip.NewReader(bytes.NewReader(got))
				if err == nil {
					got, err = io.ReadAll(z)
				}
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			if !bytes.Equal(got, b) {
				t.Errorf("%s: other bytes for who accepts %q", name, accept)
			}
		}
	}
	if sent == 0 || sent*2 > whole {
		t.Errorf("%d bytes sent of %d", sent, whole)
	}
	t.Logf("%d bytes sent of %d", sent, whole)
}
