package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// Config says what a stage is made of. The functions are called in turn and must not wait.
type Config struct {
	Command func(context.Context) *exec.Cmd // the program that calls [Child]
	Port    int                             // UDP and TCP; taken if it is free, else another
	Log     *slog.Logger

	Up   func()                      // it is up, the first time or again
	On   func(face string, c Codecs) // somebody was published here
	Off  func(face string)           // and is not any more, for whatever reason
	Left func(viewer string)         // somebody watches no more
	Want func(face string)           // a whole picture is wanted of a face that is fed
	Tap  func(Packet)                // what was published here, or fed to be shared; the packet is the function's to keep
}

// A Stage is the node's end of it. Its methods may be used by several goroutines; while the child is down
// they give [ErrDown].
type Stage struct {
	cfg Config

	fed chan Packet // of other nodes, on their way to the child

	mu      sync.Mutex
	out     *pipe // nil: down; guarded by mu, as all below
	next    uint64
	waiting map[uint64]chan told
	faces   map[string]bool // on stage
	port    int
}

// New makes a stage; [Stage.Run] puts it up.
func New(cfg Config) *Stage {
	return &Stage{cfg: cfg, fed: make(chan Packet, maxFed), waiting: map[uint64]chan told{}, faces: map[string]bool{}}
}

// Run keeps the stage up until ctx ends, and returns nil then. A child that ends is replaced, at once if it had
// lived for a while.
func (s *Stage) Run(ctx context.Context) error {
	pause := 100 * time.Millisecond
	for ctx.Err() == nil {
		began := time.Now()
		err := s.child(ctx)
		if ctx.Err() != nil {
			return nil
		}
		s.cfg.Log.Warn("the stage ended and is put up again", "err", err)
		if pause *= 2; time.Since(began) > 10*time.Second {
			pause = 100 * time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(pause, 5*time.Second)):
		}
	}
	return nil
}

// child is the life of one child.
func (s *Stage) child(ctx context.Context) error {
	cmd := s.cfg.Command(ctx)
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	complaints := &tail{}
	cmd.Stderr = complaints
	cmd.WaitDelay = 2 * time.Second
	cmd.Cancel = func() error { return in.Close() } // it ends when nobody can ask any more
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the stage: %w", err)
	}
	p := &pipe{w: in}
	ended := make(chan struct{})
	var fed sync.WaitGroup
	fed.Go(func() { s.pour(p, ended) })
	defer fed.Wait()
	defer close(ended)
	if err = p.json(asked{Do: "open", Port: s.cfg.Port}); err == nil {
		err = frames(out, func(kind byte, body []byte) error { return s.take(p, kind, body) })
	}
	s.down()
	in.Close()
	if failed := cmd.Wait(); failed != nil {
		err = fmt.Errorf("%w: %s", failed, complaints.last())
	}
	if err == nil || errors.Is(err, io.EOF) {
		return errors.New("it ended by itself")
	}
	return err
}

// take reads one frame of the child's.
func (s *Stage) take(p *pipe, kind byte, body []byte) error {
	if kind == kindPacket {
		k, err := ParsePacket(body)
		if err == nil && s.cfg.Tap != nil {
			s.cfg.Tap(k)
		}
		return err
	}
	var t told
	if err := json.Unmarshal(body, &t); err != nil {
		return fmt.Errorf("read what the stage tells: %w", err)
	}
	s.mu.Lock()
	switch {
	case t.Port > 0:
		s.out, s.port = p, t.Port
	case t.Event == eventOn:
		s.faces[t.Face] = true
	case t.Event == eventOff:
		delete(s.faces, t.Face)
	}
	answer := s.waiting[t.ID]
	delete(s.waiting, t.ID)
	s.mu.Unlock()
	switch {
	case t.ID == 0 && t.Err != "":
		return errors.New(t.Err)
	case t.Port > 0 && s.cfg.Up != nil:
		s.cfg.Up()
	case t.Event == eventOn && !t.Fed && s.cfg.On != nil:
		s.cfg.On(t.Face, t.Codecs)
	case t.Event == eventOff && s.cfg.Off != nil:
		s.cfg.Off(t.Face)
	case t.Event == eventLeft && s.cfg.Left != nil:
		s.cfg.Left(t.Viewer)
	case t.Event == eventWant && s.cfg.Want != nil:
		s.cfg.Want(t.Face)
	case answer != nil:
		answer <- t
	}
	return nil
}

