// Package session is a node's side of one connection: it checks the pass, gives
// the seat, and moves frames between the two until either ends.
//
// The same code serves a page over WebSocket and a node over QUIC, at the host and
// at a guest's node. Each connection has three goroutines: one reads, one writes
// what happens, one has wishes decided in their order, which at a guest's node
// takes as long as its host is away. Serve returns when all have ended. A slow reader only delays
// itself: its seat is a cursor, and a write that takes five seconds ends it.
package session

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"

	"golang.org/x/sync/errgroup"

	"watchparty/media"
	"watchparty/node/auth"
	"watchparty/node/clock"
	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/node/wire"
)

// A Gate knows whose pass a token is.
type Gate interface {
	// Check gives the pass's member, or refuses with WP-PASS.
	Check(token string) (party.MemberID, error)
	// Member is the person as they come to a party.
	Member(id party.MemberID) (party.Member, error)
	// Leave voids a pass.
	Leave(token string) error
	// StageKey makes a pass that puts a member on stage and does nothing else, and voids the last one.
	StageKey(id party.MemberID) (string, error)
	// CheckStage gives the member whom such a key, or a pass, may put on stage.
	CheckStage(token string) (party.MemberID, error)
}

// A Joiner turns an invitation, a PIN or the desk's secret into a pass.
type Joiner interface {
	Join(ctx context.Context, from netip.Addr, j wire.Join) (wire.Joined, error)
	// Link makes a way in for another device of a member's.
	Link(ctx context.Context, id party.MemberID) (wire.Linked, error)
}

// Config is what a session needs of its node.
type Config struct {
	House   *room.House
	Library *media.Library
	Gate    Gate
	Joiner  Joiner
	Clock   clock.Clock
	Host    func() string // fingerprint of the deciding host
	// Stage takes part in cameras with a member's node until the stream or ctx ends; nil: there is no stage.
	Stage func(ctx context.Context, who Who, st *wire.Stream) error
	// Mishap is told what went wrong with one guest or one film; nil: nobody wants to know. It must not wait.
	Mishap func(Mishap)
	// Answer is told what a moderator says to who knocked; nil: the host is asked.
	Answer func(wire.Answer)
	Log    *slog.Logger
}

// Server serves connections.
type Server struct {
	Config
	limits *limits
}

// New makes a server of sessions; it holds nothing but limits.
func New(c Config) *Server { return &Server{Config: c, limits: newLimits()} }

// seat is one connection that has been welcomed.
type seat struct {
	*Server
	conn   wire.Conn
	room   *room.Room
	member party.MemberID
	token  string
	screen party.ScreenID
	log    *slog.Logger
}

// errBye ends a session in good order; its bye has been decided.
type errBye struct{ bye wire.Bye }

func (e errBye) Error() string { return e.bye.Code + ": " + e.bye.Reason }

// Serve serves a control connection until it ends, and closes it with a bye.
func (s *Server) Serve(ctx context.Context, c wire.Conn) {
	err := s.serve(ctx, c, nil)
	c.Close(s.byeFor(ctx, err))
}

func (s *Server) byeFor(ctx context.Context, err error) wire.Bye {
	var bye errBye
	var refusal *party.Refusal
	switch {
	case errors.As(err, &bye):
		return bye.bye
	case ctx.Err() != nil:
		return wire.Goodbye(wire.ByeClosing)
	case errors.Is(err, room.ErrClosed):
		return wire.Goodbye(wire.ByeMoved)
	case errors.As(err, &refusal):
		return wire.Bye{Code: refusal.Code, Reason: refusal.Reason, Again: passing[refusal.Code]}
	}
	return wire.ByeFor(err)
}

// passing are refusals after which it is worth coming back.
var passing = map[string]bool{"WP-DISK-FULL": true, "WP-HOST-AWAY": true, wire.ByeSlow: true, wire.ByeFull: true}

