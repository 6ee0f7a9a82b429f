package web

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"sync"

	"watchparty/media/live"
	"watchparty/node/party"
)

// Cameras come in by WHIP (RFC 9725) and go out by WHEP (draft-ietf-wish-whep), without trickle: a description
// is whole when it is sent, since all addresses are of this network.

// A Stage is a host's, or a guest's node's that shows the host's; see [live.Stage].
type Stage interface {
	Publish(ctx context.Context, face, offer string, near bool) (answer string, err error)
	Watch(ctx context.Context, viewer, face, offer string, near bool) (answer string, err error)
	End(ctx context.Context, face string) error
	Leave(ctx context.Context, viewer string) error
}

// sdpType is the media type of a description (RFC 8866, 8.1).
const sdpType = "application/sdp"

// A place is one connection of somebody's to the stage.
type place struct {
	member party.MemberID
	face   party.MemberID // who is seen
	sends  bool
}

// seats are the connections by their names, which nobody can guess.
type seats struct {
	mu  sync.Mutex
	all map[string]place // guarded by mu
}

func (s *seats) take(id string, p place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[string]place{}
	}
	s.all[id] = p
}

func (s *seats) of(id string) (place, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.all[id]
	return p, ok
}

// give gives seats back, and tells which they were.
func (s *seats) give(which func(id string, p place) bool) (ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, p := range s.all {
		if which(id, p) {
			delete(s.all, id)
			ids = append(ids, id)
		}
	}
	return ids
}

func (s *Server) stageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/stage-key", s.member(s.stageKey))
	mux.HandleFunc("POST /whip", s.performer(s.publish))
	mux.HandleFunc("POST /whep", s.member(s.watch))
	mux.HandleFunc("DELETE /whip/{id}", s.performer(s.unpublish))
	mux.HandleFunc("DELETE /whep/{id}", s.member(s.unwatch))
	mux.HandleFunc("PATCH /whip/{id}", noTrickle)
	mux.HandleFunc("PATCH /whep/{id}", noTrickle)
}

// performer serves h to those who are at the party, and to programs that have a key of theirs for the stage alone.
func (s *Server) performer(h func(http.ResponseWriter, *http.Request, party.MemberID)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := s.Gate.CheckStage(token(r))
		if err == nil && s.House.State() == nil {
			err = hostAway()
		}
		if err != nil {
			fail(w, r, s.log, err)
			return
		}
		h(w, r, id)
	}
}

// stageKey makes a key for a program that is to put the caller on stage. It is told once.
func (s *Server) stageKey(w http.ResponseWriter, r *http.Request, c caller) {
	err := s.House.State().MayAppear(c.ID())
	var key string
	if err == nil {
		key, err = s.Gate.StageKey(c.ID())
	}
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]string{"key": key})
}

// noTrickle refuses addresses that come one by one (RFC 9725, 4.3).
func noTrickle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Allow", http.MethodDelete)
	refuse(w, http.StatusMethodNotAllowed, "WP-BAD", "A description is whole when it is sent; there is nothing to add to it.")
}

// ofStage says whether a request may bring a description instead of JSON, or nothing, or addresses one by one, to be told
// that this is not done here (RFC 9725, 4.3). None of it can a foreign page send without asking first, which is refused.
func ofStage(r *http.Request) bool {
	return contentType(r) == sdpType && (r.URL.Path == "/whip" || r.URL.Path == "/whep") ||
		r.Method == http.MethodDelete && r.ContentLength == 0 || r.Method == http.MethodPatch
}

// offer reads the description that a request brings.
func (s *Server) offer(w http.ResponseWriter, r *http.Request) (string, bool) {
	if s.stage == nil {
		refuse(w, http.StatusNotImplemented, "WP-STAGE-NONE", "Faces are not shown here; open the host's own page to see them.")
		return "", false
	}
	if contentType(r) != sdpType {
		refuse(w, http.StatusUnsupportedMediaType, "WP-BAD", "Send a session description, and say so: Content-Type: application/sdp.")
		return "", false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		refuse(w, http.StatusRequestEntityTooLarge, "WP-BAD", "This description is longer than 64 KB; send one without so many addresses.")
		return "", false
	case err != nil:
		refuse(w, http.StatusRequestTimeout, "WP-BAD", "That did not come whole. Send it again.")
		return "", false
	}
	return string(body), true
}

