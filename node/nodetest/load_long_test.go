//go:build long && linux

package nodetest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// loaded starts a host in a folder, by another program or by itself.
func loaded(t *testing.T, dir string, by ...string) (*program, *House) {
	t.Helper()
	p := startBy(t, by, "serve", "--json", "--listen", "127.0.0.1:0", "--camera-port", "0", "--no-mdns", "--data", dir, "--region", "FR")
	return p, p.house()
}

// gauge reads one of a node's figures.
func gauge(h *House, name string) float64 {
	h.Helper()
	for line := range strings.Lines(string(Do(h, "GET", h.URL("/metrics"), "", nil).Body)) {
		if rest, ok := strings.CutPrefix(line, "watchparty_"+name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			if err != nil {
				h.Fatal(err)
			}
			return v
		}
	}
	h.Fatalf("no figure %s", name)
	return 0
}

// eventually waits until something holds that nobody tells of.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	began := time.Now()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Since(began) > 2*Patience {
			t.Fatalf("not within %v: %s", 2*Patience, what)
		}
		<-tick.C
	}
	t.Logf("%s: after %v", what, time.Since(began).Round(100*time.Millisecond))
}

// mishapAt waits until a desk tells of one, and gives of whom.
func mishapAt(t testing.TB, h *House, desk, kind string) (who string) {
	t.Helper()
	eventually(t, kind+" on the desk", func() bool {
		var facts struct {
			Mishaps []struct{ Kind, Who string }
		}
		if err := json.Unmarshal(Do(t, "GET", h.URL("/api/desk"), desk, nil).Body, &facts); err != nil {
			t.Fatal(err)
		}
		for _, m := range facts.Mishaps {
			if m.Kind == kind {
				who = m.Who
				return true
			}
		}
		return false
	})
	return who
}

// A watcher reads a film over and over, as somebody who watches it, until it is told to stop.
type watcher struct {
	stop chan struct{}
	all  sync.WaitGroup
	took []float64 // ms for each piece
	err  error
}

func watchOn(t *testing.T, h *House, token string) *watcher {
	t.Helper()
	sit(t, h, token)
	w := &watcher{stop: make(chan struct{})}
	client := &http.Client{Timeout: Patience} // its connection is kept, as a browser's
	w.all.Go(func() {
		for at := 0; ; at = (at + 64<<10) % (256 << 10) {
			select {
			case <-w.stop:
				return
			case <-time.After(50 * time.Millisecond):
			}
			r, _ := http.NewRequest("GET", h.URL("/media/t/night-train/file"), nil)
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", at, at+64<<10-1))
			began := time.Now()
			a, err := client.Do(r)
			if err == nil {
				var n int64
				n, err = io.Copy(io.Discard, a.Body)
				a.Body.Close()
				if err == nil && (a.StatusCode != http.StatusPartialContent || n != 64<<10) {
					err = fmt.Errorf("%s, %d bytes", a.Status, n)
				}
			}
			if err != nil {
				w.err = errors.Join(w.err, err)
				return
			}
			w.took = append(w.took, float64(time.Since(began))/float64(time.Millisecond))
		}
	})
	return w
}

// present has who holds these passes sit in the room.
func present(t *testing.T, h *House, tokens []string) *crowd {
	t.Helper()
	c := &crowd{stop: make(chan struct{})}
	for _, token := range tokens {
		r, err := dialRaw(h.Ready.QUIC, "/ws", false)
		if err == nil {
			err = r.send(hello(token))
		}
		if err != nil {
			t.Fatal(err)
		}
		c.seat(r)
	}
	return c
}

// sit has the bearer of a pass at the party until the test ends, hearing everything.
func sit(t *testing.T, h *House, token string) {
	t.Helper()
	c := &crowd{stop: make(chan struct{})}
	r, err := dialRaw(h.Ready.QUIC, "/ws", false)
	if err == nil {
		err = r.send(hello(token))
	}
	if err == nil {
		_, err = r.next()
	}
	if err != nil {
		t.Fatal(err)
	}
	c.seat(r)
	c.ping()
	t.Cleanup(c.close)
}

