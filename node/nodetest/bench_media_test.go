//go:build linux

package nodetest_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// BenchmarkMedia measures how fast a film's bytes come through the door, to 1, 4 and 16
// clients at once, beside nginx with the same file in the same run: ratios count, not
// speeds. A run is one look of some seconds, whatever b.N.
func BenchmarkMedia(b *testing.B) {
	tools(b, "nginx")
	dir := b.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	film := filepath.Join(dir, "film.mp4")
	const size = 512 << 20
	fill(b, film, size)
	ours, token := filmHost(b, dir)
	theirs := newNginx(b, dir)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\n\tclients\twatchparty MB/s\tnginx MB/s\tratio\twatchparty CPU s/GB\tnginx CPU s/GB\t\n")
	for _, clients := range []int{1, 4, 16} {
		var speed, cpu [2][]float64
		for range 3 { // one after the other, so that a slow moment meets both
			for i, s := range []served{ours, theirs} {
				used := s.cpu(b)
				mb := fetch(b, clients, s.url, token, size)
				speed[i], cpu[i] = append(speed[i], mb), append(cpu[i], (s.cpu(b)-used)/(float64(clients)*size/1e9))
			}
		}
		o, n := quantile(speed[0], .5), quantile(speed[1], .5)
		fmt.Fprintf(table, "\t%d\t%.0f\t%.0f\t%.2f\t%.2f\t%.2f\t\n", clients, o, n, o/n, quantile(cpu[0], .5), quantile(cpu[1], .5))
	}
	table.Flush()
}

// served is a server's file, and the processes that serve it.
type served struct {
	url  string
	pids func() []int
}

// cpu is how many seconds the server has used.
func (s served) cpu(b *testing.B) (seconds float64) {
	b.Helper()
	for _, pid := range s.pids() {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			b.Fatal(err)
		}
		f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		for _, ticks := range f[11:13] { // utime, stime (proc(5)), in hundredths of a second
			n, err := strconv.ParseFloat(ticks, 64)
			if err != nil {
				b.Fatal(err)
			}
			seconds += n / 100
		}
	}
	return seconds
}

func fill(b *testing.B, path string, size int64) {
	b.Helper()
	f, err := os.Create(path)
	if err == nil {
		_, err = io.CopyN(f, rand.Reader, size)
	}
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		err = os.Chmod(path, 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// filmHost is the real binary with the file in its catalog, and a guest's pass.
func filmHost(b *testing.B, dir string) (served, string) {
	b.Helper()
	list := filepath.Join(dir, "catalog.yaml")
	text := "version: 1\nlibrary: .\ndefaults: {regions: {allow: [world]}}\ntitles:\n  - {id: film, title: Film, file: film.mp4, duration: 10m}\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	p := start(b, "", "serve", "--json", "--listen", "127.0.0.1:0", "--no-mdns", "--data", b.TempDir(), "--region", "FR", "--catalog", list)
	ready := p.ready()
	body, err := json.Marshal(wire.Join{Name: "Sofa", Secret: Secret(ready.Invite)})
	if err != nil {
		b.Fatal(err)
	}
	base := URLWithout(ready.Invite)
	answer, err := http.Post(strings.TrimSuffix(base, "/")+"/api/join", "application/json", strings.NewReader(string(body)))
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	var joined struct {
		Token  string
		Member party.MemberID
	}
	if err := json.NewDecoder(answer.Body).Decode(&joined); err != nil || joined.Token == "" {
		b.Fatalf("join: %d %v", answer.StatusCode, err)
	}
	return served{strings.TrimSuffix(base, "/") + "/media/t/film/file", func() []int { return []int{p.cmd.Process.Pid} }}, joined.Token
}

// newNginx serves a folder with one worker for each core, as it comes.
func newNginx(b *testing.B, dir string) served {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0") // a port that is free: nginx does not tell which it took
	if err != nil {
		b.Fatal(err)
	}
	port := ln.Addr().(*net.TCPAddr).Port
	ln.Close()
	conf := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`daemon off; pid %[1]s/nginx.pid; error_log %[1]s/nginx.log; worker_processes auto; user root;
events { worker_connections 512; }
http { access_log off; sendfile on; tcp_nopush on; server { listen 127.0.0.1:%[2]d; root %[1]s; } }
`, dir, port)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command("nginx", "-c", conf)
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	})
	s := served{url: fmt.Sprintf("http://127.0.0.1:%d/film.mp4", port)}
	deadline := time.Now().Add(Patience)
	for answer, err := http.Head(s.url); err != nil; answer, err = http.Head(s.url) {
		if answer != nil {
			answer.Body.Close()
		}
		if time.Now().After(deadline) {
			b.Fatal(err)
		}
	}
	s.pids = func() (all []int) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", cmd.Process.Pid))
		if err != nil {
			b.Fatal(err)
		}
		for _, word := range strings.Fields(string(text)) {
			pid, err := strconv.Atoi(word)
			if err != nil {
				b.Fatal(err)
			}
			all = append(all, pid)
		}
		return all
	}
	return s
}

// fetch has so many clients fetch a file at once, and gives megabytes in a second.
func fetch(b *testing.B, clients int, url, token string, size int64) float64 {
	b.Helper()
	began := time.Now()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			r, err := http.NewRequest("GET", url, nil)
			if err != nil {
				b.Error(err)
				return
			}
			r.Header.Set("Authorization", "Bearer "+token)
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			defer answer.Body.Close()
			if n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{answer.Body}, make([]byte, 256<<10)); err != nil || n != size {
				b.Errorf("%d of %d bytes: %v", n, size, err)
			}
		})
	}
	all.Wait()
	return float64(clients) * float64(size) / 1e6 / time.Since(began).Seconds()
}
