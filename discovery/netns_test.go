//go:build linux

package discovery

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/mdns"
)

// need fails in CI, and skips elsewhere, if this machine cannot make network
// namespaces or lacks a tool.
func need(t *testing.T, tools ...string) {
	t.Helper()
	var why []string
	if os.Geteuid() != 0 {
		why = append(why, "needs root for network namespaces")
	}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			why = append(why, err.Error())
		}
	}
	switch {
	case len(why) == 0:
	case os.Getenv("CI") == "true":
		t.Fatal(strings.Join(why, "; "))
	default:
		t.Skip(strings.Join(why, "; "))
	}
}

func ip(t *testing.T, args string) {
	t.Helper()
	if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v: %s", args, err, out)
	}
}

var networks int

// lan makes n namespaces on one bridge, which has a namespace of its own, and
// returns their names. Host k has address 10.77.0.k/24 on eth0 and no default
// route. All of it goes with the test.
func lan(t *testing.T, n int) []string {
	t.Helper()
	need(t, "ip")
	networks++
	prefix := fmt.Sprintf("wp%d-%d", os.Getpid(), networks)
	add := func(ns string) {
		ip(t, "netns add "+ns)
		t.Cleanup(func() { ip(t, "netns del "+ns) })
		ip(t, "-n "+ns+" link set lo up")
	}
	sw := prefix + "sw"
	add(sw)
	ip(t, "-n "+sw+" link add br0 type bridge mcast_snooping 0")
	ip(t, "-n "+sw+" link set br0 up")
	var hosts []string
	for k := 1; k <= n; k++ {
		ns := fmt.Sprintf("%s-%d", prefix, k)
		add(ns)
		ip(t, fmt.Sprintf("-n %s link add p%d type veth peer name eth0 netns %s", sw, k, ns))
		ip(t, fmt.Sprintf("-n %s link set p%d master br0 up", sw, k))
		ip(t, fmt.Sprintf("-n %s link set eth0 up", ns))
		ip(t, fmt.Sprintf("-n %s addr add 10.77.0.%d/24 dev eth0", ns, k))
		hosts = append(hosts, ns)
	}
	return hosts
}

func nodeID(k int) string { return fmt.Sprintf("%016x", k) }

func TestPartiesFindEachOther(t *testing.T) {
	ns := lan(t, 3)
	a := spawn(t, ns[0], "node", "l'Été. À 20 h", nodeID(1))
	b := spawn(t, ns[1], "node", "Bob", nodeID(2))
	c := spawn(t, ns[2], "node", "Cine 日本", nodeID(3))
	all := []string{"Bob", "Cine 日本", "l'Été. À 20 h"}
	for _, p := range []*proc{a, b, c} {
		r := p.sees(5*time.Second, all...)
		t.Logf("all three known %v after the last start", r.At.Sub(c.started).Round(time.Millisecond))
	}
	s := b.last.Services[2]
	if s.ID != nodeID(1) || s.Port != 8470 || s.HTTP != 8471 || s.Via != ViaMDNS || s.HostPorts()[0] != "10.77.0.1:8470" {
		t.Errorf("seen as %+v", s)
	}

	left := c.stop(syscall.SIGTERM)
	r := a.sees(2*time.Second, "Bob", "l'Été. À 20 h")
	t.Logf("goodbye noticed %v after the signal", r.At.Sub(left).Round(100*time.Microsecond))
	b.sees(2*time.Second, "Bob", "l'Été. À 20 h")

	back := spawn(t, ns[2], "node", "Cine 日本", nodeID(3))
	r = a.sees(5*time.Second, all...)
	t.Logf("return noticed after %v", r.At.Sub(back.started).Round(time.Millisecond))

	ip(t, "-n "+ns[2]+" addr del 10.77.0.3/24 dev eth0")
	ip(t, "-n "+ns[2]+" addr add 10.77.0.33/24 dev eth0")
	changed := time.Now()
	r = a.await("the new address", 5*time.Second, func(r report) bool {
		return len(r.Services) == 3 && len(r.Services[1].Addrs) > 0 && r.Services[1].HostPorts()[0] == "10.77.0.33:8470"
	})
	t.Logf("new address known after %v", r.At.Sub(changed).Round(time.Millisecond))

	killed := back.stop(syscall.SIGKILL)
	r = a.sees(5*time.Second, "Bob", "l'Été. À 20 h")
	took := r.At.Sub(killed)
	t.Logf("kill -9 noticed after %v with a TTL of 3 s", took.Round(time.Millisecond))
	if took > 3200*time.Millisecond {
		t.Errorf("kill -9 noticed after %v, TTL is 3 s", took)
	}
}

