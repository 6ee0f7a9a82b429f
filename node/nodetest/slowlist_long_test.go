//go:build long && linux

package nodetest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
)

// TestSlowList: the list of ten thousand titles reaches the page of a guest's node over three megabits a second, which takes longer than
// a host may be silent.
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
}
