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
	Region catalog.Region `json:"region,omitempty"` // where it is that: of their house
	Needs  string         `json:"needs,omitempty"`  // where it is that: the memberships, any of them
	Opens  int64          `json:"opens,omitempty"`  // where it is that: Unix milliseconds
}

// rights answers who of those present may not watch what: by title, only those that somebody may not; of one title, if
// it is named.
func (s *Server) rights(w http.ResponseWriter, r *http.Request, c caller) {
	state := s.House.State()
	ids, err := s.asked(r, c)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	out := map[catalog.TitleID][]Locked{}
	here := present(state)
	for _, id := range ids {
		for _, m := range here {
			d, err := s.Library.May(r.Context(), id, guestAt{state, m.ID, s.Clock.Now()})
			if err != nil {
				fail(w, r, s.log, err)
				return
			}
			if !d.OK {
				out[id] = append(out[id], locked(m, d, languageOf(r)))
			}
		}
	}
	answer(w, http.StatusOK, out)
}

// asked are the titles that a question is about.
func (s *Server) asked(r *http.Request, c caller) ([]catalog.TitleID, error) {
	if id := catalog.TitleID(r.URL.Query().Get("title")); id != "" {
		return []catalog.TitleID{id}, nil
	}
	list, err := s.Library.Titles(r.Context(), c, languageOf(r))
	ids := make([]catalog.TitleID, len(list))
	for i, t := range list {
		ids[i] = t.ID
	}
	return ids, err
}

func locked(m party.Member, d catalog.Decision, lang string) Locked {
	l := Locked{Member: m.ID, Code: string(d.Code), Reason: d.In(lang), Needs: d.Needs, Opens: d.Opens}
	if d.Code == catalog.CodeRegion {
		l.Region = m.Region
	}
	return l
}
