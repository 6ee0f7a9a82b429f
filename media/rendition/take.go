package rendition

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"watchparty/media/ffmpeg"
)

const (
	// near is how many segments before the one that is wanted a child may be, so that it is
	// waited for: a new child needs about as long.
	near = 3
	// ahead is how many segments a child makes beyond the last that was wanted.
	ahead = 8
	// tries is how many children are tried for one segment.
	tries = 2
)

// A take is one child that makes segments of a rendition, one after the other. Its fields are
// guarded by the studio's mu, except those that never change.
type take struct {
	folder string
	src    Source
	r      Rendition
	coder  string // the encoder
	from   int    // its first segment
	again  bool   // another one came to nothing
	pool   *ffmpeg.Pool
	number int // in the order in which they were begun

	began   time.Time     // when it got a place; zero: it waits for one
	next    int           // the segment that comes next
	wanted  int           // the furthest segment that somebody asked for
	waiting int           // how many wait
	since   time.Time     // when somebody last asked or waited
	cut     bool          // it was told to end
	end     func()        // ends it
	news    chan struct{} // closed and replaced at each change
	done    chan struct{} // closed when it has ended, and err is set
	err     error
}

// tell wakes all who look at t. The caller holds mu.
func (t *take) tell() {
	close(t.news)
	t.news = make(chan struct{})
}

// stop has it end. The caller holds mu.
func (t *take) stop() {
	t.cut = true
	t.end()
}

// wait waits until a file is in the cache, made by a child that others may wait for too. Where a
// new child is needed begins is called, unless it is nil.
func (s *Studio) wait(ctx context.Context, src Source, r Rendition, coder, name string, n int, begins func()) (*os.File, error) {
	var last error
	for try := range tries {
		s.mu.Lock()
		if f, ok := s.cache.get(name); ok {
			s.want(r, name, n)
			s.mu.Unlock()
			return f, nil
		}
		t, work := s.join(src, r, coder, name, n, try > 0)
		s.mu.Unlock()
		if work != nil {
			if begins != nil {
				begins()
			}
			s.begun(ctx, t, work)
		}
		f, err := s.follow(ctx, t, name)
		if f != nil || ctx.Err() != nil {
			return f, err
		}
		if errors.Is(err, ffmpeg.ErrFull) || errors.Is(err, ffmpeg.ErrBusy) || errors.Is(err, ffmpeg.ErrStall) || errors.Is(err, errLost) {
			return nil, err
		}
		last = err
	}
	if last == nil {
		last = errShort
	}
	var fault *ffmpeg.Fault
	if errors.As(last, &fault) {
		return nil, last
	}
	return nil, ffmpeg.ErrBroken.Because(last)
}

// want tells a running child that somebody has come to segment n. The caller holds mu.
func (s *Studio) want(r Rendition, name string, n int) {
	folder := name[:strings.LastIndexByte(name, '/')]
	for _, t := range s.takes[folder] {
		if n >= t.from && n < t.next {
			t.wanted, t.since = max(t.wanted, n), time.Now()
			t.tell()
		}
	}
}

// join finds the child that will soon make segment n, or makes one that begins there, with a
// context for its work. The caller holds mu.
func (s *Studio) join(src Source, r Rendition, coder, name string, n int, again bool) (*take, context.Context) {
	folder := name[:strings.LastIndexByte(name, '/')]
	begins := strings.HasSuffix(name, "init.mp4")
	for _, t := range s.takes[folder] {
		if !t.cut && (n >= t.next && n <= t.next+near || begins && t.next == t.from) {
			t.waiting++
			t.wanted, t.since = max(t.wanted, n), time.Now()
			t.tell()
			return t, nil
		}
	}
	s.count++
	t := &take{number: s.count, folder: folder, coder: coder, again: again, src: r.of(src), r: r, from: n, next: n, wanted: n, waiting: 1, since: time.Now(), pool: s.sound,
		news: make(chan struct{}), done: make(chan struct{})}
	work, end := context.WithCancel(context.Background()) // ended by finish at the latest, and by Run
	t.end = end
	if r.video() && !r.Copied() {
		t.pool = s.picture
	}
	for _, old := range s.takes[folder] {
		if old.waiting == 0 {
			old.stop() // everybody has gone elsewhere in the film
		}
	}
	if t.pool.Full() {
		s.makeRoom(t.pool)
	}
	s.takes[folder] = append(s.takes[folder], t)
	return t, work
}

// makeRoom ends the child that nobody has asked for longest. The caller holds mu.
func (s *Studio) makeRoom(p *ffmpeg.Pool) {
	var oldest *take
	for _, all := range s.takes {
		for _, t := range all {
			if t.pool == p && t.waiting == 0 && !t.cut && (oldest == nil || t.since.Before(oldest.since)) {
				oldest = t
			}
		}
	}
	if oldest != nil {
		oldest.stop()
	}
}

