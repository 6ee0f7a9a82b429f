//go:build long

package nodetest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"watchparty/media/demo"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// The type of a file that this browser plays, and of one that no Chromium does.
const (
	easy = `video/mp4; codecs="avc1.42E01E, mp4a.40.2"`
	hard = `video/x-matroska; codecs="hvc1.2.4.L120, ec-3"`
)

// stamp is an expression for the corner of the picture in which the film has the
// number of its frame, in light and dark dots.
const stamp = `(() => {
  const [c, w, h] = [document.createElement('canvas'), 120, 16], g = (c.width = w, c.height = h, c.getContext('2d'));
  g.drawImage(` + video + `, 515, 5, w, h, 0, 0, w, h);
  const { data } = g.getImageData(0, 0, w, h), rows = [];
  for (let y = 0; y < h; y++) rows.push(Array.from({ length: w }, (_, x) => data[4 * (y * w + x)] > 140 ? '#' : ' ').join(''));
  return rows.join('\n');
})()`

// noNative is a script for Open: a browser without HLS of its own.
const noNative = `(() => {
  const can = HTMLMediaElement.prototype.canPlayType;
  HTMLMediaElement.prototype.canPlayType = function (type) { return /mpegurl/.test(type) ? '' : can.call(this, type); };
})();`

// A made is a way to the host on which Night Train is said to be of another type, its
// file has other bytes where spoiled, and its HLS is there.
type made struct {
	testing.TB
	house   *House
	server  *httptest.Server
	play    map[string]any
	spoiled bool
}

// makeHLS opens such a way.
func makeHLS(t *testing.T, h *House, folder, mime string, spoiled bool) *made {
	t.Helper()
	to, err := url.Parse("http://" + h.Ready.QUIC)
	if err != nil {
		t.Fatal(err)
	}
	m := &made{TB: t, house: h, play: map[string]any{"mime": mime, "hls": true}, spoiled: spoiled}
	files := http.StripPrefix("/media/t/night-train/hls/", http.FileServer(http.Dir(folder)))
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to) // and the Host, which the host looks at
			if r.In.Header.Get("Origin") != "" {
				r.Out.Header.Set("Origin", to.String())
			}
		},
		ModifyResponse: m.listed,
	}
	m.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/media/t/night-train/hls/"):
			w.Header().Set("Content-Type", map[string]string{".m3u8": "application/vnd.apple.mpegurl"}[filepath.Ext(r.URL.Path)])
			if filepath.Ext(r.URL.Path) != ".m3u8" {
				w.Header().Set("Content-Type", "video/mp4")
			}
			files.ServeHTTP(w, r)
		case m.spoiled && r.URL.Path == "/media/t/night-train/file":
			w.Header().Set("Content-Type", "video/mp4")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(bytes.Repeat([]byte("no film "), 1000)))
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(m.server.Close)
	return m
}

// listed adds what the file is to the list of titles.
func (m *made) listed(r *http.Response) error {
	if r.Request.URL.Path != "/api/titles" || r.StatusCode != 200 {
		return nil
	}
	var titles []map[string]any
	err := json.NewDecoder(r.Body).Decode(&titles)
	r.Body.Close()
	for _, title := range titles {
		if title["id"] == "night-train" {
			title["play"] = m.play
		}
	}
	b, _ := json.Marshal(titles)
	r.Body = io.NopCloser(bytes.NewReader(b))
	r.ContentLength = int64(len(b))
	r.Header.Set("Content-Length", strconv.Itoa(len(b)))
	return err
}

// open brings somebody in by this way.
func (m *made) open(b *Browser, name string, scripts ...string) *Page {
	p := b.Open(strings.Replace(m.house.Ready.Invite, m.house.Ready.QUIC, strings.TrimPrefix(m.server.URL, "http://"), 1), Small, scripts...)
	p.Enter("Your name", name, "Join")
	return p
}

