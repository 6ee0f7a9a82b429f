//go:build long

package nodetest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// album makes an album of short tracks, with a cover, and a catalog of it.
func album(t *testing.T, ending string, seconds int) (list string) {
	t.Helper()
	path, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	dir := t.TempDir()
	text := "version: 1\nlibrary: .\ndefaults: {regions: {allow: [world]}}\ntitles:\n" +
		"  - id: tide\n    title: Low Tide\n    kind: album\n    artist: The Piers\n    year: 2020\n    poster: cover.png\n    tracks:\n"
	run := func(args ...string) {
		if out, err := exec.Command(path, append([]string{"-hide_banner", "-loglevel", "error", "-nostdin", "-y", "-f", "lavfi", "-i"}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	run("gradients=size=600x600:c0=#244a5a:c1=#d9a05b:x0=0:y0=0:x1=600:y1=600:d=1", "-frames:v", "1", filepath.Join(dir, "cover.png"))
	for i, name := range []string{"Ebb", "Slack Water", "Flood"} {
		file := fmt.Sprintf("%d%s", i+1, ending)
		run(fmt.Sprintf("sine=frequency=%d:sample_rate=48000:duration=%d", 440+110*i, seconds), filepath.Join(dir, file))
		text += fmt.Sprintf("      - {track: %d, title: %s, file: %s, duration: %ds}\n", i+1, name, file, seconds)
	}
	list = filepath.Join(dir, "catalog.yaml")
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return list
}

// ear notes where whatever plays is, whatever element plays it, and when.
const ear = `(() => {
  const play = HTMLMediaElement.prototype.play, heard = [];
  HTMLMediaElement.prototype.play = function () {
    if (!this.src.endsWith(this.noted)) heard.push({ player: this, at: [] });
    this.noted = new URL(this.src).pathname;
    return play.call(this);
  };
  setInterval(() => {
    const now = performance.now(), last = heard.at(-1);
    for (const h of heard.slice(-2)) if (!h.player.paused && h.player.currentTime > 0 && (h === last || h.player !== last.player)) h.at.push([now, h.player.currentTime * 1000, h.player.duration * 1000]);
  }, 20);
  const median = (l) => l.sort((a, b) => a - b)[l.length >> 1];
  /** Milliseconds of silence between each track's end and the next one's beginning; below 0 both were heard. */
  window.silences = () => heard.slice(1).map((h, i) => {
    const ends = median(heard[i].at.filter(([, at, of]) => at < of).slice(-10).map(([now, at, of]) => now + of - at));
    const begins = median(h.at.filter(([, at]) => at > 400 && at < 900).map(([now, at]) => now - at));
    return Math.round((begins - ends) * 10) / 10;
  });
})()`

const current = `document.querySelector('.record .track[aria-current] .track-title')?.textContent`

// TestAlbum: an album plays through in two pages and in mpv, each track where the last one ended; the lists mark what is on, and
// who may drive taps another.
func TestAlbum(t *testing.T) {
	silentMPV(t)
	const seconds = 6
	list := album(t, ".flac", seconds)
	h := Host(t, func(c *node.HostConfig) { c.Catalog, c.Cache = list, 1<<30 })
	b := Chromium(t)
	sofa := b.Open(h.Ready.Invite, Small, ear)
	sofa.Enter("Your name", "Sofa", "Join")
	desk := b.Open(h.Ready.Desk, Desktop)
	den := newCinema(h, "Den", "")
	watch := WatchMPV(t, filepath.Join(den.Data, "mpv.sock"))
	sofa.Until("what the tracks are", `fetch('/api/titles').then(r => r.json()).then(l => l.length === 3 && l.every(t => t.play && t.albumTitle === 'Low Tide' && t.artist === 'The Piers'))`)
	desk.Click("Choose a film")
	desk.Click("Low Tide")
	desk.Click("Play album")
	for i, name := range []string{"Ebb", "Slack Water", "Flood"} {
		for who, page := range map[string]*Page{"sofa": sofa, "desk": desk} {
			page.Until(who+" plays "+name, fmt.Sprintf(current+` === %q && watchparty.doing === 'playing' && watchparty.timeline.title === 'tide-0%d'`, name, i+1))
		}
		den.until(name, func() bool { return den.get("media-title") == "The Piers – "+name && den.get("pause") == false })
		if at := den.number("playlist-pos"); int(at) != i {
			t.Errorf("%s is number %v of what mpv played in one breath, want %d", name, at, i)
		}
	}
	for _, page := range []*Page{sofa, desk} {
		page.Until("the end", `watchparty.timeline.title === 'tide-03' && watchparty.timeline.rate === 0`)
	}
	heard := Eval[[]float64](sofa, `silences()`)
	var track Track
	watch.Take(&track)
	t.Logf("silences between the tracks: %v ms in the page, %.1f ms in mpv", heard, silences(track.Samples, seconds))
	if len(heard) != 2 {
		t.Errorf("%d tracks followed another in the page, want 2", len(heard))
	}
	if Eval[bool](sofa, `!!document.querySelector('.record button')`) {
		t.Error("a guest may choose a track")
	}
	desk.Click("Play: Slack Water")
	sofa.Until("the second", current+` === 'Slack Water' && watchparty.doing === 'playing'`)
	if got := Eval[string](sofa, `[navigator.mediaSession.metadata.title, navigator.mediaSession.metadata.artist, navigator.mediaSession.metadata.album].join()`); got != "Slack Water,The Piers,Low Tide" {
		t.Errorf("the lock screen says %q", got)
	}
	boss := h.Boss()
	boss.Must(party.Pause{})
	sofa.Until("the second, at rest", current+` === 'Slack Water' && watchparty.doing === 'paused'`)
	den.rests(boss)
	den.until("nothing that follows", func() bool { return den.number("playlist-count") == 1 })
}

// silences are the milliseconds between each track's end and the next one's beginning, by where the player was at which moment.
func silences(all []Sample, seconds float64) (gaps []float64) {
	var ends, begins []float64
	was := 0.0
	for i, s := range all {
		if !s.Playing || s.Pos <= 0 {
			continue
		}
		if s.Pos < was-1 {
			begins = begins[:0]
			for _, b := range all[i:] {
				if b.Playing && b.Pos > 0.3 && b.Pos < 0.9 && len(begins) < 10 {
					begins = append(begins, b.At-b.Pos*1000)
				}
			}
			last := ends[max(len(ends)-10, 0):]
			slices.Sort(last)
			slices.Sort(begins)
			if len(begins) > 0 {
				gaps = append(gaps, begins[len(begins)/2]-last[len(last)/2])
			}
			ends = nil
		}
		was = s.Pos
		ends = append(ends, s.At+(seconds-s.Pos)*1000)
	}
	return gaps
}
