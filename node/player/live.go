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
	fresh             bool   // it is being loaded, and not opened anew for a seek of ours
}

// open opens it at the slot in which a position is.
func (l *onAir) open(m *mpv, at float64) error {
	return m.loadFile(fmt.Sprintf("%s/%d", l.url, int(max(at, 0)/slot)), "replace", l.token, l.title, map[string]string{"rebase-start-time": "no", "cache": "yes"})
}

// seek goes to a position.
func (l *onAir) seek(m *mpv, to float64) error {
	there, err := m.holds(to)
	if err != nil || there {
		return errOr(err, func() error { return m.exact(to) })
	}
	m.loading, m.opened, m.seeking, l.fresh = true, false, false, false
	return l.open(m, to)
}

// aired is the first picture of what is live: of its slot, from where the place itself is gone to.
func (m *mpv) aired() (any, error) {
	m.loading, m.length = false, 0
	if err := m.measure(); err != nil {
		return nil, err
	}
	if m.live.fresh && !m.paused { // a person was quick
		if err := m.Pause(true); err != nil {
			return nil, err
		}
	}
	there, err := m.holds(m.aim)
	for end := time.Now().Add(reach); err == nil && !there && time.Now().Before(end); there, err = m.holds(m.aim) {
		time.Sleep(look)
	}
	if err != nil || there {
		return nil, errOr(err, func() error { return m.exact(m.aim) })
	}
	return m.live.arrived(), nil // where it is: the party's controller sees to the rest
}

// arrived is what it means that mpv is at a place that was gone to.
func (l *onAir) arrived() any {
	if l.fresh {
		l.fresh = false
		return loaded{}
	}
	return landed{}
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
