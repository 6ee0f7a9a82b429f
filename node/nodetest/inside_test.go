package nodetest_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/media/catalog"
	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// wordy makes a dark film that has English and French text inside, and German as pictures: a white
// bar near the lower edge, from the first second to the ninth. It gives its catalog.
func wordy(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	bar, err := filepath.Abs("testdata/bar.sup")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"en.srt": "1\n00:00:01,000 --> 00:00:18,000\nHello there\n",
		"fr.ass": "[Script Info]\nPlayResX: 320\nPlayResY: 180\n[V4+ Styles]\nFormat: Name, Italic, Alignment\nStyle: Default,0,8\n[Events]\n" +
			"Format: Layer, Start, End, Style, Text\nDialogue: 0,0:00:01.00,0:00:18.00,Default,{\\i1}Bonjour{\\i0} tout le monde\n",
		"catalog.yaml": "version: 1\nlibrary: .\ntitles: [{id: words, title: Words, file: words.mkv, regions: {allow: [FR]}}]\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(path, "-nostdin", "-loglevel", "error", "-copyts", "-f", "lavfi", "-i", "color=c=0x102030:s=320x180:r=25:d=20",
		"-f", "lavfi", "-i", "sine=440:d=20", "-i", filepath.Join(dir, "en.srt"), "-i", filepath.Join(dir, "fr.ass"), "-i", bar,
		"-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-c:s", "copy",
		"-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=fre", "-metadata:s:s:2", "language=ger", filepath.Join(dir, "words.mkv")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(dir, "catalog.yaml")
}

// light is how bright the film is where the bar would be, as the browser shows it.
const light = `(() => { const c = document.createElement('canvas'); c.width = 320; c.height = 180; const x = c.getContext('2d'); x.drawImage(v, 0, 0, 320, 180); return x.getImageData(160, 155, 1, 1).data[0]; })()`

// TestSubtitlesInside: each kind that a film brings along is chosen in the page and seen, text as
// text and pictures in the picture, while the party stays where it is; a guest's own node gives
// the same, and a guest who is locked out gets none of it.
func TestSubtitlesInside(t *testing.T) {
	t.Parallel()
	list := wordy(t)
	h := Host(t, func(c *node.HostConfig) { c.Catalog, c.Cache = list, 1<<30 })
	bob := h.By("Bob", h.Invite("DE", party.Guest))
	boss := h.Boss()
	boss.Must(party.Cue{Title: catalog.TitleID("words")})
	boss.Must(party.Seek{Position: party.At(3)})
	page := Shell(t).Open(h.Invite("FR", party.Guest), Small)
	page.Enter("Your name", "Reader", "Join")
	const there = `(v = ` + video + `) && Math.abs(v.currentTime - 3) < 0.05 && v.readyState > 1`
	page.Until("the film", there)
	page.Click("Subtitles")
	page.Click("English")
	page.Until("English", shownCues+` === 'Hello there'`)
	page.Click("Français")
	page.Until("French, at the top", shownCues+` === 'Bonjour tout le monde' && document.querySelector('.cues-above i').textContent === 'Bonjour'`)
	page.Until("nothing in the picture", there+` && `+light+` < 80`)
	page.Click("Deutsch drawn into the picture")
	page.Until("the bar in the picture, and no text", there+` && `+light+` > 180 && `+shownCues+` === ''`)
	keepPictures(t, map[string]*Page{"drawn": page})
	page.Click("Off")
	page.Until("none of them", there+` && `+light+` < 80 && `+shownCues+` === ''`)
	for _, part := range []string{"subtitles/s2.vtt", "subtitles/s3.vtt", "hls/main.s4.m3u8", "hls/720s4/0.m4s"} {
		if a := bob.Get("/media/t/words/" + part); a.Status != http.StatusUnavailableForLegalReasons || a.Code() != "WP-REGION" {
			t.Errorf("%s for somebody who is locked out: %d %s", part, a.Status, a.Body)
		}
	}
	own := h.Node("Cleo", h.Invite("FR", party.Guest))
	token := own.Token(t)
	for name, want := range map[string]string{"subtitles/s2.vtt": "Hello there", "subtitles/s3.vtt": "line:0\n<i>Bonjour</i> tout", "hls/main.s4.m3u8": "\n720s4/list.m3u8\n", "hls/720s4/0.m4s": "moof"} {
		if a := Do(t, "GET", own.URL("/media/t/words/"+name), token, nil); a.Status != http.StatusOK || !strings.Contains(string(a.Body), want) {
			t.Errorf("%s by a guest's own node: %d %.200q", name, a.Status, a.Body)
		}
	}
}
