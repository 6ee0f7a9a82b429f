package nodetest_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"watchparty/media/live"
	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

var binaryDir string // where the binary is built, gone after the tests

func TestMain(m *testing.M) {
	if to := os.Getenv(stageChild); to != "" {
		if to != "1" {
			os.WriteFile(to, []byte(strconv.Itoa(os.Getpid())), 0o600)
		}
		if err := live.Child(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if log := os.Getenv(fakeMPV); log != "" {
		os.Exit(beMPV(log))
	}
	if os.Getenv(fanoutChild) != "" {
		os.Exit(beFanout())
	}
	dir, err := os.MkdirTemp("", "watchparty-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binaryDir = dir
	code := m.Run()
	EndChromium()
	os.RemoveAll(dir)
	os.Exit(code)
}

// built builds what people run, once. It looks at the sources that the tests do not
// import, because a test's result is kept for as long as what it looked at is the same.
var built = sync.OnceValues(func() (string, error) {
	sources, err := filepath.Glob("../cli/*.go")
	if err != nil {
		return "", err
	}
	for _, f := range append(sources, "../../main.go") {
		if _, err = os.Stat(f); err != nil {
			return "", err
		}
	}
	path := filepath.Join(binaryDir, "watchparty")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.Command("go", "build", "-o", path, "../..").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// A program is the real binary, running: what it says is kept line by line.
type program struct {
	testing.TB
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	started time.Time

	exited chan struct{} // closed when the process and its output have ended

	mu     sync.Mutex // guards the rest
	change chan struct{}
	lines  []line
	log    bytes.Buffer // stderr
}

// A line is one JSON object on stdout: an event, or a record of the party.
type line struct {
	at     time.Time // when it was read
	text   []byte
	Event  string         `json:"event"`
	Nonce  party.Nonce    `json:"nonce"`
	Code   string         `json:"code"`
	URL    string         `json:"url"`
	Member party.MemberID `json:"member"`
	Seq    party.Seq      `json:"seq"`
	Name   string         `json:"name"`
	Came   *party.Screen  `json:"came"`
	Said   *party.Said    `json:"said"`
}

// start runs the binary, in a network namespace if one is named. It is killed at
// the end of the test.
func start(t testing.TB, ns string, args ...string) *program {
	t.Helper()
	if ns != "" {
		return startBy(t, []string{"ip", "netns", "exec", ns}, args...)
	}
	return startBy(t, nil, args...)
}

// startBy runs the binary by another program, which becomes it, so that the process to be killed is the same.
func startBy(t testing.TB, by []string, args ...string) *program {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	if len(by) > 0 {
		path, args = by[0], append(append(by[1:len(by):len(by)], path), args...)
	}
	p := &program{TB: t, cmd: exec.Command(path, args...), exited: make(chan struct{}), change: make(chan struct{})}
	p.cmd.Env = environment()
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		p.stdin, err = p.cmd.StdinPipe()
	}
	p.cmd.Stderr = logWriter{p}
	if err == nil {
		p.started = time.Now()
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go p.read(out)
	t.Cleanup(func() {
		p.kill()
		if t.Failed() && p.log.Len() > 0 {
			t.Logf("%s said on stderr:\n%s", strings.Join(args, " "), last(p.log.String(), 4000))
		}
	})
	return p
}

func last(s string, n int) string { return s[max(0, len(s)-n):] }

// environment is the test's own without settings for the binary.
func environment() []string {
	env := []string{"WATCHPARTY_CONFIG=" + os.DevNull}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "WATCHPARTY_") {
			env = append(env, v)
		}
	}
	return env
}

func (p *program) read(out io.Reader) {
	defer close(p.exited)
	for s := bufio.NewReader(out); ; {
		text, err := s.ReadBytes('\n')
		if err != nil { // what a killed process left half said is nothing
			break
		}
		l := line{at: time.Now(), text: bytes.TrimSuffix(text, []byte("\n"))}
		if err := json.Unmarshal(l.text, &l); err != nil {
			p.Errorf("%s is no JSON: %v", l.text, err)
		}
		p.note(func() { p.lines = append(p.lines, l) })
	}
	p.cmd.Wait()
}

func (p *program) note(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	close(p.change)
	p.change = make(chan struct{})
}

type logWriter struct{ p *program }

func (w logWriter) Write(b []byte) (int, error) {
	w.p.note(func() { w.p.log.Write(b) })
	return len(b), nil
}

// await waits until ok holds of what the program has said.
func (p *program) await(limit time.Duration, ok func() bool) error {
	deadline := time.After(limit)
	for ended := false; ; {
		p.mu.Lock()
		done, change := ok(), p.change
		p.mu.Unlock()
		switch {
		case done:
			return nil
		case ended:
			return errors.New("the program has ended")
		}
		select {
		case <-change:
		case <-p.exited:
			ended = true
		case <-deadline:
			return fmt.Errorf("nothing of the kind within %v", limit)
		}
	}
}

// until is await that fails the test.
func (p *program) until(what string, ok func() bool) {
	p.Helper()
	if err := p.await(Patience, ok); err != nil {
		p.mu.Lock()
		said := last(p.log.String(), 2000)
		p.mu.Unlock()
		p.Fatalf("waiting for %s: %v\n%s", what, err, said)
	}
}

// first waits for a line and returns it.
func (p *program) first(what string, ok func(line) bool) (found line) {
	p.Helper()
	seen := 0
	p.until(what, func() bool {
		for ; seen < len(p.lines); seen++ {
			if found = p.lines[seen]; ok(found) {
				return true
			}
		}
		return false
	})
	return found
}

// event waits for the first event of a kind.
func (p *program) event(kind string) line {
	p.Helper()
	return p.first(kind, func(l line) bool { return l.Event == kind })
}

// wish sends a wish on stdin and waits for its answer.
func (p *program) wish(n party.Nonce, kind string, body any) (line, error) {
	b, err := json.Marshal(map[string]any{"nonce": n, kind: body})
	if err != nil {
		return line{}, err
	}
	seen := len(p.printed())
	if _, err := p.stdin.Write(append(b, '\n')); err != nil {
		return line{}, err
	}
	var found line
	err = p.await(Patience, func() bool {
		for ; seen < len(p.lines); seen++ {
			if found = p.lines[seen]; found.Nonce == n && found.Event != "" {
				return true
			}
		}
		return false
	})
	return found, err
}

// must is a wish that is granted.
func (p *program) must(n party.Nonce, kind string, body any) {
	p.Helper()
	if l, err := p.wish(n, kind, body); err != nil || l.Event != "ok" {
		p.Fatalf("%s: %v %s", kind, err, l.text)
	}
}

// printed is what it has said on stdout until now.
func (p *program) printed() []line {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lines
}

// logged waits for a word on stderr, after what was said up to a mark.
func (p *program) logged(word string, after int) {
	p.Helper()
	p.until(word, func() bool { return strings.Contains(p.log.String()[after:], word) })
}

// mark is how much it has said on stderr.
func (p *program) mark() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Len()
}

// kill ends the process without a word, as kill -9 does.
func (p *program) kill() {
	p.cmd.Process.Kill()
	<-p.exited
}

// stop asks the process to end and returns its exit code.
func (p *program) stop() int {
	p.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.Fatal(err)
	}
	return p.code(Patience)
}

// code waits for the end of the process.
func (p *program) code(limit time.Duration) int {
	p.Helper()
	select {
	case <-p.exited:
	case <-time.After(limit):
		p.Fatalf("%v does not end within %v", p.cmd.Args, limit)
	}
	return p.cmd.ProcessState.ExitCode()
}

// ready waits until a host is up.
func (p *program) ready() (r node.Ready) {
	p.Helper()
	if err := json.Unmarshal(p.event("ready").text, &r); err != nil {
		p.Fatal(err)
	}
	return r
}

// house is a running host as the tests' own people see it.
func (p *program) house() *House { return &House{TB: p.TB, Ready: p.ready()} }

// memory is what the process has in RAM, in kB; 0 where it cannot be known.
func (p *program) memory() (kb int) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(b), "VmRSS:")
	fmt.Sscan(after, &kb)
	return kb
}

// join starts a node of its own for a guest and waits until it is at the party.
func join(t testing.TB, ns, name, target string, more ...string) *program {
	t.Helper()
	args := []string{"join", target, "--name", name, "--player", "none", "--json", "--data", t.TempDir(), "--log", "info"}
	p := start(t, ns, append(args, more...)...)
	me := p.event("joined").Member
	p.first("its own arrival", func(l line) bool { return l.Came != nil && bytes.Contains(l.text, []byte(`"by":"`+me+`"`)) })
	return p
}

// freePort finds a port for TCP and UDP below those that systems hand out by
// themselves, so that it is still free after the host was killed.
func freePort(t testing.TB) string {
	t.Helper()
	for i := range 1000 {
		addr := fmt.Sprintf("127.0.0.1:%d", 20000+(os.Getpid()*7+i)%10000)
		tcp, err := net.Listen("tcp", addr)
		if err != nil {
			continue
		}
		udp, err := net.ListenPacket("udp", addr)
		tcp.Close()
		if err == nil {
			udp.Close()
			return addr
		}
	}
	t.Fatal("no free port")
	return ""
}
