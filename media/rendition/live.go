package rendition

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"watchparty/media/ffmpeg"
)

const (
	// slot is how long a piece of a recording is. What is in each is settled once, for all: what
	// the source gave, or darkness.
	slot = 2 * time.Second
	// settled is how long before the edge comes to a slot it is settled: time enough for every
	// screen to fetch it.
	settled = time.Second
	// cushion is how far before the edge comes to it a source's first piece is put, so that
	// one that stutters a little leaves no hole; early is how far any piece may be put, or it is
	// waited with. Who asks for what is not settled yet waits for their sum at most.
	cushion, early = 2 * time.Second, 3 * time.Second
	// Longest is how long a recording may become; younger is what it must have left to be taken
	// up again.
	Longest = 12 * time.Hour
	younger = 2 * time.Hour
	// window is how long what was recorded is kept.
	window = 2 * time.Hour
	slots  = int(Longest / slot)
	// beyond is how far beyond the edge a slot may be asked for.
	beyond = time.Minute
)

// A Broadcast is a live source.
type Broadcast struct {
	Key string // another source, another key
	URL string // may hold a password
}

// A Receiving says what comes from a source.
type Receiving string

// What comes from a source.
const (
	Idle    Receiving = ""        // nobody watches
	Opening Receiving = "opening" // it is being reached
	OnAir   Receiving = "on"
	Silent  Receiving = "silent" // nothing for a moment: it is reached for again and again
	Gone    Receiving = "gone"   // nothing for a minute
	Full    Receiving = "full"   // it gives, but the disk is full
)

// An Edge is where a recording stands. What happens at the source now is at its edge a few
// seconds later; a position is at the edge at Zero and that much time.
type Edge struct {
	Zero  time.Time     // host time
	From  time.Duration // the earliest position of which pictures are kept
	State Receiving
}

// air is what is recorded.
type air struct {
	pool *ffmpeg.Pool

	mu   sync.Mutex
	all  map[string]*recording // guarded by mu, and all in them that changes; by key
	dark *dark                 // guarded by mu; nil: not drawn yet
}

func newAir() air { return air{pool: ffmpeg.NewPool(2), all: map[string]*recording{}} }

// A recording is what was received of a source, from a moment on.
type recording struct {
	Broadcast
	folder string // in the cache
	zero   time.Time
	next   int       // the first slot that is not settled
	oldest int       // the first of which pictures may be kept
	wanted time.Time // when somebody last wanted it
	placed time.Time // when the source gave a piece last; zero: not since somebody wanted it
	given  int       // the slot after that
	begun  time.Time // when it was last begun to be received
	runs   bool
	state  Receiving
	news   chan struct{} // closed and replaced at each change
}

// at is when the edge comes to a slot.
func (r *recording) at(n int) time.Time { return r.zero.Add(time.Duration(n) * slot) }

// settle says whether it is settled what is in a slot, and settles it where it is time: then it is dark.
func (r *recording) settle(n int, now time.Time) bool {
	if n >= r.next && !now.Before(r.at(n).Add(-settled)) {
		r.next = n + 1
	}
	return n < r.next
}

// tell wakes all who wait.
func (r *recording) tell() {
	close(r.news)
	r.news = make(chan struct{})
}

// Edge says where the recording of a source stands. Without one, and where the last one is of
// another evening, it is begun if begin is set; then position 0 is at the edge now.
func (s *Studio) Edge(b Broadcast, begin bool) (e Edge, ok bool) {
	s.air.mu.Lock()
	defer s.air.mu.Unlock()
	r := s.recording(b, begin)
	if r == nil {
		return e, false
	}
	for r.oldest < r.next && !s.cache.has(r.name(r.oldest)) {
		r.oldest++
	}
	return Edge{Zero: r.zero, From: time.Duration(r.oldest) * slot, State: r.state}, true
}

// recording finds the recording of a source, or begins one. The caller holds mu.
func (s *Studio) recording(b Broadcast, begin bool) *recording {
	now := s.Now()
	r := s.air.all[b.Key]
	home := s.home(b)
	if r == nil {
		if zero, ok := s.cache.latest(home); ok {
			r = s.newRecording(b, zero)
			r.next = max(0, int(now.Sub(zero)/slot))
		}
	}
	if r != nil && begin && r.over(now) {
		r = nil
	}
	if r != nil || !begin {
		return r
	}
	for _, name := range s.cache.names(home) {
		s.cache.remove(name)
	}
	s.Told()
	return s.newRecording(b, now.Round(time.Millisecond))
}

// over says whether a recording is of another evening.
func (r *recording) over(now time.Time) bool {
	age := now.Sub(r.zero)
	return age < 0 || age > Longest || !r.runs && (age > Longest-younger || !r.wanted.IsZero() && now.Sub(r.wanted) > window)
}

