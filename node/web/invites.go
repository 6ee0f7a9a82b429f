package web

import "net/http"

// invites lists the invitations by which somebody may still come.
func (s *Server) invites(w http.ResponseWriter, r *http.Request, _ caller) {
	all, err := s.desk.Auth.Outstanding()
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"invitations": all})
}

// revoke voids one of them.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request, _ caller) {
	if err := s.desk.Auth.Revoke(r.PathValue("id")); err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]bool{"revoked": true})
}
