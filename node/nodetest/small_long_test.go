//go:build long && linux

package nodetest_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestSmallMachine: in 512 MB there is room for fifty guests who talk, and for a film that is converted for somebody who watches it.
// By WATCHPARTY_LONG it is an hour of that.
func TestSmallMachine(t *testing.T) {
	films := library(t, "long.mkv")
	dir := t.TempDir()
	tokens := passes(t, dir, 51)
	procs, events := needMemory(t, 512<<20)
	catalog := filepath.Join(t.TempDir(), "catalog.yaml")
	text := fmt.Sprintf("version: 1\nlibrary: %s\ntitles:\n  - {id: long, title: Long, file: long.mkv, regions: {allow: [world]}}\n", films)
	if err := os.WriteFile(catalog, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startBy(t, []string{"sh", "-c", `echo $$ >` + procs + ` && exec "$0" "$@"`}, "serve", "--json", "--listen", "127.0.0.1:0", "--camera-port", "0", "--no-mdns", "--data", dir, "--region", "FR", "--catalog", catalog)
	h := p.house()
	boss := h.Boss()
	c := present(t, h, tokens[:50])
	defer c.close()
	c.ping()
	sit(t, h, tokens[50])
	boss.Must(party.Cue{Title: "long", Play: true})
	list := picture.FindStringSubmatch(string(Do(t, "GET", h.URL("/media/t/long/hls/main.m3u8"), tokens[50], nil).Body))
	if list == nil {
		t.Fatal("nothing is converted")
	}
	pieces := watches(t, h, tokens[50], "/media/t/long/hls/"+list[1])
	most, lines, slow := 0, 0, 0.0
	for began, long := time.Now(), lasts(t, 20*time.Second); time.Since(began) < long; {
		took := c.talk(100, 200)
		lines += len(took)
		most, slow = max(most, p.memory()), max(slow, quantile(took, .99))
		if len(took) < 4500 {
			t.Errorf("%d lines were heard", len(took))
		}
	}
	n := pieces()
	said, err := os.ReadFile(events)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d MB in RAM at most, %d pieces, %d lines heard, %.0f ms at the 99th percentile at most; %s", most>>10, n, lines, slow, strings.Join(strings.Fields(string(said)), " "))
	if most > 300<<10 || n == 0 {
		t.Errorf("%d MB, %d pieces", most>>10, n)
	}
	if regexp.MustCompile(`(?m)^(oom_kill|under_oom) [1-9]`).Match(said) {
		t.Errorf("there was no memory left: %s", said)
	}
}

// watches gets the pieces of a rendition at the pace at which they play. What it gives ends that, and says how many came.
func watches(t *testing.T, h *House, token, at string) (end func() int) {
	stop, all := make(chan struct{}), make(chan int)
	go func() {
		came := 0
		pace := time.NewTicker(4 * time.Second)
		defer pace.Stop()
		for n := 0; ; n++ {
			if a := Do(t, "GET", h.URL(fmt.Sprintf("%s/%d.m4s", at, n)), token, nil); a.Status == http.StatusOK && len(a.Body) > 1000 {
				came++
			}
			select {
			case <-pace.C:
			case <-stop:
				all <- came
				return
			}
		}
	}()
	return func() int {
		close(stop)
		return <-all
	}
}

// lasts is how long a test goes on: as long as WATCHPARTY_LONG says, such as 24h, or as usual.
func lasts(t testing.TB, usual time.Duration) time.Duration {
	t.Helper()
	text := os.Getenv("WATCHPARTY_LONG")
	if text == "" {
		return usual
	}
	long, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return long
}