// ends tells how it went.
func (w *watcher) ends(t *testing.T) {
	t.Helper()
	close(w.stop)
	w.all.Wait()
	if w.err != nil || len(w.took) == 0 {
		t.Errorf("the film did not go on: %d pieces, %v", len(w.took), w.err)
		return
	}
	t.Logf("the film: %d pieces, %.0f ms at the 99th percentile, %.0f at most", len(w.took), quantile(w.took, .99), slices.Max(w.took))
}

// slowSockets is how many connections dawdle.
const slowSockets = 5000

// TestSlowSockets: 5,000 connections send their headers or a body drop by drop, or read nothing. Somebody with an ordinary
// page notices nothing, a film goes on, and what they hold is free again soon.
func TestSlowSockets(t *testing.T) {
	dir := t.TempDir()
	tokens := passes(t, dir, 2)
	p, h := loaded(t, dir)
	base := gauge(h, "open_fds")
	film := watchOn(t, h, tokens[0])
	sit(t, h, tokens[1])
	asset := firstAsset(t, h)
	starts := []string{
		"GET / HTTP/1.1\r\nHost: " + h.Ready.QUIC + "\r\nX-Slow: ",
		"POST /api/join HTTP/1.1\r\nHost: " + h.Ready.QUIC + "\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{",
		"GET " + asset + " HTTP/1.1\r\nHost: " + h.Ready.QUIC + "\r\nConnection: close\r\n\r\n",
		"",
	}
	var slow []net.Conn
	defer func() {
		for _, c := range slow {
			c.Close()
		}
	}()
	var took []float64
	for i := range slowSockets {
		c, err := net.DialTimeout("tcp", h.Ready.QUIC, Patience)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		slow = append(slow, c)
		io.WriteString(c, starts[i%len(starts)])
		if old := slow[len(slow)/2]; i%7 == 0 {
			io.WriteString(old, "x") // a drop; one that was closed does not take it
		}
		if i%50 == 0 {
			took = append(took, timeOf(t, h, tokens[1]))
		}
	}
	most := gauge(h, "open_fds")
	for range 100 {
		took = append(took, timeOf(t, h, tokens[1]))
	}
	t.Logf("%d connections, %.0f descriptors, %d MB: an ordinary guest is answered in %.1f ms, %.1f at the 99th percentile, %.1f at most",
		slowSockets, most, p.memory()>>10, quantile(took, .5), quantile(took, .99), slices.Max(took))
	if quantile(took, .99) > 300 {
		t.Errorf("an ordinary guest waits %.0f ms", quantile(took, .99))
	}
	eventually(t, "all of it is free again", func() bool { return gauge(h, "open_fds") <= base+20 })
	film.ends(t)
}

// timeOf is how long a new connection takes to be answered, in milliseconds.
func timeOf(t *testing.T, h *House, token string) float64 {
	t.Helper()
	began := time.Now()
	if a := Do(t, "GET", h.URL("/api/titles"), token, nil); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return float64(time.Since(began)) / float64(time.Millisecond)
}

// firstAsset is the address of something that the page loads.
func firstAsset(t *testing.T, h *House) string {
	t.Helper()
	_, after, ok := bytes.Cut(Do(t, "GET", h.URL("/"), "", nil).Body, []byte(`"/ui/`))
	path, _, found := bytes.Cut(after, []byte(`"`))
	if !ok || !found {
		t.Fatal("the page loads nothing")
	}
	return "/ui/" + string(path)
}

