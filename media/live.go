package media

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"watchparty/media/catalog"
	"watchparty/media/ffmpeg"
	"watchparty/media/rendition"
)

// Live says of a title that it comes from a live source, and where its recording stands.
type Live struct {
	Zero  int64               `json:"zero,omitzero"`  // Unix milliseconds, host time, at which position 0 was at the edge; 0: nothing is recorded
	From  float64             `json:"from,omitzero"`  // seconds: the earliest position of which pictures are kept
	State rendition.Receiving `json:"state,omitzero"` // opening, on, silent, gone or full; empty: nobody watches
}

// broadcast is the source of what is live, as a studio takes it.
func broadcast(t *catalog.Title) rendition.Broadcast {
	return rendition.Broadcast{Key: fmt.Sprintf("%x", sha256.Sum256([]byte(t.Source))), URL: t.Source}
}

// Live is where the recording of a live title stands: its earliest position that is kept, and
// its edge, the furthest at which anybody can be. It begins where there is none. It is not ok for
// other titles, or where nothing live can be shown.
func (s *Shelf) Live(id catalog.TitleID, now time.Time) (from, edge time.Duration, ok bool) {
	t, ok := s.now.Load().catalog.Title(id)
	if !ok || t.Source == "" || s.studio == nil {
		return 0, 0, false
	}
	e, ok := s.studio.Edge(broadcast(t), true)
	if !ok {
		return 0, 0, false
	}
	edge = max(min(now.Sub(e.Zero), rendition.Longest), 0)
	return min(e.From, edge), edge, true
}

// Want keeps a live title being recorded for half a minute more. The caller has made sure that
// somebody who may watch it is there.
func (s *Shelf) Want(ctx context.Context, id catalog.TitleID) error {
	if t, ok := s.now.Load().catalog.Title(id); ok && t.Source != "" && s.studio != nil {
		return s.studio.Want(ctx, broadcast(t))
	}
	return nil
}

// live says in a list how a live title is played.
func (l *looker) live(t *catalog.Title, out *Listing, lang string) {
	out.Live = &Live{}
	if l.shelf.studio == nil {
		out.Offline, out.Reason = true, ffmpeg.ErrMissing.In(lang)
		return
	}
	out.Play = &Play{HLS: true}
	if e, ok := l.shelf.studio.Edge(broadcast(t), false); ok {
		*out.Live = Live{Zero: e.Zero.UnixMilli(), From: e.From.Seconds(), State: e.State}
	}
}

// onAir opens a part of what is live.
func (s *Shelf) onAir(ctx context.Context, t *catalog.Title, name string) (Content, error) {
	if s.studio == nil {
		return nil, &Unplayable{t.ID, ffmpeg.ErrMissing}
	}
	piece, err := s.studio.OpenLive(ctx, broadcast(t), name)
	var fault *ffmpeg.Fault
	if errors.As(err, &fault) {
		return nil, &Unplayable{t.ID, fault}
	}
	if err != nil {
		return nil, err
	}
	return &pieceContent{piece, ContentInfo{Size: piece.Size, ETag: `"` + piece.Tag + `"`, ContentType: piece.Type}}, nil
}
