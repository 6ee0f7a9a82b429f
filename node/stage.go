package node

import (
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"slices"
	"sync"

	"watchparty/media/live"
	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/node/session"
	"watchparty/node/wire"
)

// cameraArg is the hidden command by which a node's program becomes its stage; see [Camera].
const cameraArg = "camera"

// Camera is the command of a stage's child: this program again.
func Camera(ctx context.Context) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return exec.CommandContext(ctx, self, cameraArg)
}

// A show is a host's stage for cameras: what happens on it is told to the party and to guests' nodes, and what the
// party decides about it is done.
type show struct {
	*live.Stage
	host  *Host
	do    chan func(context.Context) // in turn
	shown map[party.MemberID]shown   // of those in turn alone, as last
	last  uint16                     // number of a face

	mu       sync.Mutex
	passages map[*passage]party.MemberID // to guests' nodes; guarded by mu
}

// shown is a face on the host's stage.
type shown struct {
	face wire.Face
	from *passage // nil: published here
}

func (h *Host) openShow() {
	if h.cfg.Camera == nil {
		return
	}
	s := &show{host: h, do: make(chan func(context.Context), 1000), shown: map[party.MemberID]shown{}, passages: map[*passage]party.MemberID{}}
	s.Stage = live.New(live.Config{Command: h.cfg.Camera, Port: h.cfg.CameraPort, Log: h.cfg.Log,
		On: func(face string, c live.Codecs) {
			s.do <- func(ctx context.Context) { s.appear(ctx, party.MemberID(face), c, nil) }
		},
		Off: func(face string) {
			s.do <- func(ctx context.Context) { s.vanish(ctx, party.MemberID(face)) }
		},
		Want: func(face string) {
			s.do <- func(context.Context) {
				if f := s.shown[party.MemberID(face)]; f.from != nil {
					f.from.want(f.face.Member)
				}
			}
		},
		Tap:  s.carry,
		Left: func(viewer string) { h.web.Unseat(viewer) },
	})
	h.show = s
}

// runShow keeps the stage up until ctx ends.
func (h *Host) runShow(ctx context.Context) error {
	s := h.show
	if s == nil {
		<-ctx.Done()
		return nil
	}
	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(inner) }()
	defer stop()
	for {
		select {
		case f := <-s.do:
			f(ctx)
		case <-ctx.Done():
			stop()
			for {
				select {
				case f := <-s.do: // so that nobody waits to tell
					f(ctx)
				case err := <-ended:
					return err
				}
			}
		}
	}
}

func (s *show) wish(ctx context.Context, c party.Command) error {
	_, err := s.host.house.Current().Submit(ctx, party.House, "", c)
	return err
}

// appear shows a face to everybody, or takes it off if it may not be there any more.
func (s *show) appear(ctx context.Context, face party.MemberID, c live.Codecs, from *passage) {
	if old := s.shown[face].from; old != nil && old != from {
		old.refuse(face)
	}
	s.last++
	s.shown[face] = shown{wire.Face{Number: s.last, Member: face, Video: c.Video, VideoFmt: c.VideoFmt, Audio: c.Audio, AudioFmt: c.AudioFmt}, from}
	s.tellAll()
	if err := s.wish(ctx, party.Appear{Member: face}); err != nil && ctx.Err() == nil {
		s.host.cfg.Log.Info("taken off stage", "member", face, "err", err)
		s.End(ctx, string(face))
	}
}

// vanish is appear's counterpart.
func (s *show) vanish(ctx context.Context, face party.MemberID) {
	if from := s.shown[face].from; from != nil {
		from.refuse(face)
	}
	delete(s.shown, face)
	s.tellAll()
	s.wish(ctx, party.Vanish{Member: face})
}

// noticed does what the party has decided about the stage.
func (s *show) noticed(_ *room.Room, rec party.Record) {
	if s == nil {
		return
	}
	switch e := rec.Event.(type) {
	case party.Bowed:
		s.later(func(ctx context.Context) error { return s.End(ctx, string(e.Member)) })
	case party.Removed:
		ids := s.host.web.Dismiss(e.Member)
		s.later(func(ctx context.Context) error {
			err := s.End(ctx, string(e.Member))
			for _, id := range ids {
				err = errors.Join(err, s.Leave(ctx, id))
			}
			return err
		})
	case party.Hushed:
		s.later(func(ctx context.Context) error { return s.Hush(ctx, string(e.Member), e.Off) })
	case party.Ended:
		s.later(func(ctx context.Context) error {
			var err error
			for _, face := range s.Faces() {
				err = errors.Join(err, s.End(ctx, face))
			}
			return err
		})
	}
}

func (s *show) later(f func(context.Context) error) {
	s.do <- func(ctx context.Context) {
		if err := f(ctx); err != nil && !errors.Is(err, live.ErrDown) && ctx.Err() == nil {
			s.host.cfg.Log.Warn("stage", "err", err)
		}
	}
}

// carry hands a packet to guests' nodes.
func (s *show) carry(p live.Packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for g := range s.passages {
		g.carry(p)
	}
}

// tellAll tells guests' nodes who is on stage; none is sent back where it came from.
func (s *show) tellAll() {
	s.mu.Lock()
	all := slices.Collect(maps.Keys(s.passages))
	s.mu.Unlock()
	for _, g := range all {
		var faces []wire.Face
		for _, f := range s.shown {
			if f.from != g {
				faces = append(faces, f.face)
			}
		}
		g.offer(faces)
	}
}

// maxPassages is how many a member may have: those of one node that is coming back, and of another.
const maxPassages = 3

// serve carries faces to and from a guest's node.
func (s *show) serve(ctx context.Context, who session.Who, st *wire.Stream) error {
	var g *passage
	g = newPassage(st, passageConfig{stage: s.Stage, share: true, here: who.Here,
		may: func(face wire.Face) error {
			if face.Member != who.ID() {
				return errors.New("somebody else's face")
			}
			return s.host.house.State().MayAppear(face.Member)
		},
		took: func(face wire.Face, c live.Codecs) {
			s.do <- func(ctx context.Context) {
				if slices.Contains(s.Faces(), string(face.Member)) { // it may be down again
					s.appear(ctx, face.Member, c, g)
				}
			}
		},
		lost: func(face party.MemberID) {
			s.later(func(ctx context.Context) error {
				if s.shown[face].from != g {
					return nil
				}
				return s.End(ctx, string(face))
			})
		},
		off: func(uint16) {},
	})
	s.mu.Lock()
	n := 0
	for _, member := range s.passages {
		if member == who.ID() {
			n++
		}
	}
	if n < maxPassages {
		s.passages[g] = who.ID()
	}
	s.mu.Unlock()
	if n >= maxPassages {
		return errors.New("too many of one member")
	}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.passages, g)
	}()
	s.do <- func(context.Context) { s.tellAll() }
	return g.run(ctx)
}
