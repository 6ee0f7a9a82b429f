//go:build long && linux

package nodetest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestSlowList: the list of ten thousand titles reaches the page of a guest's node over two megabits a second, which takes longer than
// a host may be silent, and its mpv. A list that has not changed does not come again, and one that has does.
func TestSlowList(t *testing.T) {
	tools(t, "ip", "tc", "mpv")
	ns := lan(t, 2)
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\nlibrary: %q\ntitles:\n", library(t, "long.mkv"))
	for i := range 10_000 {
		fmt.Fprintf(&b, "  - {id: film-%d, title: A film with a usual name %d, file: long.mkv, regions: {allow: [world]}}\n", i, i)
	}
	catalog := filepath.Join(t.TempDir(), "catalog.yaml")
	if err := os.WriteFile(catalog, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	mpvHome(t)
	ready := start(t, ns[0], "serve", "--json", "--no-mdns", "--data", t.TempDir(), "--region", "FR", "--catalog", catalog).ready()
	bob := join(t, ns[1], "Bob", ready.Invite)
	command(t, "ip netns exec "+ns[0]+" tc qdisc add dev eth0 root tbf rate 2mbit burst 16k latency 100ms")
	page := bob.event("joined").URL
	token := field(t, ask(t, ns[1], "GET", page+"api/me", "", nil).Body, "token")
	var list []struct {
		ID   string
		Play *struct{}
	}
	titles := func() []byte { return patientlyAsk(t, ns[1], page+"api/titles", token) }
	within(t, 6*Patience, "the list", func() bool {
		return json.Unmarshal(titles(), &list) == nil && len(list) > 0 && list[0].Play != nil // which is known only a moment later
	})
	if len(list) != 10_000 {
		t.Errorf("%d titles", len(list))
	}
	before := sentBy(t, ns[0])
	if text := titles(); json.Unmarshal(text, &list) != nil || len(list) != 10_000 {
		t.Errorf("asked again: %d titles, %.200s", len(list), text)
	}
	if sent := sentBy(t, ns[0]) - before; sent > 200_000 {
		t.Errorf("asked again, the host sent %d bytes", sent)
	}
	text := strings.Replace(b.String(), "usual name 7777,", "new name,", 1)
	if err := os.WriteFile(catalog, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	within(t, 6*Patience, "the change", func() bool {
		return bytes.Contains(titles(), []byte("A film with a new name"))
	})
	host := field(t, ask(t, ns[0], "POST", "http://127.0.0.1:8470/api/join", "", wire.Join{Secret: Secret(ready.Desk)}).Body, "token")
	invitation := ask(t, ns[0], "POST", "http://127.0.0.1:8470/api/invites", host, map[string]any{"role": party.Moderator, "uses": 1})
	join(t, ns[0], "Ann", field(t, invitation.Body, "link"), "--listen", "127.0.0.1:0").must("cue", "cue", party.Cue{Title: "film-7", Play: true})
	_, socket := mpvSeat(t, ns[1], "Cleo", ready.Invite)
	cleo := WatchMPV(t, socket)
	within(t, 8*Patience, "the film in mpv", cleo.Playing)
}

// sentBy is how many bytes have gone out of a namespace.
func sentBy(t *testing.T, ns string) (n int) {
	t.Helper()
	out, err := exec.Command("ip", "netns", "exec", ns, "cat", "/sys/class/net/eth0/statistics/tx_bytes").Output()
	if err == nil {
		n, err = strconv.Atoi(strings.TrimSpace(string(out)))
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// patientlyAsk asks in a namespace over a slow line.
func patientlyAsk(t *testing.T, ns, url, token string) []byte {
	t.Helper()
	q, _ := http.NewRequest("GET", url, nil)
	q.Header.Set("Authorization", "Bearer "+token)
	slow := inside(ns)
	slow.Timeout = 4 * Patience
	a, err := slow.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != http.StatusOK {
		t.Errorf("titles: %s, %v, %.200s", a.Status, err, b)
	}
	return b
}
