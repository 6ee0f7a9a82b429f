// Package rendition makes films playable on devices that cannot play the file: it says what a
// file is and what can be made of it, and a [Studio] makes that as HLS, segment by segment, when
// somebody asks.
//
// It promises that any segment can be made alone and joins its neighbours exactly, whichever
// child made them; that one child works for all who want the same; that a child nobody waits
// for ends; and that what was made is kept within a quota, under the identity of the bytes it
// was made from.
package rendition

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"watchparty/media/ffmpeg"
)

// A Source is a film's file.
type Source struct {
	Key    string                   // other bytes, other key
	Open   func() (*os.File, error) // the file, which the studio closes
	Beside []Beside                 // sounds of the film in files of their own
}

// A Piece is a playlist, or a part of a film that was made. Close it after use.
type Piece struct {
	io.ReadSeeker
	Size    int64  // bytes
	Tag     string // changes with the bytes; without quotes
	Type    string // for Content-Type
	closing func() error
}

// Close gives back what it held.
func (p *Piece) Close() error { return p.closing() }

// Config says what a studio is made of.
type Config struct {
	Program *ffmpeg.Program
	Dir     string           // folder of its cache, which is made
	Quota   int64            // bytes that the cache may have
	Now     func() time.Time // host time, for what is live; nil: this machine's
	Told    func()           // called when a list would say more of films than before, or of what is live; it must not wait; nil: nobody cares
	Failed  func(error)      // called when a child ended that was to go on; it must not wait; nil: nobody cares
	Log     *slog.Logger
}

// A Studio makes renditions. [Studio.Run] does the work.
type Studio struct {
	Config
	cache    *cache
	picture  *ffmpeg.Pool
	sound    *ffmpeg.Pool
	text     *ffmpeg.Pool
	indexing *ffmpeg.Pool
	stills   *ffmpeg.Pool
	sheets   *ffmpeg.Pool
	begin    chan func(context.Context) // what Run starts
	curious  chan Source                // files to look into when there is time
	ready    chan struct{}              // closed once encoder is known
	encoder  string
	soft     atomic.Bool // the encoder has failed
	started  atomic.Int64
	searched atomic.Int64

	gauge sync.Mutex
	speed float64 // guarded by gauge; 0: not measured

	mu       sync.Mutex
	air      air
	takes    map[string][]*take             // guarded by mu; by folder in the cache
	count    int                            // guarded by mu; of takes since the beginning
	turns    map[*ffmpeg.Pool]time.Duration // guarded by mu; how long a child needs from its place to its first segment
	looks    map[string]*look               // guarded by mu; by key
	found    map[string]*search             // guarded by mu; by key
	writings map[string]*writing            // guarded by mu; by name in the cache
}

// look is what is known of a file.
type look struct {
	done chan struct{} // closed when info and err are set
	info ffmpeg.Info
	err  error
}

// New opens the cache. Nothing runs yet.
func New(cfg Config) (*Studio, error) {
	c, err := openCache(cfg.Dir, cfg.Quota)
	if err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Failed == nil {
		cfg.Failed = func(error) {}
	}
	if cfg.Told == nil {
		cfg.Told = func() {}
	}
	s := &Studio{Config: cfg, air: newAir(), cache: c, picture: ffmpeg.NewPool(0), sound: ffmpeg.NewPool(4), text: ffmpeg.NewPool(2),
		begin: make(chan func(context.Context)), curious: make(chan Source, 256), ready: make(chan struct{}),
		takes: map[string][]*take{}, turns: map[*ffmpeg.Pool]time.Duration{}, looks: map[string]*look{}, writings: map[string]*writing{}, found: map[string]*search{}, indexing: ffmpeg.NewPool(1), stills: ffmpeg.NewPool(1), sheets: ffmpeg.NewPool(1)}
	if ffmpeg.Few() {
		s.beFew()
	}
	return s, nil
}

// beFew leaves one place for each kind of child that goes on for long, and one for all that are soon done.
func (s *Studio) beFew() {
	ffmpeg.KeepThreads()
	s.picture, s.sound, s.air.pool = ffmpeg.NewPool(1), ffmpeg.NewPool(1), ffmpeg.NewPool(1)
	soon := ffmpeg.NewPool(1)
	s.text, s.indexing, s.stills, s.sheets = soon, soon, soon, soon
	s.Log.Warn("few processes are allowed here, so films are converted one after the other", "hint", "raise the container's limit, TasksMax of systemd, or ulimit -u")
}