// down lets all who wait know that there will be no answer, and takes everybody off stage.
func (s *Stage) down() {
	s.mu.Lock()
	s.out = nil
	waiting, faces := s.waiting, s.faces
	s.waiting, s.faces = map[uint64]chan told{}, map[string]bool{}
	s.mu.Unlock()
	for _, c := range waiting {
		c <- told{Err: ErrDown.Error()}
	}
	for name := range faces {
		if s.cfg.Off != nil {
			s.cfg.Off(name)
		}
	}
}

// ask has the child do something, and waits for its answer.
func (s *Stage) ask(ctx context.Context, q asked) (string, error) {
	if err := fits(q.SDP); err != nil {
		return "", err
	}
	answer := make(chan told, 1)
	s.mu.Lock()
	out := s.out
	if out != nil {
		s.next++
		q.ID = s.next
		s.waiting[q.ID] = answer
	}
	s.mu.Unlock()
	if out == nil {
		return "", ErrDown
	}
	if err := out.json(q); err != nil {
		return "", ErrDown
	}
	select {
	case t := <-answer:
		switch {
		case t.Refused != "":
			return "", &Refused{t.Refused}
		case t.Err == ErrDown.Error():
			return "", ErrDown
		case t.Err != "":
			return "", errors.New(t.Err)
		}
		return t.SDP, nil
	case <-ctx.Done():
		s.mu.Lock()
		delete(s.waiting, q.ID)
		s.mu.Unlock()
		return "", context.Cause(ctx)
	}
}

// Publish puts somebody on stage by the offer of a connection that sends, and gives its answer. Near says that the other
// end is on this machine. A description that is not taken is a [Refused].
func (s *Stage) Publish(ctx context.Context, face, offer string, near bool) (answer string, err error) {
	return s.ask(ctx, asked{Do: "publish", Face: face, SDP: offer, Near: near})
}

// Watch has somebody see a face, by the offer of a connection that receives.
func (s *Stage) Watch(ctx context.Context, viewer, face, offer string, near bool) (answer string, err error) {
	return s.ask(ctx, asked{Do: "watch", Viewer: viewer, Face: face, SDP: offer, Near: near})
}

// Feed puts somebody on stage whose packets come by [Stage.Put]; with share, they are handed to other nodes as what
// was published here. Codecs that are not shown are a [Refused].
func (s *Stage) Feed(ctx context.Context, face string, c Codecs, share bool) error {
	_, err := s.ask(ctx, asked{Do: "feed", Face: face, Codecs: c, Share: share})
	return err
}

// Put gives a packet of a face that is fed, and does not wait: it is dropped while the stage is down or does not
// keep up.
func (s *Stage) Put(p Packet) {
	select {
	case s.fed <- p:
	default:
	}
}

// pour gives the child what is fed, until it has ended.
func (s *Stage) pour(to *pipe, ended <-chan struct{}) {
	for {
		select {
		case p := <-s.fed:
			to.packet(p)
		case <-ended:
			return
		}
	}
}

// Want asks for a whole picture of a face.
func (s *Stage) Want(ctx context.Context, face string) error {
	_, err := s.ask(ctx, asked{Do: "want", Face: face})
	return err
}

// Hush keeps back the sound of a face, or no longer.
func (s *Stage) Hush(ctx context.Context, face string, off bool) error {
	_, err := s.ask(ctx, asked{Do: "hush", Face: face, Off: off})
	return err
}

// End takes a face off stage, and cuts who watches it.
func (s *Stage) End(ctx context.Context, face string) error {
	_, err := s.ask(ctx, asked{Do: "end", Face: face})
	return err
}

// Leave ends one who watches.
func (s *Stage) Leave(ctx context.Context, viewer string) error {
	_, err := s.ask(ctx, asked{Do: "leave", Viewer: viewer})
	return err
}

// Faces are those on stage here.
func (s *Stage) Faces() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.faces))
}

// tail keeps the end of what a child complained of.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, b...)
	if over := len(t.b) - 4096; over > 0 {
		t.b = t.b[over:]
	}
	return len(b), nil
}

func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
