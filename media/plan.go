package media

import (
	"context"
	"errors"
	"fmt"

	"watchparty/media/catalog"
	"watchparty/media/ffmpeg"
	"watchparty/media/rendition"
)

// What a dress rehearsal speaks of; see package rendition.
type (
	Device = rendition.Device
	Plan   = rendition.Plan
)

// May decides whether somebody may watch a title, and opens nothing.
func (l *Library) May(ctx context.Context, id catalog.TitleID, who Who) (catalog.Decision, error) {
	return l.origin.Decide(ctx, id, who)
}

// Plan says how a title gets onto screens; a nil device has said nothing of itself. A title whose
// file cannot be played is an [Unplayable] or a [Gone].
func (s *Shelf) Plan(ctx context.Context, id catalog.TitleID, devices []*Device) (Plan, error) {
	now := s.now.Load()
	t, ok := now.catalog.Title(id)
	switch {
	case !ok:
		return Plan{}, &Gone{id, errors.New("not in the catalog")}
	case t.Source != "" || t.File == "" || s.studio == nil || !now.onDisk(): // as it is, or not known
		return asItIs(t.Source != "", devices), nil
	}
	is, err := now.folder.Stat(t.File)
	if err == nil {
		_, err = typeOf(t.File, films)
	}
	if err != nil {
		return Plan{}, &Gone{id, fmt.Errorf("%s: %w", t.File, err)}
	}
	p, err := s.studio.Plan(ctx, now.source(t.File, is), devices)
	var fault *ffmpeg.Fault
	if errors.As(err, &fault) {
		return p, &Unplayable{id, fault}
	}
	return p, err
}

// asItIs is the plan where nothing is made: the demo films play everywhere, and what is live
// everywhere but in a player that wants files.
func asItIs(live bool, devices []*Device) (p Plan) {
	for _, d := range devices {
		at := rendition.Place{Way: rendition.AsFile, Light: rendition.Green}
		if live && d != nil && d.All {
			at = rendition.Place{Way: rendition.NoWay, Light: rendition.Red}
		}
		p.Places = append(p.Places, at)
	}
	return p
}
