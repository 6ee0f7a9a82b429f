package web

import (
	"net/http"

	"watchparty/node/party"
)

// erasePast deletes a line of an evening that is over, or of the party that is on.
func (s *Server) erasePast(w http.ResponseWriter, r *http.Request, c caller) {
	var q party.Erase
	if !read(w, r, &q) {
		return
	}
	id, by := party.ID(r.PathValue("party")), c.Member().ID
	var err error
	if on := s.House.State(); on != nil && on.ID == id {
		_, err = s.House.Current().Submit(r.Context(), by, "", q)
	} else {
		err = s.desk.Archive.Erase(id, by, q, s.Clock.Now())
	}
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]bool{"erased": true})
}
