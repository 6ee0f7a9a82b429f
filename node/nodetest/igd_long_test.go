//go:build long

package nodetest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// anew is how long a host may take until it looks at its router again.
const anew = time.Minute

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

// miniupnpd runs the program that many routers have in them, on one that has just been switched on, until off is called.
func (r *homeRouter) miniupnpd(upnp, pmp string) (off func()) {
	r.Helper()
	tools(r, "miniupnpd", "nft")
	nft := exec.Command("ip", "netns", "exec", r.ns, "nft", "-f", "-")
	nft.Stdin = strings.NewReader("add table inet filter\ndelete table inet filter\n" + rules)
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
	off = sync.OnceFunc(func() {
		cmd.Process.Kill()
		<-ended
		cmd.Wait()
	})
	r.Cleanup(func() {
		if off(); r.Failed() {
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
	return off
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
// NAT-PMP, a friend comes in by the link, also after the router was restarted and by the new link after it has another address, and
// the port is closed when the host stops and after a crash.
func TestRealRouter(t *testing.T) {
	for _, c := range []struct{ way, upnp, pmp string }{{"UPnP", "yes", "no"}, {"NAT-PMP", "no", "yes"}} {
		t.Run(c.way, func(t *testing.T) {
			t.Parallel()
			r := newHome(t)
			off := r.miniupnpd(c.upnp, c.pmp)
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
			off()
			off = r.miniupnpd(c.upnp, c.pmp)
			r.afterRestart(said.Link)
			said = r.afterMove(host)
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

// afterRestart: the router has forgotten everything, and has the port again before anybody does anything.
func (r *homeRouter) afterRestart(link string) {
	r.Helper()
	if rules := r.forwarded(); len(rules) != 0 {
		r.Fatalf("after it was restarted the router has %q", rules)
	}
	began, data := time.Now(), r.TempDir()
	for n := 1; ; n++ { // as a person would: until they are in
		friend := start(r, r.friend, "join", link, "--json", "--data", data, "--name", "Cleo")
		if l, err := friend.wish("1", "say", party.Say{Text: "by the link of before"}); err == nil && l.Event == "ok" {
			r.Logf("after the router was restarted a friend is in at the try %d, after %v", n, time.Since(began).Round(time.Second))
			return
		}
		if friend.kill(); time.Since(began) > anew+Patience {
			r.Fatal("after the router was restarted nobody comes in")
		}
	}
}

// afterMove: the router has another address outside, and whoever searches for it hears nothing: the host asks the one it knows. The
// terminal and the desk show the new link, by which a friend comes in.
func (r *homeRouter) afterMove(host *program) (said wayIn) {
	r.Helper()
	const deaf = " INPUT -p udp --dport 1900 -j DROP"
	command(r, "ip netns exec "+r.ns+" iptables -A"+deaf)
	command(r, "ip -n "+r.ns+" addr flush dev out0")
	command(r, "ip -n "+r.ns+" addr add 11.78.0.10/24 dev out0")
	began := time.Now()
	if err := host.await(anew+Patience, func() bool {
		return slices.ContainsFunc(host.lines, func(l line) bool {
			return l.Event == "remote" && json.Unmarshal(l.text, &said) == nil && said.Address == "11.78.0.10:8470"
		})
	}); err != nil {
		r.Fatalf("of another address the host says nothing: %v", err)
	}
	command(r, "ip netns exec "+r.ns+" iptables -D"+deaf)
	r.Logf("another address is told after %v", time.Since(began).Round(time.Second))
	const desk = "http://127.0.0.1:8470"
	token := field(r, ask(r, r.home, "POST", desk+"/api/join", "", wire.Join{Secret: Secret(host.ready().Desk)}).Body, "token")
	var facts struct{ Remote struct{ Link string } }
	a := ask(r, r.home, "GET", desk+"/api/desk", token, nil)
	if err := json.Unmarshal(a.Body, &facts); err != nil || facts.Remote.Link != said.Link {
		r.Errorf("the desk shows %q, the terminal %q, %v", facts.Remote.Link, said.Link, err)
	}
	friend := start(r, r.friend, "join", said.Link, "--json", "--data", r.TempDir(), "--name", "Dan")
	friend.must("1", "say", party.Say{Text: "by the new link"})
	return said
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
