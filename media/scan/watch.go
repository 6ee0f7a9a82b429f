package scan

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// copied is how long a file must have rested before it is taken for whole.
	copied = 10 * time.Second
	// soon is how long a watcher waits after a change, since more will follow.
	soon = 2 * time.Second
	// glance is how often the folders themselves are looked at: a disk that comes back is not told of.
	glance = 5 * time.Second
	// always is how often everything is looked at, where changes are not told (network drives). It is
	// long, so that disks may sleep.
	always = 15 * time.Minute
	// often bounds how often progress is told.
	often = 300 * time.Millisecond
	// maxWatched is how many folders are watched at most; systems have their bounds.
	maxWatched = 4096
)

// A State is what a watcher does and has found.
type State struct {
	Running  bool
	Done, Of int       // files looked into in this run
	File     string    // the one that is being looked into
	At       time.Time // of the last run's end; zero: there was none
	Report   *Report   // of the last run; nil: it failed
	Dry      bool      // that run wrote nothing
	Err      error     // why it failed
}

// A Watcher keeps a catalog in step with its library: it scans when something changes there,
// and when somebody asks.
type Watcher struct {
	Catalog string
	// Library gives the library and the folders in it that are watched, as the catalog in force says;
	// no folders: scans are made only when asked for.
	Library func() (dir string, watched []string)
	Told    func(State) // after each change of the state, in turn
	Probe   Prober      // nil: [ffmpeg.ProbeFile]
	Index   string      // where to remember what was seen

	ask   chan bool // whether to add
	fresh chan struct{}
	mu    sync.Mutex
	state State // guarded by mu
}

// Start makes a watcher ready for use; [Watcher.Run] does its work.
func (w *Watcher) Start() *Watcher {
	w.ask, w.fresh = make(chan bool, 1), make(chan struct{}, 1)
	return w
}

// Scan asks for a scan of the watched folders, or of the whole library if there are none. It
// adds what is new only if add is set. It is false when one was asked for already.
func (w *Watcher) Scan(add bool) bool {
	select {
	case w.ask <- add:
		return true
	default:
		return false
	}
}

// Changed says that another catalog is in force.
func (w *Watcher) Changed() {
	select {
	case w.fresh <- struct{}{}:
	default:
	}
}

// State is how things stand.
func (w *Watcher) State() State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

func (w *Watcher) tell(change func(*State)) {
	w.mu.Lock()
	change(&w.state)
	now := w.state
	w.mu.Unlock()
	w.Told(now)
}

// Run watches until ctx ends, and returns nil then.
func (w *Watcher) Run(ctx context.Context) error {
	e := newEars(filepath.Base(w.Catalog))
	defer e.close()
	glances, rounds := time.NewTicker(glance), time.NewTicker(always)
	defer glances.Stop()
	defer rounds.Stop()
	next := time.NewTimer(soon) // something may have changed while nobody watched
	defer next.Stop()
	armed := true
	arm := func(after time.Duration) {
		if !armed {
			armed = true
			next.Reset(after)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case add := <-w.ask:
			w.scan(ctx, !add)
		case <-e.changes:
			arm(soon)
		case <-glances.C:
			if e.moved() {
				arm(0)
			}
		case <-w.fresh:
			arm(soon)
		case <-rounds.C:
			arm(0)
		case <-next.C:
			armed = false
			library, watched := w.Library()
			e.listen(library, watched)
			if len(watched) > 0 && w.scan(ctx, false) > 0 {
				arm(copied)
			}
		}
	}
}

// scan makes one run, and tells how many files it left for later.
func (w *Watcher) scan(ctx context.Context, dry bool) (young int) {
	library, watched := w.Library()
	if len(watched) == 0 {
		watched = []string{"."}
	}
	var folders []string
	for _, folder := range watched {
		folders = append(folders, filepath.Join(library, filepath.FromSlash(folder)))
	}
	var last time.Time
	report, err := Run(ctx, Options{Catalog: w.Catalog, Folders: folders, Index: w.Index, Dry: dry, Rest: copied, Now: time.Now(), Probe: w.Probe,
		Progress: func(done, of int, name string) {
			if now := time.Now(); now.Sub(last) > often {
				last = now
				w.tell(func(s *State) { s.Running, s.Done, s.Of, s.File = true, done, of, name })
			}
		}})
	if ctx.Err() != nil {
		return 0
	}
	w.tell(func(s *State) { *s = State{At: time.Now(), Report: report, Dry: dry, Err: err} })
	if report == nil {
		return 0
	}
	return report.Young
}

// ears hear of changes in folders.
type ears struct {
	notify  *fsnotify.Watcher      // nil: nothing is told here
	changes chan struct{}          // holds one: whoever looks sees all there is
	folders map[string]os.FileInfo // those watched, as they were; nil: not there
	done    chan struct{}
}

// newEars hears nothing of files of one name, which is the catalog's own.
func newEars(but string) *ears {
	e := &ears{changes: make(chan struct{}, 1), done: make(chan struct{})}
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		close(e.done)
		return e
	}
	e.notify = notify
	go e.hear(but)
	return e
}

// hear works until the watcher is closed.
func (e *ears) hear(but string) {
	defer close(e.done)
	for {
		select {
		case event, ok := <-e.notify.Events:
			if !ok {
				return
			}
			if base := filepath.Base(event.Name); event.Op == fsnotify.Chmod || base == but || strings.HasPrefix(base, ".") {
				continue
			}
		case _, ok := <-e.notify.Errors: // events were lost
			if !ok {
				return
			}
		}
		select {
		case e.changes <- struct{}{}:
		default:
		}
	}
}

func (e *ears) close() {
	if e.notify != nil {
		e.notify.Close()
	}
	<-e.done
}

// listen hears of changes in folders and all below them.
func (e *ears) listen(library string, watched []string) {
	e.folders = map[string]os.FileInfo{}
	n := 0
	for _, folder := range watched {
		at := filepath.Join(library, filepath.FromSlash(folder))
		info, err := os.Stat(at)
		if err != nil {
			info = nil
		}
		e.folders[at] = info
		if e.notify == nil {
			continue
		}
		filepath.WalkDir(at, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || !d.IsDir():
				return nil
			case name != at && strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir
			case n >= maxWatched || errors.Is(e.notify.Add(name), fsnotify.ErrClosed):
				return fs.SkipAll
			}
			n++
			return nil
		})
	}
}

// moved tells whether a watched folder is another than before: its disk went, or came back.
func (e *ears) moved() bool {
	for at, before := range e.folders {
		now, err := os.Stat(at)
		if (err != nil) != (before == nil) || before != nil && !os.SameFile(before, now) {
			return true
		}
	}
	return false
}
