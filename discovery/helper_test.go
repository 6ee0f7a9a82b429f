//go:build linux

package discovery

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The test binary runs itself inside network namespaces; helperEnv holds the
// role to play there.
const helperEnv = "WATCHPARTY_DISCOVERY_HELPER"

func TestMain(m *testing.M) {
	if role := os.Getenv(helperEnv); role != "" {
		if err := runHelper(role, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// A report is a line a node prints when something changed.
type report struct {
	At       time.Time
	Name     string // as announced
	Services []Service
	Err      string // Browser.Err
	AdErr    string // Advertiser.Err
}

func runHelper(role string, args []string) error {
	switch role {
	case "node", "deaf-library":
		if role == "deaf-library" {
			c, err := holdPort()
			if err != nil {
				return err
			}
			defer c.Close()
		}
		return helperNode(args[0], args[1])
	case "junk":
		return helperJunk()
	case "ask":
		return helperAsk()
	}
	return fmt.Errorf("no such role %q", role)
}

// helperNode announces name with id and browses, until SIGTERM.
func helperNode(name, id string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg := Config{TTL: 3 * time.Second, Poll: 200 * time.Millisecond}
	ad := Advertise(cfg, Service{Name: name, ID: id, Port: 8470, HTTP: 8471})
	b := Browse(cfg)
	var wg sync.WaitGroup
	wg.Go(func() { fail(ad.Run(ctx)) })
	wg.Go(func() { fail(b.Run(ctx)) })
	defer wg.Wait()
	out := json.NewEncoder(os.Stdout)
	look := time.NewTicker(50 * time.Millisecond) // the advertiser has no Changes
	defer look.Stop()
	for adErr := ""; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-b.Changes():
		case <-look.C:
			if text(ad.Err()) == adErr {
				continue
			}
		}
		adErr = text(ad.Err())
		r := report{At: time.Now(), Name: ad.Name(), Services: b.Services(), Err: text(b.Err()), AdErr: adErr}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// holdPort takes port 5353 in a way that shuts the library's sockets out and
// lets ours in: SO_REUSEPORT without SO_REUSEADDR.
func holdPort() (net.PacketConn, error) {
	lc := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
		if e := c.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
		}); e != nil {
			return e
		}
		return err
	}}
	return lc.ListenPacket(context.Background(), "udp", ":5353")
}

// helperJunk sends ten thousand answers about parties that do not exist, each
// of which invites a question, and prints how many questions it heard.
func helperJunk() error {
	ls := newLinks(Config{}.withDefaults(), false)
	defer ls.close()
	if _, _, err := ls.refresh(); err != nil {
		return err
	}
	asked := 0
	hear := func(p packet) {
		if m, err := parsePacket(p.data); err == nil && !m.Response && p.from.Port() != mdnsPort && p.from.Addr().Is4() {
			asked++
		}
	}
	start := time.Now()
	for i := range 10000 {
		b, err := announcement(incompleteRecord(i), 9)
		if err != nil {
			return err
		}
		if err := ls.send(b, false); err != nil {
			return err
		}
		for len(ls.packets) > 0 {
			hear(<-ls.packets)
		}
	}
	end := time.After(time.Second)
	for {
		select {
		case p := <-ls.packets:
			hear(p)
		case <-end:
			fmt.Println(asked, time.Since(start).Seconds())
			return nil
		}
	}
}

// helperAsk sends one question from a port of its own and prints whose answer
// came back to it.
func helperAsk() error {
	ls := newLinks(Config{}.withDefaults(), true)
	defer ls.close()
	if _, _, err := ls.refresh(); err != nil {
		return err
	}
	b, err := query(nil)
	if err != nil {
		return err
	}
	const id = 77
	b[1] = id
	if err := ls.send(b, true); err != nil {
		return err
	}
	end := time.After(3 * time.Second)
	for {
		select {
		case p := <-ls.packets:
			m, err := parsePacket(p.data)
			if err != nil || !m.Response || !p.sock.asks || sightings(m)[0].name == "B" {
				continue
			}
			who := "library"
			if m.Id == id && len(m.Question) == 1 {
				who = "own"
			}
			fmt.Println(who)
			return nil
		case <-end:
			return fmt.Errorf("no answer")
		}
	}
}

// A proc is a helper or another program running in a namespace.
type proc struct {
	t       *testing.T
	cmd     *exec.Cmd
	reports chan report
	started time.Time
	last    report
}

// spawn runs a node in namespace ns.
func spawn(t *testing.T, ns, role, name, id string) *proc {
	t.Helper()
	p := &proc{t: t, reports: make(chan report, 1024), started: time.Now()}
	p.cmd = exec.Command("ip", "netns", "exec", ns, os.Args[0], name, id)
	p.cmd.Env = append(os.Environ(), helperEnv+"="+role)
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reader sync.WaitGroup
	reader.Go(func() {
		defer close(p.reports)
		for s := bufio.NewScanner(out); s.Scan(); {
			var r report
			if err := json.Unmarshal(s.Bytes(), &r); err != nil {
				t.Errorf("%s said %q: %v", name, s.Text(), err)
				return
			}
			p.reports <- r
		}
	})
	t.Cleanup(func() {
		p.cmd.Process.Kill() // no-op if it has ended
		reader.Wait()
		p.cmd.Wait()
	})
	return p
}

// await reads reports until one satisfies ok, and returns it.
func (p *proc) await(what string, within time.Duration, ok func(report) bool) report {
	p.t.Helper()
	deadline := time.After(within)
	for !ok(p.last) {
		select {
		case r, open := <-p.reports:
			if !open {
				p.t.Fatalf("%s: ended before %s", p.cmd.Args[5:], what)
			}
			p.last = r
		case <-deadline:
			p.t.Fatalf("%s: no %s within %v; last %+v", p.cmd.Args[5:], what, within, p.last)
		}
	}
	return p.last
}

// sees awaits exactly these parties, by name.
func (p *proc) sees(within time.Duration, names ...string) report {
	p.t.Helper()
	want := strings.Join(names, "|")
	return p.await("sight of "+want, within, func(r report) bool {
		var got []string
		for _, s := range r.Services {
			got = append(got, s.Name)
		}
		return !r.At.IsZero() && strings.Join(got, "|") == want
	})
}

// stop ends the helper with sig and waits for it.
func (p *proc) stop(sig os.Signal) time.Time {
	p.t.Helper()
	at := time.Now()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
	return at
}

// ended waits until the helper closed its output, with which it ends.
func (p *proc) ended(within time.Duration) {
	p.t.Helper()
	deadline := time.After(within)
	for {
		select {
		case _, open := <-p.reports:
			if !open {
				return
			}
		case <-deadline:
			p.t.Fatalf("%s: still running after %v", p.cmd.Args[5:], within)
		}
	}
}
