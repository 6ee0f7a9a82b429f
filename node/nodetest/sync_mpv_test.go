//go:build linux

package nodetest_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// BenchmarkSyncMPV measures three guests' nodes with mpv, and then Syncplay with
// three mpv in the same way, by programs of the folder that WATCHPARTY_BENCH_MPV
// names. In wan the last guest is far away.
func BenchmarkSyncMPV(b *testing.B) {
	p := planned(b)
	for _, c := range []struct {
		name string
		link *Link
	}{{"lan", nil}, {"wan", wan}} {
		b.Run(c.name, func(b *testing.B) {
			folder := needHarness(b)
			r := newReport("mpv "+c.name, p)
			for i := range p.Runs {
				b.Run(fmt.Sprintf("run%d", i+1), func(b *testing.B) {
					m := &harness{B: b, plan: p, folder: folder, link: c.link, film: clip(b, p.seconds())}
					m.ours()
					if m.hasSyncplay(r) {
						m.theirs()
						m.ratios()
					}
					r.run(m.figures)
				})
			}
			r.tell(b)
		})
	}
}

// needHarness asks for the folder with the programs that measure mpv.
func needHarness(b *testing.B) string {
	b.Helper()
	folder := os.Getenv("WATCHPARTY_BENCH_MPV")
	for _, name := range []string{"measure.py", "players.py", "syncplay_bench.py"} {
		_, err := os.Stat(filepath.Join(folder, name))
		Need(b, folder != "" && err == nil, "a folder with measure.py, players.py and syncplay_bench.py: make bench-sync MPV_SYNC=DIR")
	}
	tools(b, "python3", "mpv")
	return folder
}

// hasSyncplay tells whether there is something to compare with.
func (m *harness) hasSyncplay(r *report) bool {
	for _, name := range []string{"syncplay", "syncplay-server"} {
		if _, err := exec.LookPath(name); err != nil {
			r.note("without %s: nothing to compare with", name)
			return false
		}
	}
	return true
}

// A harness measures groups of mpv from outside.
type harness struct {
	*testing.B
	plan
	figures
	folder, film string
	link         *Link
}

// A found step, as the harness tells it.
type found struct {
	Step        string              `json:"step"`
	Spread      map[string]*float64 `json:"spread_ms"`
	Left        map[string]*float64 `json:"spread_last_third_ms"`
	Converge    map[string]any      `json:"converge_s"`
	Corrections map[string]struct {
		Jumps  float64 `json:"jumps"`
		Speeds float64 `json:"speed_changes"`
	} `json:"corrections"`
}

// A step of the harness, and what it is part of; "" is not reported.
type step struct{ part, ours, theirs string }

// window is longer than for pages: the harness wants five seconds of calm, or half
// of them at the end.
func (m *harness) window() int { return m.Window + 4 }

// steps are the same for both: seeks go between two places, so that the film lasts.
func (m *harness) steps(act func(line string) string) (all []step) {
	add := func(part, theirs, window, line string) {
		all = append(all, step{part, "run:" + window + ":" + act(line), theirs + ":" + window})
	}
	w := fmt.Sprint(m.window())
	steady := fmt.Sprintf("steady:%d", m.Steady)
	all = append(all, step{"", "settle:4", "settle:4"})
	if m.Steady > 0 {
		all = append(all, step{"steady", steady, steady})
	}
	add("", "seek:A:=20", w, "seek 20")
	for i := range m.Seeks {
		to := []string{"60", "30"}[i%2]
		add("seek", "seek:A:="+to, w, "seek "+to)
	}
	add("", "seek:A:=20", w, "seek 20")
	for range m.Resumes {
		add("pause", "pause:A", "4", "pause")
		add("resume", "resume:A", w, "play")
	}
	return all
}

// mpvHome makes a configuration for players without a screen and a loudspeaker, in
// real time, and has what is started use it.
func mpvHome(b testing.TB) {
	b.Helper()
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mpv.conf"), []byte("vo=null\nao=null\nuntimed=no\nao-null-untimed=no\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Setenv("MPV_HOME", dir)
}

// mpvSeat joins with a node that plays in mpv, and gives mpv's socket.
func mpvSeat(b testing.TB, ns, name, link string) (p *program, socket string) {
	b.Helper()
	dir, err := os.MkdirTemp("", "wpm") // socket paths are short
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	p = start(b, ns, "join", link, "--player", "mpv", "--name", name, "--data", dir, "--json")
	p.event("joined")
	return p, filepath.Join(dir, "mpv.sock")
}

