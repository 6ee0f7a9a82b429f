package nodetest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// Person is somebody at the party with a page's connection: a WebSocket.
type Person struct {
	testing.TB
	House  *House
	Token  string
	Member party.MemberID
	Joined wire.Joined
	Was    party.ScreenID // what the next hello says of the connection that broke
	Screen party.ScreenID // of the connection

	conn  wire.Conn
	ctx   context.Context
	ended chan struct{}

	mu       sync.Mutex
	change   chan struct{} // closed when something came in
	state    party.State
	records  []party.Record
	signals  []wire.Signal
	answers  map[party.Nonce]wire.Frame
	bye      wire.Bye
	welcomed bool
}

// nonces counts all wishes: the same member may be somebody else in a test.
var nonces atomic.Int64

// Guest comes by the standing invitation.
func (h *House) Guest(name string) *Person { return h.By(name, h.Ready.Invite) }

// By comes by a link.
func (h *House) By(name, link string) *Person {
	h.Helper()
	p := h.Pass(name, wire.Join{Name: name, Secret: Secret(link)})
	p.Sit()
	return p
}

// Boss is the host at the desk, connected.
func (h *House) Boss() *Person {
	h.Helper()
	p := h.Pass("", wire.Join{Secret: Secret(h.Ready.Desk)})
	p.Sit()
	return p
}

// Pass only gets a pass.
func (h *House) Pass(name string, j wire.Join) *Person {
	h.Helper()
	a := Do(h, "POST", h.URL("/api/join"), "", j)
	p := &Person{TB: h.TB, House: h}
	if err := json.Unmarshal(a.Body, &p.Joined); err != nil || a.Status != 200 {
		h.Fatalf("%s cannot join: %d %s", name, a.Status, a.Body)
	}
	p.Token, p.Member = p.Joined.Token, p.Joined.Member
	return p
}

// Sit connects, and again after a break.
func (p *Person) Sit() {
	p.Helper()
	if p.conn != nil {
		p.conn.Close(wire.Bye{})
		<-p.ended
	}
	ctx, cancel := context.WithCancel(context.Background())
	conn, err := wire.DialWebSocket(ctx, "ws://"+p.House.Ready.QUIC+"/ws", wire.Timeouts{})
	if err != nil {
		cancel()
		p.Fatalf("connect: %v", err)
	}
	p.conn, p.ctx, p.ended, p.bye = conn, ctx, make(chan struct{}), wire.Bye{}
	p.welcomed = false
	p.answers, p.change = map[party.Nonce]wire.Frame{}, make(chan struct{})
	hello := wire.Hello{V: 1, Token: p.Token, Screen: "page", Party: p.state.ID, Seq: p.state.Seq, Was: p.Was}
	if err := wire.Send(ctx, conn, hello); err != nil {
		p.Fatalf("hello: %v", err)
	}
	go p.follow()
	ended := p.ended
	p.Cleanup(func() {
		cancel()
		conn.Close(wire.Bye{})
		<-ended
	})
	p.Until("the welcome", func() bool { return p.welcomed || p.bye.Code != "" })
}

func (p *Person) follow() {
	defer close(p.ended)
	ctx, stop := context.WithCancel(p.ctx)
	var pings sync.WaitGroup
	pings.Go(func() { p.ping(ctx) })
	defer pings.Wait()
	defer stop()
	for {
		f, err := p.conn.Read(p.ctx)
		if err != nil {
			if !errors.Is(err, io.EOF) && p.ctx.Err() == nil {
				p.Logf("connection ended: %v", err)
			}
			p.note(func() {
				if p.bye.Code == "" {
					p.bye.Code = "gone"
				}
			})
			return
		}
		p.note(func() { p.take(f) })
	}
}

// ping keeps the connection, also while nothing happens.
func (p *Person) ping(ctx context.Context) {
	every := time.NewTicker(wire.PingPeriod)
	defer every.Stop()
	for {
		select {
		case <-every.C:
			wire.Send(ctx, p.conn, wire.Ping{ID: 1})
		case <-ctx.Done():
			return
		}
	}
}

func (p *Person) take(f wire.Frame) {
	switch f := f.(type) {
	case wire.Welcome:
		p.welcomed, p.Screen = true, f.Screen
		if f.Snapshot != nil {
			p.state = *f.Snapshot
		}
	case wire.Record:
		r, err := party.DecodeRecord(f)
		if err != nil || r.Seq != p.state.Seq+1 {
			p.Errorf("record %d after %d: %v", r.Seq, p.state.Seq, err)
		}
		p.state.Apply(r)
		p.records = append(p.records, r)
	case wire.OK:
		p.answers[f.Nonce] = f
	case wire.Refused:
		p.answers[f.Nonce] = f
	case wire.Signal:
		p.signals = append(p.signals, f)
	case wire.Bye:
		p.bye = f
	}
}

func (p *Person) note(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	close(p.change)
	p.change = make(chan struct{})
}

// Until waits until ok holds of what the person has seen.
func (p *Person) Until(what string, ok func() bool) {
	p.Helper()
	deadline := time.After(Patience)
	for {
		p.mu.Lock()
		done, change := ok(), p.change
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-change:
		case <-deadline:
			p.Fatalf("%s never saw %s", p.Joined.Name, what)
		}
	}
}

