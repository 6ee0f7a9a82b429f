package web

import (
	"net/http"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// Locked is somebody who is present and may not watch a title, and why.
type Locked struct {
	Member party.MemberID `json:"member"`
	Code   string         `json:"code"`
	Reason string         `json:"reason"`
}

// rights answers who of those present may not watch what: by title, only those that somebody may not.
func (s *Server) rights(w http.ResponseWriter, r *http.Request, c caller) {
	state := s.House.State()
	list, err := s.Library.Titles(r.Context(), c, languageOf(r))
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	out := map[catalog.TitleID][]Locked{}
	here := present(state)
	for _, t := range list {
		for _, m := range here {
			d, err := s.Library.May(r.Context(), t.ID, guestAt{state, m.ID, s.Clock.Now()})
			if err != nil {
				fail(w, r, s.log, err)
				return
			}
			if !d.OK {
				out[t.ID] = append(out[t.ID], Locked{m.ID, string(d.Code), d.In(languageOf(r))})
			}
		}
	}
	answer(w, http.StatusOK, out)
}