// TestFewFiles: a host that may have 256 files open takes as many guests as it has room for. Who watches goes on, and who
// comes then is told so; there is still room for the host.
func TestFewFiles(t *testing.T) {
	dir := t.TempDir()
	const guests = 400
	tokens := passes(t, dir, guests)
	p, h := loaded(t, dir, "sh", "-c", `ulimit -n 256 && exec "$0" "$@"`)
	film := watchOn(t, h, tokens[0])
	c := &crowd{stop: make(chan struct{})}
	defer c.close()
	full, gone := 0, 0
	for i, token := range tokens[1:] {
		r, err := dialRaw(h.Ready.QUIC, "/ws", false)
		if err != nil { // answered before it was a WebSocket
			if full++; !strings.HasPrefix(err.Error(), "503") {
				t.Fatalf("guest %d: %v", i, err)
			}
			continue
		}
		if err := r.send(hello(token)); err != nil {
			t.Fatalf("guest %d: %v", i, err)
		}
		m, err := r.next()
		switch {
		case err == nil && bytes.Contains(m, []byte(`"WP-FULL"`)) && bytes.Contains(m, []byte(`"again":true`)):
			full++
			r.Close()
		case err != nil || bytes.Contains(m, []byte(`"bye"`)):
			gone++
			t.Errorf("guest %d: %s %v", i, m, err)
			r.Close()
		default:
			c.seat(r)
		}
	}
	t.Logf("%d are in, %d were told that there is no room; %.0f descriptors, %d MB", len(c.guests), full, gauge(h, "open_fds"), p.memory()>>10)
	if len(c.guests) < 40 || full < 100 || gone > 0 {
		t.Errorf("%d in, %d full, %d gone", len(c.guests), full, gone)
	}
	if a := Do(t, "POST", h.URL("/api/join"), "", map[string]string{"name": "Late", "secret": Secret(h.Ready.Invite)}); a.Status != 503 || a.Code() != "WP-FULL" {
		t.Errorf("somebody new: %d %s", a.Status, a.Body)
	}
	c.ping()
	if took := c.talk(20, 40); len(took) < 15*len(c.guests) {
		t.Errorf("%d lines arrived at %d guests", len(took), len(c.guests))
	}
	before := cpuOf(t, p.pids()...)
	<-time.After(2 * time.Second)
	if spent := cpuOf(t, p.pids()...) - before; spent > 1 {
		t.Errorf("%.1f s of CPU in two idle seconds", spent)
	}
	film.ends(t)
	boss := h.Boss() // the host's own desk
	mishapAt(t, h, boss.Token, "full")
	c.lose(10)
	eventually(t, "room for somebody new", func() bool {
		return Do(t, "POST", h.URL("/api/join"), "", map[string]string{"name": "Late", "secret": Secret(h.Ready.Invite)}).Status == 200
	})
}

// TestChatFlood: one guest sends a thousand lines a second and fifty send fifty each. Lines come through at the pace of people,
// the host reads who it is, and a film and an ordinary guest go on.
func TestChatFlood(t *testing.T) {
	dir := t.TempDir()
	tokens := passes(t, dir, 53)
	p, h := loaded(t, dir)
	boss := h.Boss()
	film := watchOn(t, h, tokens[52])
	c := present(t, h, tokens[:52])
	defer c.close()
	before, seq := p.memory(), gauge(h, "party_seq")
	const lasts = 5 * time.Second
	began := time.Now()
	var all sync.WaitGroup
	for i, r := range c.guests[:51] {
		every := 20 * time.Millisecond
		if i == 0 {
			every = time.Millisecond
		}
		all.Go(func() {
			if i > 0 {
				<-time.After(lasts / 5) // at first one has all the room
			}
			tick := time.NewTicker(every)
			defer tick.Stop()
			for n := 0; time.Since(began) < lasts; n++ {
				<-tick.C
				if r.send(fmt.Sprintf(`{"wish":{"nonce":"%d-%d","say":{"text":"spam %d"}}}`, i, n, n)) != nil {
					return // cut off
				}
			}
		})
	}
	all.Wait()
	records := gauge(h, "party_seq") - seq
	t.Logf("%.0f records in %v, %d MB more", records, time.Since(began).Round(time.Second), (p.memory()-before)>>10)
	if records > 200+50*time.Since(began).Seconds()+60 {
		t.Error("more lines came through than people can read")
	}
	eachPaced(t, boss, seq, began, 51)
	if who := mishapAt(t, h, boss.Token, "flood"); !strings.HasPrefix(who, "Guest ") {
		t.Errorf("named %q", who)
	}
	eventually(t, "an ordinary line", func() bool { return boss.Wish(party.Say{Text: "quiet please"}) == nil })
	film.ends(t)
}

