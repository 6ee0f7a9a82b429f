package nodetest_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestSecondHost: two programs never write one folder.
func TestSecondHost(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first := start(t, "", "serve", "--json", "--listen", "127.0.0.1:0", "--no-mdns", "--data", data)
	ann := first.house().Guest("Ann")
	second := start(t, "", "serve", "--json", "--listen", "127.0.0.1:0", "--no-mdns", "--data", data)
	if code := second.code(2 * time.Second); code != 3 {
		t.Errorf("the second host ends with %d", code)
	}
	said := second.log.String()
	if pid := fmt.Sprint(first.cmd.Process.Pid); !strings.Contains(said, pid) || strings.Count(said, "\n") > 2 {
		t.Errorf("the second host, beside process %s, says %q", pid, said)
	}
	ann.Say("still here")
	if code := first.stop(); code != 0 {
		t.Errorf("the first host ends with %d", code)
	}
	third := start(t, "", "serve", "--json", "--listen", "127.0.0.1:0", "--no-mdns", "--data", data)
	third.ready()
}

// TestJoinFails: a node that cannot join says why in a sentence, and ends.
func TestJoinFails(t *testing.T) {
	ready := start(t, "", "serve", "--json", "--listen", "127.0.0.1:0", "--no-mdns", "--data", t.TempDir(), "--pin", "123456").ready()
	used := t.TempDir()
	start(t, "", "join", ready.Invite, "--player", "none", "--json", "--data", used).event("joined")
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"wrong PIN", []string{ready.QUIC, "--pin", "654321", "--data", t.TempDir()}, 7, "WP-PIN-WRONG"},
		{"folder in use", []string{ready.Invite, "--data", used}, 3, "process"},
		{"no invitation", []string{"http://127.0.0.1:1/", "--data", t.TempDir()}, 2, "invitation"},
		{"nobody there", []string{freePort(t), "--data", t.TempDir()}, 6, "WP-UNREACHABLE: Nobody answers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := start(t, "", append([]string{"join", "--player", "none", "--json"}, c.args...)...)
			code := p.code(Patience)
			if said := p.log.String(); code != c.code || !strings.Contains(said, c.says) || strings.Count(said, "\n") > 2 {
				t.Errorf("ends with %d and says %q", code, said)
			}
		})
	}
}

// TestGuestsAreTold: a host that is asked to end says so, and keeps nothing open.
func TestGuestsAreTold(t *testing.T) {
	addr, data := freePort(t), t.TempDir()
	args := []string{"serve", "--json", "--listen", addr, "--no-mdns", "--data", data}
	host := start(t, "", args...)
	h := host.house()
	page, node := h.Guest("Page"), join(t, "", "Node", h.Ready.Invite)
	began := time.Now()
	if code := host.stop(); code != 0 {
		t.Errorf("after SIGTERM the host ends with %d", code)
	}
	t.Logf("ended %v after SIGTERM", time.Since(began).Round(time.Millisecond))
	if code := page.Gone(); code != wire.ByeClosing {
		t.Errorf("a page is told %s", code)
	}
	node.logged(wire.ByeClosing, 0)
	if _, err := os.Stat(filepath.Join(data, "run.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the note of where the host is stays behind: %v", err)
	}
	start(t, "", args...).ready()
	node.must("back", "say", party.Say{Text: "here again"})
}
