//go:build linux

package nodetest_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"watchparty/media/demo"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// noUDP drops all UDP that comes in at namespaces, or no longer.
func noUDP(t testing.TB, what string, ns ...string) {
	t.Helper()
	for _, n := range ns {
		command(t, "ip netns exec "+n+" iptables -w "+what+" INPUT -i eth0 -p udp -j DROP")
	}
}

// metric is whether the /metrics of a node in a namespace have a line.
func metric(t testing.TB, ns, page, line string) bool {
	t.Helper()
	return strings.Contains(string(ask(t, ns, "GET", page+"metrics", "", nil).Body), line)
}

// TestUDPBlocked: where no UDP comes through, a node comes in over TCP, says so, talks and has the films.
func TestUDPBlocked(t *testing.T) {
	tools(t, "ip", "iptables")
	ns := lan(t, 2)
	ready := serve(t, ns[0], "Friday", t.TempDir()).ready()
	noUDP(t, "-A", ns...)
	bob := join(t, ns[1], "Bob", ready.Invite)
	bob.first("word of the road", func(l line) bool {
		return l.Event == "roads" && bytes.Contains(l.text, []byte(`"control":"tcp","media":"tcp"`))
	})
	bob.must("1", "say", party.Say{Text: "over TCP"})
	bob.first("its own line", func(l line) bool { return l.Said != nil && l.Said.Text == "over TCP" })
	want, err := fs.ReadFile(demo.Files(), "aurora.mp4")
	if err != nil {
		t.Fatal(err)
	}
	page := bob.event("joined").URL
	me := ask(t, ns[1], "GET", page+"api/me", "", nil)
	if !bytes.Contains(me.Body, []byte(`"roads":{"control":"tcp","media":"tcp"}`)) {
		t.Errorf("the page is not told: %s", me.Body)
	}
	if a := ask(t, ns[1], "GET", page+"media/t/aurora/file", field(t, me.Body, "token"), nil); a.Status != 200 || !bytes.Equal(a.Body, want) {
		t.Errorf("the film: %d, %d bytes of %d", a.Status, len(a.Body), len(want))
	}
	doctor := start(t, ns[1], "doctor", "--json", "--data", t.TempDir(), "--host", ready.Invite)
	doctor.code(Patience)
	if text := doctor.first("the host", func(l line) bool { return bytes.Contains(l.text, []byte(`"check":"host"`)) }).text; !bytes.Contains(text, []byte(`"status":"note"`)) {
		t.Errorf("the check-up says %s", text)
	}
	for at, line := range map[[2]string]string{
		{ns[0], "http://127.0.0.1:8470/"}: `watchparty_node_connections{road="tcp"} 2`,
		{ns[1], page}:                     `watchparty_road{use="control",road="tcp"} 1`,
	} {
		if !metric(t, at[0], at[1], line) {
			t.Errorf("%s has no %s", at[1], line)
		}
	}
}
