// Package web is a node's door for browsers: pages, the API, ranges of films and
// the WebSocket, the same on every node.
//
// Every request first meets the guard (guard.go). A cookie alone changes nothing:
// what changes something carries its token in a header or in the first message.
// Bytes of films come from media.Library.Open and from nowhere else.
package web

import (
	"context"
	"crypto/tls"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"watchparty/node/auth"
	"watchparty/node/session"
	"watchparty/node/wire"
)

// Config is what a node's web server is made of. Owner and Desk differ between a
// guest's node and a host; the sessions carry the rest.
type Config struct {
	Sessions *session.Server
	Desk     *Desk         // nil: no party is decided here
	Owner    func() string // a guest's node: the pass of whoever sits at it
	Names    []string      // host names under which the node may be reached
	UI       fs.FS         // nil: the embedded page
	Stage    Stage         // nil: there is none
	Log      *slog.Logger
	// Authority certifies the node for browsers that speak HTTPS, at the same port; nil: none do.
	Authority *auth.Authority

	// Most is how many connections there may be at once.
	Most int

	// Roads says how a guest's node reaches its host; nil: it is one.
	Roads func() wire.Roads
	// Nodes says what a host's door for nodes is busy with; nil: there is none.
	Nodes func() wire.Load

	// Converting says how many conversions of films work and how many wait; nil: none is made.
	Converting func() (working, waiting int)
}

// socketIdle is longer than a node's: a phone that is put away for a moment keeps
// its seat, and TCP tells of a page that was closed at once.
const socketIdle = 30 * time.Second

// Server serves one node's pages.
type Server struct {
	*session.Server
	desk      *Desk
	owner     func() string
	log       *slog.Logger
	convert   func() (working, waiting int) // nil: no film is converted here
	stage     Stage                         // nil: there is none
	roads     func() wire.Roads             // nil: a host
	nodes     func() wire.Load              // nil: no host
	authority *auth.Authority               // nil: no HTTPS
	tls       *tls.Config                   // nil: no HTTPS
	seats     seats
	seen      seen
	names     map[string]bool
	page      *pages
	handler   http.Handler
	most      int   // connections at once
	crowd     crowd // seats, and films on their way
	door      *limited
	sockets   sync.WaitGroup
}

// New makes a server; it serves once Serve is called.
func New(c Config) (*Server, error) {
	s := &Server{Server: c.Sessions, desk: c.Desk, owner: c.Owner, log: c.Log, convert: c.Converting, stage: c.Stage, roads: c.Roads, nodes: c.Nodes, authority: c.Authority, tls: secured(c.Authority), names: map[string]bool{}, most: c.Most}
	for _, n := range c.Names {
		s.names[strings.ToLower(strings.TrimSuffix(n, "."))] = true
	}
	var err error
	if s.page, err = pagesOf(c.UI, c.Authority != nil); err != nil {
		return nil, err
	}
	s.handler = s.guard(s.routes())
	return s, nil
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page.serve("index.html"))
	mux.HandleFunc("GET /desk", s.page.serve("desk.html"))
	mux.HandleFunc("GET /ui/{build}/{path...}", s.page.asset)
	mux.HandleFunc("GET /favicon.ico", s.page.icon)
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /metrics", s.metrics)
	mux.HandleFunc("POST /api/join", s.join)
	mux.HandleFunc("GET /ws", s.socket)

	mux.HandleFunc("GET /api/me", s.me)
	mux.HandleFunc("POST /api/leave", s.leave)
	mux.HandleFunc("POST /api/link", s.member(s.link))
	mux.HandleFunc("GET /api/party", s.member(s.state))
	mux.HandleFunc("GET /api/titles", s.member(s.titles))
	mux.HandleFunc("GET /api/emotes", s.member(s.emotes))
	mux.HandleFunc("GET /media/emotes/{key}", s.member(s.emote))
	mux.HandleFunc("GET /media/t/{title}/file", s.member(s.file))
	mux.HandleFunc("GET /media/t/{title}/poster", s.member(s.poster))
	mux.HandleFunc("GET /media/t/{title}/thumbs/{name}", s.member(s.thumbs))
	mux.HandleFunc("GET /media/t/{title}/subtitles/{key}", s.member(s.subtitle))
	mux.HandleFunc("GET /media/t/{title}/sounds/{key}", s.member(s.sound))
	mux.HandleFunc("GET /media/t/{title}/chat/{evening}", s.member(s.chat))
	mux.HandleFunc("GET /media/t/{title}/live/{slot}", s.member(s.onAir))
	mux.HandleFunc("GET /media/t/{title}/hls/{path...}", s.member(s.stream))
	s.stageRoutes(mux)
	if s.desk != nil {
		s.deskRoutes(mux)
	}
	if s.authority != nil {
		s.httpsRoutes(mux)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "WP-UNKNOWN", "There is nothing here.")
	})
	return mux
}

// Serve answers requests until ctx ends, and theirs with it: films are cut, since a
// browser comes back to them by range, and pages are told. What is being answered
// just then has two seconds.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		ConnContext:       withConn,
		ConnState:         rests,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	s.door = limit(l, s.most)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(s.either(s.door)) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, stop := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer stop()
	if err := srv.Shutdown(grace); err != nil {
		srv.Close()
	}
	s.sockets.Wait()
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	if s.House.State() == nil {
		refuse(w, http.StatusServiceUnavailable, "WP-HOST-AWAY", "The party is not there yet.")
		return
	}
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

// state answers the party as it is.
func (s *Server) state(w http.ResponseWriter, _ *http.Request, _ caller) {
	answer(w, http.StatusOK, s.House.State())
}

// socket serves a page's control connection. Its token comes in the first message,
// so a foreign page gains nothing by the browser's cookie; and its Origin must be
// named and be ours.
func (s *Server) socket(w http.ResponseWriter, r *http.Request) {
	if origins := r.Header.Values("Origin"); len(origins) != 1 || !sameOrigin(r, origins[0]) {
		refuse(w, http.StatusForbidden, "WP-ORIGIN", "A connection must name this page as its origin.")
		return
	}
	s.sockets.Add(1)
	defer s.sockets.Done()
	conn, err := wire.AcceptWebSocket(w, r, wire.Timeouts{Idle: socketIdle})
	if err != nil {
		s.log.Debug("websocket refused", "err", err)
		return
	}
	c := &sitting{Conn: conn, server: s, place: placeOf(r.Context())}
	defer c.rise()
	if c.place != nil {
		c.place.rest()
	}
	s.Server.Serve(r.Context(), c)
}
