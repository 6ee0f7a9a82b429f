//go:build linux

package nodetest_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"watchparty/node/guest"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// filmSize is of the film that is fetched, in bytes. It is in the page cache, being just written.
const filmSize = 512 << 20

// benchFilms is the same film with three lengths, since a film over QUIC is paced by its
// own rate: swift's is above what any road here carries, watched's is 8 Mbit/s.
const benchFilms = `version: 1
library: .
defaults: {regions: {allow: [world]}}
titles:
  - {id: film, title: Film, file: film.mp4, duration: 10m}
  - {id: swift, title: Swift, file: film.mp4, duration: 1s}
  - {id: watched, title: Watched, file: film.mp4, duration: 537s}
  - {id: clip, title: Clip, file: clip.mkv, duration: 40s}
`

// BenchmarkMediaFile measures how fast a film's bytes come through the door, to 1, 4 and
// 16 clients at once, beside nginx with the same file in the same run, with the same
// client: ratios count, not speeds. A run is one look of some seconds, whatever b.N.
func BenchmarkMediaFile(b *testing.B) {
	p, n := benchHost(b)
	h := p.house()
	token := h.By("Sofa", h.Ready.Invite).Token
	t := newRoads(b, "a film")
	for i, clients := range []int{1, 4, 16} {
		times := []int{31, 7, 3}[i]
		t.row(clients, times, []road{
			{"watchparty", overHTTP(keeping(nil), token, "", 1, h.URL("/media/t/film/file")), p.pids},
			{"nginx", overHTTP(n.client, "", "", 1, n.plain+"film.mp4"), n.pids},
		})
	}
}

// makeClip makes 40 s of film. It is noise, so that segments are as large as those of a film.
func makeClip(b *testing.B, path string) {
	b.Helper()
	out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=1280x720:r=24", "-vf", "noise=alls=40:allf=t", "-t", "40",
		"-c:v", "mpeg4", "-q:v", "4", path).CombinedOutput()
	if err != nil {
		b.Fatalf("clip: %v %s", err, out)
	}
}

// BenchmarkMediaSegments is the same with segments of four seconds that were made before.
func BenchmarkMediaSegments(b *testing.B) {
	tools(b, "ffmpeg")
	p, n := benchHost(b)
	h := p.house()
	token := h.By("Sofa", h.Ready.Invite).Token
	makeClip(b, filepath.Join(n.dir, "clip.mkv"))
	const segments = 10 // all of the clip
	var ours, theirs []string
	for i := range segments {
		at := h.URL(fmt.Sprintf("/media/t/clip/hls/720/%d.m4s", i))
		a := Do(b, "GET", at, token, nil) // made now, and in the cache from then on
		if a.Status != http.StatusOK {
			b.Fatalf("segment %d: %d %s", i, a.Status, a.Body)
		}
		name := fmt.Sprintf("%d.m4s", i)
		if err := os.WriteFile(filepath.Join(n.dir, name), a.Body, 0o644); err != nil {
			b.Fatal(err)
		}
		ours, theirs = append(ours, at), append(theirs, n.plain+name)
	}
	t := newRoads(b, "segments from cache")
	for _, clients := range []int{1, 4, 16} {
		rounds := max(1, 40/clients)
		t.row(clients, 7, []road{
			{"watchparty", overHTTP(keeping(nil), token, "", rounds, ours...), p.pids},
			{"nginx", overHTTP(n.client, "", "", rounds, theirs...), n.pids},
		})
	}
}

// BenchmarkMediaQUIC is the same with ranges on QUIC streams, as guests' nodes read them, and
// for one client through the page of such a node too, beside nginx with TLS.
func BenchmarkMediaQUIC(b *testing.B) {
	p, n := benchHost(b)
	h := p.house()
	h.Boss().Must(party.Cue{Title: "swift"})
	guests := guestNodes(b, h, 16)
	node := join(b, "", "Den", h.Ready.Invite)
	page := node.event("joined").URL
	t := newRoads(b, "ranges over QUIC")
	for _, clients := range []int{1, 4, 16} {
		length := int64(filmSize / clients)
		part := fmt.Sprintf("bytes=0-%d", length-1)
		roads := []road{
			{"watchparty", func(client int) (int64, error) { return overQUIC(guests[client], "swift", 0, length) }, p.pids},
			{"nginx TLS", overHTTP(n.client, "", part, 1, n.tls+"film.mp4"), n.pids},
		}
		if clients == 1 {
			own := func() []int { return append(p.pids(), node.pids()...) }
			roads = append([]road{{"through a guest's node", overHTTP(keeping(nil), nodeToken(b, page), "", 1, strings.TrimSuffix(page, "/")+"/media/t/swift/file"), own}}, roads...)
		}
		t.row(clients, 3, roads)
	}
}

