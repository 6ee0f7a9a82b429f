package web

import (
	"fmt"
	"io"
	"net/http"
	"strconv"

	"watchparty/media"
	"watchparty/media/catalog"
)

// onAir serves what is live as one film without an end, from a slot of its recording on: for players that lose
// their place in a list of segments. Its times are those of the recording.
func (s *Server) onAir(w http.ResponseWriter, r *http.Request, c caller) {
	title, err := s.Library.Open(r.Context(), catalog.TitleID(r.PathValue("title")), c)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	defer title.Close()
	defer cutWith(r.Context(), title)()
	n, err := strconv.Atoi(r.PathValue("slot"))
	if err != nil || n < 0 {
		refuse(w, http.StatusNotFound, string(catalog.CodeUnknown), "There is nothing here.")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "video/mp4")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if r.Method == http.MethodHead {
		return
	}
	to := patient{w, http.NewResponseController(w)}
	for part := "init.mp4"; ; part, n = fmt.Sprintf("%d.m4s", n), n+1 {
		content, err := beside(func(t *media.Title) (media.Content, error) { return t.Stream("live/" + part) })(title)
		if err == nil {
			_, err = io.Copy(to, content)
			content.Close()
		} else if part == "init.mp4" {
			fail(w, r, s.log, err)
			return
		}
		if err != nil || to.control.Flush() != nil {
			return
		}
	}
}
