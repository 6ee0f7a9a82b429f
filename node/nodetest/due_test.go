//go:build long

package nodetest_test

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestFramesAreDue: wherever a film of 30 frames a second starts, its frames are drawn
// at the refresh that is nearest to their time, and not at one that chance has picked.
func TestFramesAreDue(t *testing.T) {
	path, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	dir := t.TempDir()
	out, err := exec.Command(path, "-hide_banner", "-loglevel", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30",
		"-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-t", "60", "-c:v", "libx264", "-preset", "ultrafast", "-g", "60",
		"-c:a", "aac", "-movflags", "+faststart", filepath.Join(dir, "film.mp4")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	list := filepath.Join(dir, "catalog.yaml")
	text := "version: 1\nlibrary: .\ndefaults: {regions: {allow: [world]}}\ntitles:\n  - {id: film, title: Film, file: film.mp4}\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	h := Host(t, func(c *node.HostConfig) { c.Catalog = list })
	page := Chromium(t).Open(h.Ready.Invite, Small, Watch)
	page.Enter("Your name", "Sofa", "Join")
	boss := h.Boss()
	boss.Must(party.Cue{Title: "film", Play: true})
	var all []float64
	for i := range 5 {
		to := 3.1 + 9.37*float64(i)
		boss.Must(party.Seek{Position: party.At(to)})
		page.Until("the seek", playing+fmt.Sprintf(` && v.currentTime > %v && v.currentTime < %[1]v + 9 && window.watchparty.doing === 'playing'`, to+0.6))
		page.Take(&Track{}, 0)
		end := time.Now().Add(time.Second)
		page.Until("a second of it", fmt.Sprintf("Date.now() > %d", end.UnixMilli()))
		var seen Track
		page.Take(&seen, 0)
		all = append(all, lateness(t, &seen))
	}
	t.Logf("frames were late by %.1f ms", all)
	const refresh = 1000.0 / 60
	for _, ms := range all {
		if math.Abs(ms) > 0.6*refresh {
			t.Errorf("frames came %.1f ms late, more than half a refresh", ms)
		}
	}
}

// lateness is by how many milliseconds a page's frames came after their time, in the
// middle.
func lateness(t *testing.T, seen *Track) float64 {
	t.Helper()
	var all []float64
	for _, f := range seen.Frames {
		if pos, ok := seen.At(f.At); ok {
			all = append(all, (pos-f.Media)*1000)
		}
	}
	if len(all) < 10 {
		t.Fatalf("only %d frames in a second", len(all))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
