package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/party"
)

// Heard is an evening at which something was said over a title.
type Heard struct {
	ID        party.ID `json:"id"`
	Name      string   `json:"name"`
	Opened    int64    `json:"opened"` // Unix milliseconds
	Lines     int      `json:"lines"`
	Reactions int      `json:"reactions"`
}

// Import is a file of an evening, JSON or WebVTT, and what WebVTT does not say.
type Import struct {
	File  string          `json:"file"`            // its text
	Title catalog.TitleID `json:"title,omitempty"` // of lines before a note that names one
	Name  string          `json:"name,omitempty"`  // of the evening
	Date  string          `json:"date,omitempty"`  // 2026-11-28; empty: today
}

const (
	maxImport  = 2 * party.MaxKeepsake // bytes: a file in JSON grows by what is escaped in it
	importTime = 2 * time.Minute       // that it may take to come
)

func (s *Server) keepsakeRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/desk/evenings", s.power(party.Manage, s.evenings))
	mux.HandleFunc("GET /api/history/{party}/chat.json", s.power(party.Manage, s.chatJSON))
	mux.HandleFunc("GET /api/history/{party}/chat.vtt", s.power(party.Manage, s.chatVTT))
	mux.HandleFunc("POST /api/history", s.power(party.Manage, s.importEvening))
}

// chat serves what was said over a title at an evening to who may watch it.
func (s *Server) chat(w http.ResponseWriter, r *http.Request, c caller) {
	evening := r.PathValue("evening")
	s.part(w, r, c, beside(func(t *media.Title) (media.Content, error) { return t.Chat(evening) }))
}

// evenings lists at which evenings something was said over a title.
func (s *Server) evenings(w http.ResponseWriter, r *http.Request, _ caller) {
	all, err := s.desk.Archive.Evenings(catalog.TitleID(r.URL.Query().Get("title")))
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"evenings": all})
}

func (s *Server) chatJSON(w http.ResponseWriter, r *http.Request, _ caller) {
	k, err := s.desk.Archive.Keepsake(party.ID(r.PathValue("party")))
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="chat.json"`)
	answer(w, http.StatusOK, k)
}

func (s *Server) chatVTT(w http.ResponseWriter, r *http.Request, _ caller) {
	k, err := s.desk.Archive.Keepsake(party.ID(r.PathValue("party")))
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	w.Header().Set("Content-Type", "text/vtt; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="chat.vtt"`)
	w.Header().Set("Cache-Control", "no-store")
	if err := k.WriteVTT(w, catalog.TitleID(r.URL.Query().Get("title"))); err != nil {
		s.log.Debug("chat was not taken", "err", err)
	}
}

// importEvening reads a file in as an evening that is past.
func (s *Server) importEvening(w http.ResponseWriter, r *http.Request, _ caller) {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(importTime))
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxImport))
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		refuse(w, http.StatusRequestEntityTooLarge, "WP-IMPORT", fmt.Sprintf("A file of an evening has at most %d MB.", party.MaxKeepsake>>20))
		return
	}
	var q Import
	if err != nil || json.Unmarshal(b, &q) != nil {
		refuse(w, http.StatusBadRequest, "WP-BAD", "That could not be read as JSON of the expected shape.")
		return
	}
	past, err := s.desk.Archive.Import(q)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, past)
}
