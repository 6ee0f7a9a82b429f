package web

import (
	"net/http"

	"watchparty/node/party"
)

// moderation is who is banned, and what moderators did at the party that is on.
func (s *Server) moderation(w http.ResponseWriter, r *http.Request, _ caller) {
	bans, err := s.desk.Auth.Bans()
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	acts, err := s.desk.Archive.Acts(s.House.Current().ID)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	if bans == nil {
		bans = []party.Account{}
	}
	answer(w, http.StatusOK, map[string]any{"bans": bans, "acts": acts})
}