// ours measures a host with three guests that play in mpv.
func (m *harness) ours() {
	m.Helper()
	mpvHome(m.B)
	listen, far := "127.0.0.1:0", ""
	if m.link != nil {
		l := m.link.Up(m.B)
		listen, far = l.Here+":0", l.Namespace
	}
	h, _ := clipHost(m.B, m.plan, listen)
	args := []string{}
	for i, ns := range []string{"", "", far} {
		name := string(rune('A' + i))
		_, socket := mpvSeat(m.B, ns, name, h.Ready.Invite)
		WatchMPV(m, socket).Close() // it is there
		args = append(args, "--player", name+"="+socket)
	}
	d := &driver{B: m.B, boss: h.Boss()}
	d.do("cue")
	fifo := filepath.Join(m.TempDir(), "act")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		m.Fatal(err)
	}
	steps := m.steps(func(line string) string { return fmt.Sprintf("sh -c 'echo %s >%s'", line, fifo) })
	parts := []string{}
	more := args
	for _, s := range steps {
		more = append(more, "--step", s.ours)
		if !strings.HasPrefix(s.ours, "settle") {
			parts = append(parts, s.part)
		}
	}
	m.collect("watchparty", parts, m.measured("measure.py", more, fifo, d))

	var late []found
	for i := range m.Joins {
		d.do("seek 20")
		pass(float64(m.Window))
		name := fmt.Sprintf("L%d", i+1)
		dir := m.TempDir()
		d.late = func() {
			d.program = start(m.B, "", "join", h.Ready.Invite, "--player", "mpv", "--name", name, "--data", dir, "--json")
		}
		act := fmt.Sprintf("sh -c 'echo late >%s'", fifo)
		spec := fmt.Sprintf("join:%s=%s/mpv.sock:%d:%s", name, dir, m.window()+3, act)
		late = append(late, m.measured("measure.py", append(args, "--step", spec), fifo, d)...)
		d.program.stop()
	}
	m.collect("watchparty", slicesOf("join", len(late)), late)
}

func slicesOf(part string, n int) (all []string) {
	for range n {
		all = append(all, part)
	}
	return all
}

// theirs measures Syncplay.
func (m *harness) theirs() {
	m.Helper()
	args, parts := []string{"--media", m.film}, []string{""} // it begins with a start of its own
	if m.link != nil {
		args = append(args, "--wan", fmt.Sprintf("--delay %d --jitter %d --loss %g --keep-order",
			m.link.Delay.Milliseconds(), m.link.Jitter.Milliseconds(), 100*m.link.Loss))
	}
	for _, s := range m.steps(func(string) string { return "" }) {
		args = append(args, "--step", s.theirs)
		if !strings.HasPrefix(s.theirs, "settle") {
			parts = append(parts, s.part)
		}
	}
	for i := range m.Joins {
		name := fmt.Sprintf("L%d", i+1)
		args = append(args, "--step", fmt.Sprintf("seek:A:=20:%d", m.Window), "--step", fmt.Sprintf("join:%s:%d", name, m.window()+3), "--step", "leave:"+name)
		parts = append(parts, "", "join")
	}
	m.collect("syncplay", parts, m.measured("syncplay_bench.py", args, "", nil))
}