// State is the party as the person sees it.
func (p *Person) State() party.State {
	p.mu.Lock()
	defer p.mu.Unlock()
	return *p.state.Snapshot()
}

// Bye is how the connection ended; empty while it is there.
func (p *Person) Bye() wire.Bye {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bye
}

// Wish wishes and waits for the answer.
func (p *Person) Wish(c party.Command) error {
	p.Helper()
	return p.WishAs(party.Nonce(strconv.FormatInt(nonces.Add(1), 10)+"-"+string(p.Member)), c)
}

// WishAs wishes under a nonce of the test's choice.
func (p *Person) WishAs(n party.Nonce, c party.Command) error {
	p.Helper()
	p.mu.Lock()
	delete(p.answers, n)
	p.mu.Unlock()
	if err := wire.Send(p.ctx, p.conn, wire.Wish{Wish: party.Wish{Nonce: n, Command: c}}); err != nil {
		p.Fatalf("wish: %v", err)
	}
	var answer wire.Frame
	p.Until("an answer", func() bool {
		answer = p.answers[n]
		return answer != nil || p.bye.Code != ""
	})
	switch a := answer.(type) {
	case wire.Refused:
		return a.Refusal()
	case nil:
		return errors.New("gone: " + p.Bye().Code)
	}
	return nil
}

// Must is a wish that is granted.
func (p *Person) Must(c party.Command) {
	p.Helper()
	if err := p.Wish(c); err != nil {
		p.Fatalf("%T: %v", c, err)
	}
}

// Refused is a wish that is not.
func (p *Person) Refused(code string, c party.Command) {
	p.Helper()
	var r *party.Refusal
	if err := p.Wish(c); !errors.As(err, &r) || r.Code != code {
		p.Errorf("%T: got %v, want %s", c, err, code)
	}
}

// Say says a line, and waits until it comes back as a record: the answer to a wish
// may be quicker.
func (p *Person) Say(text string) {
	p.Helper()
	before := p.Count(text)
	p.Must(party.Say{Text: text})
	p.Until("its own line", func() bool { return p.count(text) > before })
}

// Saw waits for a line in the chat.
func (p *Person) Saw(text string) {
	p.Helper()
	p.Until("the line "+text, func() bool { return p.count(text) > 0 })
}

// Count is how often a line is in the log as this person received it.
func (p *Person) Count(text string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count(text)
}

func (p *Person) count(text string) int {
	n := 0
	for _, m := range p.state.Messages {
		if m.Text == text {
			n++
		}
	}
	return n
}

// Gone waits for the end of the connection and tells its code.
func (p *Person) Gone() string {
	p.Helper()
	p.Until("the end", func() bool { return p.bye.Code != "" })
	return p.Bye().Code
}

// Get asks for a path of the host's page with this person's pass.
func (p *Person) Get(path string) Answer {
	p.Helper()
	return Do(p, "GET", p.House.URL(path), p.Token, nil)
}

// Film asks for the film of a title.
func (p *Person) Film(id catalog.TitleID) Answer {
	p.Helper()
	return p.Get("/media/t/" + string(id) + "/file")
}

// Timed counts the changes of the timeline for one reason.
func (p *Person) Timed(why string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.records {
		if e, ok := r.Event.(party.Timed); ok && e.Why == why {
			n++
		}
	}
	return n
}

// React sends an emoji over everybody's film.
func (p *Person) React(with string) {
	p.Helper()
	if err := wire.Send(p.ctx, p.conn, wire.Signal{React: &wire.React{With: with}}); err != nil {
		p.Fatalf("react: %v", err)
	}
}

// Report says what this person's screen does, as a page would.
func (p *Person) Report(r party.Report) {
	p.Helper()
	if err := wire.Send(p.ctx, p.conn, wire.Signal{Drift: &r}); err != nil {
		p.Fatalf("report: %v", err)
	}
}

// Can says what this person's screen plays, as a page would.
func (p *Person) Can(a party.Abilities) {
	p.Helper()
	if err := wire.Send(p.ctx, p.conn, wire.Signal{Can: &a}); err != nil {
		p.Fatalf("say what it can: %v", err)
	}
}

// Signalled waits for a signal.
func (p *Person) Signalled(what string, ok func(wire.Signal) bool) {
	p.Helper()
	p.Until(what, func() bool { return slices.ContainsFunc(p.signals, ok) })
}

// Told says whether there was such a signal until now.
func (p *Person) Told(ok func(wire.Signal) bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.signals, ok)
}

// Raw sends what may be no frame.
func (p *Person) Raw(text string) {
	p.Helper()
	if err := p.conn.Write(p.ctx, []byte(text)); err != nil {
		p.Fatalf("send: %v", err)
	}
}

// Lines are the texts of the chat, joined.
func (p *Person) Lines() string {
	var b strings.Builder
	for _, m := range p.State().Messages {
		b.WriteString(m.Text + "\n")
	}
	return b.String()
}

// StateNow is for the conditions of Until, which hold the lock already.
func (p *Person) StateNow() *party.State { return &p.state }

// ReactionsNow are the reactions seen so far, joined; for the conditions of Until.
func (p *Person) ReactionsNow() string {
	var b strings.Builder
	for _, s := range p.signals {
		if s.React != nil {
			b.WriteString(s.React.With)
		}
	}
	return b.String()
}
