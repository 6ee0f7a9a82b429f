package web

import (
	"net/http"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// LibraryState is what is known of the folder of films: whether it is being scanned, and what the
// last scan found.
type LibraryState struct {
	Folder  string         `json:"folder"`
	Watched []string       `json:"watched"` // folders in it that are looked through by themselves
	Running bool           `json:"running"`
	Done    int            `json:"done"` // files looked into in this run
	Of      int            `json:"of"`
	File    string         `json:"file,omitempty"`
	At      time.Time      `json:"at,omitzero"` // end of the last run; zero: there was none
	Dry     bool           `json:"dry"`         // that run wrote nothing
	Found   int            `json:"found"`
	Count   int            `json:"count"` // titles that are new, or were
	New     []NewTitle     `json:"new"`   // the first of them
	Moved   int            `json:"moved"`
	Offline int            `json:"offline"`
	LeftOut []LeftOut      `json:"leftOut"`         // the first files that became no title, and why
	Fault   *party.Refusal `json:"fault,omitempty"` // why the last run failed
}

// NewTitle is one that a scan found.
type NewTitle struct {
	ID   catalog.TitleID `json:"id"`
	Name string          `json:"title"`
	File string          `json:"file"`
}

// LeftOut is a file that became no title.
type LeftOut struct {
	File   string `json:"file"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// scanLibrary begins a scan. What it finds is told by the desk's facts.
func (s *Server) scanLibrary(w http.ResponseWriter, r *http.Request, _ caller) {
	var q struct{ Add bool }
	if !read(w, r, &q) {
		return
	}
	if err := s.desk.Scan(q.Add); err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusAccepted, map[string]any{"scanning": true})
}
