package nodetest_test

import (
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"watchparty/node/wire"
)

// TestLocalIsNotPaced: where the system sends by BBR, what goes to a screen of the same machine is not paced, and all others
// are sent to as the system says.
func TestLocalIsNotPaced(t *testing.T) {
	tools(t, "ip", "ss")
	if !wire.BBR() {
		t.Log("without BBR nothing is paced")
		return
	}
	ns := lan(t, 2)
	command(t, "ip netns exec "+ns[0]+" sysctl -w net.ipv4.tcp_congestion_control=bbr")
	ready := serve(t, ns[0], "Friday", t.TempDir()).ready()
	page, err := url.Parse(ready.Invite)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct{ from, host, control string }{
		"at loopback":          {ns[0], "127.0.0.1", "reno"},
		"at its own address":   {ns[0], page.Hostname(), "reno"},
		"from another machine": {ns[1], page.Hostname(), "bbr"},
	} {
		t.Run(name, func(t *testing.T) {
			dial := inside(want.from).Transport.(*http.Transport).DialContext
			c, err := dial(t.Context(), "tcp", want.host+":"+page.Port())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			// What the host sends is there once it has accepted.
			if _, err := c.Write([]byte("GET / HTTP/1.1\r\nHost: " + page.Host + "\r\n\r\n")); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command("ip", "netns", "exec", ns[0], "ss", "-HtinO", "state", "established", "src", c.RemoteAddr().String(), "dst", c.LocalAddr().String()).Output()
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(" "+string(out), " "+want.control+" ") {
				t.Errorf("want %s: %s", want.control, out)
			}
		})
	}
}
