// Package guest is a guest's side of a party: it finds the host's key good, shows
// its pass, follows the party and wishes.
//
// A [Guest] comes back by itself after every break, with growing pauses, and goes
// on where it was. A wish that was not answered is sent again under the same
// nonce, so that it is done once. Run returns when all it started has ended.
package guest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"

	"watchparty/node/clock"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// A Follower is told what happens at the party, in order, by one goroutine.
type Follower interface {
	// Folded says what is known already; empty at first.
	Folded() (party.ID, party.Seq)
	// Welcome begins each connection. A snapshot replaces what is known.
	Welcome(w wire.Welcome) error
	// Records follow in order of their seq, without gaps.
	Records(rs []party.Record) error
	// Signal is what is worth nothing a second later.
	Signal(s wire.Signal)
	// Away says that the connection is gone, and why; it is being made again.
	Away(why error)
}

// Config says whom to follow, and as whom.
type Config struct {
	Addrs    []string // HOST:PORT to try, best first
	Pin      string   // the host's fingerprint
	Token    string
	Screen   string // page, node, mpv, none
	Identity wire.Identity
	// Seek looks on the network for the host with a key, until ctx ends at the latest, and gives where it is: HOST:PORT, best
	// first. Nil: it is where it was.
	Seek    func(ctx context.Context, pin string) []string
	OnWait  func()           // of [Join]: told once when the host has to let this node in; nil: nobody
	OnRoads func(wire.Roads) // told when they are others, one after the other; nil: nobody
	Log     *slog.Logger
}

// Guest follows one party.
type Guest struct {
	cfg     Config
	clock   *clock.Estimator
	listing chan struct{}  // holds who gets a list of titles
	last    wire.Road      // by which the host was reached last; of Run alone
	was     party.ScreenID // the last connection's; of Run alone
	seen    []string       // where the network says it is, beside cfg.Addrs; of Run and its keepTime alone
	films   choice         // of chooseRoad alone, of which there is one at a time

	mu      sync.Mutex
	link    *link         // nil while away
	back    chan struct{} // closed when a link is there, or there will be none
	over    error         // why there will be none any more
	pending map[party.Nonce]*pending
	lists   map[string]list // by language

	telling sync.Mutex // one at a time is told; guards the rest
	roads   wire.Roads // told last
}

// link is one connection to the host.
type link struct {
	conn  wire.Conn
	peer  *wire.Peer // of conn
	dial  func(context.Context, wire.Road, wire.Use) (*wire.Peer, error)
	media *wire.Peer    // nil until the first range
	gone  chan struct{} // closed when the connection has ended
}

// pending is a wish without an answer yet, and how many wait for it: a page that
// reconnects sends again what was not answered.
type pending struct {
	waiting int
	done    chan struct{} // closed when there is an answer
	outcome outcome
}

type outcome struct {
	seq party.Seq
	err error
}

// Pauses between attempts to come back.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 1500 * time.Millisecond // with its chance 2.25 s: who was cut off is back within three
)

// ErrOver says that there is nothing to come back to; it wraps the reason.
var ErrOver = errors.New("the party cannot be followed any more")

// New makes a guest; nothing runs yet.
func New(cfg Config) *Guest {
	return &Guest{
		cfg: cfg, clock: clock.NewEstimator(time.Now), back: make(chan struct{}),
		pending: map[party.Nonce]*pending{}, lists: map[string]list{}, listing: make(chan struct{}, 1),
	}
}

// Clock is the host's time as this guest knows it.
func (g *Guest) Clock() *clock.Estimator { return g.clock }

// Run follows the party until ctx ends or the host says that there is no coming
// back; that error wraps [ErrOver].
func (g *Guest) Run(ctx context.Context, f Follower) error {
	pause := firstPause
	for {
		welcomed, err := g.once(ctx, f)
		if ctx.Err() != nil {
			return nil
		}
		if over(err) {
			return g.end(fmt.Errorf("%w: %w", ErrOver, err))
		}
		f.Away(err)
		g.cfg.Log.Info("connection to the host ended", "err", err)
		if welcomed {
			pause = firstPause
		}
		if g.wait(ctx, pause/2+rand.N(pause)); ctx.Err() != nil {
			return nil
		}
		pause = min(2*pause, lastPause)
	}
}

// over says whether coming back is of no use.
func over(err error) bool {
	var r *party.Refusal
	if !errors.As(err, &r) {
		return false
	}
	switch r.Code {
	case wire.ByePass, wire.ByeRemoved, wire.ByeBanned, wire.ByeVersion, wire.ByeProto:
		return true // but not WP-HOST-KEY: a stranger may have the host's address for a while
	}
	return false
}

