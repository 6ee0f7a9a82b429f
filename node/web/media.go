package web

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"watchparty/media"
	"watchparty/media/catalog"
)

// chunkTime is how long a browser may take to accept what fits its buffers before
// the connection is given up. A paused film stops reading; it comes back by range.
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
	s.part(w, r, c, (*media.Title).Poster)
}

func (s *Server) subtitle(w http.ResponseWriter, r *http.Request, c caller) {
	key := strings.TrimSuffix(r.PathValue("key"), ".vtt")
	s.part(w, r, c, func(t *media.Title) (media.Content, error) { return t.Subtitle(key) })
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
	info := content.Info()
	h := w.Header()
	h.Set("Content-Type", info.ContentType)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if info.ETag != "" {
		h.Set("ETag", info.ETag)
	}
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(chunkTime))
	http.ServeContent(w, r, "", info.ModTime, content)
}

type connKey struct{}

func withConn(ctx context.Context, c net.Conn) context.Context {
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
