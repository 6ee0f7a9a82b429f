//go:build linux

package nodetest_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"watchparty/node"
	. "watchparty/node/nodetest"
)

// A plan says how long and how often the sync benchmarks look.
type plan struct {
	Runs       int `json:"runs"`
	Steady     int `json:"steady_s"`
	CPU        int `json:"cpu_s"`
	Seeks      int `json:"seeks"`
	Resumes    int `json:"resumes"`
	Joins      int `json:"joins"`
	Window     int `json:"window_s"`    // looked at after each action
	OneBrowser int `json:"one_browser"` // 1: all pages are of one browser
}

// planned reads WATCHPARTY_BENCH_SYNC: "quick", or what is to be other than usual, such
// as "runs=1 steady=30 joins=0".
func planned(b *testing.B) plan {
	b.Helper()
	p := plan{Runs: 5, Steady: 60, CPU: 20, Seeks: 10, Resumes: 10, Joins: 5, Window: 6}
	parts := map[string]*int{"runs": &p.Runs, "steady": &p.Steady, "cpu": &p.CPU, "seeks": &p.Seeks,
		"resumes": &p.Resumes, "joins": &p.Joins, "window": &p.Window, "one": &p.OneBrowser}
	for _, word := range strings.Fields(os.Getenv("WATCHPARTY_BENCH_SYNC")) {
		if word == "quick" {
			p.Runs, p.Steady, p.CPU, p.Seeks, p.Resumes, p.Joins, p.Window = 1, 5, 0, 1, 1, 1, 5
			continue
		}
		name, value, _ := strings.Cut(word, "=")
		n, err := strconv.Atoi(value)
		if parts[name] == nil || err != nil || n < 0 {
			b.Fatalf("WATCHPARTY_BENCH_SYNC: %q is not known; it takes quick, runs=, steady=, cpu=, seeks=, resumes=, joins=, window=, one=", word)
		}
		*parts[name] = n
	}
	p.Window = max(p.Window, 4) // three seconds of calm must fit in
	return p
}

// seconds is how much film a run goes through at the most.
func (p plan) seconds() int { return max(180, p.Steady+p.CPU+60) }