// Run does the work until ctx ends, and returns nil when all children have ended.
func (s *Studio) Run(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	s.encoder = chooseEncoder(ctx, s.Program)
	close(s.ready)
	s.Log.Info("films can be converted", "ffmpeg", s.Program.Version, "encoder", s.encoder)
	all.Go(func() { s.browse(ctx) })
	for {
		select {
		case <-ctx.Done():
			return nil
		case f := <-s.begin:
			all.Go(func() { f(ctx) })
		}
	}
}

// browse looks into files that nobody waits for, and tells when there are no more and something is known that was not.
func (s *Studio) browse(ctx context.Context) {
	news := false
	for {
		select {
		case <-ctx.Done():
			return
		case src := <-s.curious:
			was := s.looked(src.Key)
			s.Info(ctx, src)
			news = news || !was && s.looked(src.Key)
		}
		if news && len(s.curious) == 0 {
			news = false
			s.Told()
		}
	}
}

// looked tells whether a file was looked into, or is.
func (s *Studio) looked(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looks[key] != nil
}

// Load is how many children work, and how many renditions wait until others are done.
func (s *Studio) Load() (working, waiting int) {
	return s.picture.Running() + s.sound.Running() + s.text.Running() + s.air.pool.Running(),
		s.picture.Queue() + s.sound.Queue() + s.text.Queue() + s.air.pool.Queue()
}

// Started counts the children since the beginning.
func (s *Studio) Started() int { return int(s.started.Load()) }

// Known is what a file is, if that was found out already; else it will be. The error is that
// of [Studio.Info].
func (s *Studio) Known(src Source) (info ffmpeg.Info, known bool, err error) {
	s.mu.Lock()
	l := s.looks[src.Key]
	s.mu.Unlock()
	if l == nil {
		select {
		case s.curious <- src:
		default: // the next listing asks again
		}
		return info, false, nil
	}
	select {
	case <-l.done:
		return l.info, true, l.err
	default:
		return info, false, nil
	}
}

// Info looks into a file, once for each content.
func (s *Studio) Info(ctx context.Context, src Source) (ffmpeg.Info, error) {
	s.mu.Lock()
	l, ok := s.looks[src.Key]
	if !ok {
		l = &look{done: make(chan struct{})}
		s.looks[src.Key] = l
	}
	s.mu.Unlock()
	if !ok {
		err := s.start(ctx, func(ctx context.Context) { s.look(ctx, src, l) })
		if err != nil {
			s.forget(src.Key)
			l.err = err
			close(l.done)
		}
	}
	select {
	case <-l.done:
		return l.info, l.err
	case <-ctx.Done():
		return ffmpeg.Info{}, context.Cause(ctx)
	}
}

func (s *Studio) look(ctx context.Context, src Source, l *look) {
	defer close(l.done)
	f, err := src.Open()
	if err == nil {
		defer f.Close()
		l.info, err = ffmpeg.ProbeFile(ctx, f)
	}
	if l.err = err; err != nil && !errors.Is(err, ffmpeg.ErrBroken) {
		s.forget(src.Key) // it may be better next time
	}
}

func (s *Studio) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.looks, key)
}

