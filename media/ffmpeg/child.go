package ffmpeg

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// stall is how long a child may write nothing while somebody reads from it.
	stall = 10 * time.Second
	// maxComplaint bounds what is kept of what a child says about its troubles, in bytes.
	maxComplaint = 4 << 10
	// niceness is that of a child that yields (setpriority(2)): on a machine that is busy for hours
	// it gets a thirtieth of what another one does, and so gets on.
	niceness = 15
)

// A Child is a running ffmpeg or ffprobe. It is in a process group of its own and dies with
// us. Read what it writes; [Child.End] kills it if it still runs, and must be called.
type Child struct {
	cmd       *exec.Cmd
	out       *os.File
	complaint tail
	ended     chan struct{} // closed when it has, and err is set
	err       error
	stalled   sync.Once
	stuck     chan struct{} // closed when the watchdog killed it
	watch     time.Duration
}

// limits are what a child may take; 0: as much as it likes.
type limits struct {
	memory uint64        // bytes
	work   time.Duration // computing time
}

// launch starts a program with a list of arguments, never a shell, and with nothing of our
// environment. The files are 3, 4 and so on to it.
func launch(path string, args []string, files []*os.File, l limits) (*Child, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start ffmpeg: %w", err)
	}
	defer in.Close()
	c := &Child{cmd: exec.Command(path, args...), out: out, ended: make(chan struct{}), stuck: make(chan struct{}), watch: stall}
	c.cmd.Env = []string{"LC_ALL=C", "AV_LOG_FORCE_NOCOLOR=1"}
	c.cmd.Stdout, c.cmd.Stderr, c.cmd.ExtraFiles = in, &c.complaint, files
	c.cmd.WaitDelay = time.Second
	own(c.cmd)
	started := make(chan error, 1)
	go func() {
		// The kernel kills the child when the thread that started it ends, so the thread is kept.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		if err == nil {
			limit(c.cmd.Process.Pid, l)
		}
		started <- err
		if err == nil {
			c.err = c.cmd.Wait()
			close(c.ended)
		}
	}()
	if err := <-started; err != nil {
		out.Close()
		if errors.Is(err, syscall.EAGAIN) { // there are as many processes as there may be (fork(2))
			return nil, ErrBusy.Because(err)
		}
		return nil, fmt.Errorf("start ffmpeg: %w", err)
	}
	return c, nil
}

// Read reads what the child writes. When it has written nothing for ten seconds it is killed,
// and the error is [ErrStall]. A child that ended well gives io.EOF, another one its complaint.
func (c *Child) Read(b []byte) (int, error) {
	dog := time.AfterFunc(c.watch, c.giveUp)
	n, err := c.out.Read(b)
	dog.Stop()
	if n > 0 || err == nil {
		return n, nil
	}
	<-c.ended
	select {
	case <-c.stuck:
		return 0, ErrStall.Because(c.failure())
	default:
	}
	if errors.Is(err, io.EOF) && c.err == nil {
		return 0, io.EOF
	}
	return 0, c.failure()
}

// giveUp kills it because it has come to a halt.
func (c *Child) giveUp() {
	c.stalled.Do(func() { close(c.stuck) })
	c.Kill()
}

// failure is why it ended, in its own words.
func (c *Child) failure() error {
	if said := c.complaint.String(); strings.Contains(said, "Resource temporarily unavailable") { // it got no thread
		return ErrBusy.Because(errors.New(said))
	} else if said != "" {
		return fmt.Errorf("%w: %s", errOr(c.err, errors.New("ffmpeg")), said)
	}
	return errOr(c.err, errors.New("ffmpeg ended"))
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Starved tells whether it has complained that it could not read: the file is cut off, or the disk
// is broken. Children that fill holes go on all the same.
func (c *Child) Starved() bool { return strings.Contains(c.complaint.String(), "Input/output error") }

// Pid is its process id.
func (c *Child) Pid() int { return c.cmd.Process.Pid }

// Yield has it work when others leave time: call it right after the start. With the time go
// the turns at the disk, where the kernel gives any (ioprio_set(2)).
func (c *Child) Yield() { yield(c.cmd.Process.Pid) }

// Kill kills its whole group, and waits for nothing.
func (c *Child) Kill() {
	select {
	case <-c.ended:
	default:
		kill(c.cmd)
	}
}

// End kills it if it still runs, waits until it has ended, and gives back what it held.
func (c *Child) End() {
	c.Kill()
	<-c.ended
	c.out.Close()
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte // guarded by mu
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if over := len(t.text) - maxComplaint; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}