// once is one connection, from dialling to its end, and says whether the host let
// us in. The UDP socket is its own, so that a network that changed is no obstacle.
func (g *Guest) once(ctx context.Context, f Follower) (welcomed bool, err error) {
	endpoint, err := Socket(g.cfg.Identity, g.cfg.Log)
	if err != nil {
		return false, err
	}
	defer endpoint.Close()
	head := headStart
	if g.last == wire.ByTCP {
		head = headAgain
	}
	peer, addr, err := DialAny(ctx, endpoint, slices.Concat(g.seen, g.cfg.Addrs), g.cfg.Pin, wire.Control, head)
	if err != nil {
		return false, err
	}
	g.last = peer.Road()
	stream, err := peer.OpenStream(ctx)
	if err != nil {
		return false, err
	}
	conn := stream.Control()
	defer conn.Close(wire.Bye{})
	id, seq := f.Folded()
	hello := wire.Hello{V: wire.Version, Token: g.cfg.Token, Screen: g.cfg.Screen, Party: id, Seq: seq, Was: g.was}
	if err := wire.Send(ctx, conn, hello); err != nil {
		return false, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var pings sync.WaitGroup
	defer pings.Wait()
	defer stop()
	pings.Go(func() { g.keepTime(ctx, peer, conn) })
	pings.Go(func() { g.chooseRoad(ctx) })
	err = g.follow(ctx, conn, f, func() {
		welcomed = true
		g.arrived(conn, endpoint, addr, peer)
	})
	return welcomed, err
}

func (g *Guest) follow(ctx context.Context, conn wire.Conn, f Follower, arrived func()) error {
	defer g.departed()
	for welcomed := false; ; {
		frame, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		switch frame := frame.(type) {
		case wire.Welcome:
			if welcomed {
				return &wire.ProtoError{Reason: "welcomed twice"}
			}
			if err = f.Welcome(frame); err == nil {
				welcomed, g.was = true, frame.Screen
				arrived()
			}
		case wire.Record:
			if !welcomed {
				return &wire.ProtoError{Reason: "a record before the welcome"}
			}
			var r party.Record
			if r, err = party.DecodeRecord(frame); err == nil {
				err = f.Records([]party.Record{r})
			}
		case wire.OK:
			g.answered(frame.Nonce, outcome{seq: frame.Seq})
		case wire.Refused:
			g.answered(frame.Nonce, outcome{err: frame.Refusal()})
		case wire.Signal:
			f.Signal(frame)
		case wire.Bye:
			err = &party.Refusal{Code: frame.Code, Reason: frame.Reason}
		}
		if err != nil {
			return err
		}
	}
}

// keepTime asks for the host's time: quickly at first, then every two seconds,
// which also keeps the connection known to be alive.
func (g *Guest) keepTime(ctx context.Context, p *wire.Peer, conn wire.Conn) {
	missed := 0
	for i := 0; ctx.Err() == nil; i++ {
		pctx, stop := context.WithTimeout(ctx, time.Second)
		s, err := p.PingClock(pctx)
		stop()
		if err == nil {
			g.clock.Add(clock.Sample(s))
			missed = 0
		} else if missed++; missed >= seekMisses && g.moved(ctx) || g.roamed(ctx, p) {
			conn.Close(wire.Bye{}) // nothing comes from there any more
			return
		}
		wait := 100 * time.Millisecond
		if i >= 8 {
			wait = wire.PingPeriod
		}
		if i >= 8 || err != nil {
			// The stream's own sign of life. A host that was started again answers it
			// with a reset; a clock's datagram is too short for one (RFC 9000 §10.3).
			wire.Send(ctx, conn, wire.Ping{ID: int64(i)})
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}

func (g *Guest) arrived(conn wire.Conn, e *wire.Endpoint, addr net.Addr, peer *wire.Peer) {
	l := &link{conn: conn, peer: peer, gone: make(chan struct{})}
	l.dial = func(ctx context.Context, by wire.Road, use wire.Use) (*wire.Peer, error) {
		if by == wire.ByTCP {
			return e.DialTCP(ctx, addr, g.cfg.Pin, use)
		}
		return e.Dial(ctx, addr, g.cfg.Pin, use)
	}
	g.mu.Lock()
	g.link = l
	close(g.back)
	g.mu.Unlock()
	g.told()
}

func (g *Guest) departed() {
	defer g.told()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.link == nil {
		return
	}
	close(g.link.gone)
	g.link, g.back = nil, make(chan struct{})
}

// end has nobody wait for a connection any more.
func (g *Guest) end(why error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = why
	close(g.back)
	return why
}

// present waits for a connection.
func (g *Guest) present(ctx context.Context) (*link, error) {
	for {
		g.mu.Lock()
		l, back, over := g.link, g.back, g.over
		g.mu.Unlock()
		if l != nil || over != nil {
			return l, over
		}
		select {
		case <-back:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
