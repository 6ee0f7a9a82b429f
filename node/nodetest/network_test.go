//go:build linux

package nodetest_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"watchparty/media/demo"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// tools asks for root and for programs.
func tools(t testing.TB, names ...string) {
	t.Helper()
	Need(t, os.Geteuid() == 0, "root, for network namespaces")
	for _, name := range names {
		_, err := exec.LookPath(name)
		Need(t, err == nil, name)
	}
}

func command(t testing.TB, args string) {
	t.Helper()
	words := strings.Fields(args)
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", args, err, out)
	}
}

var networks atomic.Int64

// lan makes n network namespaces on one switch, and returns their names. The k-th
// has the address 10.78.0.k and no way out. All of it goes with the test.
func lan(t testing.TB, n int) (names []string) {
	t.Helper()
	prefix := fmt.Sprintf("wpn%d-%d", os.Getpid(), networks.Add(1))
	add := func(ns string) {
		command(t, "ip netns add "+ns)
		t.Cleanup(func() { command(t, "ip netns del "+ns) })
		command(t, "ip -n "+ns+" link set lo up")
	}
	sw := prefix + "sw"
	add(sw)
	command(t, "ip -n "+sw+" link add br0 type bridge mcast_snooping 0")
	command(t, "ip -n "+sw+" link set br0 up")
	for k := 1; k <= n; k++ {
		ns := fmt.Sprintf("%s-%d", prefix, k)
		add(ns)
		command(t, fmt.Sprintf("ip -n %s link add p%d type veth peer name eth0 netns %s", sw, k, ns))
		command(t, fmt.Sprintf("ip -n %s link set p%d master br0 up", sw, k))
		command(t, fmt.Sprintf("ip -n %s link set eth0 up", ns))
		command(t, fmt.Sprintf("ip -n %s addr add 10.78.0.%d/24 dev eth0", ns, k))
		names = append(names, ns)
	}
	return names
}

// serve starts a host in a namespace.
func serve(t testing.TB, ns, name, data string) *program {
	t.Helper()
	return start(t, ns, "serve", "--json", "--name", name, "--pin", "123456", "--region", "FR", "--data", data)
}

// listed are the names of the parties that ls finds, sorted.
func listed(t testing.TB, ns string) (names []string) {
	t.Helper()
	p := start(t, ns, "ls", "--json")
	if code := p.code(3 * time.Second); code != 0 {
		t.Fatalf("ls ends with %d: %s", code, p.log.String())
	}
	for _, l := range p.lines {
		names = append(names, l.Name)
	}
	slices.Sort(names)
	return names
}

// inside is an HTTP client whose connections begin in a namespace.
func inside(ns string) *http.Client {
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		runtime.LockOSThread() // a thread that cannot come back ends with this goroutine
		here, err := os.Open("/proc/thread-self/ns/net")
		if err != nil {
			return nil, err
		}
		defer here.Close()
		there, err := os.Open("/run/netns/" + ns)
		if err != nil {
			return nil, err
		}
		defer there.Close()
		if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
			return nil, err
		}
		conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if unix.Setns(int(here.Fd()), unix.CLONE_NEWNET) == nil {
			runtime.UnlockOSThread()
		}
		return conn, err
	}
	return &http.Client{Timeout: Patience, Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
}