func TestSameNameTwice(t *testing.T) {
	ns := lan(t, 2)
	// The first has the greater id: it stays, because it was there first.
	a := spawn(t, ns[0], "node", "Salon", nodeID(9))
	a.sees(5*time.Second, "Salon")
	b := spawn(t, ns[1], "node", "Salon", nodeID(1))
	for _, p := range []*proc{a, b} {
		r := p.sees(5*time.Second, "Salon", "Salon (2)")
		if r.Services[0].ID != nodeID(9) || r.Services[1].ID != nodeID(1) {
			t.Errorf("%s sees %+v", p.cmd.Args[5:], r.Services)
		}
	}
	// Two that both settled on the name while apart: the greater id yields.
	b.stop(syscall.SIGTERM)
	a.sees(2*time.Second, "Salon")
	ip(t, "-n "+ns[1]+" link set eth0 down")
	b = spawn(t, ns[1], "node", "Salon", nodeID(1))
	b.await("no network", 3*time.Second, func(r report) bool { return r.Err != "" })
	ip(t, "-n "+ns[1]+" link add eth9 type veth peer name peer9")
	ip(t, "-n "+ns[1]+" link set peer9 up")
	ip(t, "-n "+ns[1]+" addr add 10.78.0.1/24 dev eth9")
	ip(t, "-n "+ns[1]+" link set eth9 up")
	b.sees(3*time.Second, "Salon")
	ip(t, "-n "+ns[1]+" link set eth0 up")
	for _, p := range []*proc{a, b} {
		p.await("the greater id to yield", 6*time.Second, func(r report) bool {
			return len(r.Services) == 2 && r.Services[0].Name == "Salon" && r.Services[0].ID == nodeID(1) &&
				r.Services[1].Name == "Salon (2)" && r.Services[1].ID == nodeID(9)
		})
	}
}

func TestNoMulticastIsSaidAndEnds(t *testing.T) {
	ns := lan(t, 2)
	ip(t, "-n "+ns[0]+" link set eth0 multicast off")
	a := spawn(t, ns[0], "node", "A", nodeID(1))
	b := spawn(t, ns[1], "node", "B", nodeID(2))
	b.sees(3*time.Second, "B")
	r := a.await("the sentence", 3*time.Second, func(r report) bool { return r.Err != "" && r.AdErr != "" })
	if r.Err != ErrNoMulticast.Error() || r.AdErr != r.Err {
		t.Errorf("said %q and %q", r.Err, r.AdErr)
	}
	ip(t, "-n "+ns[0]+" link set eth0 multicast on")
	if r := a.sees(5*time.Second, "A", "B"); r.Err != "" || r.AdErr != "" {
		t.Errorf("multicast works again, still said %q, %q", r.Err, r.AdErr)
	}
}

func TestOwnSocketAnswersWhereLibraryCannot(t *testing.T) {
	ns := lan(t, 2)
	a := spawn(t, ns[0], "deaf-library", "Deaf", nodeID(1))
	a.sees(5*time.Second, "Deaf")
	b := spawn(t, ns[1], "node", "B", nodeID(2))
	b.sees(5*time.Second, "B", "Deaf")
	if got := askOnce(t, ns[1]); got != "own" {
		t.Errorf("a one-shot question was answered by %q, want our own socket", got)
	}
	a.stop(syscall.SIGTERM)
	a.ended(2 * time.Second) // and lets go of the port
	c := spawn(t, ns[0], "node", "Fine", nodeID(3))
	c.sees(5*time.Second, "B", "Fine")
	if got := askOnce(t, ns[1]); got != "library" {
		t.Errorf("a one-shot question was answered by %q, want the library's responder", got)
	}
}

// askOnce asks for parties once from ns and returns who answered: "own" if the
// first answer repeats the question (RFC 6762 §6.7), which the library does not.
func askOnce(t *testing.T, ns string) string {
	t.Helper()
	return strings.TrimSpace(runOnce(t, ns, "ask"))
}

func runOnce(t *testing.T, ns, role string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "ip", "netns", "exec", ns, os.Args[0])
	cmd.Env = append(os.Environ(), helperEnv+"="+role)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// incompleteRecord announces a party without addresses of its own and with an
// id that is none, so that whoever hears it would like to ask.
func incompleteRecord(i int) *mdns.MDNSService {
	m, err := record(Service{ID: "junk", Port: 1, HTTP: 1}, fmt.Sprint("junk ", i), []netip.Addr{group4})
	fail(err)
	return m
}

func TestJunkCausesNoQueries(t *testing.T) {
	ns := lan(t, 2)
	a := spawn(t, ns[0], "node", "A", nodeID(1))
	a.sees(5*time.Second, "A")
	out := runOnce(t, ns[1], "junk")
	var asked int
	var seconds float64
	if _, err := fmt.Sscan(out, &asked, &seconds); err != nil {
		t.Fatal(err)
	}
	t.Logf("10,000 junk answers in %.1f s: %d queries", seconds, asked)
	if asked == 0 || float64(asked) > seconds+1 {
		t.Errorf("%d queries in %.1f s, at most one a second wanted", asked, seconds)
	}
}

func TestStrangersOfAnotherSubnetAreDropped(t *testing.T) {
	ns := lan(t, 3)
	ip(t, "-n "+ns[0]+" addr flush dev eth0")
	ip(t, "-n "+ns[0]+" addr add 10.99.0.1/24 dev eth0")
	b := spawn(t, ns[1], "node", "B", nodeID(2))
	b.sees(5*time.Second, "B")
	a := spawn(t, ns[0], "node", "A", nodeID(1))
	a.sees(5*time.Second, "A") // so its announcement has been on the wire
	spawn(t, ns[2], "node", "C", nodeID(3))
	b.sees(5*time.Second, "B", "C")
}
