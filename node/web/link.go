package web

import (
	"net/http"

	"watchparty/node/party"
)

// link makes a way in for another device of the caller's, or at the desk of a member's.
func (s *Server) link(w http.ResponseWriter, r *http.Request, c caller) {
	var q struct{ Member party.MemberID }
	if !read(w, r, &q) {
		return
	}
	id := c.ID()
	if q.Member != "" && q.Member != id {
		if s.desk == nil || !s.House.State().May(s.roleOf(c), party.Manage) {
			refuse(w, http.StatusForbidden, "WP-FORBIDDEN", "Only the host may do this.")
			return
		}
		id = q.Member
	}
	linked, err := s.Joiner.Link(r.Context(), id)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"link": linked.Link, "code": linked.Code, "expires": linked.Expires, "qr": qrRows(linked.Link)})
}
