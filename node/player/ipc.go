package player

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	answerTime = time.Second // a player that takes longer hangs
	maxLine    = 1 << 20     // a longer line is passed over
	// maxEvents may wait for whoever reads them. They come by the handful; when there
	// is no more room the connection ends, since one that was left out may be a seek's.
	maxEvents = 1024
)

var (
	errDeaf = errors.New("mpv does not answer")
	errGone = errors.New("mpv is gone")
)

// pipe is a connection to a player: a Unix socket, or a pipe with a name on Windows.
type pipe interface {
	io.ReadWriteCloser
	SetWriteDeadline(time.Time) error
}

// ipc speaks mpv's JSON protocol: a line for each command, answer and event.
type ipc struct {
	conn   pipe
	events chan message
	done   chan struct{} // closed when the connection has ended

	writing sync.Mutex // a line goes out whole
	mu      sync.Mutex
	last    int64                  // guarded by mu
	waiting map[int64]chan message // guarded by mu; who waits for which answer
}

// message is a line from mpv: an answer, or an event.
type message struct {
	at time.Time // when it was read

	Event  string          `json:"event"`
	ID     int64           `json:"request_id"`
	Error  string          `json:"error"`
	Data   json.RawMessage `json:"data"`
	Name   string          `json:"name"`
	Reason string          `json:"reason"`
	File   string          `json:"file_error"`
}

// newIPC speaks over a connection; it reads until that ends.
func newIPC(conn pipe) *ipc {
	c := &ipc{conn: conn, events: make(chan message, maxEvents), done: make(chan struct{}), waiting: map[int64]chan message{}}
	go c.read()
	return c
}

// parse reads a line. What is no object of mpv's is an error.
func parse(line []byte) (m message, err error) {
	if line = bytes.TrimSpace(line); len(line) == 0 || line[0] != '{' {
		return m, errors.New("no object")
	}
	err = json.Unmarshal(line, &m)
	return m, err
}

func (c *ipc) read() {
	defer close(c.done)
	defer c.conn.Close()
	lines := bufio.NewReaderSize(c.conn, maxLine)
	for long := false; ; {
		line, err := lines.ReadSlice('\n')
		at := time.Now()
		cut := long
		if long = errors.Is(err, bufio.ErrBufferFull); long {
			continue
		}
		if err != nil {
			return
		}
		if m, err := parse(line); err == nil && !cut {
			m.at = at
			if !c.deliver(m) {
				return
			}
		}
	}
}

func (c *ipc) deliver(m message) bool {
	if m.Event == "" {
		c.mu.Lock()
		defer c.mu.Unlock()
		if to := c.waiting[m.ID]; to != nil {
			to <- m // has room for it
			delete(c.waiting, m.ID)
		}
		return true
	}
	select {
	case c.events <- m:
		return true
	default:
		return false
	}
}

// refused is mpv's no to a command: it has heard it.
type refused string

func (r refused) Error() string { return "mpv: " + string(r) }

// call sends a command and waits for its answer. command is a list, or an object of
// named arguments. sent is when it went out.
func (c *ipc) call(command any) (m message, sent time.Time, err error) {
	return c.callFor(answerTime, command)
}

// callFor is call for a command that takes its time.
func (c *ipc) callFor(patience time.Duration, command any) (m message, sent time.Time, err error) {
	id, answer := c.expect()
	defer c.forget(id)
	sent = time.Now()
	if err := c.write(command, id); err != nil {
		return m, sent, err
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case m = <-answer:
	case <-late.C:
		return m, sent, errDeaf
	case <-c.done:
		return m, sent, errGone
	}
	if m.Error != "success" {
		return m, sent, refused(m.Error)
	}
	return m, sent, nil
}

// send sends a command of which nobody waits for the answer.
func (c *ipc) send(command any) error { return c.write(command, 0) }

func (c *ipc) expect() (int64, chan message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	answer := make(chan message, 1)
	c.waiting[c.last] = answer
	return c.last, answer
}

func (c *ipc) forget(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, id)
}

func (c *ipc) write(command any, id int64) error {
	b, err := json.Marshal(map[string]any{"command": command, "request_id": id})
	if err != nil {
		return fmt.Errorf("write command: %w", err)
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.conn.SetWriteDeadline(time.Now().Add(answerTime))
	if _, err := c.conn.Write(append(b, '\n')); err != nil {
		c.conn.Close() // half a line may be out
		return errGone
	}
	return nil
}

func (c *ipc) close() {
	c.conn.Close()
	<-c.done
}
