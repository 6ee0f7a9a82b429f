package web

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"time"

	"watchparty/node/session"
)

// emotes lists the house's emotes.
func (s *Server) emotes(w http.ResponseWriter, r *http.Request, _ caller) {
	list, err := s.Library.Emotes(r.Context())
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, list)
}

// emote serves one picture. Its address names the bytes, so a browser need never ask again.
func (s *Server) emote(w http.ResponseWriter, r *http.Request, _ caller) {
	p, err := s.Library.Emote(r.Context(), r.PathValue("key"))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = session.NoEmote()
		}
		fail(w, r, s.log, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", p.Type)
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(p.Bytes))
}