// clip is the film that is played: the file that WATCHPARTY_BENCH_CLIP names, or one
// of some seconds that is made, with so little to fetch that a bad link carries it.
func clip(b *testing.B, seconds int) string {
	b.Helper()
	if given := os.Getenv("WATCHPARTY_BENCH_CLIP"); given != "" {
		path, err := filepath.Abs(given)
		if err != nil {
			b.Fatal(err)
		}
		return path
	}
	for _, name := range []string{"ffmpeg", "ffprobe"} {
		_, err := exec.LookPath(name)
		Need(b, err == nil, name)
	}
	path := filepath.Join(binaryDir, fmt.Sprintf("clip%d.mp4", seconds))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	out, err := exec.Command("ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y",
		"-f", "lavfi", "-i", "testsrc2=size=640x360:rate=24", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
		"-t", strconv.Itoa(seconds), "-c:v", "libx264", "-preset", "superfast", "-crf", "30", "-maxrate", "400k", "-bufsize", "800k",
		"-g", "48", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k", "-movflags", "+faststart", path).CombinedOutput()
	if err != nil {
		b.Fatalf("make the clip: %v: %s", err, out)
	}
	return path
}

// frameRate asks a file for its frames a second.
func frameRate(b *testing.B, path string) float64 {
	b.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=r_frame_rate", "-of", "csv=p=0", path).Output()
	over, under := 0.0, 1.0
	if n, _ := fmt.Sscanf(string(out), "%f/%f", &over, &under); err != nil || n == 0 || over == 0 {
		b.Fatalf("frame rate of %s: %v %s", path, err, out)
	}
	return over / under
}

// clipHost is a host whose one title is the clip, listening at an address.
func clipHost(b *testing.B, p plan, listen string) (h *House, fps float64) {
	b.Helper()
	path := clip(b, p.seconds())
	text := fmt.Sprintf("version: 1\nlibrary: %q\ntitles:\n  - {id: clip, title: Clip, file: %q, regions: {allow: [world]}}\n",
		filepath.Dir(path), filepath.Base(path))
	catalog := filepath.Join(b.TempDir(), "catalog.yaml")
	if err := os.WriteFile(catalog, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	return Host(b, func(c *node.HostConfig) { c.Catalog, c.Listen = catalog, listen }), frameRate(b, path)
}

// pass waits: benchmarks of what happens in a time have to.
func pass(seconds float64) { <-time.After(time.Duration(seconds * float64(time.Second))) }

// A figure is a measured number; what never came is infinite, and null in JSON.
type figure float64

// MarshalJSON writes null for what is no number.
func (f figure) MarshalJSON() ([]byte, error) {
	if v := float64(f); math.IsInf(v, 0) || math.IsNaN(v) {
		return []byte("null"), nil
	}
	return json.Marshal(math.Round(float64(f)*1000) / 1000)
}

func (f figure) String() string {
	switch v := float64(f); {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 0):
		return "never"
	default:
		return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
	}
}

// Figures are the numbers of one run, each with its name, in the order in which
// they came.
type figures struct {
	names  []string
	values map[string]figure
}

func (f *figures) add(name string, v float64) {
	if f.values == nil {
		f.values = map[string]figure{}
	}
	if _, had := f.values[name]; !had {
		f.names = append(f.names, name)
	}
	f.values[name] = figure(v)
}

// A report is what a benchmark found.
type report struct {
	Name   string              `json:"name"`
	When   string              `json:"when"`
	Load   [2]string           `json:"load"` // before, after
	Plan   plan                `json:"plan"`
	Notes  []string            `json:"notes"`
	Runs   []map[string]figure `json:"runs"`
	Detail []any               `json:"detail,omitempty"`
	names  []string
}

func newReport(name string, p plan) *report {
	return &report{Name: name, When: time.Now().Format(time.RFC3339), Load: [2]string{load()}, Plan: p}
}

// load is how busy the machine is, as far as it tells.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "not known"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}

// busy tells how much the machine has worked until now, in ticks of all its
// processors, and how many of them there were.
func busy() (worked, all float64) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0
	}
	line, _, _ := strings.Cut(string(b), "\n")
	for i, word := range strings.Fields(line)[1:] {
		n, _ := strconv.ParseFloat(word, 64)
		if all += n; i != 3 && i != 4 { // idle, and waiting for a disk
			worked += n
		}
	}
	return worked, all
}

func (r *report) run(f figures) {
	if len(f.names) > len(r.names) {
		r.names = f.names
	}
	r.Runs = append(r.Runs, f.values)
}

func (r *report) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// tell prints the table, and adds it to the file that WATCHPARTY_BENCH_OUT names.
func (r *report) tell(b *testing.B) {
	b.Helper()
	r.Load[1] = load()
	var t strings.Builder
	fmt.Fprintf(&t, "\n%s, %d run(s), load average before %s, after %s\n", r.Name, len(r.Runs), r.Load[0], r.Load[1])
	wide := 0
	for _, name := range r.names {
		wide = max(wide, len(name))
	}
	fmt.Fprintf(&t, "  %*s %9s %9s   %s\n", -wide, "", "median", "worst", "runs")
	for _, name := range r.names {
		var all []float64
		each := ""
		for _, run := range r.Runs {
			if v, ok := run[name]; ok {
				all = append(all, float64(v))
				each += " " + v.String()
			}
		}
		fmt.Fprintf(&t, "  %*s %9v %9v  %s\n", -wide, name, figure(quantile(all, .5)), figure(quantile(all, 1)), each)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&t, "  %s\n", n)
	}
	fmt.Println(t.String())
	if path := os.Getenv("WATCHPARTY_BENCH_OUT"); path != "" {
		r.keep(b, path)
	}
}

// keep adds the report to a file: a list of reports.
func (r *report) keep(b *testing.B, path string) {
	b.Helper()
	var all []json.RawMessage
	if text, err := os.ReadFile(path); err == nil && json.Unmarshal(text, &all) != nil {
		b.Fatalf("%s is there, and is no list of reports", path)
	}
	one, err := json.Marshal(r)
	if err != nil {
		b.Fatal(err)
	}
	text, err := json.MarshalIndent(append(all, one), "", " ")
	if err == nil {
		err = os.WriteFile(path, append(text, '\n'), 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
}
