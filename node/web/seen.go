package web

import (
	"net/http"
	"sync"
	"time"

	"watchparty/node/party"
)

// seen remembers of each party what was watched at it, as far as its log was read.
type seen struct {
	mu      sync.Mutex
	parties map[party.ID]*party.Seen // guarded by mu
}

// read reads the logs on, and adds up all evenings, also the one that is on.
func (s *seen) read(a Archive, on party.ID, now time.Time) (*party.Seen, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.parties == nil {
		s.parties = map[party.ID]*party.Seen{}
	}
	parties, err := a.Parties()
	if err != nil {
		return nil, err
	}
	all := &party.Seen{}
	for _, p := range parties {
		one := s.parties[p.ID]
		if one == nil {
			one = &party.Seen{}
			s.parties[p.ID] = one
		}
		for one.State.Seq < p.Records {
			c, err := a.Chapter(p.ID, one.State.Seq)
			if err != nil {
				return nil, err
			}
			if len(c.Records) == 0 {
				break
			}
			for _, raw := range c.Records {
				r, err := party.DecodeRecord(raw)
				if err != nil {
					return nil, err
				}
				one.Add(r)
			}
		}
		switch {
		case p.ID == on:
			one.Pass(now)
		case p.Ended != nil: // nothing comes any more: its people need not be kept
			one.State = party.State{Seq: one.State.Seq}
		}
		all.Join(one)
	}
	return all, nil
}

// seenBy answers who of those present has seen which title, at this party or another.
func (s *Server) seenBy(w http.ResponseWriter, r *http.Request, _ caller) {
	all, err := s.seen.read(s.desk.Archive, s.House.State().ID, s.Clock.Now())
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	var here []party.MemberID
	for _, m := range present(s.House.State()) {
		here = append(here, m.ID)
	}
	answer(w, http.StatusOK, all.By(here))
}