// measured runs a program of the harness, does what it asks for by the FIFO, and
// reads what it found.
func (m *harness) measured(name string, args []string, fifo string, d *driver) []found {
	m.Helper()
	out := filepath.Join(m.TempDir(), "out.json")
	cmd := exec.Command("python3", append([]string{filepath.Join(m.folder, name), "--out", out}, args...)...)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	lines := make(chan string, 16) // more than are ever under way: who sends one waits for what it does
	if fifo != "" {
		f, err := os.OpenFile(fifo, os.O_RDWR, 0) // open for writing too: so it has no end
		if err != nil {
			m.Fatal(err)
		}
		defer f.Close()
		go func() { // ends when the file is closed
			for s := bufio.NewScanner(f); s.Scan(); {
				lines <- s.Text()
			}
		}()
	}
	if err := cmd.Start(); err != nil {
		m.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	limit := time.After(time.Hour)
	for {
		select {
		case line := <-lines:
			d.do(line)
		case <-limit:
			cmd.Process.Signal(unix.SIGTERM)
			m.Fatalf("%s does not end", name)
		case err := <-ended:
			var r struct{ Steps []found }
			text, rerr := os.ReadFile(out)
			if err != nil || rerr != nil || json.Unmarshal(text, &r) != nil {
				m.Fatalf("%s: %v\n%s", name, err, last(said.String(), 3000))
			}
			return r.Steps
		}
	}
}

// A driver does at the party what the harness asks for.
type driver struct {
	*testing.B
	boss    *Person
	late    func() // somebody comes
	program *program
}

func (d *driver) do(line string) {
	d.Helper()
	if d.boss.Bye().Code != "" {
		d.boss.Sit()
	}
	var to float64
	switch word, rest, _ := strings.Cut(line, " "); word {
	case "cue":
		d.boss.Must(party.Cue{Title: "clip", Play: true})
	case "play":
		d.boss.Must(party.Play{})
	case "pause":
		d.boss.Must(party.Pause{})
	case "late":
		d.late()
	case "seek":
		if _, err := fmt.Sscan(rest, &to); err != nil {
			d.Fatalf("%q: %v", line, err)
		}
		d.boss.Must(party.Seek{Position: party.At(to)})
	default:
		d.Fatalf("what is %q?", line)
	}
}

// collect makes figures of the steps found, each part of the party's evening.
func (m *harness) collect(who string, parts []string, steps []found) {
	m.Helper()
	if len(steps) != len(parts) {
		m.Fatalf("%s: %d steps were asked for, %d were found", who, len(parts), len(steps))
	}
	number := func(p *float64) float64 {
		if p == nil {
			return math.NaN()
		}
		return *p
	}
	took, left := map[string][]float64{}, map[string][]float64{}
	for i, s := range steps {
		switch part := parts[i]; part {
		case "":
		case "steady":
			for _, q := range []string{"p50", "p95", "p99"} {
				m.add(who+" steady, ms apart "+q, number(s.Spread[q]))
			}
			jumps, speeds := 0.0, 0.0
			for _, c := range s.Corrections {
				jumps, speeds = jumps+c.Jumps, speeds+c.Speeds
			}
			m.add(who+" steady, speed changes/min, all", speeds/float64(m.Steady)*60)
			m.add(who+" steady, jumps, all", jumps)
		default:
			after := math.Inf(1)
			if v, ok := s.Converge["<40ms"].(float64); ok {
				after = v
			}
			took[part], left[part] = append(took[part], after), append(left[part], number(s.Left["p95"]))
		}
	}
	for _, part := range []string{"seek", "pause", "resume", "join"} {
		if len(took[part]) == 0 {
			continue
		}
		if part != "pause" { // it is too short for that much calm
			m.times(who+" "+part+", until below 40 ms,", took[part])
		}
		m.add(who+" after "+part+", ms apart p95, median", quantile(left[part], .5))
		m.add(who+" after "+part+", ms apart p95, worst", quantile(left[part], 1))
	}
}

// ratios says how many times further apart Syncplay's players were.
func (m *harness) ratios() {
	for _, what := range []string{"steady, ms apart p95", "after seek, ms apart p95, median", "after resume, ms apart p95, median",
		"after join, ms apart p95, median"} {
		if a, ok := m.values["watchparty "+what]; ok {
			m.add("syncplay/watchparty "+what, float64(m.values["syncplay "+what]/a))
		}
	}
}

// BenchmarkSyncMixed measures two pages and two mpv at one party: a page's position
// is its currentTime, an mpv's is that of its sound.
func BenchmarkSyncMixed(b *testing.B) {
	p := planned(b)
	tools(b, "mpv")
	r := newReport("mixed: two pages, two mpv", p)
	for i := range p.Runs {
		b.Run(fmt.Sprintf("run%d", i+1), func(b *testing.B) {
			mpvHome(b)
			s := &stage{B: b, plan: p}
			s.open(variants[0], 2)
			for i := range 2 {
				_, socket := mpvSeat(b, "", fmt.Sprintf("Player %d", i+1), s.h.Ready.Invite)
				s.mpvs, s.tracks = append(s.mpvs, WatchMPV(b, socket)), append(s.tracks, &Track{})
			}
			s.evening(r)
		})
	}
	r.tell(b)
}
