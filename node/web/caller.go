package web

import (
	"cmp"
	"crypto/rand"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"watchparty/node/party"
	"watchparty/node/session"
	"watchparty/node/wire"
)

// cookieName holds the port, because browsers share cookies between the ports of
// one address and two nodes may live on one machine. Over HTTPS it is another, which
// no page over plain HTTP can set (RFC 6265bis, 4.1.3.2).
func cookieName(r *http.Request) string {
	if r.TLS != nil {
		return "__Host-" + plainCookie(r)
	}
	return plainCookie(r)
}

func plainCookie(r *http.Request) string {
	u := url.URL{Host: r.Host}
	return "watchparty_" + cmp.Or(u.Port(), "80")
}

// token is the request's pass: a program's or the page's in the header, the
// browser's own for films, posters and subtitles in the cookie.
func token(r *http.Request) string {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return bearer
	}
	if c, err := r.Cookie(cookieName(r)); err == nil && safe(r.Method) {
		return c.Value
	}
	return ""
}

// A caller is who sent a request, known by their pass.
type caller struct {
	session.Who
	token string
}

func (s *Server) caller(r *http.Request) (caller, error) { return s.bearer(token(r)) }

func (s *Server) bearer(token string) (caller, error) {
	who, err := s.Who(token)
	return caller{who, token}, err
}

// member serves h to those who are at the party.
func (s *Server) member(h func(http.ResponseWriter, *http.Request, caller)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := s.caller(r)
		if err == nil && s.House.State() == nil {
			err = hostAway()
		}
		if err != nil {
			fail(w, r, s.log, err)
			return
		}
		h(w, r, c)
	}
}

func hostAway() error {
	return &party.Refusal{Code: "WP-HOST-AWAY", Reason: "The host cannot be reached just now. This page goes on by itself."}
}

func (s *Server) join(w http.ResponseWriter, r *http.Request) {
	var j wire.Join
	if !read(w, r, &j) {
		return
	}
	if !s.isDesk(j.Secret) && s.crowd.sitting() >= s.seatsAtMost() { // before an invitation is used up
		s.turnedAway()
		fail(w, r, s.log, full())
		return
	}
	j.Device, j.Agent = device(w, r), agent(r)
	joined, err := s.Joiner.Join(r.Context(), remote(r), j)
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	s.setCookie(w, r, joined.Token)
	answer(w, http.StatusOK, joined)
}

// deviceLife is how long a browser keeps what tells it from others: as long as browsers let it (RFC 6265bis, 5.6.1).
const deviceLife = 400 * 24 * time.Hour

// device is what tells the browser from others that join here, so that who is banned does not come back under another
// name; it says nothing about the browser, and cannot be the key of a node, which is longer. It has none before it joins for the first time. A program has none.
func device(w http.ResponseWriter, r *http.Request) string {
	if r.Header.Get("Origin") == "" {
		return ""
	}
	name := "watchparty_device"
	if r.TLS != nil {
		name = "__Host-" + name
	}
	mark := ""
	if c, err := r.Cookie(name); err == nil && len(c.Value) >= 16 && len(c.Value) <= 40 {
		mark = c.Value
	} else {
		mark = rand.Text()
	}
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: mark, Path: "/", HttpOnly: true,
		SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil, MaxAge: int(deviceLife.Seconds()),
	})
	return mark
}

// setCookie lets the browser fetch films and posters. It is no authority to
// change anything; see fromHere.
func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, token string) {
	c := &http.Cookie{
		Name: cookieName(r), Value: token, Path: "/", HttpOnly: true,
		SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil, MaxAge: int((90 * 24 * time.Hour).Seconds()),
	}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// me says who the caller is. On a guest's own node its owner, who sits at this
// very machine, gets their token without asking anybody.
func (s *Server) me(w http.ResponseWriter, r *http.Request) {
	c, err := s.caller(r)
	if moved, no := r.Cookie(plainCookie(r)); err != nil && r.TLS != nil && no == nil {
		c, err = s.bearer(moved.Value) // from the same page over plain HTTP
	}
	if err != nil && s.owner != nil && fromLoopback(r) {
		c, err = s.bearer(s.owner())
	}
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	s.setCookie(w, r, c.token)
	m := c.Member()
	me := map[string]any{
		"member": c.ID(), "name": m.Name, "role": m.Role, "region": m.Region, "tiers": m.Tiers, "token": c.token,
		"node": "host", "owner": s.owner != nil,
	}
	if s.owner != nil {
		me["node"] = "guest"
		if s.roads != nil {
			me["roads"] = s.roads()
		}
	}
	if state := s.House.State(); state != nil {
		me["party"], me["partyName"] = state.ID, state.Name
	}
	answer(w, http.StatusOK, me)
}

func fromLoopback(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

// remote is where a request came from. Headers that claim something else are not
// asked.
func remote(r *http.Request) netip.Addr {
	p, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr()
}

// leave voids the pass, so that nothing is left on a shared machine, and frees the
// seat.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) {
	c, err := s.caller(r)
	if err == nil {
		err = s.Gate.Leave(c.token)
	}
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	if _, err := s.House.Current().Submit(r.Context(), c.ID(), "", party.Leave{}); err != nil {
		s.log.Debug("leaving was not noted", "err", err) // a party that is over has no seats
	}
	s.setCookie(w, r, "")
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	answer(w, http.StatusOK, map[string]bool{"left": true})
}
