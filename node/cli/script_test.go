package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a script waits for what must happen. Nothing waits longer
// than it has to; a machine that is busy with other tests may need most of it.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "camera" { // the stage of a host that runs in this process is this program again
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	testscript.Main(m, map[string]func(){
		"watchparty": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScript runs the binary as people and programs do. Beside testscript's own,
// the scripts have these commands:
//
//	run NAME ARG…        starts watchparty and waits for its first line: of a host
//	                     $DESK, $INVITE, $PIN, $URL, $QUIC, $PARTY, and $HOSTLINK for
//	                     a node of the host's own; of a guest $NAME as their member ID,
//	                     if it is in already
//	wish NAME JSON       gives a node a wish and prints its answer
//	await NAME REGEXP    waits for a line of the node, after the one awaited last
//	hear NAME REGEXP     waits for a line of its log, after the one heard last
//	end NAME             interrupts a node, which must end well
//	crash NAME           kills it
//	code N CMD…          runs a command, which must end with exit code N
//	get PATH TOKEN       asks the host and prints status and answer
//	enter NAME KEY VALUE joins in the way of a browser; $NAME is the token
//	link VAR             takes the link of the last invite or party --json
//	film NAME…           makes a second of film
//	alone CMD…           runs a command where there is no network but loopback
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_STATE_HOME", e.WorkDir+"/state")
			e.Setenv("XDG_CONFIG_HOME", e.WorkDir+"/config")
			e.Setenv("TZ", "UTC")
			e.Setenv("GORACE", "atexit_sleep_ms=0")
			all := nodes{}
			e.Values[nodesKey{}] = all
			e.Values[testKey{}] = e.T()
			e.Defer(all.kill)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"run": run, "wish": wish, "await": await, "hear": hear, "end": end, "crash": crash, "code": code,
			"get": get, "enter": enter, "link": link, "film": makeFilm, "alone": alone,
		},
	})
}

type (
	nodesKey struct{}
	testKey  struct{}
)

// nodes are the processes of one script.
type nodes map[string]*process

func (n nodes) kill() {
	for _, p := range n {
		p.cmd.Process.Kill()
		<-p.ended
	}
}

// A process is a running watchparty.
type process struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	out, err tail
	ended    chan struct{} // closed when it has ended, with how in result
	result   error
	read     int // bytes of out in which await has looked
	answered int // and wish
	heard    int // bytes of err in which hear has looked
}

// arg checks how often a command was given what.
func arg(ts *testscript.TestScript, neg bool, args []string, least int, usage string) {
	if neg || len(args) < least {
		ts.Fatalf("usage: %s", usage)
	}
}

func nodeOf(ts *testscript.TestScript, name string) *process {
	p := ts.Value(nodesKey{}).(nodes)[name]
	if p == nil {
		ts.Fatalf("no node %q was started", name)
	}
	return p
}

func run(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 2, "run NAME ARG…")
	p := &process{ended: make(chan struct{}), out: newTail(), err: newTail()}
	p.cmd = exec.Command("watchparty", args[1:]...)
	p.cmd.Dir, p.cmd.Env = ts.MkAbs("."), environ(ts)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.err
	var err error
	p.in, err = p.cmd.StdinPipe()
	ts.Check(err)
	ts.Check(p.cmd.Start())
	go func() {
		p.result = p.cmd.Wait()
		close(p.ended)
	}()
	ts.Value(nodesKey{}).(nodes)[args[0]] = p
	var first map[string]any
	ts.Check(json.Unmarshal([]byte(p.await(ts, regexp.MustCompile(`.`), p.out, &p.read)), &first))
	switch first["event"] {
	case "ready":
		for _, key := range []string{"desk", "invite", "pin", "quic", "party", "certificate"} {
			ts.Setenv(strings.ToUpper(key), fmt.Sprint(first[key]))
		}
		base, secret, _ := strings.Cut(ts.Getenv("DESK"), "/desk#")
		_, fingerprint, _ := strings.Cut(ts.Getenv("INVITE"), "/#")
		_, fingerprint, _ = strings.Cut(fingerprint, ".")
		ts.Setenv("URL", base)
		ts.Setenv("HOSTLINK", base+"/#"+secret+"."+fingerprint)
	case "joined":
		ts.Setenv(args[0], fmt.Sprint(first["member"]))
	case "waiting":
	default:
		ts.Fatalf("%s began with %v", args[0], first)
	}
	fmt.Fprintln(ts.Stdout(), p.out.text())
}

// environ is the script's environment, which testscript keeps to itself.
func environ(ts *testscript.TestScript) []string {
	env := []string{}
	for _, key := range []string{"PATH", "HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "TZ", "GORACE", "TMPDIR", "GOCOVERDIR", "LANG",
		"WATCHPARTY_CONFIG", "WATCHPARTY_NAME", "WATCHPARTY_PIN", "WATCHPARTY_REGION", "SYSTEMROOT"} {
		if v := ts.Getenv(key); v != "" {
			env = append(env, key+"="+v)
		}
	}
	return env
}

