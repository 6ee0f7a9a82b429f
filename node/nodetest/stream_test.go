package nodetest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os/exec"
	"testing"

	"watchparty/node"
	"watchparty/node/party"
)

// A film that is converted is served at the same addresses by the host and by a guest's own
// node, and not at all to somebody who is locked out, by any road.
func TestConverted(t *testing.T) {
	_, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	h := Host(t, Catalog(t, "version: 1\nlibrary: films\ntitles: [{id: aurora, title: Aurora, file: aurora.mp4, regions: {allow: [FR]}}]"),
		func(c *node.HostConfig) { c.Cache = 1 << 30 })
	ann := h.By("Ann", h.Invite("FR", party.Guest))
	bob := h.By("Bob", h.Invite("DE", party.Guest))
	own := h.Node("Cleo", h.Invite("FR", party.Guest))
	var me struct{ Token string }
	if err := json.Unmarshal(Do(t, "GET", own.URL("/api/me"), "", nil).Body, &me); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{"main.m3u8": "application/vnd.apple.mpegurl", "720/list.m3u8": "application/vnd.apple.mpegurl", "a0/init.mp4": "audio/mp4", "a0/3.m4s": "audio/mp4"}
	for _, name := range []string{"main.m3u8", "720/list.m3u8", "a0/init.mp4", "a0/3.m4s"} {
		path := "/media/t/aurora/hls/" + name
		a := ann.Get(path)
		if kind := a.Header.Get("Content-Type"); a.Status != http.StatusOK || kind != kinds[name] || len(a.Body) < 60 {
			t.Fatalf("%s: %d %s, %d bytes", name, a.Status, kind, len(a.Body))
		}
		if b := Do(t, "GET", own.URL(path), me.Token, nil); b.Status != http.StatusOK || !bytes.Equal(a.Body, b.Body) || b.Header.Get("Content-Type") != kinds[name] {
			t.Errorf("%s at a guest's node: %d, %d bytes", name, b.Status, len(b.Body))
		}
		if c := bob.Get(path); c.Status != http.StatusUnavailableForLegalReasons || c.Code() != "WP-REGION" {
			t.Errorf("%s for somebody who is locked out: %d %s", name, c.Status, c.Body)
		}
	}
	if a := ann.Get("/media/t/aurora/hls/a9/0.m4s"); a.Status != http.StatusNotFound {
		t.Errorf("what does not exist: %d %s", a.Status, a.Body)
	}
	var list []struct {
		Play struct {
			MIME string
			HLS  bool
		}
	}
	if err := json.Unmarshal(ann.Get("/api/titles").Body, &list); err != nil || len(list) != 1 || !list[0].Play.HLS || list[0].Play.MIME == "" {
		t.Errorf("the list says %+v, %v", list, err)
	}
}