// hls makes Night Train's HLS as a host would: the picture, and sounds in these
// languages to choose from.
func hls(t *testing.T, languages ...string) string {
	t.Helper()
	ffmpeg, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	film, err := fs.ReadFile(demo.Files(), "night-train.mp4")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	source := filepath.Join(folder, "film.mp4")
	if err := os.WriteFile(source, film, 0o600); err != nil {
		t.Fatal(err)
	}
	args, streams, main := []string{"-v", "error", "-nostdin", "-i", source, "-map", "0:v"}, "", "#EXTM3U\n#EXT-X-VERSION:7\n"
	for i, lang := range languages {
		args = append(args, "-map", "0:a")
		streams += fmt.Sprintf("a:%d,name:%s ", i, lang)
		main += fmt.Sprintf("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"Sound %s\",LANGUAGE=%q,DEFAULT=%s,AUTOSELECT=YES,URI=\"%s.m3u8\"\n",
			lang, lang, map[bool]string{true: "YES", false: "NO"}[i == 0], lang)
	}
	args = append(args, "-c", "copy", "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4",
		"-hls_segment_options", "movflags=+negative_cts_offsets", // else pictures lie behind their decode time, by which hls.js goes
		"-var_stream_map", streams+"v:0,name:v",
		"-hls_segment_filename", filepath.Join(folder, "%v_%d.m4s"), filepath.Join(folder, "%v.m3u8"))
	if out, err := exec.CommandContext(t.Context(), ffmpeg, args...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	main += "#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=640x360,CODECS=\"avc1.64001f,mp4a.40.2\",AUDIO=\"a\"\nv.m3u8\n"
	if err := os.WriteFile(filepath.Join(folder, "main.m3u8"), []byte(main), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestSources: a page takes the file where the browser can play it, the host's HLS
// where it cannot, and goes over to HLS where it believed that it could; and all show
// the same frame.
func TestSources(t *testing.T) {
	one, two := hls(t, "en"), hls(t, "en", "fr")
	h := Host(t)
	b := Chromium(t)
	boss := h.Boss()
	pages := map[string]*Page{
		"direct": makeHLS(t, h, one, easy, false).open(b, "Direct"),
		"hls":    makeHLS(t, h, one, hard, false).open(b, "Own"),
		"mse":    makeHLS(t, h, two, hard, false).open(b, "Media source"),
	}
	boss.Must(party.Cue{Title: "night-train", Play: true})
	var all []*Page
	for name, p := range pages {
		p.Until(name+": the film", playing+` && v.currentTime > 1`)
		all = append(all, p)
	}
	boss.Must(party.Seek{Position: party.At(31)})
	for name, p := range pages {
		p.Until(name+": the seek", playing+` && v.currentTime > 31 && v.currentTime < 45`)
	}
	framesApart(t, "by file and by HLS", all, 5*time.Second)
	boss.Must(party.Pause{})
	boss.Must(party.Seek{Position: party.At(33.521)}) // the middle of a frame
	seen := map[string]string{}
	for name, p := range pages {
		p.Until(name+": the frame", video+`.paused && window.watchparty.timeline.pos === 33.521 && !`+video+`.seeking && Math.abs(`+video+`.currentTime - window.watchparty.position) < 0.005 && window.watchparty.doing === 'paused'`)
		seen[name] = Eval[string](p, stamp)
	}
	if seen["hls"] != seen["direct"] || seen["mse"] != seen["direct"] {
		t.Errorf("paused, the screens do not show the same frame: its number is drawn as\ndirect\n%s\nhls\n%s\nmse\n%s", seen["direct"], seen["hls"], seen["mse"])
	}
	boss.Must(party.Play{})
	for name, want := range map[string]string{"direct": "file", "mse": "mse"} {
		if got := Eval[string](pages[name], `window.watchparty.source`); got != want {
			t.Errorf("%s: the film comes by %q, want %q", name, got, want)
		}
	}
	if got := Eval[string](pages["hls"], `window.watchparty.source`); got == "file" {
		t.Error("a file that the browser cannot read is played directly")
	}
	late := makeHLS(t, h, two, easy, true).open(b, "Mistaken", noNative)
	late.Until("the other way, at the same place", playing+` && window.watchparty.source === 'mse' && Math.abs(v.currentTime - window.watchparty.position) < 0.5`)
	late.Click("Subtitles")
	late.Click("Sound fr")
	late.Until("the other sound", Button("Sound fr")+`.getAttribute('aria-pressed') === 'true'`)
	keepPictures(t, map[string]*Page{"sound": late})
}
