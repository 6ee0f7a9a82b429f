package web

import (
	"net/http"
	"slices"
	"time"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/party"
)

const (
	farthest  = 2 * 366 * 24 * time.Hour // that a party may be ahead
	mostDoors = 12 * 60                  // minutes
)

func (s *Server) scheduledRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/desk/scheduled", s.power(party.Manage, s.listScheduled))
	mux.HandleFunc("POST /api/desk/scheduled", s.power(party.Manage, s.schedule))
	mux.HandleFunc("POST /api/scheduled", s.scheduled(func(c Coming, _ string) any { return c }))
	mux.HandleFunc("POST /api/scheduled/poster", s.scheduledPoster)
	mux.HandleFunc("POST /api/scheduled/calendar", s.scheduled(s.calendar))
}

func (s *Server) listScheduled(w http.ResponseWriter, r *http.Request, _ caller) {
	all, err := s.desk.Auth.Scheduled()
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"scheduled": slices.Concat([]party.Scheduled{}, all)})
}

// A ScheduleRequest adds a scheduled party, or changes one; what is absent stays.
type ScheduleRequest struct {
	ID     party.ID         `json:"id"` // empty: a new one
	Name   string           `json:"name"`
	Title  *catalog.TitleID `json:"title"` // empty: none
	At     int64            `json:"at"`    // Unix milliseconds
	Doors  *int             `json:"doors"` // minutes
	Cancel bool             `json:"cancel"`
	Open   bool             `json:"open"` // the doors, now
	Link   bool             `json:"link"` // a link to it is wanted
}

func bad(reason string) error { return &party.Refusal{Code: "WP-BAD", Reason: reason} }

// change does what the request asks.
func (q ScheduleRequest) change(p *party.Scheduled, now time.Time) error {
	before := *p
	if name := party.CleanName(q.Name); name != "" {
		p.Name = name
	}
	if q.Title != nil {
		p.Title = *q.Title
	}
	if q.At != 0 {
		p.At = q.At
	}
	if q.Doors != nil {
		p.Doors = *q.Doors
	}
	p.Cancelled = p.Cancelled || q.Cancel
	p.Opened = p.Opened || q.Open
	switch at := p.Moment(); {
	case p.Name == "":
		return bad("Give the party a name.")
	case p.At != before.At && (!at.After(now) || at.Sub(now) > farthest):
		return bad("Choose a moment that is still to come, within two years.")
	case p.Doors < 0 || p.Doors > mostDoors:
		return bad("The doors can open up to twelve hours before.")
	}
	if p.At != before.At { // it is to be once more
		p.Opened, p.Begun = q.Open, false
	}
	if before.At != 0 && (p.Name != before.Name || p.Title != before.Title || p.At != before.At || p.Cancelled != before.Cancelled) {
		p.Sequence++
	}
	return nil
}

func (s *Server) schedule(w http.ResponseWriter, r *http.Request, _ caller) {
	var q ScheduleRequest
	if !read(w, r, &q) {
		return
	}
	if q.Title != nil && *q.Title != "" {
		if d, err := s.Library.May(r.Context(), *q.Title, invited{catalog.Viewer{Host: true}, s.Clock.Now()}); err != nil || !d.OK {
			refuse(w, http.StatusNotFound, "WP-UNKNOWN", "There is no such title.")
			return
		}
	}
	p, err := s.desk.Auth.Schedule(q.ID, func(p *party.Scheduled) error { return q.change(p, s.Clock.Now()) })
	link := ""
	if err == nil && q.Link {
		var secret string
		secret, err = s.desk.Auth.Invite(party.Invitation{Role: party.Guest, Tiers: s.desk.GuestTiers(), Uses: -1, Party: p.ID})
		link = s.desk.Link(secret)
	}
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"scheduled": p, "link": link})
}

// invited is somebody who has an invitation, and is not at the party yet.
type invited struct {
	viewer catalog.Viewer
	at     time.Time
}

// Viewer is media.Who's.
func (i invited) Viewer(catalog.TitleID) (catalog.Viewer, time.Time, bool) {
	return i.viewer, i.at, true
}

// Coming is a scheduled party as those see it who are invited.
type Coming struct {
	party.Scheduled
	Words string `json:"words,omitempty"` // the title's, for those who may watch it
	Open  bool   `json:"open"`
	Now   int64  `json:"now"` // host time, Unix milliseconds
}

// coming looks a secret up. It is refused with WP-UNKNOWN if it is of no scheduled party.
func (s *Server) coming(r *http.Request, secret string) (Coming, invited, error) {
	p, inv, ok, err := s.desk.Auth.ScheduledFor(secret, remote(r))
	if err != nil || !ok {
		if err == nil {
			err = &party.Refusal{Code: "WP-UNKNOWN", Reason: "This link is to no party that is to come."}
		}
		return Coming{}, invited{}, err
	}
	now := s.Clock.Now()
	c := Coming{Scheduled: p, Open: p.Open(now), Now: now.UnixMilli()}
	who := catalog.Viewer{House: inv.Region, MaxRating: inv.Rating}
	for _, t := range inv.Tiers {
		who.Tiers = append(who.Tiers, catalog.Membership{Tier: t})
	}
	c.Title = ""
	guest := invited{who, p.Moment()}
	list, err := s.Library.Titles(r.Context(), guest, languageOf(r))
	for _, t := range list {
		if t.ID == p.Title && t.Allowed {
			c.Title, c.Words = p.Title, t.Title
		}
	}
	return c, guest, err
}

// scheduledPoster is the picture of its title, for those who may watch that.
func (s *Server) scheduledPoster(w http.ResponseWriter, r *http.Request) {
	var q struct{ Secret string }
	if !read(w, r, &q) {
		return
	}
	c, guest, err := s.coming(r, q.Secret)
	var title *media.Title
	if err == nil {
		title, err = s.Library.Open(r.Context(), c.Title, guest)
	}
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	defer title.Close()
	content, err := beside((*media.Title).Poster)(title)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	defer content.Close()
	send(w, r, content)
}

// scheduled answers who opens a link before the doors do, and has only its secret.
func (s *Server) scheduled(with func(c Coming, secret string) any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var q struct{ Secret string }
		if !read(w, r, &q) {
			return
		}
		c, _, err := s.coming(r, q.Secret)
		if err != nil {
			fail(w, r, s.log, err)
			return
		}
		answer(w, http.StatusOK, with(c, q.Secret))
	}
}
