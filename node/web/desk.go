package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"rsc.io/qr"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/auth"
	"watchparty/node/party"
)

// Desk is what the host's page has beside the party itself. It has no back door:
// what happens at the party is wished like everybody's.
type Desk struct {
	Auth        *auth.Auth
	Link        func(secret string) string // an invitation as people share it
	Standing    func() string              // the link that is always on the screen
	Outside     func(secret string) string // as Link, for friends elsewhere; "": they cannot come
	Remote      func() Remote
	URLs        func() []string
	Secure      func() []string // the same over HTTPS, if there is any
	Fingerprint string          // of the house's authority; empty without HTTPS
	QUIC        func() string
	Version     string
	Catalog     func() CatalogHealth
	Mishaps     func() []Mishap      // what went wrong lately, the latest first
	Library     func() *LibraryState // nil: there is none to scan
	Scan        func(add bool) error // begins a scan of the library
	Plan        func(ctx context.Context, id catalog.TitleID, devices []*media.Device) (media.Plan, error)
	NewParty    func(ctx context.Context, name string) error
	Archive     Archive
	GuestTiers  func() []catalog.Tier // what guests without terms of their own are taken to hold
}

// CatalogHealth is the catalog file and what is wrong with it.
type CatalogHealth struct {
	File     string    `json:"file"` // empty: the demo titles
	Demo     bool      `json:"demo"`
	Titles   int       `json:"titles"`
	Problems []Problem `json:"problems"`
}

// A Mishap is what went wrong with one guest or one film, see [session.Mishap], as often as it did.
type Mishap struct {
	Kind string    `json:"kind"`
	Who  string    `json:"who,omitempty"`
	N    int       `json:"n"`
	At   time.Time `json:"at"` // the last time
}

// Problem is one line of the catalog file that needs a person.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Text    string `json:"text"`
	Hint    string `json:"hint,omitempty"`
	Warning bool   `json:"warning,omitempty"`
}

func (s *Server) deskRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/desk", s.power(party.Manage, s.showDesk))
	mux.HandleFunc("POST /api/invites", s.power(party.Manage, s.invite))
	mux.HandleFunc("GET /api/invites", s.power(party.Manage, s.invites))
	mux.HandleFunc("POST /api/invites/{id}/revoke", s.power(party.Manage, s.revoke))
	mux.HandleFunc("POST /api/party", s.power(party.Manage, s.newParty))
	mux.HandleFunc("GET /api/members", s.power(party.Manage, s.members))
	mux.HandleFunc("POST /api/members", s.power(party.Manage, s.changeMember))
	mux.HandleFunc("POST /api/library", s.power(party.Manage, s.scanLibrary))
	mux.HandleFunc("GET /api/desk/rehearsal", s.power(party.Manage, s.rehearse))
	mux.HandleFunc("GET /api/desk/rights", s.power(party.Manage, s.rights))
	mux.HandleFunc("GET /api/desk/moderation", s.power(party.Manage, s.moderation))
	mux.HandleFunc("GET /api/desk/seen", s.power(party.Manage, s.seenBy))
	s.scheduledRoutes(mux)
	s.archiveRoutes(mux)
}

// power serves h to members who hold the power at this party.
func (s *Server) power(p party.Power, h func(http.ResponseWriter, *http.Request, caller)) http.HandlerFunc {
	return s.member(func(w http.ResponseWriter, r *http.Request, c caller) {
		if token(r) == "" || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
			refuse(w, http.StatusUnauthorized, "WP-PASS", "The desk's own page or a program with the host's token may do this.")
			return
		}
		if !s.House.State().May(s.roleOf(c), p) {
			s.log.Warn("refused at the desk", "member", c.ID(), "path", r.URL.Path)
			refuse(w, http.StatusForbidden, "WP-FORBIDDEN", "Only the host may do this.")
			return
		}
		h(w, r, c)
	})
}

// roleOf is the caller's role at the party, or in the house while they have not
// come to the party yet.
func (s *Server) roleOf(c caller) party.Role {
	if m := c.Member(); m.ID != party.House {
		return m.Role
	}
	a, _, err := s.desk.Auth.Account(c.ID())
	if err != nil {
		return party.Guest
	}
	return a.Role
}

func (s *Server) showDesk(w http.ResponseWriter, r *http.Request, _ caller) {
	accounts, err := s.desk.Auth.Accounts()
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	link := s.desk.Standing()
	answer(w, http.StatusOK, map[string]any{
		"name": s.House.State().Name, "urls": s.desk.URLs(), "link": link, "pin": s.desk.Auth.PIN(), "qr": qrRows(link),
		"https": s.desk.Secure(), "certificate": s.desk.Fingerprint,
		"quic": s.desk.QUIC(), "remote": s.desk.Remote(), "version": s.desk.Version, "catalog": s.desk.Catalog(), "library": s.desk.Library(), "mishaps": s.desk.Mishaps(), "accounts": accounts,
	})
}

// An InviteRequest asks for an invitation. Empty fields take the house's own.
type InviteRequest struct {
	Region string         `json:"region"`
	Tiers  []catalog.Tier `json:"tiers"`
	Rating int            `json:"rating,omitempty"`
	Role   party.Role     `json:"role"`
	Uses   int            `json:"uses"` // 0: one
	TTL    string         `json:"ttl"`  // a Go duration; empty: a day; "0": no end
}

func (s *Server) invite(w http.ResponseWriter, r *http.Request, _ caller) {
	q := InviteRequest{Uses: 1}
	if !read(w, r, &q) {
		return
	}
	inv := party.Invitation{Role: q.Role, Tiers: q.Tiers, Rating: q.Rating, Uses: max(q.Uses, 1)}
	if q.Region != "" {
		region, ok := catalog.ParseRegion(q.Region)
		if !ok {
			refuse(w, http.StatusBadRequest, "WP-BAD", fmt.Sprintf("%q is no region: use two letters of ISO 3166-1, such as FR.", q.Region))
			return
		}
		inv.Region = region
	}
	ttl, err := time.ParseDuration(cmp.Or(q.TTL, "24h"))
	if err != nil || ttl < 0 {
		refuse(w, http.StatusBadRequest, "WP-BAD", fmt.Sprintf("%q is no duration: write it like 90m or 24h.", q.TTL))
		return
	}
	inv.Expires = s.desk.Auth.Expiry(ttl)
	secret, err := s.desk.Auth.Invite(inv)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	link := s.desk.Link(secret)
	answer(w, http.StatusOK, map[string]any{"link": link, "outside": s.desk.Outside(secret), "expires": inv.Expires, "qr": qrRows(link)})
}

// qrRows are the modules of a QR code, "1" dark, for the page to draw.
func qrRows(text string) []string {
	code, err := qr.Encode(text, qr.M)
	if err != nil { // longer than any link of ours
		return nil
	}
	rows := make([]string, code.Size)
	for y := range rows {
		row := make([]byte, code.Size)
		for x := range row {
			row[x] = '0'
			if code.Black(x, y) {
				row[x] = '1'
			}
		}
		rows[y] = string(row)
	}
	return rows
}

func (s *Server) newParty(w http.ResponseWriter, r *http.Request, _ caller) {
	var q struct{ Name string }
	if !read(w, r, &q) {
		return
	}
	if s.House.State().Ended == 0 {
		refuse(w, http.StatusConflict, "WP-BAD", "A party is going on: end it first.")
		return
	}
	if err := s.desk.NewParty(r.Context(), party.CleanName(q.Name)); err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"party": s.House.State().ID})
}
