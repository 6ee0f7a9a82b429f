//go:build long && linux

package nodetest_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	. "watchparty/node/nodetest"
)

// TestManyConversions: fifty guests ask for two hundred places of a film at once, each of which has to be converted by a child of its
// own. No more than 64 wait, the others read that they have to come again, and the film goes on for somebody who asks later.
func TestManyConversions(t *testing.T) {
	films := library(t, "long.mkv")
	dir := t.TempDir()
	const guests, each = 50, 4
	tokens := passes(t, dir, guests)
	catalog := filepath.Join(t.TempDir(), "catalog.yaml")
	text := fmt.Sprintf("version: 1\nlibrary: %s\ntitles:\n  - {id: long, title: Long, file: long.mkv, regions: {allow: [world]}}\n", films)
	if err := os.WriteFile(catalog, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startBy(t, nil, "serve", "--json", "--listen", "127.0.0.1:0", "--camera-port", "0", "--no-mdns", "--data", dir, "--region", "FR", "--catalog", catalog)
	h := p.house()
	c := present(t, h, tokens)
	defer c.close()
	c.ping()
	boss := h.Guest("Late")
	list := picture.FindStringSubmatch(string(boss.Get("/media/t/long/hls/main.m3u8").Body))
	if list == nil {
		t.Fatal("nothing is converted")
	}
	ask := func(token string, n int) (status int, code string, err error) {
		r, _ := http.NewRequest("GET", h.URL(fmt.Sprintf("/media/t/long/hls/%s/%d.m4s", list[1], n)), nil)
		r.Header.Set("Authorization", "Bearer "+token)
		return inTheQueue(r)
	}
	var all sync.WaitGroup
	var lock sync.Mutex
	told := map[string]int{} // guarded by lock
	for i := range guests * each {
		all.Go(func() {
			status, code, err := ask(tokens[i/each], 10+15*i)
			lock.Lock()
			defer lock.Unlock()
			told[fmt.Sprint(status, " ", code)]++
			if err != nil || status != http.StatusOK && (status != http.StatusServiceUnavailable || code != "WP-TRANSCODE-BUSY") {
				t.Errorf("request %d: %d %s %v", i, status, code, err)
			}
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	waiting, working := queued(h, done)
	// Who is refused counts for a moment.
	t.Logf("%v; %.0f waited at most, %.0f worked; the host has %d MB", told, waiting, working, p.memory()>>10)
	if waiting > 64+8 || told["503 WP-TRANSCODE-BUSY"] == 0 || told["200 "] < 64 {
		t.Errorf("%.0f waited: %v", waiting, told)
	}
	if status, code, err := ask(boss.Token, 5); status != http.StatusOK || err != nil {
		t.Errorf("afterwards: %d %s %v", status, code, err)
	}
}

// queued is how many conversions waited and worked at most until all were done.
func queued(h *House, done <-chan struct{}) (waiting, working float64) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return waiting, working
		case <-tick.C:
			waiting, working = max(waiting, gauge(h, "conversions_waiting")), max(working, gauge(h, "conversions_working"))
		}
	}
}

// inTheQueue asks with the patience of somebody in a long queue.
func inTheQueue(r *http.Request) (status int, code string, err error) {
	client := &http.Client{Timeout: 10 * Patience}
	a, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return a.StatusCode, Answer{Body: b}.Code(), err
}
