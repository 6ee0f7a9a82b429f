package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mdp/qrterminal/v3"

	"watchparty/media/catalog"
	"watchparty/node"
)

const (
	// maxWaiting is how many lines may wait for whoever reads a host's stdout.
	maxWaiting = 1024
	// lastWords is how long a node that ends waits for whoever reads its stdout.
	lastWords = 2 * time.Second
)

// printer says what happens: to programs on stdout, to people on stdout too, since
// that is what the command is for.
//
// Nobody need read it, and the party must not wait for them: lines wait in a queue,
// which is written by a goroutine of its own. When the queue is full, lines are left
// out, and once there is room it is said how many.
type printer struct {
	out  io.Writer
	json bool
	news chan struct{} // holds one: there is something in the queue, or it is closed

	mu      sync.Mutex
	queue   []string // guarded by mu; at most maxWaiting and the ready line
	dropped int      // guarded by mu; lines left out after those in the queue
	up      bool     // guarded by mu; the ready line is in the queue, which may be written
	closed  bool     // guarded by mu; what is in the queue is the last
}

func newPrinter(out io.Writer, json bool) *printer {
	return &printer{out: out, json: json, news: make(chan struct{}, 1)}
}

// run writes lines in a goroutine and returns what ends it: that waits for the last
// ones, but not for long.
func (p *printer) run() (end func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for range p.news {
			lines, closed := p.take()
			for _, line := range lines {
				io.WriteString(p.out, line) // if that fails, there is nobody to tell
			}
			if closed {
				return
			}
		}
	}()
	return func() {
		p.mu.Lock()
		p.closed = true
		p.mu.Unlock()
		p.nudge()
		waitFor(ended)
	}
}

// waitFor waits until a writer has ended or nobody seems to read what it writes.
func waitFor(ended <-chan struct{}) {
	late := time.NewTimer(lastWords)
	defer late.Stop()
	select {
	case <-ended:
	case <-late.C:
	}
}

func (p *printer) nudge() {
	select {
	case p.news <- struct{}{}:
	default:
	}
}

// take empties the queue.
func (p *printer) take() (lines []string, closed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.up {
		return nil, p.closed
	}
	lines = p.queue
	if p.dropped > 0 {
		lines = append(lines, p.line(
			map[string]any{"event": "dropped", "lines": p.dropped},
			fmt.Sprintf("%d lines are missing here: nobody read them in time.", p.dropped)))
	}
	p.queue, p.dropped = nil, 0
	return lines, p.closed
}

// line is what there is to say, to a program or to a person.
func (p *printer) line(object any, text string) string {
	if !p.json {
		return text + "\n"
	}
	b, err := json.Marshal(object)
	if err != nil { // of ours, and no more than strings and numbers
		return ""
	}
	return string(b) + "\n"
}

// tell prints an event, after the ready line at the earliest. It never waits.
func (p *printer) tell(e node.Event) {
	object := map[string]any{}
	if p.json {
		if b, err := json.Marshal(e.Body); err == nil {
			json.Unmarshal(b, &object)
		}
		object["event"] = e.Kind
	} else if e.Text == "" {
		return
	}
	line := p.line(object, e.Text)
	defer p.nudge()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) >= maxWaiting {
		p.dropped++
		return
	}
	p.queue = append(p.queue, line)
}

// ready says where the party is, before what has happened so far.
func (p *printer) ready(r node.Ready, region catalog.Region) {
	text := ""
	if !p.json {
		text = welcome(r, region)
	}
	line := p.line(r, text)
	p.mu.Lock()
	p.queue, p.up = slices.Insert(p.queue, 0, line), true
	p.mu.Unlock()
	p.nudge()
}

func welcome(r node.Ready, region catalog.Region) string {
	w := &strings.Builder{}
	fmt.Fprintf(w, "%s is on. Your desk: %s\n\n", r.Name, r.Desk)
	fmt.Fprintf(w, "Guests scan this, or open %s and give the PIN %s\n\n", strings.TrimSuffix(r.URLs[0], "/"), r.PIN)
	qrterminal.GenerateHalfBlock(r.Invite, qrterminal.M, w)
	fmt.Fprintf(w, "\nInvitation: %s\n", r.Invite)
	if len(r.HTTPS) > 0 {
		fmt.Fprintf(w, "Guests with a camera open %s instead; their browser warns once, and %strust says why.\n", strings.TrimSuffix(r.HTTPS[0], "/"), r.URLs[0])
		fmt.Fprintf(w, "The certificate of this house has the fingerprint (SHA-256)\n  %s\n", r.Certificate)
	}
	titles := fmt.Sprintf("%d titles", r.Titles)
	if r.Demo {
		titles += ", the demo: give your own with --catalog FILE"
	}
	fmt.Fprintln(w, titles+".")
	if region == "" {
		fmt.Fprintln(w, "No region is known for this house: set it with --region, such as --region FR.")
	}
	fmt.Fprint(w, "Ctrl-C ends.")
	return w.String()
}