// publish puts the caller on stage (RFC 9725, 4.2).
func (s *Server) publish(w http.ResponseWriter, r *http.Request, id party.MemberID) {
	offer, ok := s.offer(w, r)
	if !ok {
		return
	}
	if err := s.House.State().MayAppear(id); err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer, err := s.stage.Publish(r.Context(), string(id), offer, fromLoopback(r))
	s.described(w, r, "/whip/", place{id, id, true}, rand.Text(), answer, err)
}

// watch shows the caller a face: that of ?face=, or the first there is.
func (s *Server) watch(w http.ResponseWriter, r *http.Request, c caller) {
	offer, ok := s.offer(w, r)
	if !ok {
		return
	}
	face := party.MemberID(r.URL.Query().Get("face"))
	for _, f := range s.House.State().Stage {
		if face == "" && f.Since > 0 {
			face = f.Member
		}
	}
	if face == "" {
		refuse(w, http.StatusNotFound, "WP-STAGE-EMPTY", "Nobody is on stage now.")
		return
	}
	id := rand.Text()
	s.seats.take(id, place{c.ID(), face, false}) // before it can be over
	answer, err := s.stage.Watch(r.Context(), id, string(face), offer, fromLoopback(r))
	if err != nil {
		s.Unseat(id)
	}
	s.described(w, r, "/whep/", place{c.ID(), face, false}, id, answer, err)
}

// described answers with a description, and where the connection can be ended.
func (s *Server) described(w http.ResponseWriter, r *http.Request, path string, p place, id, sdp string, err error) {
	var no *live.Refused
	switch {
	case errors.As(err, &no):
		refuse(w, http.StatusBadRequest, "WP-BAD", no.Reason)
		return
	case errors.Is(err, live.ErrDown):
		refuse(w, http.StatusServiceUnavailable, "WP-STAGE-DOWN", "The stage is being put up again. Try again in a moment.")
		return
	case err != nil:
		fail(w, r, s.log, err)
		return
	}
	if p.sends {
		s.seats.give(func(_ string, old place) bool { return old == p }) // one camera for each
		s.seats.take(id, p)
	}
	h := w.Header()
	h.Set("Content-Type", sdpType)
	h.Set("Cache-Control", "no-store")
	h.Set("Location", path+id)
	w.WriteHeader(http.StatusCreated)
	io.WriteString(w, sdp)
}

func (s *Server) unpublish(w http.ResponseWriter, r *http.Request, id party.MemberID) {
	p, ok := s.seats.of(r.PathValue("id"))
	if !ok || !p.sends || p.member != id {
		refuse(w, http.StatusNotFound, "WP-UNKNOWN", "There is nothing here.")
		return
	}
	s.seats.give(func(id string, _ place) bool { return id == r.PathValue("id") })
	if err := s.stage.End(r.Context(), string(p.member)); err != nil && !errors.Is(err, live.ErrDown) {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]bool{"ended": true})
}

func (s *Server) unwatch(w http.ResponseWriter, r *http.Request, c caller) {
	id := r.PathValue("id")
	if p, ok := s.seats.of(id); !ok || p.sends || p.member != c.ID() {
		refuse(w, http.StatusNotFound, "WP-UNKNOWN", "There is nothing here.")
		return
	}
	if err := s.stage.Leave(r.Context(), id); err != nil && !errors.Is(err, live.ErrDown) {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]bool{"ended": true})
}

// Unseat forgets a connection that is over.
func (s *Server) Unseat(id string) {
	s.seats.give(func(other string, _ place) bool { return other == id })
}

// Dismiss gives the seats of a member back, and tells which they were.
func (s *Server) Dismiss(member party.MemberID) (ids []string) {
	return s.seats.give(func(_ string, p place) bool { return p.member == member })
}
