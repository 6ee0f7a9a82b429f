//go:build long && linux

package nodetest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
)

// TestSlowList: the list of ten thousand titles reaches the page of a guest's node over three megabits a second, which takes longer than
// a host may be silent. A list that has not changed does not come again, and one that has does.
func TestSlowList(t *testing.T) {
	tools(t, "ip", "tc")
	ns := lan(t, 2)
	var b strings.Builder
	b.WriteString("version: 1\ntitles:\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "  - {id: song-%d, title: A song with a usual name %d, kind: music, file: %d.mp3, regions: {allow: [world]}}\n", i, i, i)
	}
	catalog := filepath.Join(t.TempDir(), "catalog.yaml")
	if err := os.WriteFile(catalog, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	ready := start(t, ns[0], "serve", "--json", "--no-mdns", "--data", t.TempDir(), "--region", "FR", "--catalog", catalog).ready()
	bob := join(t, ns[1], "Bob", ready.Invite)
	command(t, "ip netns exec "+ns[0]+" tc qdisc add dev eth0 root tbf rate 3mbit burst 16k latency 100ms")
	page := bob.event("joined").URL
	token := field(t, ask(t, ns[1], "GET", page+"api/me", "", nil).Body, "token")
	var list []struct{ ID string }
	within(t, 3*Patience, "the list", func() bool {
		return json.Unmarshal(ask(t, ns[1], "GET", page+"api/titles", token, nil).Body, &list) == nil && len(list) > 0
	})
	if len(list) != 10_000 {
		t.Errorf("%d titles", len(list))
	}
	before := sentBy(t, ns[0])
	if again := ask(t, ns[1], "GET", page+"api/titles", token, nil); json.Unmarshal(again.Body, &list) != nil || len(list) != 10_000 {
		t.Errorf("asked again: %d, %d titles", again.Status, len(list))
	}
	if sent := sentBy(t, ns[0]) - before; sent > 200_000 {
		t.Errorf("asked again, the host sent %d bytes", sent)
	}
	text := strings.Replace(b.String(), "usual name 7777,", "new name,", 1)
	if err := os.WriteFile(catalog, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	within(t, 3*Patience, "the change", func() bool {
		return bytes.Contains(ask(t, ns[1], "GET", page+"api/titles", token, nil).Body, []byte("A song with a new name"))
	})
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