// inNamespace does something on a thread of a namespace: a socket that is opened there stays there.
func inNamespace(t testing.TB, ns string, do func() error) {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // the thread ends with this goroutine
		there, err := os.Open("/run/netns/" + ns)
		if err == nil {
			defer there.Close()
			err = unix.Setns(int(there.Fd()), unix.CLONE_NEWNET)
		}
		if err == nil {
			err = do()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// ask sends a request from a namespace.
func ask(t testing.TB, ns, method, url, token string, body any, header ...string) Answer {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(method, url, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := inside(ns).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{Status: res.StatusCode, Header: res.Header, Body: got}
}

func TestFoundByName(t *testing.T) {
	t.Parallel()
	tools(t, "ip", "avahi-daemon", "avahi-browse", "dbus-daemon", "unshare")
	ns := lan(t, 4)
	const salon, kitchen = "Salon d'été", "Kitchen"
	bus := startAvahi(t, ns[2])
	data := t.TempDir()
	a, d := serve(t, ns[0], salon, data), serve(t, ns[3], kitchen, t.TempDir())
	a.ready()
	d.ready()
	if got := listed(t, ns[1]); !slices.Equal(got, []string{kitchen, salon}) {
		t.Errorf("ls finds %q", got)
	}
	b := join(t, ns[1], "Bob", salon, "--pin", "123456")
	b.must("1", "say", party.Say{Text: "by name"})
	b.first("its own line", func(l line) bool { return l.Said != nil && l.Said.Text == "by name" })
	browse(t, ns[2], bus, "10.78.0.1;8470", "10.78.0.4;8470")

	if code := d.stop(); code != 0 {
		t.Errorf("after SIGTERM a host ends with %d", code)
	}
	if got := listed(t, ns[1]); !slices.Equal(got, []string{salon}) {
		t.Errorf("after a host has gone, ls finds %q", got)
	}

	mark := b.mark()
	a.kill()
	again := serve(t, ns[0], salon, data)
	again.ready()
	b.logged("connection to the host ended", mark)
	b.must("2", "say", party.Say{Text: "back"})
	t.Logf("back %v after the host was ready", time.Since(again.event("ready").at).Round(time.Millisecond))
	if got := listed(t, ns[1]); !slices.Equal(got, []string{salon}) {
		t.Errorf("after a host was killed and came back, ls finds %q", got)
	}
}

// TestRegionOnTheNetwork: what a guest's house may not see does not reach it, not
// through the guest's own node either.
func TestRegionOnTheNetwork(t *testing.T) {
	tools(t, "ip")
	ns := lan(t, 3)
	ready := serve(t, ns[0], "Friday", t.TempDir()).ready()
	desk := "http://127.0.0.1:8470"
	a := ask(t, ns[0], "POST", desk+"/api/join", "", wire.Join{Secret: Secret(ready.Desk)})
	a = ask(t, ns[0], "POST", desk+"/api/invites", field(t, a.Body, "token"), map[string]any{"region": "DE"})
	if a.Status != 200 {
		t.Fatalf("invite: %d %s", a.Status, a.Body)
	}
	german, french := join(t, ns[1], "Greta", field(t, a.Body, "link")), join(t, ns[2], "Fanny", ready.Invite)

	fetch := func(p *program, ns, path string, header ...string) Answer {
		page := p.event("joined").URL
		me := ask(t, ns, "GET", page+"api/me", "", nil)
		return ask(t, ns, "GET", page+"media/t/"+path, field(t, me.Body, "token"), nil, header...)
	}
	for _, c := range []struct{ path, span string }{
		{"aurora/file", ""}, {"aurora/file", "bytes=0-99"}, {"aurora/file", "bytes=-5"}, {"aurora/poster", ""},
	} {
		header := []string{"Range", c.span}
		if c.span == "" {
			header = nil
		}
		if a := fetch(german, ns[1], c.path, header...); a.Status != 451 || a.Code() != "WP-REGION" || len(a.Body) > 400 {
			t.Errorf("%s %s from DE: %d, %d bytes %.100q", c.path, c.span, a.Status, len(a.Body), a.Body)
		}
	}
	for _, c := range []struct {
		p         *program
		ns, title string
	}{{french, ns[2], "aurora"}, {french, ns[2], "night-train"}, {german, ns[1], "night-train"}} {
		want, err := fs.ReadFile(demo.Files(), c.title+".mp4")
		if err != nil {
			t.Fatal(err)
		}
		if a := fetch(c.p, c.ns, c.title+"/file"); a.Status != 200 || !bytes.Equal(a.Body, want) {
			t.Errorf("%s in %s: %d, %d bytes of %d", c.title, c.ns, a.Status, len(a.Body), len(want))
		}
		if a := fetch(c.p, c.ns, c.title+"/file", "Range", "bytes=1000-1999"); a.Status != 206 || !bytes.Equal(a.Body, want[1000:2000]) {
			t.Errorf("a range of %s in %s: %d, %d bytes", c.title, c.ns, a.Status, len(a.Body))
		}
	}
}

// TestLossyLink: on a link that loses every fifth packet, lines are late but
// neither lost nor doubled.
func TestLossyLink(t *testing.T) {
	tools(t, "ip", "iptables")
	ns := lan(t, 3)
	ready := serve(t, ns[0], "Friday", t.TempDir()).ready()
	guests := []*talker{
		{program: join(t, ns[1], "Bob", ready.Invite), name: "Bob"},
		{program: join(t, ns[2], "Cleo", ready.Invite), name: "Cleo"},
	}
	lose := func(what string) { // where packets come in: one dropped on its way out is an error to its sender
		for _, at := range []string{ns[0] + " iptables -w " + what + " INPUT -s 10.78.0.3", ns[2] + " iptables -w " + what + " INPUT"} {
			command(t, "ip netns exec "+at+" -p udp -m statistic --mode random --probability 0.2 -j DROP")
		}
	}
	lose("-A")
	stop := make(chan struct{})
	var all sync.WaitGroup
	began := time.Now()
	for _, g := range guests {
		all.Go(func() { g.talk(stop) })
	}
	cleo := guests[1]
	cleo.until("twenty lines", func() bool { return len(cleo.said) >= 20 })
	t.Logf("twenty lines over a bad link took %v", time.Since(began).Round(time.Millisecond))
	lost := dropped(t, ns[0]) + dropped(t, ns[2])
	if t.Logf("%d packets were lost", lost); lost == 0 {
		t.Error("the bad link lost nothing")
	}
	lose("-D")
	close(stop)
	all.Wait()
	everybodyHeard(t, guests)
	if cleo.mark() > 0 {
		t.Logf("the guest with the bad link said:\n%s", cleo.log.String())
	}
}

// dropped is how many packets a namespace's rules have dropped.
func dropped(t testing.TB, ns string) (n int) {
	t.Helper()
	out, err := exec.Command("ip", "netns", "exec", ns, "iptables", "-w", "-nvxL", "INPUT").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) > 2 && f[2] == "DROP" {
			fmt.Sscan(f[0], &n)
		}
	}
	return n
}

// browse waits until avahi-browse in a namespace has resolved parties at these
// addresses and ports.
func browse(t testing.TB, ns, bus string, places ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "ip", "netns", "exec", ns, "avahi-browse", "-rp", "_watchparty._udp")
	cmd.Env = append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS=unix:path="+bus, "LC_ALL=C.UTF-8")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for s := bufio.NewScanner(out); len(places) > 0 && s.Scan(); {
		fmt.Fprintln(&said, s.Text())
		places = slices.DeleteFunc(places, func(p string) bool { return strings.Contains(s.Text(), ";"+p+";") })
	}
	cancel()
	cmd.Wait()
	if len(places) > 0 {
		t.Errorf("avahi-browse did not show %v; it said\n%s", places, said.String())
	}
}