// serve says hello and runs the three pumps. first is the hello if it was read
// already, to find out what the stream is for.
func (s *Server) serve(ctx context.Context, c wire.Conn, first *wire.Hello) (err error) {
	var who party.MemberID
	defer func() { s.broke(c, who, err) }()
	hello, err := s.hello(ctx, c, first)
	if err != nil {
		return err
	}
	st, after, err := s.seat(ctx, c, hello)
	if err != nil {
		return err
	}
	who = st.member
	defer st.leave()
	group, gctx := errgroup.WithContext(ctx)
	group.Go(func() error { return st.write(gctx, st.room.Seat(after)) })
	wishes := make(chan wire.Wish, maxWaiting)
	group.Go(func() error { return st.read(gctx, wishes) })
	group.Go(func() error { return st.grant(gctx, wishes) })
	err = group.Wait()
	st.log.Debug("session ended", "err", err)
	return err
}

func (s *Server) hello(ctx context.Context, c wire.Conn, first *wire.Hello) (wire.Hello, error) {
	if first != nil {
		return *first, nil
	}
	ctx, stop := context.WithTimeout(ctx, wire.FirstFrameTimeout)
	defer stop()
	f, err := c.Read(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = &wire.ProtoError{Reason: "no hello came in time"}
	}
	if err != nil {
		return wire.Hello{}, err
	}
	hello, ok := f.(wire.Hello)
	if !ok {
		return hello, &wire.ProtoError{Reason: "a connection begins with hello"}
	}
	return hello, nil
}

// seat checks the pass, brings the member in, and welcomes the connection.
func (s *Server) seat(ctx context.Context, c wire.Conn, hello wire.Hello) (*seat, party.Seq, error) {
	if hello.V != wire.Version {
		return nil, 0, errBye{wire.Goodbye(wire.ByeVersion)}
	}
	id, err := s.Gate.Check(hello.Token)
	if err != nil {
		return nil, 0, err
	}
	if !s.limits.hello(id, s.Clock.Now()) {
		return nil, 0, tooMuch()
	}
	r := s.House.Current()
	if err := r.Ready(ctx); err != nil {
		return nil, 0, err
	}
	st := &seat{s, c, r, id, hello.Token, party.ScreenID(auth.NewID()), s.Log.With("member", id)}
	if err := s.Arrive(ctx, r, id); err != nil {
		return nil, 0, err
	}
	state := r.State()
	welcome := wire.Welcome{
		V: wire.Version, Party: r.ID, Name: state.Name, Member: id, Screen: st.screen,
		Time: wire.Millis(s.Clock.Now()), Host: s.Host(), Snapshot: state,
	}
	after := state.Seq
	if hello.Party == r.ID && hello.Seq > 0 && r.Reaches(hello.Seq) {
		welcome.Snapshot, after = nil, hello.Seq
	}
	if err := st.send(ctx, welcome); err != nil {
		return nil, 0, err
	}
	return st, after, s.unlessOver(ctx, r, id, party.Come{Screen: party.Screen{ID: st.screen, Kind: hello.Screen}, Was: hello.Was})
}

// unlessOver submits what a party that is over has no need of any more: people may
// still look at it.
func (s *Server) unlessOver(ctx context.Context, r *room.Room, by party.MemberID, c party.Command) error {
	_, err := r.Submit(ctx, by, "", c)
	var refusal *party.Refusal
	if errors.As(err, &refusal) && refusal.Code == wire.ByeEnded {
		return nil
	}
	return err
}

// Arrive makes a member known to the party, with what the house knows of them.
func (s *Server) Arrive(ctx context.Context, r *room.Room, id party.MemberID) error {
	m, err := s.Gate.Member(id)
	if err != nil {
		return err
	}
	return s.unlessOver(ctx, r, party.House, party.Admit{Member: m})
}

// leave notes that the screen has gone, also when the connection broke.
func (st *seat) leave() {
	ctx, stop := context.WithTimeout(context.Background(), wire.WriteTimeout)
	defer stop()
	if _, err := st.room.Submit(ctx, st.member, "", party.Go{Screen: st.screen}); err != nil {
		st.log.Debug("leaving was not noted", "err", err)
	}
}

func (st *seat) send(ctx context.Context, f wire.Frame) error {
	b, err := wire.Marshal(f)
	if err != nil {
		return err
	}
	return st.conn.Write(ctx, b)
}

// maxWaiting is how many wishes of one connection may wait to be decided; one more
// is refused.
const maxWaiting = 32

