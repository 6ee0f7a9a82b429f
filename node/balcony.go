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

// A balcony is a guest's node's stage: it shows the faces on the host's to the browsers of this house, each sent here
// once, and brings the camera of whoever sits here to the host. It is put up when a browser first asks.
type balcony struct {
	*live.Stage
	guest *Guest
	asked chan struct{} // closed when a browser has
	once  sync.Once
	up    chan struct{} // holds one: the stage was put up

	mu      sync.Mutex
	way     *passage                  // to the host; nil: none; guarded by mu, as all below
	own     wire.Face                 // number 0: none
	last    uint16                    // number of an own face
	viewers map[string]party.MemberID // whom they see
	changed chan struct{}             // closed when a face is there
}

// watchTime is how long somebody who wants to see a face waits for it: the party knows of it before its packets come.
const watchTime = 5 * time.Second

// Pauses between attempts to reach the host's stage.
const (
	awayPause = 500 * time.Millisecond
	nonePause = 30 * time.Second // a host without a stage, or older than stages between nodes
)

func newBalcony(g *Guest) *balcony {
	b := &balcony{guest: g, asked: make(chan struct{}), up: make(chan struct{}, 1), viewers: map[string]party.MemberID{}, changed: make(chan struct{})}
	b.Stage = live.New(live.Config{Command: g.cfg.Camera, Log: g.cfg.Log,
		Up: b.putUp, On: b.appear, Off: b.vanish, Left: b.left,
		Want: func(face string) { b.onWay(func(w *passage) { w.want(party.MemberID(face)) }) },
		Tap:  func(p live.Packet) { b.onWay(func(w *passage) { w.carry(p) }) },
	})
	return b
}

// onWay does something with the way to the host, if there is one. It must not wait.
func (b *balcony) onWay(f func(*passage)) {
	b.mu.Lock()
	way := b.way
	b.mu.Unlock()
	if way != nil {
		f(way)
	}
}

// run keeps the stage up and the way to the host open, from when a browser first asks until ctx ends.
func (b *balcony) run(ctx context.Context) error {
	select {
	case <-b.asked:
	case <-ctx.Done():
		return nil
	}
	group, gctx := errgroup.WithContext(ctx)
	group.Go(func() error { return b.Stage.Run(gctx) })
	group.Go(func() error {
		for gctx.Err() == nil {
			pause := awayPause
			err := b.reach(gctx)
			if refusal := (*party.Refusal)(nil); errors.As(err, &refusal) {
				pause = nonePause
			}
			b.guest.cfg.Log.Debug("no way to the host's stage", "err", err)
			select {
			case <-time.After(pause):
			case <-gctx.Done():
			}
		}
		return nil
	})
	return group.Wait()
}

// reach carries faces between the host and here for as long as the host is there.
func (b *balcony) reach(ctx context.Context) error {
	st, err := b.guest.guest.Stage(ctx)
	if err != nil {
		return err
	}
	way := newPassage(st, passageConfig{stage: b.Stage, may: b.make, took: b.took, lost: b.lost, off: b.refused})
	b.mu.Lock()
	b.way = way
	b.mu.Unlock()
	b.tell()
	ctx, stop := context.WithCancel(ctx)
	var again sync.WaitGroup
	again.Go(func() {
		for {
			select {
			case <-b.up:
				way.again(ctx)
			case <-ctx.Done():
				return
			}
		}
	})
	err = way.run(ctx)
	stop()
	again.Wait()
	b.mu.Lock()
	b.way = nil
	b.mu.Unlock()
	return err
}

// tell tells the host whose camera is on here, and whom somebody here sees.
func (b *balcony) tell() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.way == nil {
		return
	}
	seen := map[party.MemberID]bool{}
	for _, face := range b.viewers {
		seen[face] = true
	}
	b.way.see(seen)
	if b.own.Number != 0 {
		b.way.offer([]wire.Face{b.own})
	} else {
		b.way.offer(nil)
	}
}

// putUp begins again: nobody watches a stage that was just put up.
func (b *balcony) putUp() {
	b.mu.Lock()
	viewers := slices.Collect(maps.Keys(b.viewers))
	clear(b.viewers)
	b.mu.Unlock()
	for _, id := range viewers {
		b.guest.web.Unseat(id)
	}
	b.tell()
	select {
	case b.up <- struct{}{}:
	default:
	}
}

// appear offers the host the camera of whoever sits here.
func (b *balcony) appear(face string, c live.Codecs) {
	b.mu.Lock()
	b.last++
	b.own = wire.Face{Number: b.last, Member: party.MemberID(face), Video: c.Video, VideoFmt: c.VideoFmt, Audio: c.Audio, AudioFmt: c.AudioFmt}
	b.mu.Unlock()
	b.tell()
}

func (b *balcony) vanish(face string) {
	b.mu.Lock()
	if b.own.Member == party.MemberID(face) {
		b.own = wire.Face{}
	}
	b.mu.Unlock()
	b.tell()
}

// refused takes the own camera off: the host does not take it, or not any more.
func (b *balcony) refused(number uint16) {
	b.mu.Lock()
	own := b.own
	b.mu.Unlock()
	if own.Number == number {
		b.End(context.Background(), string(own.Member))
	}
}

// make makes room for a face of the host's: whoever sits here is on stage from elsewhere.
func (b *balcony) make(face wire.Face) error {
	b.vanish(string(face.Member))
	return nil
}

func (b *balcony) took(wire.Face, live.Codecs) {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *balcony) lost(face party.MemberID) {
	b.mu.Lock()
	own := b.own.Member == face
	b.mu.Unlock()
	if !own {
		b.End(context.Background(), string(face))
	}
}

func (b *balcony) left(viewer string) {
	b.guest.web.Unseat(viewer)
	b.mu.Lock()
	delete(b.viewers, viewer)
	b.mu.Unlock()
	b.tell()
}

// Publish is [live.Stage.Publish].
func (b *balcony) Publish(ctx context.Context, face, offer string, near bool) (string, error) {
	b.ask()
	return b.Stage.Publish(ctx, face, offer, near)
}

func (b *balcony) ask() { b.once.Do(func() { close(b.asked) }) }

// Watch is [live.Stage.Watch], and waits a little for a face that is on its way.
func (b *balcony) Watch(ctx context.Context, viewer, face, offer string, near bool) (string, error) {
	b.ask()
	wait, stop := context.WithTimeout(ctx, watchTime)
	defer stop()
	for {
		b.mu.Lock()
		changed := b.changed
		b.mu.Unlock()
		if slices.Contains(b.Faces(), face) {
			break
		}
		select {
		case <-changed:
		case <-wait.Done():
			return "", live.ErrDown
		}
	}
	b.mu.Lock()
	b.viewers[viewer] = party.MemberID(face)
	b.mu.Unlock()
	b.tell()
	answer, err := b.Stage.Watch(ctx, viewer, face, offer, near)
	if err != nil {
		b.mu.Lock()
		delete(b.viewers, viewer)
		b.mu.Unlock()
		b.tell()
	}
	return answer, err
}
