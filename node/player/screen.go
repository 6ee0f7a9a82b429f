// Package player keeps an mpv of our own on the party's timeline, to within a few
// milliseconds, and makes of it a screen like any other: it tells how it fares, shows
// who says what, and what a person does at it becomes a wish.
//
// The controller ([Follow]) does not know mpv and is tested in simulated time; its
// arithmetic (control.go) is the page's own. One goroutine, [Screen.Run]'s, owns the
// player and everything that is said to it. It promises that no film and no pass is on
// a command line, that mpv does not outlive us, and that a crash of mpv is no more
// than a pause.
package player

import (
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"sync"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/node/room"
)

// State is what has become of the player.
type State string

const (
	Opened  State = "open"
	Closed  State = "closed"  // by a person; Open opens it again, or the next film does
	Missing State = "missing" // it cannot be started
)

// Config says which player follows which party.
type Config struct {
	Path   string // of mpv
	Data   string // the folder in which it listens
	URL    string // of this node's own pages: where the films are
	Token  string // what they ask for
	Lang   string // of reasons, as in Accept-Language
	Member party.MemberID
	House  *room.House
	Clock  Clock
	Wish   func(context.Context, party.Command) error
	Offset time.Duration // how much later than elsewhere this screen's sound is heard
	Tell   func(State)   // it must not wait
	Log    *slog.Logger
}

// ErrMissing says that there is no such program.
var ErrMissing = errors.New("mpv was not found")

// Find looks for mpv.
func Find(path string) (string, error) {
	found, err := exec.LookPath(path)
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return "", ErrMissing
	}
	return found, nil
}

// A Screen is an mpv that follows a party.
type Screen struct {
	cfg     Config
	news    chan news          // waits for Run, which waits for nobody for long
	listed  chan []listing     // the same
	asking  chan struct{}      // holds one: the titles are to be asked for
	reports chan party.Report  // holds one, the latest
	open    chan struct{}      // holds one
	offsets chan time.Duration // holds one, the latest
	log     *slog.Logger

	// Of Run's goroutine alone; it outlives an mpv.
	line    party.Timeline
	coming  *party.Coming
	names   map[party.MemberID]party.Member
	titles  map[catalog.TitleID]listing
	learnt  *Learnt
	offset  time.Duration
	choices choices
}

// New makes a screen; nothing runs yet.
func New(cfg Config) *Screen {
	return &Screen{
		cfg: cfg, log: cfg.Log, news: make(chan news), listed: make(chan []listing), asking: make(chan struct{}, 1),
		reports: make(chan party.Report, 1), open: make(chan struct{}, 1), offsets: make(chan time.Duration, 1),
		learnt: FirstLessons(), offset: cfg.Offset, choices: newChoices(),
	}
}

// Open opens the player again if it was closed.
func (s *Screen) Open() { nudge(s.open) }

// Offset says how much later than elsewhere this screen's sound is heard.
func (s *Screen) Offset(d time.Duration) { replace(s.offsets, d) }

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// replace puts the latest into a channel that holds one.
func replace[T any](c chan T, latest T) {
	for {
		select {
		case c <- latest:
			return
		default:
		}
		select {
		case <-c:
		default:
		}
	}
}

// An mpv that crashed is opened again at once, then with growing pauses, until one
// has lived long enough.
const (
	firstPause = 500 * time.Millisecond
	lastPause  = 30 * time.Second
	longLife   = 30 * time.Second
)

// Run follows the party until ctx ends.
func (s *Screen) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var parts sync.WaitGroup
	defer parts.Wait()
	defer stop()
	parts.Go(func() { s.watch(ctx) })
	parts.Go(func() { s.ask(ctx) })
	parts.Go(func() { s.passOn(ctx) })
	for pause := time.Duration(0); ctx.Err() == nil; {
		began := time.Now()
		crashed, err := s.show(ctx)
		if ctx.Err() != nil {
			break
		}
		replace(s.reports, party.Report{State: party.Away, Title: s.line.Title})
		if !crashed {
			s.cfg.Tell(Closed)
			pause = 0
			s.closed(ctx, nil)
			continue
		}
		s.log.Warn("mpv ended by itself and is opened again", "err", err)
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, ErrMissing) {
			s.cfg.Tell(Missing)
		}
		if time.Since(began) > longLife {
			pause = 0
		}
		if pause > 0 {
			late := time.NewTimer(pause)
			s.closed(ctx, late.C)
			late.Stop()
		}
		pause = min(max(2*pause, firstPause), lastPause)
	}
	return nil
}

// closed follows the party without a player, until one is to be opened: a person
// says so, another film is put on, one that was paused goes on, or a pause is over.
func (s *Screen) closed(ctx context.Context, over <-chan time.Time) {
	for {
		select {
		case n := <-s.news:
			was := s.line
			s.take(n)
			now := s.line
			if now.Title != "" && (now.Title != was.Title || !now.Began.Equal(was.Began) || now.Wanted() && !was.Wanted()) {
				return
			}
		case list := <-s.listed:
			s.keep(list)
		case s.offset = <-s.offsets:
		case <-s.open:
			return
		case <-over:
			return
		case <-ctx.Done():
			return
		}
	}
}

// show runs one mpv until it ends, and says whether it ended by itself.
func (s *Screen) show(ctx context.Context) (crashed bool, err error) {
	m, err := s.start(ctx)
	if err != nil {
		return true, err
	}
	defer m.quit()
	s.cfg.Tell(Opened)
	newSitting(s, m).run(ctx)
	if ctx.Err() != nil {
		return false, nil
	}
	late := time.NewTimer(quitTime)
	defer late.Stop()
	select {
	case <-m.proc.ended:
		return m.proc.crashed(), m.proc.err
	case <-late.C:
		return true, errGone // it lives, but does not talk to us
	}
}

func (s *Screen) start(ctx context.Context) (*mpv, error) {
	socket, tidy, err := socketPath(s.cfg.Data)
	if err != nil {
		return nil, err
	}
	proc, err := launch(s.cfg.Path, arguments(socket))
	if err != nil {
		tidy()
		return nil, err
	}
	conn, err := proc.dial(ctx, socket)
	if err != nil {
		proc.kill()
		tidy()
		return nil, err
	}
	m, err := newMPV(conn, proc, tidy)
	if err != nil {
		m.quit()
		return nil, err
	}
	return m, nil
}

// take notes what the party has become.
func (s *Screen) take(n news) {
	s.line, s.coming, s.names = n.state.Timeline, n.state.Coming, n.state.Members
}