// eachPaced sees that of none of so many guests more lines came through than of a person.
func eachPaced(t *testing.T, boss *Person, seq float64, began time.Time, guests int) {
	t.Helper()
	lines, log := 0, string(boss.Get(fmt.Sprintf("/api/history/%s?after=%.0f", boss.House.Ready.Party, seq)).Body)
	for i := range guests {
		n := strings.Count(log, fmt.Sprintf(`"nonce":"%d-`, i))
		if lines += n; float64(n) > 20+5*time.Since(began).Seconds() {
			t.Errorf("%d lines of guest %d came through", n, i)
		}
	}
	if lines < 100 {
		t.Errorf("%d lines came through", lines)
	}
}

// TestDeafScreens: thirty screens never read. They are let go, the host reads who they are, and nobody else waits.
func TestDeafScreens(t *testing.T) {
	dir := t.TempDir()
	tokens := passes(t, dir, 40)
	p, h := loaded(t, dir)
	boss := h.Boss()
	c := &crowd{stop: make(chan struct{})}
	defer c.close()
	var deaf []*raw
	for i, token := range tokens {
		r, err := dialRaw(h.Ready.QUIC, "/ws", i >= 10)
		if err == nil {
			err = r.send(hello(token))
		}
		if err != nil {
			t.Fatal(err)
		}
		if i < 10 {
			c.seat(r)
		} else {
			deaf = append(deaf, r)
		}
	}
	c.ping()
	before := p.memory()
	took := c.talk(220, crowdLong)
	t.Logf("%d lines heard, %.1f ms at the 99th percentile; %d MB more", len(took), quantile(took, .99), (p.memory()-before)>>10)
	mishapAt(t, h, boss.Token, "slow")
	for i, r := range deaf {
		if !r.cut() {
			t.Errorf("deaf screen %d has its seat still", i)
		}
		r.Close()
	}
	if len(took) < 2000 || quantile(took, .99) > 1000 {
		t.Errorf("%d lines, %.0f ms", len(took), quantile(took, .99))
	}
}

// TestStopped: a host that was stopped for longer than anybody waits, as a laptop that was shut, goes on with everybody.
func TestStopped(t *testing.T) {
	p, h := loaded(t, t.TempDir())
	den := join(t, "", "Den", h.Ready.Invite)
	mark := den.mark()
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for range 3 { // and does not answer again
		den.logged("connection to the host ended", mark)
		mark = den.mark()
	}
	began := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	den.must("s1", "say", party.Say{Text: "back"})
	t.Logf("a line is said %v later", time.Since(began).Round(time.Millisecond))
	if n := gauge(h, "goroutines"); n > 500 {
		t.Errorf("%.0f goroutines", n)
	}
}

// needMemory makes a group of processes that may have so much memory in all, and says how a process gets in.
func needMemory(t *testing.T, bytes int) (procs, events string) {
	t.Helper()
	dir, old := needGroup(t, "memory")
	limit, events := "memory.max", "memory.events"
	if old {
		limit, events = "memory.limit_in_bytes", "memory.oom_control"
	}
	err := os.WriteFile(filepath.Join(dir, limit), []byte(strconv.Itoa(bytes)), 0o644)
	Need(t, err == nil, fmt.Sprintf("a bound for a group's memory: %v", err))
	return filepath.Join(dir, "cgroup.procs"), filepath.Join(dir, events)
}

// needGroup makes a group of processes that one of the kernel's controllers can bound (cgroups v2, or v1, the old ones). It goes with
// the test.
func needGroup(t *testing.T, controller string) (dir string, old bool) {
	t.Helper()
	Need(t, os.Geteuid() == 0, "root, to bound a group of processes")
	dir = "/sys/fs/cgroup"
	if _, err := os.Stat(filepath.Join(dir, controller)); err == nil {
		dir, old = filepath.Join(dir, controller), true
	}
	dir = filepath.Join(dir, fmt.Sprintf("wp-%s-%d", controller, os.Getpid()))
	err := os.Mkdir(dir, 0o755)
	Need(t, err == nil, fmt.Sprintf("a group of its own for %s: %v", controller, err))
	t.Cleanup(func() { eventually(t, "the group is gone", func() bool { return os.Remove(dir) == nil }) })
	return dir, old
}
