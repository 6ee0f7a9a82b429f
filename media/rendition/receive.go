package rendition

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"watchparty/media/ffmpeg"
)

const (
	// unwanted is how long a source is received that nobody wants.
	unwanted = 30 * time.Second
	// glance is how often it is looked whether it is wanted, and gives.
	glance = 250 * time.Millisecond
	// patience is how long a source may take to give its first picture; given up is after how long
	// without a picture it is called gone. It is reached for in any case.
	patience, givenUp = 15 * time.Second, time.Minute
	// firstPause and lastPause are how long is waited until a source that broke is reached for again.
	firstPause, lastPause = time.Second, 10 * time.Second
)

// receive receives a source for as long as somebody wants it.
func (s *Studio) receive(ctx context.Context, r *recording) {
	ctx, stop := context.WithCancel(ctx)
	var eye sync.WaitGroup
	defer s.rest(r)
	defer eye.Wait()
	defer stop()
	eye.Go(func() { s.oversee(ctx, stop, r) })
	back, err := s.air.pool.Take(ctx)
	if err != nil {
		return
	}
	defer back()
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		began := time.Now()
		err := s.listen(ctx, r)
		if ctx.Err() != nil || errors.Is(err, errOver) {
			return
		}
		if time.Since(began) > givenUp {
			pause = firstPause
		}
		s.Log.Warn("a live source broke and is reached for again", "in", pause, "err", ffmpeg.Discreet(err))
		if pass(ctx, pause, nil) != nil {
			return
		}
	}
}

// rest notes that a source is not received any more.
func (s *Studio) rest(r *recording) {
	s.air.mu.Lock()
	r.runs, r.state = false, Idle
	r.tell()
	s.air.mu.Unlock()
	s.Told()
}

// oversee ends what nobody wants, and tells of what comes and what does not.
func (s *Studio) oversee(ctx context.Context, stop func(), r *recording) {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.air.mu.Lock()
		now := s.Now()
		was := r.state
		r.state = r.now(now)
		changed, idle := r.state != was, now.Sub(r.wanted) > unwanted
		s.air.mu.Unlock()
		if changed {
			s.Told()
		}
		if idle {
			stop()
		}
	}
}

// now says what comes from the source. The caller holds mu.
func (r *recording) now(now time.Time) Receiving {
	since := now.Sub(r.begun)
	if !r.placed.IsZero() {
		since = now.Sub(r.placed)
	}
	switch {
	case r.state == Full && r.placed.IsZero():
		return Full
	case !r.placed.IsZero() && now.Before(r.at(r.given)):
		return OnAir
	case since > givenUp:
		return Gone
	case r.placed.IsZero() && since < patience:
		return Opening
	}
	return Silent
}

// errOver ends a recording that is as long as one may be.
var errOver = errors.New("the recording is full")

// errEnded is a source that said itself that it is over.
var errEnded = errors.New("the source ended")

// listen runs one child over the source, to its end.
func (s *Studio) listen(ctx context.Context, r *recording) error {
	d, err := s.darkness(ctx)
	if err != nil {
		return err
	}
	child, err := s.Program.Receive(r.URL, liveArguments(s.Program, s.coder()))
	if err != nil {
		return err
	}
	defer child.End()
	defer context.AfterFunc(ctx, child.Kill)()
	s.started.Add(1)
	first := true
	x := &splicer{dark: d}
	x.place = func() error {
		err := s.place(ctx, r, x, first)
		first = false
		return err
	}
	if err := x.splice(child); err != nil {
		return err
	}
	return errEnded
}

// place puts the piece that x has gathered into the next slot, once that is not too far ahead.
func (s *Studio) place(ctx context.Context, r *recording, x *splicer, first bool) error {
	for {
		s.air.mu.Lock()
		now := s.Now()
		n := r.next
		for r.settle(n, now) { // too late for these: they are dark
			n = r.next
		}
		if first {
			n = max(n, int((now.Add(cushion).Sub(r.zero)+slot-1)/slot))
		}
		wait := r.at(n).Add(-early).Sub(now)
		if n >= slots || wait <= 0 {
			err := s.fill(r, x, n, now)
			s.air.mu.Unlock()
			return err
		}
		s.air.mu.Unlock()
		if err := pass(ctx, wait, nil); err != nil {
			return err
		}
	}
}

// fill puts a piece into a slot. The caller holds mu, so that nobody sees the slot settled and
// the piece not there.
func (s *Studio) fill(r *recording, x *splicer, n int, now time.Time) error {
	if n >= slots {
		return errOver
	}
	b, err := x.piece(n)
	if err == nil {
		err = s.cache.put(r.name(n), b)
	}
	if errors.Is(err, ffmpeg.ErrFull) {
		r.state, r.placed = Full, time.Time{}
		s.Told()
	}
	if err != nil {
		return fmt.Errorf("keep what is live: %w", err)
	}
	if r.placed.IsZero() {
		r.state = OnAir
		defer s.Told()
	}
	r.next, r.given, r.placed = n+1, n+1, now
	if old := n - int(window/slot); old >= 0 {
		s.cache.remove(r.name(old))
	}
	r.tell()
	return nil
}