// start has Run start f.
func (s *Studio) start(ctx context.Context, f func(context.Context)) error {
	select {
	case s.begin <- f:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Open gives a part of a film by its name: "main.m3u8", or "720/list.m3u8", "720/init.mp4",
// "720/17.m4s" and the same of another rendition; "720/17.turn" says when that segment's turn comes,
// a [Turn], and waits for nothing; "main.480.m3u8" is for those whose network is slow;
// "main.s3.m3u8" and "720s3/…" have the subtitles of stream 3 drawn into the picture. It waits until
// the part is made. What does not exist is an fs.ErrNotExist; other errors for people are an [ffmpeg.Fault].
func (s *Studio) Open(ctx context.Context, src Source, name string) (*Piece, error) {
	info, err := s.Info(ctx, src)
	if err != nil {
		return nil, err
	}
	all, name := offered(info, name)
	if len(all) == 0 {
		return nil, ffmpeg.ErrBroken.Because(errors.New("nothing to play, or no length"))
	}
	all = append(all, s.besides(ctx, src, info.Duration)...)
	which, file, _ := strings.Cut(name, "/")
	if name == "main.m3u8" || which == copied {
		if all, err = s.withKeys(ctx, src, all, which == copied); err != nil {
			return nil, err
		}
	}
	if name == "main.m3u8" {
		return playlist(mainPlaylist(all), src.Key), nil
	}
	for _, r := range all {
		if r.Name != which {
			continue
		}
		if file == "list.m3u8" {
			return playlist(mediaPlaylist(r), src.Key), nil
		}
		if n, ok := turnOf(file); ok {
			return s.turn(src, r, n), nil
		}
		n, ok := segmentOf(file)
		if !ok || n >= r.Segments() {
			break
		}
		return s.piece(ctx, src, all, r, file, n)
	}
	return nil, fmt.Errorf("%s: %w", strconv.Quote(name), fs.ErrNotExist)
}

// segmentOf reads "17.m4s"; init.mp4 is wanted with the first.
func segmentOf(file string) (n int, ok bool) {
	if file == "init.mp4" {
		return 0, true
	}
	return numbered(file, ".m4s")
}

// numbered reads a name that is a number and an ending.
func numbered(file, ending string) (n int, ok bool) {
	digits, ok := strings.CutSuffix(file, ending)
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && n >= 0 && strconv.Itoa(n) == digits
}

func playlist(text []byte, key string) *Piece {
	sum := sha256.Sum256(append([]byte(key+"\x00"), text...))
	return memory(text, fmt.Sprintf("%x", sum[:12]), "application/vnd.apple.mpegurl")
}

// memory is bytes that were made here as a piece.
func memory(b []byte, tag, kind string) *Piece {
	return &Piece{ReadSeeker: bytes.NewReader(b), Size: int64(len(b)), Tag: tag, Type: kind, closing: func() error { return nil }}
}

// coder is the encoder that is used now.
func (s *Studio) coder() string {
	if s.soft.Load() {
		return software
	}
	return s.encoder
}

// soften leaves a hardware encoder alone that has failed in a film which software could convert.
func (s *Studio) soften(coder string, err error) {
	if s.soft.CompareAndSwap(false, true) {
		s.Log.Warn("the hardware encoder failed, films are converted in software from now on", "encoder", coder, "err", err)
	}
}

// folder is where a rendition lies in the cache. What is encoded otherwise lies elsewhere.
func (s *Studio) folder(src Source, r Rendition, coder string) string {
	src = r.of(src)
	r.keys, r.beside = nil, nil // which follow from the rest
	if !r.video() || r.Copied() {
		coder = "" // it has no part in them
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "1\x00%s\x00%s\x00%s\x00%v", src.Key, s.Program.Version, coder, r))
	return fmt.Sprintf("%x/%s", sum[:12], r.Name)
}

func (s *Studio) piece(ctx context.Context, src Source, all []Rendition, r Rendition, file string, n int) (*Piece, error) {
	select {
	case <-s.ready:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	coder := s.coder()
	name := s.folder(src, r, coder) + "/" + file
	var begins func()
	if r.video() {
		begins = func() { s.along(ctx, src, all, r, n) }
	}
	f, err := s.wait(ctx, src, r, coder, name, n, begins)
	if coder != software && r.video() && !r.Copied() && ctx.Err() == nil && (errors.Is(err, ffmpeg.ErrBroken) || errors.Is(err, ffmpeg.ErrStall)) {
		other := s.folder(src, r, software) + "/" + file
		if g, still := s.wait(ctx, src, r, software, other, n, nil); still == nil { // so it was the encoder, and not the film
			f, name = g, other
			s.soften(coder, err)
			err = nil
		}
	}
	if err != nil {
		return nil, err
	}
	kind := "audio/mp4"
	if r.video() {
		kind = "video/mp4"
	}
	return filed(f, name, kind)
}

// filed is a file of the cache as a piece.
func filed(f *os.File, name, kind string) (*Piece, error) {
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	return &Piece{ReadSeeker: f, Size: info.Size(), Tag: strings.ReplaceAll(name, "/", "-"), Type: kind, closing: f.Close}, nil
}

// idle is how long a child goes on that nobody waits for.
const idle = 20 * time.Second
