//go:build linux

package discovery

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestAvahiSeesParties(t *testing.T) {
	need(t, "ip", "avahi-daemon", "avahi-browse", "dbus-daemon", "unshare")
	ns := lan(t, 3)
	bus := startAvahi(t, ns[2])
	a := spawn(t, ns[0], "node", "Salon n.º 1", nodeID(1))
	spawn(t, ns[1], "node", "Bob's", nodeID(2))
	a.sees(5*time.Second, "Bob's", "Salon n.º 1")

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "ip", "netns", "exec", ns[2], "avahi-browse", "-rp", "_watchparty._udp")
	cmd.Env = append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS=unix:path="+bus, "LC_ALL=C.UTF-8")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{
		`Bob\039s;10.77.0.2;8470;v=1 id=` + nodeID(2) + ` http=8471`:                  true,
		`Salon\032n\.\194\186\0321;10.77.0.1;8470;v=1 id=` + nodeID(1) + ` http=8471`: true,
	}
	var log strings.Builder
	for s := bufio.NewScanner(out); len(want) > 0 && s.Scan(); {
		fmt.Fprintln(&log, s.Text())
		f := strings.Split(s.Text(), ";")
		if len(f) < 10 || f[0] != "=" {
			continue
		}
		txt := strings.Split(strings.Trim(f[9], `"`), `" "`)
		for k := range want {
			p := strings.Split(k, ";")
			if f[3] == p[0] && f[7] == p[1] && f[8] == p[2] && sameWords(txt, strings.Fields(p[3])) {
				delete(want, k)
			}
		}
	}
	cancel()
	cmd.Wait()
	if len(want) > 0 {
		t.Errorf("avahi-browse did not show %v; it said\n%s", want, log.String())
	}
}

// sameWords compares without order: avahi turns TXT around.
func sameWords(a, b []string) bool {
	count := map[string]int{}
	for i := range a {
		count[a[i]]++
	}
	for i := range b {
		count[b[i]]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// startAvahi runs avahi-daemon in ns with a system bus and a /run of its own,
// and returns the path of the bus when the daemon answers.
func startAvahi(t *testing.T, ns string) (bus string) {
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
	conf := write("avahi.conf", "[server]\nhost-name=looker\nuse-ipv6=yes\n[publish]\npublish-workstation=no\n")
	start := func(args ...string) *exec.Cmd {
		cmd := exec.Command("ip", append([]string{"netns", "exec", ns}, args...)...)
		cmd.Env = append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS=unix:path="+bus)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		return cmd
	}
	dbus := start("dbus-daemon", "--config-file="+busConf, "--nofork", "--print-address")
	awaitLine(t, dbus, dbus.StdoutPipe, "unix:")
	avahi := start("unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /run && exec avahi-daemon --no-drop-root --no-rlimits --no-chroot -f "+conf)
	awaitLine(t, avahi, avahi.StderrPipe, "Server startup complete")
	return bus
}

// awaitLine starts cmd and returns when it has printed line.
func awaitLine(t *testing.T, cmd *exec.Cmd, open func() (io.ReadCloser, error), line string) {
	t.Helper()
	out, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); cmd.Wait() })
	limit := time.AfterFunc(10*time.Second, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	defer limit.Stop()
	var said strings.Builder
	for s := bufio.NewScanner(out); s.Scan(); {
		if fmt.Fprintln(&said, s.Text()); strings.Contains(s.Text(), line) {
			go io.Copy(io.Discard, out) // ends with the program
			return
		}
	}
	t.Fatalf("%v did not start:\n%s", cmd.Args, said.String())
}
