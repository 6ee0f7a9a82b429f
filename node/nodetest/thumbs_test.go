package nodetest_test

import (
	"bytes"
	"image/jpeg"
	_ "image/png"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"watchparty/node"
	"watchparty/node/guest"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// dawn makes a film of 100 seconds whose red tells the time, from black to full, and gives a catalog
// of it for one region.
func dawn(t *testing.T, size, region string) (list string) {
	t.Helper()
	program, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	dir := t.TempDir()
	out, err := exec.Command(program, "-hide_banner", "-loglevel", "error", "-nostdin",
		"-f", "lavfi", "-i", "color=black:s="+size+":r=5:d=100", "-f", "lavfi", "-i", "sine=frequency=440:duration=100",
		"-vf", "format=gbrp,geq=r='255*T/100':g=32:b='96*Y/H',format=yuv420p",
		"-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-g", "10", "-c:a", "aac", "-movflags", "+faststart", filepath.Join(dir, "dawn.mp4")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	list = filepath.Join(dir, "catalog.yaml")
	text := "version: 1\nlibrary: .\ntitles: [{id: dawn, title: Dawn, file: dawn.mp4, regions: {allow: [" + region + "]}}]\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return list
}

// A vault is a film that somebody may watch and somebody else may not, and the roads to its pictures.
type vault struct {
	*testing.T
	h     *House
	bob   *Person // locked out
	over  *guest.Guest
	den   *Den // Bob's
	known [][]byte
}

var pictures = map[string]wire.Get{"poster": {Part: "poster", Title: "dawn", Length: -1}, "thumbs/0.jpg": {Part: "thumbs", Name: "0.jpg", Title: "dawn", Length: -1}}

// kept counts what was made so far.
func (v *vault) kept() (n int) {
	filepath.WalkDir(filepath.Join(v.h.Cfg.Data, "renditions"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return nil
	})
	return n
}

// locked looks on every road, and whether anything was made.
func (v *vault) locked(when string) {
	v.Helper()
	before := v.kept()
	for path, get := range pictures {
		for _, a := range []Answer{v.bob.Get("/media/t/dawn/" + path), Do(v, "GET", v.den.URL("/media/t/dawn/"+path), v.den.Token(v), nil)} {
			if a.Status != http.StatusUnavailableForLegalReasons || a.Code() != "WP-REGION" {
				v.Errorf("%s, %s: %d %.100s", when, path, a.Status, a.Body)
			}
			for _, film := range v.known {
				noBytes(v.T, path, a, film)
			}
		}
		for _, get.Head = range []bool{true, false} {
			if got, _, err := v.over.Get(v.Context(), get); err == nil || !strings.Contains(err.Error(), "WP-REGION") {
				v.Errorf("%s, %+v by QUIC: %+v, %v", when, get, got, err)
			}
		}
	}
	for _, a := range []Answer{v.bob.Get("/api/titles"), Do(v, "GET", v.den.URL("/api/titles"), v.den.Token(v), nil)} {
		if text := string(a.Body); a.Status != 200 || strings.Contains(text, `"poster":"/`) || strings.Contains(text, "thumbs") {
			v.Errorf("%s, the list tells: %s", when, text)
		}
	}
	if now := v.kept(); now != before {
		v.Errorf("%s: %d pictures were made for who is locked out", when, now-before)
	}
}

// TestLockedPictures: nobody whom a rule locks out gets a poster or a thumbnail by any road, and
// nothing is made for them, also where an allowed guest has had them before; the allowed get the
// same bytes by HTTP, by QUIC and from their own node.
func TestLockedPictures(t *testing.T) { // alone: what makes pictures gives way to everybody
	list := dawn(t, "160x90", "FR")
	h := Host(t, func(c *node.HostConfig) { c.Catalog, c.Cache = list, 1<<30 })
	ann, bob := h.By("Ann", h.Invite("FR", party.Guest)), h.By("Bob", h.Invite("DE", party.Guest))
	v := &vault{T: t, h: h, bob: bob, over: nodeOf(t, bob), den: h.Node("Den", h.Invite("DE", party.Guest))}
	overAnn, denFR := nodeOf(t, ann), h.Node("Den FR", h.Invite("FR", party.Guest))
	v.locked("at first")
	for path, get := range pictures {
		a := ann.Get("/media/t/dawn/" + path)
		for late := time.Now().Add(Patience); a.Status == 404 && path == "poster" && time.Now().Before(late); { // until it is made
			a = ann.Get("/media/t/dawn/" + path)
		}
		if _, err := jpeg.Decode(bytes.NewReader(a.Body)); a.Status != 200 || err != nil || a.Header.Get("ETag") == "" {
			t.Fatalf("%s: %d, %v", path, a.Status, err)
		}
		v.known = append(v.known, a.Body)
		_, s, err := overAnn.Get(t.Context(), get)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(s); err != nil || !bytes.Equal(b, a.Body) {
			t.Errorf("%s by QUIC: %d bytes of %d, %v", path, len(b), len(a.Body), err)
		}
		if d := Do(t, "GET", denFR.URL("/media/t/dawn/"+path), denFR.Token(t), nil); d.Status != 200 || !bytes.Equal(d.Body, a.Body) {
			t.Errorf("%s from a node of one's own: %d, %d bytes of %d", path, d.Status, len(d.Body), len(a.Body))
		}
	}
	v.locked("afterwards")
	made := v.kept()
	for _, name := range []string{"1.jpg", "x", "..%2fposter", "1000000000.jpg", "-1.jpg", "NaN.jpg", "99999999999999999999.jpg", "0x0.jpg", "00.jpg"} {
		if a := ann.Get("/media/t/dawn/thumbs/" + name); a.Status != 404 {
			t.Errorf("%s: %d", name, a.Status)
		}
		for _, path := range []string{"thumbs/0.jpg", "poster"} { // no size is to be had but that which there is
			if a := ann.Get("/media/t/dawn/" + path + "?w=" + name + "&size=" + name); a.Status != 200 || !slices.ContainsFunc(v.known, func(b []byte) bool { return bytes.Equal(a.Body, b) }) {
				t.Errorf("%s in %s: %d, %d bytes", path, name, a.Status, len(a.Body))
			}
		}
	}
	if n := v.kept(); n != made {
		t.Errorf("%d pictures more for names and sizes without sense", n-made)
	}
}

// peek is the picture over the line, once it is seen.
const peek = `(p = document.querySelector('.peek')) && !p.hidden && p.querySelector('.peek-picture.seen') && p.getAnimations({subtree: true}).length === 0`
