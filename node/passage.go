package node

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"watchparty/media/live"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// A passage carries faces between this node and another, both ways, over a connection of their own.
type passage struct {
	passageConfig
	st   *wire.Stream
	post *wire.Post

	feeding sync.Mutex // held while a face is fed or ended

	mu    sync.Mutex
	sent  map[party.MemberID]*sending // guarded by mu, as all below
	all   bool                        // the other wants all that is sent
	taken map[uint16]wire.Face        // what comes, and is on this node's stage
	seen  map[party.MemberID]bool     // of them, what somebody sees here
	say   map[wire.Frame]bool         // frames to be sent: at most one of a kind for each face
	stale bool                        // what this node sends and sees is to be told
	news  chan struct{}               // holds one
}

// passageConfig is what differs between a host and a guest's node.
type passageConfig struct {
	stage *live.Stage
	share bool                         // what comes goes on to other nodes
	may   func(wire.Face) error        // whether what comes is taken
	took  func(wire.Face, live.Codecs) // it is on stage here
	lost  func(party.MemberID)         // it is not sent any more
	off   func(number uint16)          // what this node sends is not taken
	here  func() bool                  // the other may still be there; nil: always
}

func newPassage(st *wire.Stream, c passageConfig) *passage {
	return &passage{passageConfig: c, st: st, post: st.Peer().Post(), sent: map[party.MemberID]*sending{}, all: !c.share,
		taken: map[uint16]wire.Face{}, seen: map[party.MemberID]bool{}, say: map[wire.Frame]bool{}, news: make(chan struct{}, 1)}
}

// Times of a passage.
const (
	betweenFrames = 20 * time.Millisecond // that are read: more come from nobody in good faith
	betweenLooks  = 500 * time.Millisecond
)

var errNotHere = errors.New("not at the party any more")

// run carries until ctx, the stream or the other's right to it ends, and closes the connection.
func (g *passage) run(ctx context.Context) error {
	group, gctx := errgroup.WithContext(ctx)
	defer context.AfterFunc(gctx, func() { g.st.Peer().Close(wire.CodeDone, "") })()
	g.st.Peer().OnPacket(g.put)
	group.Go(func() error { return g.read(gctx) })
	group.Go(func() error { return g.write(gctx) })
	group.Go(func() error { return g.post.Run(gctx) })
	group.Go(func() error { return g.look(gctx) })
	err := group.Wait()
	g.st.Peer().Close(wire.CodeDone, "")
	g.told(context.WithoutCancel(ctx), wire.Faces{}) // nothing is sent any more
	return err
}

// read does what the other says.
func (g *passage) read(ctx context.Context) error {
	for {
		f, err := g.st.ReadFrame(ctx)
		if err != nil {
			return err
		}
		switch f := f.(type) {
		case wire.Faces:
			g.wanted(f.Seen)
			g.told(ctx, f)
		case wire.Whole:
			if face, ok := g.sends(f.Face); ok {
				g.stage.Want(ctx, string(face))
			}
		case wire.Off:
			if _, ok := g.sends(f.Face); ok {
				g.off(f.Face)
			}
		case wire.Refused:
			return f.Refusal()
		}
		select {
		case <-time.After(betweenFrames):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// write says what is to be said; what has become untrue meanwhile is never said.
func (g *passage) write(ctx context.Context) error {
	for {
		select {
		case <-g.news:
		case <-ctx.Done():
			return ctx.Err()
		}
		for _, f := range g.words() {
			if err := g.st.WriteFrame(ctx, f); err != nil {
				return err
			}
		}
	}
}

func (g *passage) words() (all []wire.Frame) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stale {
		f := wire.Faces{Sent: []wire.Face{}, Seen: []uint16{}}
		for _, s := range g.sent {
			f.Sent = append(f.Sent, s.face)
		}
		for n, face := range g.taken {
			if g.seen[face.Member] {
				f.Seen = append(f.Seen, n)
			}
		}
		all, g.stale = append(all, f), false
	}
	all = slices.AppendSeq(all, maps.Keys(g.say))
	clear(g.say)
	return all
}

// nudge has something said soon. The caller holds mu.
func (g *passage) nudge() {
	select {
	case g.news <- struct{}{}:
	default:
	}
}

// told has this node's stage show what the other sends.
func (g *passage) told(ctx context.Context, f wire.Faces) {
	g.feeding.Lock()
	defer g.feeding.Unlock()
	g.mu.Lock()
	old := maps.Clone(g.taken)
	for n := range g.taken {
		if !slices.ContainsFunc(f.Sent, func(face wire.Face) bool { return face.Number == n }) {
			delete(g.taken, n)
		}
	}
	g.mu.Unlock()
	for _, face := range old { // before others take their places
		if !slices.ContainsFunc(f.Sent, func(now wire.Face) bool { return now.Member == face.Member }) {
			g.lost(face.Member)
		}
	}
	for _, face := range f.Sent {
		if _, there := old[face.Number]; !there {
			g.feed(ctx, face)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stale = true
	g.nudge()
}

// feed puts what comes on stage, or says that it is not taken. The caller holds feeding.
func (g *passage) feed(ctx context.Context, face wire.Face) {
	c := live.Codecs{Video: face.Video, VideoFmt: face.VideoFmt, Audio: face.Audio, AudioFmt: face.AudioFmt}
	err := g.may(face)
	if err == nil {
		err = g.stage.Feed(ctx, string(face.Member), c, g.share)
	}
	g.mu.Lock()
	if err == nil || errors.Is(err, live.ErrDown) && !g.share { // it is fed again once the stage is up
		g.taken[face.Number] = face
	} else {
		g.say[wire.Off{Face: face.Number}] = true
		g.nudge()
	}
	g.mu.Unlock()
	if err == nil {
		g.took(face, c)
	}
}

// again feeds all that comes to a stage that was put up again.
func (g *passage) again(ctx context.Context) {
	g.feeding.Lock()
	defer g.feeding.Unlock()
	g.mu.Lock()
	all := slices.Collect(maps.Values(g.taken))
	g.mu.Unlock()
	for _, face := range all {
		g.feed(ctx, face)
	}
}

// put takes a packet that comes.
func (g *passage) put(p wire.Packet) {
	g.mu.Lock()
	face, ok := g.taken[p.Face]
	g.mu.Unlock()
	if ok {
		g.stage.Put(live.Packet{Face: string(face.Member), Video: p.Video, Size: p.Size, RTP: p.RTP})
	}
}

// want asks for a whole picture of what comes.
func (g *passage) want(member party.MemberID) {
	g.sayOf(member, func(n uint16) wire.Frame { return wire.Whole{Face: n} })
}

// refuse says that what comes is not on stage any more.
func (g *passage) refuse(member party.MemberID) {
	g.sayOf(member, func(n uint16) wire.Frame { return wire.Off{Face: n} })
}

func (g *passage) sayOf(member party.MemberID, f func(uint16) wire.Frame) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for n, face := range g.taken {
		if face.Member == member {
			g.say[f(n)] = true
			g.nudge()
		}
	}
}

// see says which faces somebody sees here.
func (g *passage) see(members map[party.MemberID]bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen, g.stale = members, true
	g.nudge()
}