// benchHost is the real binary with the films in its catalog, and nginx with the same.
func benchHost(b *testing.B) (*program, nginxServer) {
	b.Helper()
	tools(b, "nginx")
	dir := b.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	fill(b, filepath.Join(dir, "film.mp4"), filmSize)
	list := filepath.Join(dir, "catalog.yaml")
	if err := os.WriteFile(list, []byte(benchFilms), 0o600); err != nil {
		b.Fatal(err)
	}
	p := start(b, "", "serve", "--json", "--listen", "127.0.0.1:0", "--no-mdns", "--data", b.TempDir(), "--region", "FR", "--catalog", list)
	p.ready()
	return p, newNginx(b, dir)
}

func (p *program) pids() []int { return []int{p.cmd.Process.Pid} }

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

// guestNodes are guests that ask by QUIC, each with a connection of its own.
func guestNodes(b *testing.B, h *House, n int) (all []*guest.Guest) {
	b.Helper()
	for i := range n {
		all = append(all, nodeOf(b, h.Pass("", wire.Join{Name: fmt.Sprintf("Den %d", i), Secret: Secret(h.Ready.Invite)})))
	}
	return all
}

// nodeToken is the pass of whoever sits at a node.
func nodeToken(b *testing.B, page string) string {
	b.Helper()
	a := Do(b, "GET", strings.TrimSuffix(page, "/")+"/api/me", "", nil)
	return field(b, a.Body, "token")
}

// A road is a way by which clients get bytes: client number so gets some, in one go.
type road struct {
	name string
	get  func(client int) (int64, error)
	pids func() []int // who serves
}

// overHTTP gets files one after the other, and all again so many times.
func overHTTP(c *http.Client, token, part string, rounds int, urls ...string) func(int) (int64, error) {
	return func(int) (all int64, err error) {
		buf := make([]byte, 256<<10)
		for range rounds {
			for _, url := range urls {
				n, err := getHTTP(c, url, token, part, buf)
				if all += n; err != nil {
					return all, err
				}
			}
		}
		return all, nil
	}
}

func getHTTP(c *http.Client, url, token, part string, buf []byte) (int64, error) {
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return 0, err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if part != "" {
		r.Header.Set("Range", part)
	}
	answer, err := c.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return 0, fmt.Errorf("%s: %s", url, answer.Status)
	}
	return io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{answer.Body}, buf)
}

// overQUIC gets a range of a film.
func overQUIC(g *guest.Guest, title string, offset, length int64) (int64, error) {
	head, s, err := g.Get(context.Background(), wire.Get{Title: title, Part: "file", Offset: offset, Length: length})
	if err != nil {
		return 0, err
	}
	defer s.Cancel(wire.CodeDone)
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{s}, make([]byte, 256<<10))
	if err == nil && n != head.Length {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// roads compares roads, the last of them nginx, and prints a row for each of the others.
type roads struct {
	b     *testing.B
	table *tabwriter.Writer
}

func newRoads(b *testing.B, what string) *roads {
	t := &roads{b, tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)}
	fmt.Fprintf(t.table, "\n%s\tclients\tMB/s\tnginx MB/s\tratio\tCPU s/GB, server\tclient\tnginx server\tclient\t\n", what)
	b.Cleanup(func() { t.table.Flush() })
	return t
}

// row takes the roads in turns, so that a slow moment meets all, and each so many times.
func (t *roads) row(clients, times int, all []road) {
	t.b.Helper()
	type figures struct{ speed, server, client []float64 }
	seen := make([]figures, len(all))
	for turn := range times + 1 {
		for i, r := range all {
			server, client, began := cpuOf(t.b, r.pids()...), cpuOf(t.b, os.Getpid()), time.Now()
			bytes := together(t.b, clients, r.get)
			took := time.Since(began)
			if turn == 0 { // connections are made, and buffers found
				continue
			}
			seen[i].speed = append(seen[i].speed, bytes/1e6/took.Seconds())
			seen[i].server = append(seen[i].server, (cpuOf(t.b, r.pids()...)-server)/(bytes/1e9))
			seen[i].client = append(seen[i].client, (cpuOf(t.b, os.Getpid())-client)/(bytes/1e9))
		}
	}
	median := func(v []float64) float64 { return quantile(v, .5) }
	n := seen[len(all)-1]
	for i, f := range seen[:len(all)-1] {
		var ratios []float64 // each with the one beside it
		for k := range f.speed {
			ratios = append(ratios, f.speed[k]/n.speed[k])
		}
		fmt.Fprintf(t.table, "%s\t%d\t%.0f\t%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t\n", all[i].name, clients, median(f.speed), median(n.speed), median(ratios),
			median(f.server), median(f.client), median(n.server), median(n.client))
	}
}

// together has so many clients get at once, and gives how many bytes came.
func together(b *testing.B, clients int, get func(int) (int64, error)) float64 {
	b.Helper()
	var all sync.WaitGroup
	sums := make([]int64, clients)
	for i := range clients {
		all.Go(func() {
			n, err := get(i)
			if sums[i] = n; err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	sum := 0.
	for _, n := range sums {
		sum += float64(n)
	}
	return sum
}
