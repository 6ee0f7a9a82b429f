package nodetest_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"watchparty/media/emote"
	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/wire"
)

// emotesIn puts pictures into a folder: 48 by 48 pixels, a fin over the sea.
func emotesIn(t *testing.T, dir string, names ...string) {
	t.Helper()
	const side = 48
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			switch {
			case y > 36:
				img.Set(x, y, color.NRGBA{40, 120, 190, 255})
			case x > 36-y && x < 34:
				img.Set(x, y, color.NRGBA{150, 165, 180, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b.WriteString(name) // other bytes, the same picture
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// emotesOf asks a node for its house's emotes.
func emotesOf(t *testing.T, url, token string) (list []emote.Emote, codes string) {
	t.Helper()
	a := Do(t, "GET", url+"/api/emotes", token, nil)
	if err := json.Unmarshal(a.Body, &list); err != nil {
		t.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
	for _, e := range list {
		codes += e.Code + " "
	}
	return list, codes
}

// TestEmotes: the pictures of a folder are to be had by who is at the party, at the host and through a guest's own node, by an
// address that names their bytes; what may not be one is left out, and the desk says why; a change is noticed, and old
// addresses end.
func TestEmotes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	emotesIn(t, dir, "Shark.png", "shark.gif", "fin.webp", "two words.png")
	if err := os.WriteFile(filepath.Join(dir, "logo.png"), []byte("<svg onload=1>"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "out.png")); err != nil {
		t.Fatal(err)
	}
	h := Host(t, func(c *node.HostConfig) { c.Emotes = dir })
	bob, den := h.Guest("Bob"), h.Node("Den", "")
	var me struct{ Token string }
	json.Unmarshal(Do(t, "GET", den.URL("/api/me"), "", nil).Body, &me)
	for _, at := range []struct{ url, token string }{{h.URL(""), bob.Token}, {den.URL(""), me.Token}} {
		list, codes := emotesOf(t, at.url, at.token)
		if codes != "Shark fin " {
			t.Fatalf("%s has %s", at.url, codes)
		}
		a := Do(t, "GET", at.url+"/media/emotes/"+list[1].Key, at.token, nil)
		for name, want := range map[string]string{
			"Content-Type": "image/png", "Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox",
		} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", at.url, name, got)
			}
		}
		if whole, err := os.ReadFile(filepath.Join(dir, "fin.webp")); err != nil || a.Status != http.StatusOK || !bytes.Equal(a.Body, whole) {
			t.Errorf("%s: %d with %d bytes, %v", at.url, a.Status, len(a.Body), err)
		}
		if a := Do(t, "GET", at.url+"/media/emotes/"+strings.Repeat("0", 32), at.token, nil); a.Status != http.StatusNotFound || a.Code() != "WP-UNKNOWN" {
			t.Errorf("%s: what is not there gives %d %s", at.url, a.Status, a.Code())
		}
		if a := Do(t, "GET", at.url+"/media/emotes/"+list[1].Key, "", nil); a.Status != http.StatusUnauthorized {
			t.Errorf("%s: a stranger gets %d", at.url, a.Status)
		}
	}
	var facts struct {
		Catalog struct{ Problems []struct{ File, Text string } }
	}
	json.Unmarshal(Do(t, "GET", h.URL("/api/desk"), h.Boss().Token, nil).Body, &facts)
	for _, file := range []string{"shark.gif", "two words.png", "logo.png", "out.png"} {
		if !slices.ContainsFunc(facts.Catalog.Problems, func(p struct{ File, Text string }) bool {
			return p.File == "emotes/"+file && strings.HasPrefix(p.Text, "WP-EMOTE: ")
		}) {
			t.Errorf("the desk says nothing of %s: %+v", file, facts.Catalog.Problems)
		}
	}

	before, _ := emotesOf(t, h.URL(""), bob.Token)
	emotesIn(t, dir, "boat.png", "fin.webp")
	bob.Signalled("that there are others", func(s wire.Signal) bool {
		list, codes := emotesOf(t, den.URL(""), me.Token)
		return s.Emotes != nil && codes == "Shark boat fin " && list[2].Key != before[1].Key
	})
	if a := Do(t, "GET", h.URL("/media/emotes/"+before[1].Key), bob.Token, nil); a.Status != http.StatusNotFound {
		t.Errorf("an old address gives %d", a.Status)
	}
}
