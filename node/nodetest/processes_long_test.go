//go:build long && linux

package nodetest_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestFewProcesses: in a container that may have 64 processes, or 40, five films are converted while the library is scanned. They
// take turns, and nothing is refused. Where there is no process left at all, the guest reads so and the host lives on; and all goes
// on once there are some.
func TestFewProcesses(t *testing.T) {
	for _, most := range []int{64, 40} {
		t.Run(fmt.Sprint(most), func(t *testing.T) { convertsAmong(t, most) })
	}
}

func convertsAmong(t *testing.T, most int) {
	names := []string{"old.avi", "home.mkv", "deep.mkv", "open.webm", "tv.ts"}
	films := library(t, append(names, "camera.mov")...)
	group, _ := needGroup(t, "pids")
	bound := func(n int) {
		if err := os.WriteFile(filepath.Join(group, "pids.max"), []byte(strconv.Itoa(n)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	bound(most)
	catalog := filepath.Join(t.TempDir(), "catalog.yaml")
	text := fmt.Sprintf("version: 1\nlibrary: %s\ndefaults: {regions: {allow: [world]}}\ntitles:\n", films)
	for i, name := range append(names, "camera.mov") {
		text += fmt.Sprintf("  - {id: film%d, title: %s, file: %s}\n", i, name, name)
	}
	if err := os.WriteFile(catalog, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startBy(t, []string{"sh", "-c", `echo $$ >` + group + `/cgroup.procs && exec "$0" "$@"`}, "serve", "--json", "--listen", "127.0.0.1:0", "--camera-port", "0", "--no-mdns", "--data", t.TempDir(), "--region", "FR", "--catalog", catalog)
	h := p.house()
	boss := h.Boss()
	if a := Do(t, "POST", h.URL("/api/library"), boss.Token, map[string]bool{"add": false}); a.Status >= 300 {
		t.Fatalf("scan: %d %s", a.Status, a.Body)
	}
	var all sync.WaitGroup
	for i := range names {
		guest := h.Guest(fmt.Sprint("Guest ", i))
		all.Go(func() { converted(t, guest, fmt.Sprintf("film%d", i), 3) })
	}
	all.Wait()
	read := func(name string) string {
		b, _ := os.ReadFile(filepath.Join(group, name))
		return strings.TrimSpace(string(b))
	}
	t.Logf("of %d processes %s at most; %s", most, read("pids.peak"), read("pids.events"))
	if read("pids.events") != "max 0" {
		t.Error("there was none left")
	}
	bound(1)
	guest := h.Guest("Late")
	piece := h.URL("/media/t/film5/hls/720/0.m4s")
	if a := Do(t, "GET", piece, guest.Token, nil); a.Status != http.StatusServiceUnavailable || a.Code() != "WP-TRANSCODE-BUSY" {
		t.Errorf("without a process: %d %.200s", a.Status, a.Body)
	}
	boss.Must(party.Say{Text: "what now"})
	bound(most)
	eventually(t, "a piece", func() bool { return Do(t, "GET", piece, guest.Token, nil).Status == http.StatusOK })
}

var picture = regexp.MustCompile(`(?m)^(\w+)/list.m3u8`)

// converted gets the first pieces of a film, of all its pictures and sounds.
func converted(t *testing.T, guest *Person, film string, pieces int) {
	client := &http.Client{Timeout: 4 * Patience} // its turn comes
	get := func(path string) []byte {
		r, _ := http.NewRequest("GET", guest.House.URL("/media/t/"+film+"/hls/"+path), nil)
		r.Header.Set("Authorization", "Bearer "+guest.Token)
		a, err := client.Do(r)
		if err != nil {
			t.Errorf("%s %s: %v", film, path, err)
			return nil
		}
		defer a.Body.Close()
		body, err := io.ReadAll(a.Body)
		if err != nil || a.StatusCode != http.StatusOK {
			t.Errorf("%s %s: %s %.200s %v", film, path, a.Status, body, err)
		}
		return body
	}
	list := string(get("main.m3u8"))
	tracks := picture.FindAllStringSubmatch(list, -1)
	if len(tracks) == 0 {
		t.Errorf("%s is not converted: %s", film, list)
	}
	for n := range pieces {
		for _, track := range tracks {
			get(fmt.Sprintf("%s/%d.m4s", track[1], n))
		}
	}
}