// await waits for a line and gives it. It looks on from what it read before.
func (p *process) await(ts *testscript.TestScript, want *regexp.Regexp, from tail, read *int) string {
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		text, news := from.since(*read)
		for line := range strings.Lines(text) {
			if !strings.HasSuffix(line, "\n") {
				break
			}
			*read += len(line)
			if want.MatchString(line) {
				return strings.TrimSpace(line)
			}
		}
		select {
		case <-news:
		case <-p.ended:
			if rest, _ := from.since(*read); !strings.Contains(rest, "\n") {
				ts.Fatalf("it ended (%v) before it said %q\n%s%s", p.result, want, p.out.text(), p.err.text())
			}
		case <-deadline.C:
			ts.Fatalf("it did not say %q\n%s%s", want, p.out.text(), p.err.text())
		}
	}
}

func await(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 2, "await NAME REGEXP")
	p := nodeOf(ts, args[0])
	fmt.Fprintln(ts.Stdout(), p.await(ts, regexp.MustCompile(args[1]), p.out, &p.read))
}

func hear(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 2, "hear NAME REGEXP")
	p := nodeOf(ts, args[0])
	fmt.Fprintln(ts.Stdout(), p.await(ts, regexp.MustCompile(args[1]), p.err, &p.heard))
}

func wish(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 2, "wish NAME JSON")
	p := nodeOf(ts, args[0])
	_, err := fmt.Fprintln(p.in, args[1])
	ts.Check(err)
	fmt.Fprintln(ts.Stdout(), p.await(ts, regexp.MustCompile(`"event":"(ok|refused)"`), p.out, &p.answered))
}

func end(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 1, "end NAME")
	p := nodeOf(ts, args[0])
	if runtime.GOOS == "windows" { // has no interrupt to send
		crash(ts, neg, args)
		return
	}
	ts.Check(p.cmd.Process.Signal(os.Interrupt))
	select {
	case <-p.ended:
	case <-time.After(patience):
		ts.Fatalf("it did not end\n%s%s", p.out.text(), p.err.text())
	}
	if p.result != nil {
		ts.Fatalf("it ended with %v\n%s%s", p.result, p.out.text(), p.err.text())
	}
}

func crash(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 1, "crash NAME")
	p := nodeOf(ts, args[0])
	ts.Check(p.cmd.Process.Kill())
	<-p.ended
}

func code(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 2, "code N CMD…")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := exitCode(ts, args[1:]); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func exitCode(ts *testscript.TestScript, cmd []string) int {
	err := ts.Exec(cmd[0], cmd[1:]...)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode()
	}
	ts.Check(err)
	return 0
}

func get(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 2, "get PATH TOKEN")
	ask(ts, http.MethodGet, args[0], args[1], nil)
}

func enter(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 3, "enter NAME KEY VALUE")
	if args[1] == "link" {
		_, fragment, _ := strings.Cut(args[2], "#")
		args[1] = "secret"
		args[2], _, _ = strings.Cut(fragment, ".")
	}
	body, err := json.Marshal(map[string]string{"name": args[0], args[1]: args[2]})
	ts.Check(err)
	var joined struct{ Token string }
	if json.Unmarshal(ask(ts, http.MethodPost, "/api/join", "", body), &joined) == nil {
		ts.Setenv(args[0], joined.Token)
	}
}

// ask makes a request to the script's host.
func ask(ts *testscript.TestScript, method, path, token string, body []byte) []byte {
	q, err := http.NewRequest(method, ts.Getenv("URL")+path, bytes.NewReader(body))
	ts.Check(err)
	q.Header.Set("Content-Type", "application/json")
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := (&http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}).Do(q)
	ts.Check(err)
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d\n%s\n", answer.StatusCode, b)
	return b
}

// link keeps the link of an invitation that was printed, or the ID of the first one that was listed.
func link(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 1, "link VAR")
	var made struct{ Link, ID string }
	if lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n"); json.Unmarshal([]byte(lines[0]), &made) == nil && made.ID != "" && made.Link == "" {
		ts.Setenv(args[0], made.ID)
		return
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &made))
	ts.Setenv(args[0], made.Link)
}

func alone(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 1, "alone CMD…")
	needNamespaces(ts)
	ts.Check(ts.Exec("unshare", append([]string{"--net", "sh", "-c", `ip link set lo up && exec "$@"`, "sh"}, args...)...))
}

// needNamespaces fails in CI, and skips elsewhere, where no network namespace can
// be made.
func needNamespaces(ts *testscript.TestScript) {
	why := ""
	if os.Geteuid() != 0 {
		why = "needs root for network namespaces"
	}
	for _, tool := range []string{"unshare", "ip"} {
		if _, err := exec.LookPath(tool); err != nil {
			why = err.Error()
		}
	}
	switch {
	case why == "":
	case os.Getenv("CI") == "true":
		ts.Fatalf("%s", why)
	default:
		ts.Value(testKey{}).(testscript.T).Skip(why)
	}
}
