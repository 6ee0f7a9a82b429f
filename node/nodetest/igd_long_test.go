//go:build long

package nodetest_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// rules are the chains that miniupnpd writes to: what no rule lets in stays outside.
const rules = `table inet filter {
	chain miniupnpd { }
	chain prerouting_miniupnpd { }
	chain postrouting_miniupnpd { }
	chain forward {
		type filter hook forward priority 0; policy drop;
		ct state established,related accept
		iifname "eth0" accept
		jump miniupnpd
	}
	chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
	chain postrouting { type nat hook postrouting priority 100; jump postrouting_miniupnpd; }
}`

// settings are miniupnpd's.
const settings = `ext_ifname=out0
listening_ip=eth0
ipv6_disable=yes
enable_upnp=%s
enable_natpmp=%s
secure_mode=yes
uuid=5c8f1d2e-7a31-4c55-9d0e-2f6b1c7e9a40
lease_file=%s
allow 1024-65535 10.78.0.0/24 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
`

// miniupnpd runs the program that many routers have in them.
func (r *homeRouter) miniupnpd(upnp, pmp string) {
	r.Helper()
	tools(r, "miniupnpd", "nft")
	nft := exec.Command("ip", "netns", "exec", r.ns, "nft", "-f", "-")
	nft.Stdin = strings.NewReader(rules)
	if out, err := nft.CombinedOutput(); err != nil {
		r.Fatalf("nft: %v: %s", err, out)
	}
	dir := r.TempDir()
	conf := filepath.Join(dir, "conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, settings, upnp, pmp, filepath.Join(dir, "leases")), 0o600); err != nil {
		r.Fatal(err)
	}
	cmd := exec.Command("ip", "netns", "exec", r.ns, "miniupnpd", "-d", "-f", conf, "-P", filepath.Join(dir, "pid"))
	said, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		r.Fatal(err)
	}
	ready, ended, text := make(chan struct{}), make(chan struct{}), strings.Builder{}
	go func() {
		defer close(ended)
		listens := "HTTP listening"
		if pmp == "yes" {
			listens = "Listening for NAT-PMP"
		}
		for s := bufio.NewScanner(said); s.Scan(); {
			if fmt.Fprintln(&text, s.Text()); listens != "" && strings.Contains(s.Text(), listens) {
				close(ready)
				listens = ""
			}
		}
	}()
	r.Cleanup(func() {
		cmd.Process.Kill()
		<-ended
		cmd.Wait()
		if r.Failed() {
			r.Logf("miniupnpd said:\n%s", last(text.String(), 4000))
		}
	})
	select {
	case <-ready:
	case <-ended:
		r.Fatal("miniupnpd has ended")
	case <-time.After(Patience):
		r.Fatal("miniupnpd does not listen")
	}
}

// forwarded are the router's rules that let somebody in from outside.
func (r *homeRouter) forwarded() []string {
	r.Helper()
	out, err := exec.Command("ip", "netns", "exec", r.ns, "nft", "list", "chain", "inet", "filter", "prerouting_miniupnpd").CombinedOutput()
	if err != nil {
		r.Fatalf("nft: %v: %s", err, out)
	}
	return regexp.MustCompile(`.*dnat.*`).FindAllString(string(out), -1)
}

// TestRealRouter: what a program that is in many routers makes of the way in from outside: it is found, by UPnP's search or by
// NAT-PMP, a friend comes in by the link, and the port is closed when the host stops and after a crash.
func TestRealRouter(t *testing.T) {
	for _, c := range []struct{ way, upnp, pmp string }{{"UPnP", "yes", "no"}, {"NAT-PMP", "no", "yes"}} {
		t.Run(c.way, func(t *testing.T) {
			t.Parallel()
			r := newHome(t)
			r.miniupnpd(c.upnp, c.pmp)
			data := t.TempDir()
			serve := func(more ...string) *program {
				return start(t, r.home, append([]string{"serve", "--json", "--no-mdns", "--data", data, "--region", "FR"}, more...)...)
			}
			host := serve("--remote")
			said := host.fromElsewhere()
			if rules := r.forwarded(); said.Way != c.way || said.Address != "11.78.0.9:8470" || len(rules) != 1 || !strings.Contains(rules[0], "0x11 th dport 8470 dnat ip to 10.78.0.1:8470") {
				t.Fatalf("said %+v, the router has %q", said, rules)
			}
			friend := start(t, r.friend, "join", said.Link, "--json", "--data", t.TempDir(), "--name", "Ann")
			friend.must("1", "say", party.Say{Text: "from elsewhere"})
			r.another()
			host.stop()
			if rules := r.forwarded(); len(rules) != 0 {
				t.Errorf("after the host has stopped the router has %q", rules)
			}

			host = serve("--remote")
			host.fromElsewhere()
			host.kill()
			if rules := r.forwarded(); len(rules) != 1 {
				t.Fatalf("after the host was killed the router has %q", rules)
			}
			host = serve("--remote")
			if again := host.fromElsewhere(); again.Link != said.Link || len(r.forwarded()) != 1 {
				t.Errorf("after a crash it said %+v, the router has %q", again, r.forwarded())
			}
			host.kill()
			host = serve()
			for deadline := time.Now().Add(Patience); len(r.forwarded()) != 0; {
				if time.Now().After(deadline) {
					t.Fatalf("without --remote, after a crash, the router has %q", r.forwarded())
				}
			}
			host.stop()
		})
	}
}

// another: a second party in the same home gets a port of its own.
func (r *homeRouter) another() {
	r.Helper()
	host := start(r, r.second, "serve", "--json", "--no-mdns", "--data", r.TempDir(), "--remote")
	said := host.fromElsewhere()
	if rules := r.forwarded(); said.Address == "11.78.0.9:8470" || said.Link == "" || len(rules) != 2 {
		r.Fatalf("the second host said %+v, the router has %q", said, rules)
	}
	friend := start(r, r.friend, "join", said.Link, "--json", "--data", r.TempDir(), "--name", "Bob")
	friend.must("1", "say", party.Say{Text: "to the other party"})
	host.stop()
	if rules := r.forwarded(); len(rules) != 1 {
		r.Errorf("after the second host has stopped the router has %q", rules)
	}
}
