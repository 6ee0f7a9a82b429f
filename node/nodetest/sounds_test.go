//go:build long

package nodetest_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// voices makes a film that any browser plays as it is, with a tone of 300 Hz, called English; and beside it French,
// a tone of 900 Hz, and somebody's comment, one of 1,500. It gives its catalog.
func voices(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	dir := t.TempDir()
	run := func(args ...string) {
		if out, err := exec.Command(path, append([]string{"-nostdin", "-loglevel", "error"}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	run("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=40", "-f", "lavfi", "-i", "sine=300:d=40", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
		"-g", "50", "-c:a", "aac", "-metadata:s:a:0", "language=eng", "-movflags", "+faststart", filepath.Join(dir, "film.mp4"))
	run("-f", "lavfi", "-i", "sine=900:d=40", "-c:a", "ac3", filepath.Join(dir, "film.fr.mka"))
	run("-f", "lavfi", "-i", "sine=1500:d=40", "-c:a", "aac", filepath.Join(dir, "film.Comment.en.m4a"))
	list := "version: 1\nlibrary: .\ntitles: [{id: film, title: Film, file: film.mp4, regions: {allow: [FR]}}]\n"
	if err := os.WriteFile(filepath.Join(dir, "catalog.yaml"), []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "catalog.yaml")
}

// pitch is the loudest tone that the page's film gives, in hundreds of Hz.
const pitch = `(() => {
	const v = ` + video + `;
	if (!v?.captureStream || v.paused || v.readyState < 3) return 0;
	if (window.ear?.of !== v.currentSrc) {
		const c = new AudioContext(), a = c.createAnalyser(), s = v.captureStream();
		if (!s.getAudioTracks().length) return 0;
		a.fftSize = 4096;
		c.createMediaStreamSource(s).connect(a);
		window.ear = { of: v.currentSrc, c, a };
	}
	const { a, c } = window.ear, all = new Float32Array(a.frequencyBinCount);
	a.getFloatFrequencyData(all);
	const most = all.indexOf(Math.max(...all));
	return all[most] < -80 ? 0 : Math.round(most * c.sampleRate / a.fftSize / 100);
})()`

// TestSoundsBeside: the film comes as it is until a guest chooses a sound that lies beside it; then they hear that, where
// the party is, and the next film begins in that language. Who is locked out gets none of it.
func TestSoundsBeside(t *testing.T) {
	t.Parallel()
	list := voices(t)
	h := Host(t, func(c *node.HostConfig) { c.Catalog, c.Cache = list, 1<<30 })
	boss, bob := h.Boss(), h.By("Bob", h.Invite("DE", party.Guest))
	boss.Must(party.Cue{Title: "film", Play: true})
	page := Chromium(t).Open(h.Invite("FR", party.Guest), Small)
	page.Enter("Your name", "Listener", "Join")
	page.Until("what there is to hear", `fetch('/api/titles').then(r => r.json()).then(l => l[0].play?.sounds?.length === 3)`)
	heard := func(what, way string, tone int) {
		t.Helper()
		page.Until(what, fmt.Sprintf(playing+` && watchparty.source === %q && `+pitch+` === %d`, way, tone))
	}
	heard("English", "file", 3)
	page.Click("Subtitles")
	page.Click("French")
	heard("French", "mse", 9)
	page.Click("Comment")
	heard("the comment", "mse", 15)
	keepPictures(t, map[string]*Page{"sounds": page})
	page.Click("English")
	heard("English again", "mse", 3)
	page.Click("French")
	Eval[any](page, `location.reload()`)
	heard("French at once", "mse", 9)
	page.Until("in step", `Math.abs(watchparty.drift) < 45`)
	own := h.Node("Cleo", h.Invite("FR", party.Guest))
	token := own.Token(t)
	for name, want := range map[string]string{"sounds/fr": "matroska", "sounds/comment.en": "ftyp", "hls/main.m3u8": `NAME="Comment",LANGUAGE="en"`, "hls/b1/1.m4s": "moof"} {
		a := Do(t, "GET", own.URL("/media/t/film/"+name), token, nil)
		if a.Status != http.StatusOK || !strings.Contains(string(a.Body), want) {
			t.Errorf("%s: %d %.200q", name, a.Status, a.Body)
		}
		if a := bob.Get("/media/t/film/" + name); a.Status != http.StatusUnavailableForLegalReasons || a.Code() != "WP-REGION" {
			t.Errorf("%s for somebody who is locked out: %d %s", name, a.Status, a.Body)
		}
	}
	if a := Do(t, "GET", own.URL("/media/t/film/sounds/film"), token, nil); a.Status != http.StatusNotFound {
		t.Errorf("what is no sound: %d", a.Status)
	}
}
