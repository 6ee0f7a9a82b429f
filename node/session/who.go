package session

import (
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// Who is a pass at the media door: asked at the door, and again while bytes flow.
type Who struct {
	s     *Server
	token string
	id    party.MemberID
}

// Who checks a token for the media door.
func (s *Server) Who(token string) (Who, error) {
	id, err := s.Gate.Check(token)
	return Who{s, token, id}, err
}

// ID is the pass's member.
func (w Who) ID() party.MemberID { return w.id }

// Member is the pass's member at the party that is on; the zero Member if they
// have not come.
func (w Who) Member() party.Member {
	if state := w.s.House.State(); state != nil {
		return state.Members[w.id]
	}
	return party.Member{}
}

// Here says whether they are of the party that is on, and their pass is good.
func (w Who) Here() bool {
	_, err := w.s.Gate.Check(w.token)
	m := w.Member()
	return err == nil && m.ID != "" && !m.Removed
}

// Viewer is media.Who's.
func (w Who) Viewer(id catalog.TitleID) (catalog.Viewer, time.Time, bool) {
	now := w.s.Clock.Now()
	state := w.s.House.State()
	if state == nil {
		return catalog.Viewer{}, now, false
	}
	if _, err := w.s.Gate.Check(w.token); err != nil {
		return catalog.Viewer{}, now, false
	}
	return state.Viewer(w.id, id, now)
}
