package web

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
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

func (s *Server) subtitle(w http.ResponseWriter, r *http.Request, c caller) {
	key := strings.TrimSuffix(r.PathValue("key"), ".vtt")
	s.part(w, r, c, beside(func(t *media.Title) (media.Content, error) { return t.Subtitle(key) }))
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
	title, err := s.Library.Open(r.Context(), catalog.TitleID(r.PathValue("title")), c)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	defer title.Close()
	content, err := open(title)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	defer content.Close()
	served := make(chan struct{})
	defer close(served)
	go func() {
		select {
		case <-title.Done():
			select {
			case <-served:
			default:
				reset(r.Context())
			}
		case <-served:
		}
	}()
	send(w, r, content)
}

func send(w http.ResponseWriter, r *http.Request, content media.Content) {
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

// piece is how much of a film goes out between two looks at who may have it.
const piece = 256 << 10

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
	for span.N > 0 && err == nil {
		if err = p.control.SetWriteDeadline(time.Now().Add(chunkTime)); err != nil {
			return n, err
		}
		var sent int64
		sent, err = from.Send(p.ResponseWriter, min(span.N, piece))
		span.N -= sent
		n += sent
	}
	if errors.Is(err, io.EOF) {
		err = nil // shorter than it was said to be: ServeContent notices
	}
	return n, err
}

type connKey struct{}

func withConn(ctx context.Context, c net.Conn) context.Context {
	if c, ok := c.(*counted); ok {
		return context.WithValue(ctx, connKey{}, c.Conn)
	}
	return context.WithValue(ctx, connKey{}, c)
}

// reset closes the request's connection at once and drops what is still queued.
func reset(ctx context.Context) {
	c, ok := ctx.Value(connKey{}).(net.Conn)
	if !ok {
		return
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}
