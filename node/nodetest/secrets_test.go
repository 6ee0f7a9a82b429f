package nodetest_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/wire"
)

// TestSecretsStaySecret: after an evening with every kind of secret none of them is in the host's log, command line, environment,
// metrics, or in what it says when it crashes; and nobody else on the machine can read its folder.
func TestSecretsStaySecret(t *testing.T) {
	data := filepath.Join(t.TempDir(), "house")
	p := start(t, "", "serve", "--json", "--listen", "127.0.0.1:0", "--no-mdns", "--data", data, "--log", "debug")
	h := p.house()
	boss := h.Boss()
	var desk struct{ PIN string }
	if err := json.Unmarshal(boss.Get("/api/desk").Body, &desk); err != nil || desk.PIN == "" {
		t.Fatalf("the desk: %v", err)
	}
	once := h.Invite("DE", 0)
	ann, bob := h.By("Ann", once), h.Pass("Bob", wire.Join{Name: "Bob", PIN: desk.PIN})
	ann.Say("hello")
	_, _, pin := cutLink(h.Ready.Invite)
	secrets := map[string]string{
		"the desk's secret": Secret(h.Ready.Desk), "the open invitation": Secret(h.Ready.Invite), "an invitation": Secret(once),
		"the PIN": desk.PIN, "the host's pass": boss.Token, "a pass by link": ann.Token, "a pass by PIN": bob.Token,
	}
	if pin == "" {
		t.Fatal("the link has no fingerprint, so its secret is not told from it")
	}
	for _, path := range []string{"/api/me?token=", "/nothing/", "/media/t/", "/?secret="} { // by mistake, in an address
		for _, s := range secrets {
			Do(t, "GET", h.URL(path+s), s, nil)
		}
	}
	Do(t, "POST", h.URL("/api/join"), "", wire.Join{Name: "Late", Secret: Secret(once)})
	told := map[string]string{"metrics": string(boss.Get("/metrics").Body)}
	for _, f := range []string{"cmdline", "environ"} {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, f))
		if err == nil { // where there is such a folder
			told[f] = string(b)
		}
	}
	filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return err
	})
	p.cmd.Process.Signal(syscall.SIGQUIT) // a crash: Go writes down what every goroutine does
	p.code(Patience)
	told["log and crash"] = p.log.String()
	if !strings.Contains(told["log and crash"], "goroutine 1") {
		t.Error("no crash was written down")
	}
	for where, text := range told {
		for what, s := range secrets {
			if strings.Contains(text, s) {
				at := strings.Index(text, s)
				t.Errorf("%s is in %s: …%q", what, where, text[max(0, at-80):at])
			}
		}
	}
}

// TestLinkIsNoArgument: an invitation's secret does not stand in the list of programs while a guest's node runs, whether the link was
// given as an argument or on stdin.
func TestLinkIsNoArgument(t *testing.T) {
	t.Parallel()
	link := Host(t).Ready.Invite
	for _, by := range []string{link, "-"} {
		p := start(t, "", "join", by, "--player", "none", "--json", "--name", "Ann", "--data", t.TempDir())
		if by == "-" {
			fmt.Fprintln(p.stdin, link)
		}
		p.event("joined")
		args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p.cmd.Process.Pid))
		if err == nil && (strings.Contains(string(args), Secret(link)) || !strings.Contains(string(args), "join")) {
			t.Errorf("with %.4s… the list of programs shows %q", by, args)
		}
		p.must("1", "say", map[string]string{"text": "hello"})
	}
}
