package player

import (
	"encoding/json"
	"fmt"
	"time"
)

// broadcast says of a title that it comes from a live source. mpv gets it as one film without an end, from a slot of
// the recording on: FFmpeg before 7.2, which mpv reads with, loses its place in fragmented HLS when it is told to go
// elsewhere (its commit 380a518c mends that). Its times are those of the recording. What mpv has kept of it is gone to
// there, and for any other place it is opened anew.
type broadcast struct{}

const (
	slot  = 2.0                    // seconds: where it can be opened, as in media/rendition
	reach = time.Second            // how long the place that was opened may take to arrive
	look  = 20 * time.Millisecond  // between two looks whether it has
	after = 100 * time.Millisecond // of film behind a place, for it to be gone to
)

// onAir is what is live, in an mpv.
type onAir struct {
	url, token, title string // of its beginning
	closer            bool   // the place that was asked for is gone to after the opening
	again             bool   // it was opened anew for a seek of ours
	fresh             bool   // it has just been loaded, and the place is being gone to
}

// open opens it at the slot in which a position is.
func (l *onAir) open(m *mpv, at float64) error {
	l.closer = true
	return m.loadFile(fmt.Sprintf("%s/%d", l.url, int(max(at, 0)/slot)), "replace", l.token, l.title, map[string]string{"rebase-start-time": "no", "cache": "yes"})
}

// seek goes to a position.
func (l *onAir) seek(m *mpv, to float64) error {
	there, err := m.holds(to)
	if err != nil || there {
		return errOr(err, func() error { return m.exact(to) })
	}
	m.loading, m.opened, m.seeking, l.again = true, false, false, true
	return l.open(m, to)
}

// aired is the first picture of what is live.
func (m *mpv) aired() (any, error) {
	l := m.live
	m.loading, m.length = false, 0
	if fps, ok, err := get[float64](m, "container-fps"); err != nil {
		return nil, err
	} else if ok && fps > 1 {
		m.frame = 1 / fps
	}
	if !m.paused && !l.again { // a person was quick
		if err := m.Pause(true); err != nil {
			return nil, err
		}
	}
	l.fresh = !l.again
	l.again = false
	goes, err := l.opened(m)
	switch {
	case goes || err != nil:
		return nil, err
	case l.fresh:
		l.fresh = false
		return loaded{}, nil
	}
	return landed{}, nil
}

// opened is told that the first picture is there. It goes to the place itself, if that comes, and says whether it does.
func (l *onAir) opened(m *mpv) (goes bool, err error) {
	if !l.closer {
		return false, nil
	}
	l.closer = false
	for end := time.Now().Add(reach); ; time.Sleep(look) {
		there, err := m.holds(m.aim)
		if err != nil || there {
			return err == nil, errOr(err, func() error { return m.exact(m.aim) })
		}
		if time.Now().After(end) {
			return false, nil
		}
	}
}

func errOr(err error, do func() error) error {
	if err != nil {
		return err
	}
	return do()
}

// holds says whether mpv has a position in its memory.
func (m *mpv) holds(pos float64) (bool, error) {
	var cache struct {
		Ranges []struct{ Start, End float64 } `json:"seekable-ranges"`
	}
	answer, _, err := m.call([]any{"get_property", "demuxer-cache-state"})
	if isNo(err) {
		return false, nil
	}
	if err != nil || json.Unmarshal(answer.Data, &cache) != nil {
		return false, err
	}
	for _, r := range cache.Ranges {
		if pos >= r.Start && pos+after.Seconds() <= r.End {
			return true, nil
		}
	}
	return false, nil
}