// startAvahi runs avahi-daemon in a namespace, with a system bus and a /run of its
// own, and returns the path of the bus when the daemon answers.
func startAvahi(t testing.TB, ns string) (bus string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "wp-avahi-") // socket paths are short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	bus = filepath.Join(dir, "bus")
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	busConf := write("bus.conf", `<busconfig><type>system</type><listen>unix:path=`+bus+`</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
</policy></busconfig>`)
	conf := write("avahi.conf", "[server]\nhost-name=looker\n[publish]\npublish-workstation=no\n")
	daemon := func(line string, args ...string) {
		cmd := exec.Command("ip", append([]string{"netns", "exec", ns}, args...)...)
		cmd.Env = append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS=unix:path="+bus)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		awaitLine(t, cmd, line)
	}
	daemon("unix:", "dbus-daemon", "--config-file="+busConf, "--nofork", "--print-address")
	daemon("Server startup complete",
		"unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /run && exec avahi-daemon --no-drop-root --no-rlimits --no-chroot -f "+conf)
	return bus
}

// awaitLine starts cmd, which ends with the test, and returns when it has printed
// the line.
func awaitLine(t testing.TB, cmd *exec.Cmd, line string) {
	t.Helper()
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
		w.Close()
	})
	limit := time.AfterFunc(Patience, func() { w.Close() })
	defer limit.Stop()
	var said strings.Builder
	for s := bufio.NewScanner(r); s.Scan(); {
		if fmt.Fprintln(&said, s.Text()); strings.Contains(s.Text(), line) {
			go io.Copy(io.Discard, r) // ends with the program
			return
		}
	}
	t.Fatalf("%v did not start:\n%s", cmd.Args, said.String())
}
