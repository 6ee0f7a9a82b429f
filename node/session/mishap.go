package session

import (
	"errors"
	"net"
	"time"

	"watchparty/media"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// What may go wrong at one place of a party, while everybody else notices nothing. Each is one sentence on the host's desk.
const (
	Flood     = "flood"     // a member writes, or asks, faster than is let through
	Slow      = "slow"      // a screen did not read and was let go
	Malformed = "malformed" // somebody sent what is no frame
	Full      = "full"      // somebody found no room
	Gone      = "gone"      // a film's file cannot be read
	Disk      = "disk"      // nothing more can be kept
	Converter = "converter" // ffmpeg died, or stood still
)

// A Mishap is something of that kind.
type Mishap struct {
	Kind string
	Who  string // a member's name, an address, or a title's id; empty: nobody in particular
}

// floodAfter is how many of one member's wishes are refused within floodTime until their host is told.
const (
	floodAfter = 20
	floodTime  = 10 * time.Second
)

// Notice tells the node of a mishap, if it wants to know.
func (s *Server) Notice(m Mishap) {
	if s.Mishap != nil {
		s.Mishap(m)
	}
}

// Missed notices why a part of a title did not come, if that is the machine's affair.
func (s *Server) Missed(err error) {
	var gone *media.Gone
	var cannot *media.Unplayable
	switch {
	case errors.As(err, &cannot) && cannot.Code() == "WP-CACHE-FULL":
		s.Notice(Mishap{Kind: Disk})
	case errors.As(err, &gone) && !errors.Is(err, errNoPart):
		s.Notice(Mishap{Gone, string(gone.ID)})
	}
}

// broke notices why a session ended.
func (s *Server) broke(c wire.Conn, id party.MemberID, err error) {
	var bad *wire.ProtoError
	switch {
	case errors.As(err, &bad):
		s.Notice(Mishap{Malformed, s.nameOf(c, id)})
	case errors.Is(err, wire.ErrSlow):
		s.Notice(Mishap{Slow, s.nameOf(c, id)})
	}
}

// nameOf is what people call a member, or where they are as long as nobody knows them.
func (s *Server) nameOf(c wire.Conn, id party.MemberID) string {
	if state := s.House.State(); state != nil && state.Members[id].Name != "" {
		return state.Members[id].Name
	}
	if host, _, err := net.SplitHostPort(c.RemoteAddr().String()); err == nil {
		return host
	}
	return c.RemoteAddr().String()
}

// refused counts a wish that a limit refused, and says whether that is a flood by now.
func (l *limits) refused(id party.MemberID, now time.Time) bool {
	m := l.of(id, now)
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(m.since) > floodTime {
		m.since, m.refused = now, 0
	}
	m.refused++
	return m.refused%floodAfter == 0
}

// flooding notices that a limit refused a wish.
func (st *seat) flooding() {
	if st.limits.refused(st.member, st.Clock.Now()) {
		st.Notice(Mishap{Flood, st.nameOf(st.conn, st.member)})
	}
}
