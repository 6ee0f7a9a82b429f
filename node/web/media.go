package web

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"runtime"
	"strings"
	"time"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/party"
)

// chunkTime is how long a browser may take to accept a piece of a film before the
// connection is given up. A paused film stops reading; it comes back by range.
const chunkTime = 5 * time.Minute

func (s *Server) titles(w http.ResponseWriter, r *http.Request, c caller) {
	list, err := s.Library.Titles(r.Context(), c, languageOf(r))
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	w.Header().Set("Vary", "Accept-Language")
	answer(w, http.StatusOK, list)
}

func (s *Server) file(w http.ResponseWriter, r *http.Request, c caller) {
	s.part(w, r, c, (*media.Title).File)
}

func (s *Server) poster(w http.ResponseWriter, r *http.Request, c caller) {
	s.part(w, r, c, beside((*media.Title).Poster))
}

func (s *Server) thumbs(w http.ResponseWriter, r *http.Request, c caller) {
	name := r.PathValue("name")
	s.part(w, r, c, beside(func(t *media.Title) (media.Content, error) { return t.Sheet(name) }))
}

func (s *Server) subtitle(w http.ResponseWriter, r *http.Request, c caller) {
	key := strings.TrimSuffix(r.PathValue("key"), ".vtt")
	s.part(w, r, c, beside(func(t *media.Title) (media.Content, error) { return t.Subtitle(key) }))
}

func (s *Server) sound(w http.ResponseWriter, r *http.Request, c caller) {
	key := r.PathValue("key")
	s.part(w, r, c, beside(func(t *media.Title) (media.Content, error) { return t.Sound(key) }))
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request, c caller) {
	name := r.PathValue("path")
	s.part(w, r, c, beside(func(t *media.Title) (media.Content, error) { return t.Stream(name) }))
}

// beside opens what lies beside a film. A film may well have none: that is no
// trouble of the host's, as a missing film is.
func beside(open func(*media.Title) (media.Content, error)) func(*media.Title) (media.Content, error) {
	return func(t *media.Title) (media.Content, error) {
		c, err := open(t)
		if errors.Is(err, fs.ErrNotExist) {
			err = &party.Refusal{Code: string(catalog.CodeUnknown), Reason: "There is nothing here."}
		}
		return c, err
	}
}

// part opens the title for the caller and serves one part of it by ranges. When
// the permission ends the connection is reset, so that what the kernel still holds
// is not delivered either.
func (s *Server) part(w http.ResponseWriter, r *http.Request, c caller, open func(*media.Title) (media.Content, error)) {
	done := s.crowd.stream(c.ID())
	if done == nil {
		refuse(w, http.StatusTooManyRequests, "WP-SLOW", "That is too much of the film at once: wait until some of it has come.")
		return
	}
	defer done()
	title, err := s.Library.Open(r.Context(), catalog.TitleID(r.PathValue("title")), c)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	defer title.Close()
	content, err := open(title)
	if err != nil {
		s.Missed(err)
		fail(w, r, s.log, err)
		return
	}
	defer content.Close()
	defer cutWith(r.Context(), title)()
	send(w, r, content)
}

// cutWith resets the request's connection when the permission ends before served is called.
func cutWith(ctx context.Context, title *media.Title) (served func()) {
	done := make(chan struct{})
	go func() {
		select {
		case <-title.Done():
			select {
			case <-done:
			default:
				reset(ctx)
			}
		case <-done:
		}
	}()
	return func() { close(done) }
}

// maxRanges is how many ranges one request may ask for; a player asks for one (RFC 9110,
// 14.2, lets a server reject many small ones).
const maxRanges = 16

func send(w http.ResponseWriter, r *http.Request, content media.Content) {
	if strings.Count(r.Header.Get("Range"), ",") >= maxRanges {
		refuse(w, http.StatusRequestedRangeNotSatisfiable, "WP-BAD", "That is too many ranges at once. Ask for one after the other.")
		return
	}
	info := content.Info()
	h := w.Header()
	h.Set("Content-Type", info.ContentType)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if info.ETag != "" {
		h.Set("ETag", info.ETag)
	}
	http.ServeContent(patient{w, http.NewResponseController(w)}, r, "", info.ModTime, content)
}

// piece is how much of a film goes out between two looks at who may have it. A reader
// slower than a piece in chunkTime, 28 kbit/s, counts as one who accepts nothing.
const piece = 1 << 20

// turn is how long pieces follow each other before other goroutines have theirs. To a reader who is always ready nothing ever
// waits; after 10 ms of that Go's monitor takes it for a thread that hangs, and looks every 20 µs, at the reader's cost
// where there are two processors.
const turn = 5 * time.Millisecond

// A patient writer gives each piece its own time: a film may take hours, and only
// a reader who accepts nothing is given up.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
}

// Write implements io.Writer.
func (p patient) Write(b []byte) (int, error) {
	if err := p.control.SetWriteDeadline(time.Now().Add(chunkTime)); err != nil {
		return 0, err
	}
	return p.ResponseWriter.Write(b)
}

// ReadFrom implements io.ReaderFrom: a file goes to the socket inside the kernel, piece by
// piece.
func (p patient) ReadFrom(src io.Reader) (n int64, err error) {
	span, ok := src.(*io.LimitedReader)
	if !ok {
		return io.Copy(struct{ io.Writer }{p}, src)
	}
	from, ok := span.R.(media.Sender)
	if !ok {
		return io.Copy(struct{ io.Writer }{p}, src)
	}
	for yielded := time.Now(); span.N > 0 && err == nil; {
		if err = p.control.SetWriteDeadline(time.Now().Add(chunkTime)); err != nil {
			return n, err
		}
		var sent int64
		sent, err = from.Send(p.ResponseWriter, min(span.N, piece))
		span.N -= sent
		n += sent
		if time.Since(yielded) >= turn {
			runtime.Gosched()
			yielded = time.Now()
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil // shorter than it was said to be: ServeContent notices
	}
	return n, err
}

type connKey struct{}

func withConn(ctx context.Context, c net.Conn) context.Context {
	if d, ok := c.(*doorway); ok {
		ctx, c = context.WithValue(ctx, doorKey{}, d), d.Conn
	}
	if c, ok := c.(*counted); ok {
		return context.WithValue(context.WithValue(ctx, placeKey{}, c), connKey{}, c.Conn)
	}
	return context.WithValue(ctx, connKey{}, c)
}

// reset closes the request's connection at once and drops what is still queued.
func reset(ctx context.Context) {
	c, ok := ctx.Value(connKey{}).(net.Conn)
	if !ok {
		return
	}
	if tcp, ok := c.(interface{ SetLinger(int) error }); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}