// follow waits for a file that t makes. It gives nothing when t ended without it.
func (s *Studio) follow(ctx context.Context, t *take, name string) (*os.File, error) {
	s.mu.Lock()
	defer func() {
		t.waiting--
		t.since = time.Now()
		t.tell()
		s.mu.Unlock()
	}()
	for {
		if f, ok := s.cache.get(name); ok {
			return f, nil
		}
		news := t.news
		s.mu.Unlock()
		var err error
		ended := false
		select {
		case <-news:
		case <-t.done:
			ended, err = true, t.err
		case <-ctx.Done():
			ended, err = true, context.Cause(ctx)
		}
		s.mu.Lock()
		if ended {
			f, _ := s.cache.get(name)
			if f != nil {
				err = nil
			}
			return f, err
		}
	}
}

// make runs one child to its end.
func (s *Studio) make(ctx context.Context, t *take) {
	err := s.record(ctx, t)
	if ctx.Err() == nil && err != nil && !errors.Is(err, errIdle) {
		s.Log.Warn("converting ended", "rendition", t.r.Name, "segment", t.from, "err", err)
		if !errors.Is(err, errLost) {
			s.Failed(err)
		}
	}
	s.finish(t, err)
}

func (s *Studio) finish(t *take, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.cut, t.err = true, err
	s.takes[t.folder] = slices.DeleteFunc(s.takes[t.folder], func(o *take) bool { return o == t })
	if len(s.takes[t.folder]) == 0 {
		delete(s.takes, t.folder)
	}
	t.end()
	close(t.done)
}

func (s *Studio) record(ctx context.Context, t *take) error {
	back, err := t.pool.Take(ctx)
	if err != nil {
		return err
	}
	defer back()
	if !s.hasTurn(t) {
		return errIdle
	}
	file, err := t.src.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	defer file.Close()
	was, err := file.Stat()
	if err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	in, out := t.r.arguments(t.from, t.again, s.Program, t.coder)
	child, err := s.Program.Start(file, in, out)
	if err != nil {
		return err
	}
	defer child.End()
	defer context.AfterFunc(ctx, child.Kill)()
	s.started.Add(1)
	init := func(b []byte) error {
		name := t.folder + "/init.mp4"
		if s.cache.has(name) {
			return nil
		}
		return s.keep(t, name, b)
	}
	segment := func(n int, b []byte) error {
		if is, err := file.Stat(); err != nil || is.Size() != was.Size() || !is.ModTime().Equal(was.ModTime()) {
			return fmt.Errorf("%w: it was changed while it was read", errLost)
		}
		if child.Starved() && !readable(file, was.Size()) {
			return fmt.Errorf("%w: its disk is broken", errLost) // and the segment one picture, again and again
		}
		if err := s.keep(t, fmt.Sprintf("%s/%d.m4s", t.folder, n), b); err != nil {
			return err
		}
		return s.pause(ctx, t, n+1)
	}
	if t.r.Copied() {
		return copying(t.r.keys, t.from, init, segment).cut(child)
	}
	return encoding(t.r, t.from, init, segment).cut(child)
}

// keep puts a file into the cache and tells those who wait.
func (s *Studio) keep(t *take, name string, b []byte) error {
	if err := s.cache.put(name, b); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.tell()
	return nil
}

// errLost is a file that cannot be read any more: nothing is wrong with the film itself.
var errLost = errors.New("the file is not there")

// glances are how many places of a file are read to see whether its disk is well.
const glances = 64

// readable tells whether a file can be read all over; a film that is cut off can.
func readable(file *os.File, size int64) bool {
	var b [1]byte
	for n := range int64(glances) {
		if _, err := file.ReadAt(b[:], size*n/glances); err != nil && err != io.EOF {
			return false
		}
	}
	return true
}

// errIdle ends a child that nobody needs; it is no trouble.
var errIdle = errors.New("nobody waits")

// pause notes that next comes next, and waits while that is far from what is wanted.
func (s *Studio) pause(ctx context.Context, t *take, next int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.next == t.from {
		s.learnTurn(t)
	}
	t.next = next
	t.tell()
	late := time.NewTimer(idle)
	defer late.Stop()
	for {
		left := idle - time.Since(t.since)
		switch {
		case t.waiting == 0 && (t.pool.Queue() > 0 || left <= 0):
			t.cut = true
			return errIdle
		case t.next <= t.wanted+ahead:
			return nil
		}
		late.Reset(left)
		news := t.news
		s.mu.Unlock()
		select {
		case <-news:
		case <-late.C:
		case <-ctx.Done():
		}
		s.mu.Lock()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}
