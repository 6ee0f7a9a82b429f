package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// Past is a party at a glance.
type Past struct {
	ID      party.ID       `json:"id"`
	Name    string         `json:"name"`
	Opened  time.Time      `json:"opened"`
	Ended   *time.Time     `json:"ended"` // null: not ended
	Records party.Seq      `json:"records"`
	Members int            `json:"members"`           // who was ever there, the host too
	Evening *party.Evening `json:"evening,omitempty"` // what it came to; absent while it goes on, and of parties of old versions
}

// A Chapter is a stretch of a party's log.
type Chapter struct {
	Party   Past              `json:"party"`
	Members []party.Member    `json:"members,omitempty"` // as they were at the end; with the first chapter alone
	Records []json.RawMessage `json:"records"`           // none: the log ends here
}

// An Archive is what a house remembers of its parties.
type Archive interface {
	// Parties lists them, the newest first.
	Parties() ([]Past, error)
	// Chapter reads on after a record; an unknown party is refused with WP-UNKNOWN.
	Chapter(id party.ID, after party.Seq) (Chapter, error)
	// Acts are what its moderators did at a party, in their order.
	Acts(id party.ID) ([]party.Act, error)
	// Evenings lists at which past evenings something was said over a title, the newest first.
	Evenings(title catalog.TitleID) ([]Heard, error)
	// Keepsake is the chat of an evening; an unknown one is refused with WP-UNKNOWN.
	Keepsake(id party.ID) (party.Keepsake, error)
	// Import reads a file in as an evening that is past.
	Import(Import) (Past, error)
	// Erase deletes a line of an evening that is past, as somebody who may.
	Erase(id party.ID, by party.MemberID, c party.Erase, now time.Time) error
	// Keep puts a copy of everything beside the original.
	Keep() error
}

func (s *Server) archiveRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/history", s.power(party.Manage, s.history))
	mux.HandleFunc("GET /api/history/{party}", s.power(party.Manage, s.chapter))
	mux.HandleFunc("POST /api/history/{party}/erase", s.power(party.Manage, s.erasePast))
	s.keepsakeRoutes(mux)
	mux.HandleFunc("POST /api/backup", s.power(party.Manage, s.backup))
}

func (s *Server) history(w http.ResponseWriter, r *http.Request, _ caller) {
	parties, err := s.desk.Archive.Parties()
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"parties": parties})
}

func (s *Server) chapter(w http.ResponseWriter, r *http.Request, _ caller) {
	after, err := strconv.ParseUint(r.URL.Query().Get("after"), 10, 64)
	if err != nil && r.URL.Query().Has("after") {
		refuse(w, http.StatusBadRequest, "WP-BAD", "The number of a record is wanted after which to read on.")
		return
	}
	c, err := s.desk.Archive.Chapter(party.ID(r.PathValue("party")), party.Seq(after))
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, c)
}

// backup keeps a copy in the data folder. It hands out nothing: the copy holds the
// host's key, which does not travel over plain HTTP.
func (s *Server) backup(w http.ResponseWriter, r *http.Request, _ caller) {
	if err := s.desk.Archive.Keep(); err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]bool{"kept": true})
}
