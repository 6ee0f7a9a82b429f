package media

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"watchparty/media/catalog"
)

// recheck is how often open titles are decided anew. Rules take effect within a second; this
// leaves room for noticing the change.
const recheck = 250 * time.Millisecond

// errClosed is what reading a title gives after Close.
var errClosed = errors.New("media: the title was closed")

// A Library is the door to the titles of one [Origin].
type Library struct {
	origin Origin
	wake   chan struct{} // holds one: a second Recheck before the first is served adds nothing

	mu   sync.Mutex
	open map[*Title]struct{} // guarded by mu
}

// NewLibrary makes the door to o. [Library.Run] keeps its promise about open titles.
func NewLibrary(o Origin) *Library {
	return &Library{origin: o, wake: make(chan struct{}, 1), open: map[*Title]struct{}{}}
}

// Titles lists what who may know of, in the order of the catalog, with texts in the language
// lang ("en" or "fr").
func (l *Library) Titles(ctx context.Context, who Who, lang string) ([]Listing, error) {
	return l.origin.Titles(ctx, who, lang)
}

// Open gives a title to somebody who may watch it, and a [Refused] to anybody else. It touches
// no file. The title ends with ctx at the latest; close it after use.
func (l *Library) Open(ctx context.Context, id catalog.TitleID, who Who) (*Title, error) {
	t := &Title{id: id, who: who, lib: l}
	t.ctx, t.end = context.WithCancelCause(ctx)
	// Known to recheck before it is decided, so that a change of rule in between is not missed.
	l.mu.Lock()
	l.open[t] = struct{}{}
	l.mu.Unlock()
	d, err := l.origin.Decide(t.ctx, id, who)
	if err == nil && !d.OK {
		err = &Refused{d}
	}
	if err == nil {
		err = t.err()
	}
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// Recheck has all open titles decided anew at once, because a rule or a guest has changed.
func (l *Library) Recheck() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Run decides open titles anew, four times a second and after each [Library.Recheck], and ends
// those that may no longer be watched. It returns nil when ctx ends; open titles end with it,
// since nobody would watch over them.
func (l *Library) Run(ctx context.Context) error {
	tick := time.NewTicker(recheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			for _, t := range l.titles() {
				t.Close()
			}
			return nil
		case <-tick.C:
		case <-l.wake:
		}
		for _, t := range l.titles() {
			if d, err := l.origin.Decide(ctx, t.id, t.who); err == nil && !d.OK {
				t.end(&Refused{d})
			}
		}
	}
}

func (l *Library) titles() []*Title {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.open))
}

// A Title is the permission to read one title. It is safe for use by several goroutines.
type Title struct {
	id  catalog.TitleID
	who Who
	lib *Library
	ctx context.Context // ends with the permission; its cause says why
	end context.CancelCauseFunc
}

// ID is the title's name in the catalog.
func (t *Title) ID() catalog.TitleID { return t.id }

// File is the film itself.
func (t *Title) File() (Content, error) { return t.part(Part{Kind: File}) }

// Poster is the title's picture.
func (t *Title) Poster() (Content, error) { return t.part(Part{Kind: Poster}) }

// Subtitle is one of the title's subtitles as WebVTT; key is that of a [SubtitleTrack].
func (t *Title) Subtitle(key string) (Content, error) {
	return t.part(Part{Kind: Subtitle, Name: key})
}

// Sound is a sound of the film that lies in a file of its own; key is that of a [rendition.Sound].
func (t *Title) Sound(key string) (Content, error) { return t.part(Part{Kind: Sound, Name: key}) }

// Stream is a part of the film as HLS, such as "main.m3u8" or "720/17.m4s"; it waits until that
// is made. What cannot be made is an [Unplayable].
func (t *Title) Stream(name string) (Content, error) { return t.part(Part{Kind: Stream, Name: name}) }

// Sheet is a sheet of small pictures of the film, such as "3.jpg"; it waits until that is made.
// [Play] says how they lie on it.
func (t *Title) Sheet(name string) (Content, error) { return t.part(Part{Kind: Thumbs, Name: name}) }

// Chat is what was said over the title at an evening, as JSON. Which evenings there are is the host's affair.
func (t *Title) Chat(evening string) (Content, error) { return t.part(Part{Kind: Chat, Name: evening}) }

// Done is closed when the permission has ended; [Title.Err] says why.
func (t *Title) Done() <-chan struct{} { return t.ctx.Done() }

// Err is nil while the title may be read. After a change of rule it is a [Refused].
func (t *Title) Err() error { return t.err() }

// Close gives the title back. Content got through it cannot be read any more, but must still
// be closed.
func (t *Title) Close() {
	t.end(errClosed)
	t.lib.mu.Lock()
	delete(t.lib.open, t)
	t.lib.mu.Unlock()
}

func (t *Title) err() error {
	if t.ctx.Err() == nil {
		return nil
	}
	return context.Cause(t.ctx)
}

func (t *Title) part(p Part) (Content, error) {
	if err := t.err(); err != nil {
		return nil, err
	}
	c, err := t.lib.origin.Content(t.ctx, t.id, p)
	if err != nil {
		return nil, err
	}
	g := &guarded{c, t}
	if s, ok := c.(Sender); ok {
		return &guardedSender{g, s}, nil
	}
	return g, nil
}

// guarded content can be read for as long as its title may.
type guarded struct {
	Content
	title *Title
}

// Read looks before and after: what was read while the permission ended is not handed out.
func (g *guarded) Read(b []byte) (int, error) {
	if err := g.title.err(); err != nil {
		return 0, err
	}
	n, err := g.Content.Read(b)
	if ended := g.title.err(); ended != nil {
		clear(b[:n])
		return 0, ended
	}
	return n, err
}

func (g *guarded) Seek(offset int64, whence int) (int64, error) {
	if err := g.title.err(); err != nil {
		return 0, err
	}
	return g.Content.Seek(offset, whence)
}

// guardedSender is guarded content that is a [Sender].
type guardedSender struct {
	*guarded
	sender Sender
}

// Send implements [Sender].
func (g *guardedSender) Send(w io.Writer, n int64) (int64, error) {
	if err := g.title.err(); err != nil {
		return 0, err
	}
	return g.sender.Send(w, n)
}
