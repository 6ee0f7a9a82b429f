package node

import (
	"context"
	"errors"
	"os"
	"os/exec"

	"watchparty/media/live"
	"watchparty/node/party"
	"watchparty/node/room"
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

// A show is a host's stage for cameras: what happens on it is told to the party, and what the party decides
// about it is done.
type show struct {
	*live.Stage
	host *Host
	do   chan func(context.Context) // in turn
}

func (h *Host) openShow() {
	if h.cfg.Camera == nil {
		return
	}
	s := &show{host: h, do: make(chan func(context.Context), 1000)}
	s.Stage = live.New(live.Config{Command: h.cfg.Camera, Port: h.cfg.CameraPort, Log: h.cfg.Log,
		On: func(face string, _ live.Codecs) {
			s.do <- func(ctx context.Context) { s.appear(ctx, party.MemberID(face)) }
		},
		Off: func(face string) {
			s.do <- func(ctx context.Context) { s.wish(ctx, party.Vanish{Member: party.MemberID(face)}) }
		},
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

// appear notes a face, or takes it off if it may not be there any more.
func (s *show) appear(ctx context.Context, face party.MemberID) {
	if err := s.wish(ctx, party.Appear{Member: face}); err != nil && ctx.Err() == nil {
		s.host.cfg.Log.Info("taken off stage", "member", face, "err", err)
		s.End(ctx, string(face))
	}
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