// newRecording makes a recording. The caller holds mu.
func (s *Studio) newRecording(b Broadcast, zero time.Time) *recording {
	r := &recording{Broadcast: b, folder: fmt.Sprintf("%s/%d", s.home(b), zero.UnixMilli()), zero: zero, news: make(chan struct{})}
	s.air.all[b.Key] = r
	return r
}

// home is where the recordings of a source lie in the cache.
func (s *Studio) home(b Broadcast) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "live 1\x00%s\x00%s", b.Key, s.Program.Version))
	return fmt.Sprintf("%x", sum[:12])
}

func (r *recording) name(n int) string { return fmt.Sprintf("%s/%d.m4s", r.folder, n) }

// latest is when the latest recording in a folder began.
func (c *cache) latest(home string) (zero time.Time, ok bool) {
	for _, name := range c.names(home) {
		ms, err := strconv.ParseInt(path.Base(path.Dir(name)), 10, 64)
		if at := time.UnixMilli(ms); err == nil && at.After(zero) {
			zero, ok = at, true
		}
	}
	return zero, ok
}

// Want keeps a source being received for half a minute more, and begins with it.
func (s *Studio) Want(ctx context.Context, b Broadcast) error {
	s.air.mu.Lock()
	r := s.recording(b, true)
	r.wanted = s.Now()
	begin := !r.runs
	if begin {
		r.runs, r.begun, r.placed, r.state = true, r.wanted, time.Time{}, Opening
	}
	s.air.mu.Unlock()
	if !begin {
		return nil
	}
	s.Told()
	err := s.start(ctx, func(house context.Context) { s.receive(house, r) })
	if err != nil {
		s.rest(r)
	}
	return err
}

// OpenLive gives a part of what is live by its name: "main.m3u8", "live/list.m3u8",
// "live/init.mp4", "live/17.m4s". Who asks for a piece that is yet to come waits for it. The
// errors are those of [Studio.Open].
func (s *Studio) OpenLive(ctx context.Context, b Broadcast, name string) (*Piece, error) {
	switch name {
	case "main.m3u8":
		return playlist(liveMain(), b.Key), nil
	case "live/list.m3u8":
		return playlist(liveList(), b.Key), nil
	}
	file, ok := strings.CutPrefix(name, "live/")
	n, known := segmentOf(file)
	if !ok || !known || n >= slots {
		return nil, fmt.Errorf("%s: %w", strconv.Quote(name), fs.ErrNotExist)
	}
	if err := s.Want(ctx, b); err != nil {
		return nil, err
	}
	dark, err := s.darkness(ctx)
	if err != nil {
		return nil, err
	}
	if file == "init.mp4" {
		return memory(dark.init, "dark-init", "video/mp4"), nil
	}
	return s.slot(ctx, b, n, dark)
}

// slot waits until it is settled what is in a slot.
func (s *Studio) slot(ctx context.Context, b Broadcast, n int, d *dark) (*Piece, error) {
	for {
		s.air.mu.Lock()
		r, now := s.recording(b, true), s.Now()
		f, ok := s.cache.get(r.name(n))
		done := !ok && r.settle(n, now)
		news, due := r.news, r.at(n).Add(-settled).Sub(now)
		s.air.mu.Unlock()
		switch {
		case ok:
			return filed(f, r.name(n), "video/mp4")
		case done:
			b, err := d.piece(n)
			if err != nil {
				return nil, err
			}
			return memory(b, fmt.Sprintf("dark-%d", n), "video/mp4"), nil
		case due > beyond:
			return nil, fmt.Errorf("slot %d is far ahead: %w", n, fs.ErrNotExist)
		}
		if err := pass(ctx, due, news); err != nil {
			return nil, err
		}
	}
}

// pass waits for some time, or until there is news.
func pass(ctx context.Context, d time.Duration, news <-chan struct{}) error {
	late := time.NewTimer(d)
	defer late.Stop()
	select {
	case <-late.C:
	case <-news:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// liveMain is the list of the only rendition there is.
func liveMain() []byte {
	return fmt.Appendf(nil, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-STREAM-INF:BANDWIDTH=%d,CODECS=\"%s,mp4a.40.2\",RESOLUTION=%dx%d\nlive/list.m3u8\n",
		(rungs["720"].rate+audioRate)*5/4, rungs["720"].codec, liveWidth, liveHeight)
}

// liveList lists every slot that there will ever be. It never changes, so a place on it is
// the same place on every screen, and nobody has to read it again and again.
func liveList() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%d\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n"+
		"#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n", int(slot/time.Second))
	for n := range slots {
		fmt.Fprintf(&b, "#EXTINF:%d,\n%d.m4s\n", int(slot/time.Second), n)
	}
	b.WriteString("#EXT-X-ENDLIST\n")
	return []byte(b.String())
}
