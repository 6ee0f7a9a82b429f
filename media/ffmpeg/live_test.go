package ffmpeg

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestReceiving: each kind of address has its own way, and none of them leads to a file.
func TestReceiving(t *testing.T) {
	for address, want := range map[string][]string{
		"rtsp://cam:554/1": {"-protocol_whitelist", "rtsp,rtp,srtp,udp,tcp,http,tls", "-format_whitelist", "rtsp,sdp,rtp,mpegts", "-rtsp_flags", "prefer_tcp"},
		"srt://a:9000":     {"-protocol_whitelist", "srt", "-format_whitelist", "mpegts"},
		"udp://a:9000":     {"-protocol_whitelist", "udp", "-format_whitelist", "mpegts", "-overrun_nonfatal", "1"},
	} {
		args, err := receiving(address, []string{"pipe:1"})
		if err != nil || !slices.Equal(args[len(args)-3:], []string{"-i", address, "pipe:1"}) {
			t.Errorf("%s: %q, %v", address, args, err)
		}
		for _, w := range want {
			if !slices.Contains(args, w) {
				t.Errorf("%s: %q lacks %s", address, args, w)
			}
		}
	}
	for _, address := range []string{"file:///etc/passwd", "concat:a.ts", "/etc/passwd", "", "-y", "pipe://0", "ftp://a/b"} {
		if _, err := receiving(address, nil); err == nil {
			t.Errorf("%q is taken for a source", address)
		}
	}
	for scheme, list := range ways {
		for _, way := range strings.Split(list, ",") {
			if slices.Contains([]string{"file", "pipe", "concat", "subfile", "data", "unix", "fd", "cache", "async"}, way) {
				t.Errorf("%s may lead to %s", scheme, way)
			}
		}
	}
}

// TestSourcesStayOutside: neither a playlist nor a redirection gets at a file of this machine.
func TestSourcesStayOutside(t *testing.T) {
	p := needFFmpeg(t)
	film := clip(t, "secret.ts", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
	whole, err := os.ReadFile(film)
	if err != nil {
		t.Fatal(err)
	}
	dir, files := t.TempDir(), http.NewServeMux()
	list := func(uri string) string {
		return "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n" + uri + "\n#EXT-X-ENDLIST\n"
	}
	for name, text := range map[string]string{
		"good.m3u8": list("film.ts"), "file.m3u8": list("file://" + film), "plain.m3u8": list(film), "concat.m3u8": list("concat:" + film), "film.ts": string(whole),
		"key.m3u8": strings.Replace(list("film.ts"), "#EXTINF", "#EXT-X-KEY:METHOD=AES-128,URI=\"file://"+film+"\"\n#EXTINF", 1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files.Handle("/", http.FileServer(http.Dir(dir)))
	files.HandleFunc("/away", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "file://"+film)
		w.WriteHeader(http.StatusFound)
	})
	server := httptest.NewServer(files)
	defer server.Close()
	received := func(address string) (int, error) {
		c, err := p.Receive(address, []string{"-c", "copy", "-f", "mpegts", "pipe:1"})
		if err != nil {
			t.Fatal(err)
		}
		defer c.End()
		b, err := io.ReadAll(c)
		return len(b), err
	}
	if n, err := received(server.URL + "/good.m3u8"); err != nil || n < 1000 {
		t.Fatalf("a good source gave %d bytes, %v", n, err)
	}
	for _, name := range []string{"file.m3u8", "plain.m3u8", "concat.m3u8", "key.m3u8", "away"} {
		if n, _ := received(server.URL + "/" + name); n > 0 {
			t.Errorf("%s gave %d bytes of a file", name, n)
		}
	}
}

func TestDiscreet(t *testing.T) {
	said := errors.New("exit status 1: http://ann:secret@cam.example/x.m3u8?key=secret: Server returned 404\nrtsp://bob:secret@cam: refused")
	if got := Discreet(said); strings.Contains(got, "secret") || strings.Contains(got, "ann") || !strings.Contains(got, "cam.example/x.m3u8") {
		t.Errorf("said %q", got)
	}
}
