package web

import (
	"context"
	"crypto/subtle"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"watchparty/node/party"
	"watchparty/node/session"
	"watchparty/node/wire"
)

// Half of a node's connections may be guests' seats: the other half brings them their films.
func (s *Server) seatsAtMost() int { return max(1, s.most/2) }

// maxStreams is how many parts of films one member may have on their way at once: some screens, each with the connections that
// a browser makes to one place.
const maxStreams = 48

// full says that nobody more can be let in just now.
func full() *party.Refusal {
	return &party.Refusal{Code: wire.ByeFull, Reason: "This party has no room for more just now. Try again in a moment."}
}

// crowd counts who takes up room.
type crowd struct {
	mu      sync.Mutex // guards the rest
	seats   int
	streams map[party.MemberID]int
}

// sit takes a seat, if there is one.
func (c *crowd) sit(most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seats >= most {
		return false
	}
	c.seats++
	return true
}

func (c *crowd) rise() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seats--
}

func (c *crowd) sitting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seats
}

// stream counts a part of a film on its way to a member until done is called; nil: they have too many.
func (c *crowd) stream(id party.MemberID) (done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.streams[id] >= maxStreams {
		return nil
	}
	if c.streams == nil {
		c.streams = map[party.MemberID]int{}
	}
	c.streams[id]++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.streams[id]--; c.streams[id] == 0 {
			delete(c.streams, id)
		}
	}
}

// A sitting is a page's connection, which rests until it has said who it is, and takes a seat then.
type sitting struct {
	wire.Conn
	server *Server
	place  *counted // nil in tests alone
	known  bool     // used by the reader alone
	seated bool     // likewise
}

// Read implements wire.Conn.
func (c *sitting) Read(ctx context.Context) (wire.Frame, error) {
	f, err := c.Conn.Read(ctx)
	if c.known || err != nil {
		return f, err
	}
	c.known = true
	hello, ok := f.(wire.Hello)
	if !ok {
		return f, nil
	}
	who, err := c.server.Who(hello.Token)
	if err != nil {
		return f, nil // to be told why
	}
	if c.seated = c.server.crowd.sit(c.server.seatsAtMost()); !c.seated && !c.server.decides(caller{who, hello.Token}) {
		c.server.turnedAway()
		return nil, full()
	}
	if c.place != nil {
		c.place.work()
	}
	return f, nil
}

// rise gives the seat back, once the session is over.
func (c *sitting) rise() {
	if c.seated {
		c.server.crowd.rise()
	}
}

// placeOf is the place of a request's connection; nil: it has none.
func placeOf(ctx context.Context) *counted {
	c, _ := ctx.Value(placeKey{}).(*counted)
	return c
}

type placeKey struct{}

// placeBelow is the place of a connection as the server has it.
func placeBelow(c net.Conn) *counted {
	if d, ok := c.(*doorway); ok {
		c = d.Conn
	}
	in, _ := c.(*counted)
	return in
}

// rests follows what a connection does: it rests between requests, and works from the moment that one is there.
func rests(c net.Conn, state http.ConnState) {
	in := placeBelow(c)
	switch {
	case in == nil:
	case state == http.StateIdle:
		in.rest()
	case state == http.StateActive:
		in.work()
	}
}

// isSurplus answers a request for which there was no place, and says whether it did.
func (s *Server) isSurplus(w http.ResponseWriter, r *http.Request) bool {
	place := placeOf(r.Context())
	if place == nil || !place.surplus {
		return false
	}
	s.turnedAway()
	h := w.Header()
	h.Set("Connection", "close")
	h.Set("Retry-After", "5") // seconds
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		answer(w, http.StatusServiceUnavailable, full())
		return true
	}
	text := full().Reason
	if languageOf(r) == "fr" {
		text = "Cette soirée n’a plus de place pour l’instant. Réessayez dans un moment."
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	w.Write([]byte(text + " (" + wire.ByeFull + ")\n"))
	return true
}

// decides tells whether the host sits there, for whom there is always room.
func (s *Server) decides(c caller) bool { return s.desk != nil && s.roleOf(c) >= party.Host }

// isDesk tells whether a secret is the one that opens the desk.
func (s *Server) isDesk(secret string) bool {
	return s.desk != nil && subtle.ConstantTimeCompare([]byte(secret), []byte(s.desk.Auth.Desk())) == 1
}

// turnedAway notes that somebody found no room.
func (s *Server) turnedAway() { s.Notice(session.Mishap{Kind: session.Full}) }

// arriving is a request's body, whose connection rests until all of it is there.
type arriving struct {
	io.ReadCloser
	place *counted
}

// Read implements io.Reader.
func (a arriving) Read(b []byte) (int, error) {
	n, err := a.ReadCloser.Read(b)
	if err != nil {
		a.place.work()
	}
	return n, err
}