// maxUnknown is how many frames of unknown kinds one connection may send: more than
// any newer page would in an evening.
const maxUnknown = 10_000

// read does what the connection asks for.
func (st *seat) read(ctx context.Context, wishes chan<- wire.Wish) error {
	for unknown := 0; ; {
		f, err := st.conn.Read(ctx)
		if err != nil {
			return err
		}
		switch f := f.(type) {
		case wire.Wish:
			select {
			case wishes <- f:
			default:
				st.flooding()
				err = st.send(ctx, wire.Refuse(f.Nonce, tooMuch()))
			}
		case wire.Ping:
			err = st.send(ctx, wire.Pong{ID: f.ID, Time: wire.Millis(st.Clock.Now())})
		case wire.Signal:
			err = st.signal(f)
		case wire.Unknown: // newer than this node; but not without end
			if unknown++; unknown > maxUnknown {
				err = &wire.ProtoError{Reason: "too many frames of unknown kinds"}
			}
		default:
			err = &wire.ProtoError{Reason: "that frame has no place here"}
		}
		if err != nil {
			return err
		}
	}
}

// grant has wishes decided, one after the other.
func (st *seat) grant(ctx context.Context, wishes <-chan wire.Wish) error {
	for {
		select {
		case w := <-wishes:
			if err := st.wish(ctx, w); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (st *seat) wish(ctx context.Context, w wire.Wish) error {
	if _, err := st.Gate.Check(st.token); err != nil {
		return err // left, or expired, on another screen
	}
	if w.Refusal != nil {
		return st.send(ctx, wire.Refuse(w.Nonce, w.Refusal))
	}
	if err := st.limits.allow(st.member, w.Command, st.Clock.Now()); err != nil {
		st.flooding()
		return st.send(ctx, wire.Refuse(w.Nonce, err))
	}
	seq, err := st.room.Submit(ctx, st.member, w.Nonce, w.Command)
	if err == nil {
		return st.send(ctx, wire.OK{Nonce: w.Nonce, Seq: seq})
	}
	var refusal *party.Refusal
	switch {
	case !errors.As(err, &refusal):
		if errors.Is(err, room.ErrClosed) || ctx.Err() != nil {
			return err // unanswered: the client asks again
		}
		st.log.Error("wish failed", "err", err)
	case refusal.Code == "WP-DISK-FULL":
		st.Notice(Mishap{Kind: Disk})
	case refusal.Code == "WP-FORBIDDEN":
		st.log.Warn("wish refused", "wish", w.Kind(), "reason", refusal.Reason)
	}
	return st.send(ctx, wire.Refuse(w.Nonce, err))
}

// signal passes on what a screen says of itself, under its own name. The screens
// behind a guest's node are told apart by a name behind the node's.
func (st *seat) signal(sig wire.Signal) error {
	to, react := party.Moderator, ""
	switch {
	case sig.Typing != nil:
		to = party.Guest
	case sig.React != nil:
		if m := st.room.State().Members[st.member]; m.Silent(st.Clock.Now()) || !party.IsReaction(sig.React.With) ||
			!st.limits.react(st.member, st.Clock.Now()) {
			return nil
		}
		to, react = party.Guest, sig.React.With
	case sig.Can != nil:
		to = party.Host
	case sig.Delay != nil:
		sig.Delay.Bound()
	case sig.Answer != nil:
		return st.answer(sig)
	case sig.Drift == nil:
		return nil // a kind that only the house may send, or an unknown one
	}
	if !st.limits.signal(st.member, st.Clock.Now()) {
		return nil
	}
	if sig.Drift != nil {
		sig.Drift.Bound()
	}
	if sig.Can != nil {
		sig.Can.Bound()
	}
	behind := sig.Screen
	sig.By, sig.Screen = st.member, st.screen
	if behind != "" && len(behind) <= maxBehind {
		sig.Screen += "/" + behind
	}
	frame, err := wire.Marshal(sig)
	if err == nil {
		st.room.Signal(room.Signal{By: st.member, Screen: sig.Screen, Report: sig.Drift, Can: sig.Can, React: react, Frame: frame, To: to})
	}
	return err
}

// maxBehind is the longest name of a screen behind a node, in bytes.
const maxBehind = 64
