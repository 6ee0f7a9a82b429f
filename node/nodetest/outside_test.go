package nodetest_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// A homeRouter is a router with a home inside and the internet outside, each a namespace.
type homeRouter struct {
	testing.TB
	ns, home, second, friend string

	mu      sync.Mutex
	outside netip.Addr        // what it says of itself
	open    map[uint16]string // guarded by mu: ports outside, and where they lead
	granted uint32            // guarded by mu: seconds
	closed  chan struct{}     // a port was closed
}

// newHomeRouter makes them. The router speaks NAT-PMP, and never sends back into the home what comes from there.
func newHomeRouter(t testing.TB) *homeRouter {
	t.Helper()
	r := newHome(t)
	var c net.PacketConn
	inNamespace(t, r.ns, func() (err error) {
		c, err = net.ListenPacket("udp", "10.78.0.2:5351")
		return err
	})
	t.Cleanup(func() { c.Close() })
	go r.speak(c)
	return r
}

// newHome makes them, with a router that speaks nothing. Outside are addresses that could be anybody's; no packet leaves the namespaces.
func newHome(t testing.TB) *homeRouter {
	t.Helper()
	tools(t, "ip", "iptables")
	ns := lan(t, 4)
	r := &homeRouter{TB: t, home: ns[0], ns: ns[1], friend: ns[2], second: ns[3], outside: netip.MustParseAddr("11.78.0.9"), open: map[uint16]string{}, closed: make(chan struct{}, 8)}
	for _, line := range []string{
		"ip -n HOME route add default via 10.78.0.2", "ip -n SECOND route add default via 10.78.0.2",
		"ip -n FRIEND addr flush dev eth0", // they are elsewhere
		"ip -n ROUTER link add out0 type veth peer name net0 netns FRIEND",
		"ip -n ROUTER link set out0 up", "ip -n FRIEND link set net0 up",
		"ip -n ROUTER addr add 11.78.0.9/24 dev out0", "ip -n FRIEND addr add 11.78.0.77/24 dev net0",
		"ip netns exec ROUTER sh -c echo${IFS}1>/proc/sys/net/ipv4/ip_forward",
		"ip netns exec ROUTER iptables -t nat -A POSTROUTING -o out0 -j MASQUERADE",
	} {
		command(t, strings.NewReplacer("HOME", r.home, "SECOND", r.second, "FRIEND", r.friend, "ROUTER", r.ns).Replace(line))
	}
	return r
}

// speak answers NAT-PMP (RFC 6886).
func (r *homeRouter) speak(c net.PacketConn) {
	for b := make([]byte, 64); ; {
		n, from, err := c.ReadFrom(b)
		if err != nil {
			return
		}
		answer := []byte{0, b[1] | 0x80, 0, 0, 0, 0, 0, 1}
		switch {
		case n == 2:
			r.mu.Lock()
			ip := r.outside.As4()
			r.mu.Unlock()
			answer = append(answer, ip[:]...)
		case n == 12 && b[1] == 1:
			inside, life := binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint32(b[8:])
			outside := inside + 1000 // a router may give another port than was asked for
			host, _, _ := net.SplitHostPort(from.String())
			r.set(outside, fmt.Sprintf("%s:%d", host, inside), life)
			answer = binary.BigEndian.AppendUint16(append(answer, b[4], b[5]), outside)
			answer = binary.BigEndian.AppendUint32(answer, life)
		default:
			answer[3] = 5 // unsupported
		}
		c.WriteTo(answer, from)
	}
}

// set opens a port, or with no life closes it.
func (r *homeRouter) set(port uint16, to string, life uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rule := func(act, to string) {
		args := fmt.Sprintf("netns exec %s iptables -t nat %s PREROUTING -i out0 -p udp --dport %d -j DNAT --to-destination %s", r.ns, act, port, to)
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			r.Errorf("%s: %s", args, out)
		}
	}
	if old := r.open[port]; old != "" {
		rule("-D", old)
		delete(r.open, port)
		r.closed <- struct{}{}
	}
	if life > 0 {
		rule("-A", to)
		r.open[port], r.granted = to, life
	}
}

func (r *homeRouter) ports() (n int, granted uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open), r.granted
}

// A wayIn is what a host says of the way in from outside.
type wayIn struct{ Link, Code, Address, Way string }

// fromElsewhere is what a host said of the way in from outside.
func (p *program) fromElsewhere() (said wayIn) {
	p.Helper()
	if err := json.Unmarshal(p.event("remote").text, &said); err != nil {
		p.Fatal(err)
	}
	return said
}

// TestFromElsewhere: with --remote the router lets nodes in, and nobody to the pages; a friend outside comes in by the link and gets what
// they may watch; the port is closed when the host stops, and after a crash when it starts again; and a home that
// shares its address with others is told so.
func TestFromElsewhere(t *testing.T) {
	t.Parallel()
	r := newHomeRouter(t)
	data := t.TempDir()
	serve := func(more ...string) *program {
		return start(t, r.home, append([]string{"serve", "--json", "--no-mdns", "--data", data, "--region", "FR"}, more...)...)
	}
	host := serve("--remote")
	said := host.fromElsewhere()
	if n, granted := r.ports(); n != 1 || granted > 3600 || said.Address != "11.78.0.9:9470" {
		t.Fatalf("%d ports open for %d s, said %+v", n, granted, said)
	}
	friend := start(t, r.friend, "join", said.Link, "--json", "--data", t.TempDir(), "--name", "Ann")
	friend.must("1", "say", party.Say{Text: "from elsewhere"})
	page := strings.TrimSuffix(friend.event("joined").URL, "/")
	token := field(t, ask(t, r.friend, "GET", page+"/api/me", "", nil).Body, "token")
	for title, want := range map[string]int{"aurora": http.StatusOK, "harbour-lights": http.StatusForbidden} { // no member of prime
		if a := ask(t, r.friend, "GET", page+"/media/t/"+title+"/file", token, nil); a.Status != want {
			t.Errorf("%s: %d %.200s", title, a.Status, a.Body)
		}
	}
	for _, port := range []string{"8470", "9470"} {
		if a, err := inside(r.friend).Get("http://11.78.0.9:" + port + "/healthz"); err == nil {
			b, _ := io.ReadAll(a.Body)
			a.Body.Close()
			t.Errorf("the page answers outside at port %s: %s", port, b)
		}
	}
	host.stop()
	if n, _ := r.ports(); n != 0 {
		t.Error("the port stays open after the host has stopped")
	}
	<-r.closed

	host = serve("--remote")
	host.fromElsewhere()
	host.kill()
	if n, _ := r.ports(); n != 1 {
		t.Fatal("a host that is killed cannot close the port")
	}
	host = serve()
	host.ready()
	select {
	case <-r.closed:
	case <-time.After(Patience):
		t.Error("the port stays open after a crash")
	}
	host.stop()
	sharedAddress(t, r, serve)
}

// sharedAddress: the host says that nobody can come, and asks for nothing.
func sharedAddress(t *testing.T, r *homeRouter, serve func(...string) *program) {
	t.Helper()
	r.mu.Lock()
	r.outside = netip.MustParseAddr("100.64.3.4")
	r.mu.Unlock()
	host := serve("--remote")
	if said := host.fromElsewhere(); said.Code != "WP-REMOTE-SHARED" || said.Link != "" {
		t.Errorf("of a shared address it says %+v", said)
	}
	if n, _ := r.ports(); n != 0 {
		t.Error("a port is open that nobody can reach")
	}
	host.stop()
}
