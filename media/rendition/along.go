package rendition

import (
	"context"
	"fmt"
	"time"
)

// few is how many segments of sound are made before somebody asks for them.
const few = 3

// along begins with the sound that belongs to segment n of a picture that is made anew: players
// ask for it only once they have the picture, and then wait a second time. It is the sound
// that was asked for last, or the first. Nobody waits here.
func (s *Studio) along(ctx context.Context, src Source, all []Rendition, picture Rendition, n int) {
	at := time.Duration(n) * segment
	if picture.Copied() {
		at = time.Duration(picture.keys.start(n) * float64(time.Second))
	}
	s.mu.Lock()
	var r Rendition
	var folder string
	var last time.Time
	for _, sound := range all {
		if sound.video() {
			continue
		}
		where := s.folder(src, sound, "")
		if r.Name == "" {
			r, folder = sound, where
		}
		for _, t := range s.takes[where] {
			if t.since.After(last) {
				r, folder, last = sound, where, t.since
			}
		}
	}
	first := max(int(at/segment)-1, 0) // whose last frame may reach into the picture's first
	name := func() string { return fmt.Sprintf("%s/%d.m4s", folder, first) }
	for end := first + near; first < end && s.cache.has(name()); first++ {
	}
	if r.Name == "" || first >= r.Segments() || s.sound.Full() || s.cache.has(name()) {
		s.mu.Unlock()
		return
	}
	t, work := s.join(src, r, "", name(), first, false)
	t.waiting--
	if work != nil {
		t.wanted = first + few - ahead // more when it is asked for: the picture needs the processor
	}
	s.mu.Unlock()
	if work != nil {
		s.begun(ctx, t, work)
	}
}

// begun has the studio run a child that is to begin.
func (s *Studio) begun(ctx context.Context, t *take, work context.Context) {
	if err := s.start(ctx, func(house context.Context) {
		defer context.AfterFunc(house, t.end)()
		s.make(work, t)
	}); err != nil {
		s.finish(t, err)
	}
}
