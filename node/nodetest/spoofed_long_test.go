//go:build long && linux

package nodetest_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"watchparty/node/wire"
)

// A forger sends packets to a host as if they came from somebody else, and so hears nothing.
type forger struct {
	*deafSocket
	raw      int // socket
	from, to [4]byte
	bytes    atomic.Int64 // payload that was sent
}

// newForger sends from a namespace in the name of an address.
func newForger(t *testing.T, ns, from, to string) *forger {
	t.Helper()
	f := &forger{from: [4]byte(net.ParseIP(from).To4()), to: [4]byte(net.ParseIP(to).To4())}
	inNamespace(t, ns, func() (err error) {
		f.raw, err = unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
		return err
	})
	t.Cleanup(func() { unix.Close(f.raw) })
	f.deafSocket = newDeaf(t, "127.0.0.1:0")
	return f
}

// WriteTo forges an IPv4 header (RFC 791) and one of UDP without a checksum (RFC 768). Each connection has a port of its own, which
// its number gives (RFC 9000, 17.2).
func (f *forger) WriteTo(b []byte, to net.Addr) (int, error) {
	port := uint16(1024)
	if len(b) > 7 {
		port += binary.BigEndian.Uint16(b[6:]) % 60_000
	}
	p := append([]byte{0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, unix.IPPROTO_UDP, 0, 0}, f.from[:]...)
	p = append(p, f.to[:]...)
	p = binary.BigEndian.AppendUint16(p, port)
	p = binary.BigEndian.AppendUint16(p, uint16(to.(*net.UDPAddr).Port))
	p = binary.BigEndian.AppendUint16(p, uint16(8+len(b)))
	p = append(append(p, 0, 0), b...)
	if err := unix.Sendto(f.raw, p, 0, &unix.SockaddrInet4{Addr: f.to}); err != nil {
		return 0, err
	}
	f.bytes.Add(int64(len(b)))
	return len(b), nil
}

// begin begins handshakes, some at once, each of which goes on for a while.
func (f *forger) begin(t *testing.T, to net.Addr, n, atOnce int, lasts time.Duration) {
	e := wire.NewEndpoint(f, wire.Config{})
	t.Cleanup(func() { e.Close() })
	turn := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for range n {
		turn <- struct{}{}
		all.Go(func() {
			defer func() { <-turn }()
			ctx, stop := context.WithTimeout(t.Context(), lasts)
			defer stop()
			e.Dial(ctx, to, "", wire.Control)
		})
	}
	all.Wait()
}

// counted is how many bytes of UDP came in at a namespace by the rule that names something, without headers, and in how many packets.
func counted(t *testing.T, ns, name string) (payload, packets int64) {
	t.Helper()
	out, err := exec.Command("ip", "netns", "exec", ns, "iptables", "-w", "-nvxL", "INPUT").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); slices.Contains(f, name) {
			packets, _ = strconv.ParseInt(f[0], 10, 64)
			payload, _ = strconv.ParseInt(f[1], 10, 64)
			return payload - 28*packets, packets // headers of IPv4 and UDP
		}
	}
	t.Fatalf("%s is not counted:\n%s", name, out)
	return 0, 0
}

// TestSpoofedInitials: somebody begins handshakes in the name of others, a few and many, and sends what nobody understands. The host
// sends those others less than came in their name; RFC 9000, 8.1, allows three times as much.
func TestSpoofedInitials(t *testing.T) {
	tools(t, "ip", "iptables")
	ns := lan(t, 3)
	host, attacker, victims := ns[0], ns[1], ns[2]
	serve(t, host, "Friday", t.TempDir()).ready()
	to := &net.UDPAddr{IP: net.ParseIP("10.78.0.1"), Port: 8470}
	for i, c := range []struct {
		name string
		send func(f *forger)
	}{
		{"a few handshakes", func(f *forger) { f.begin(t, to, 20, 20, 2*time.Second) }},
		{"many handshakes", func(f *forger) { f.begin(t, to, 2000, 100, 50*time.Millisecond) }},
		{"junk", func(f *forger) { f.junk(to) }},
	} {
		addr := fmt.Sprintf("10.78.0.%d", 10+i)
		command(t, "ip -n "+victims+" addr add "+addr+"/24 dev eth0")
		command(t, "ip netns exec "+victims+" iptables -w -A INPUT -s 10.78.0.1 -d "+addr+" -p udp -j ACCEPT")
		f := newForger(t, attacker, addr, "10.78.0.1")
		c.send(f)
		join(t, attacker, "Bob", "10.78.0.1:8470", "--pin", "123456").kill() // what came before has been answered
		in := f.bytes.Load()
		out, packets := counted(t, victims, addr)
		t.Logf("%s: %d bytes in the name of others, %d to them in %d packets: %.2f times", c.name, in, out, packets, float64(out)/float64(in))
		if out == 0 || out > in {
			t.Errorf("%s: %.2f times what came", c.name, float64(out)/float64(in))
		}
		t.Logf("%.0f handshakes are open, %.0f addresses had to prove themselves", figureIn(t, host, "node_handshakes"), figureIn(t, host, "node_retries_total"))
		if n := figureIn(t, host, "node_handshakes"); n > 0 {
			t.Errorf("%.0f handshakes are open", n)
		}
	}
	if n := figureIn(t, host, "node_retries_total"); n < 500 {
		t.Errorf("%.0f had to prove their address: the flood did not arrive", n)
	}
}

// junk sends, in every length, a version that there is not (RFC 9000, 6) and a packet of a connection that there is not (RFC 9000, 10.3).
func (f *forger) junk(to net.Addr) {
	for n := range 1453 {
		b := make([]byte, n)
		copy(b, fmt.Sprintf("\xc0\x1a\x2a\x3a\x4a\x08%08d\x08%08d", n, n))
		f.WriteTo(b, to)
		if n > 0 {
			b[0] = 0x40
		}
		f.WriteTo(b, to)
	}
}

// figureIn is one of the figures of a host in a namespace.
func figureIn(t *testing.T, ns, name string) float64 {
	t.Helper()
	for line := range strings.Lines(string(ask(t, ns, "GET", "http://127.0.0.1:8470/metrics", "", nil).Body)) {
		if rest, ok := strings.CutPrefix(line, "watchparty_"+name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("no figure %s", name)
	return 0
}
