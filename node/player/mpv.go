package player

import (
	"encoding/json"
	"errors"
	"math"
	"time"
)

// underWay is how long after a command of ours the property it sets may still be told
// with its old value.
const underWay = 300 * time.Millisecond

// mpv is a [Film] shown by an mpv of ours. It belongs to one goroutine. What we cause
// and what a person does at the player look alike in mpv's events, so it remembers
// what it has asked for.
type mpv struct {
	*ipc
	proc *process
	tidy func()

	paused  bool      // as mpv said last
	asked   bool      // as we asked last, or the person did
	pausing time.Time // until then the other value is no person's doing
	speed   float64   // as we asked last
	loading bool      // until the first picture of a film
	opened  bool      // the film that is loading has been opened
	queued  bool      // another one follows by itself
	turning bool      // it does
	seeking bool      // a seek of ours is on its way
	sought  bool      // a person's is
	aim     float64   // of our last seek
	frame   float64   // length of a picture in seconds
	length  float64
	live    *onAir // nil: it is a file
}

// observed are the properties of which mpv tells every change, besides those in kept.
var observed = []string{"pause", "speed", "paused-for-cache", "eof-reached"}

// newMPV takes over an mpv that listens.
func newMPV(conn pipe, proc *process, tidy func()) (*mpv, error) {
	m := &mpv{ipc: newIPC(conn), proc: proc, tidy: tidy, paused: true, asked: true, speed: 1, frame: 1.0 / 24}
	for i, name := range append(observed, kept...) {
		if _, _, err := m.call([]any{"observe_property", i + 1, name}); err != nil && !isNo(err) {
			return m, err
		}
	}
	return m, nil
}

// isNo says whether mpv has answered, if only with no: an older one may lack a
// property, and one without a film has no position.
func isNo(err error) bool {
	var no refused
	return errors.As(err, &no)
}

// do gives a command. A no is no trouble of the connection's.
func (m *mpv) do(command ...any) error {
	if _, _, err := m.call(command); err != nil && !isNo(err) {
		return err
	}
	return nil
}

// get reads a property that may be missing.
func get[T any](m *mpv, name string) (value T, ok bool, err error) {
	answer, _, err := m.call([]any{"get_property", name})
	if isNo(err) {
		return value, false, nil
	}
	if err != nil {
		return value, false, err
	}
	return value, json.Unmarshal(answer.Data, &value) == nil, nil
}

// Pause is [Film]'s.
func (m *mpv) Pause(paused bool) error {
	err := m.do("set_property", "pause", paused)
	if m.asked = paused; m.paused != paused {
		m.pausing = time.Now().Add(underWay)
	}
	return err
}

// Speed is [Film]'s.
func (m *mpv) Speed(rate float64) error {
	m.speed = rate
	return m.do("set_property", "speed", rate)
}

// hrSeek is by how much mpv takes a picture before the aim for the one that was asked
// for: 5 ms (its hr-seek), and half a millisecond for the party's rounding.
const hrSeek = 0.0055

// Seek is [Film]'s. mpv goes to the first picture that is not before its aim, a browser to
// the one that is shown at that time, which began before it: so mpv aims a frame back.
func (m *mpv) Seek(to float64) error {
	m.aim = to
	if m.live != nil {
		return m.live.seek(m, to)
	}
	return m.exact(to)
}

func (m *mpv) exact(to float64) error {
	m.seeking, m.sought = true, false
	if m.frame > hrSeek {
		to = max(0, to-m.frame+hrSeek)
	}
	return m.do("seek", to, "absolute+exact")
}

// Where is [Film]'s: by the sound, which mpv knows to a part of a millisecond. A film
// without has only its pictures, of which the present one is half over on average.
func (m *mpv) Where() (Reading, error) {
	for _, name := range []string{"audio-pts", "time-pos"} {
		answer, sent, err := m.call([]any{"get_property", name})
		if err != nil && !isNo(err) {
			return Reading{}, err
		}
		r := Reading{Took: answer.at.Sub(sent)}
		r.At = sent.Add(r.Took / 2)
		if err == nil && json.Unmarshal(answer.Data, &r.Pos) == nil {
			if name == "time-pos" {
				r.Stepped, r.Pos = true, r.Pos+m.frame/2
			}
			return r, nil
		}
	}
	return Reading{Took: math.MaxInt64}, nil // nothing to go by
}

// Frame is [Film]'s.
func (m *mpv) Frame() (float64, error) {
	pos, ok, err := get[float64](m, "time-pos")
	if !ok {
		pos = m.aim
	}
	return pos, err
}

// stock is how many seconds of film must be there before a start.
const stock = 0.5

// Stocked is [Film]'s.
func (m *mpv) Stocked() (bool, error) {
	cache, ok, err := get[struct {
		End    float64 `json:"cache-end"`
		Reader float64 `json:"reader-pts"`
		EOF    bool    `json:"eof"`
		Idle   bool    `json:"idle"`
		Dry    bool    `json:"underrun"`
	}](m, "demuxer-cache-state")
	return !ok || cache.EOF || cache.Idle || !cache.Dry && cache.End-cache.Reader >= stock, err
}

// load begins to open a film at about a position, paused; with live, at the address without a slot. The pass is
// for this file alone: a person may open others in the same mpv.
func (m *mpv) load(url, token, title string, at float64, live bool) error {
	if err := m.Pause(true); err != nil {
		return err
	}
	m.loading, m.opened, m.seeking, m.sought, m.aim, m.frame = true, false, false, false, at, 0
	m.queued, m.turning = false, false // a new film replaces all
	if err := m.Speed(1); err != nil {
		return err
	}
	if m.live = nil; live {
		m.live = &onAir{url: url, token: token, title: title, fresh: true}
		return m.live.open(m, at)
	}
	start, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return m.loadFile(url, "replace", token, title, map[string]string{"start": "+" + string(start)})
}

func (m *mpv) loadFile(url, how, token, title string, options map[string]string) error {
	options["http-header-fields"], options["force-media-title"] = "Authorization: Bearer "+token, title
	_, _, err := m.call(map[string]any{"name": "loadfile", "url": url, "flags": how, "options": options})
	if isNo(err) {
		return nil // an end-file follows
	}
	return err
}

// queue has a film follow by itself where this one ends.
func (m *mpv) queue(url, token, title string) error {
	m.queued = true
	return m.loadFile(url, "append", token, title, map[string]string{})
}

// unqueue has nothing follow.
func (m *mpv) unqueue() error {
	m.queued = false
	return m.do("playlist-clear")
}

// unload shows the idle screen.
func (m *mpv) unload() error {
	m.loading, m.seeking, m.sought, m.queued, m.turning = false, false, false, false, false
	return m.do("stop")
}

// What mpv's events mean to us.
type (
	loaded  struct{}              // the first picture of a film is there
	turned  struct{}              // the film that was to follow by itself runs
	failed  struct{ why string }  // the film could not be opened, or broke off
	landed  struct{}              // our seek is over
	touched struct{ paused bool } // a person paused or went on
	moving  struct{}              // a person goes somewhere else
	moved   struct{ pos float64 } // and is there
	starved struct{ now bool }    // it waits for bytes
	ended   struct{}              // there is no more film
	chosen  struct {              // a property that is kept has a value
		name string
		data json.RawMessage
	}
)

// hear says what an event means; nil: nothing to us.
func (m *mpv) hear(e message) (any, error) {
	switch e.Event {
	case "property-change":
		return m.changed(e)
	case "start-file":
		if m.queued && !m.loading {
			m.loading, m.opened, m.queued, m.turning, m.seeking, m.sought = true, false, false, true, false, false
			return nil, nil
		}
		if !m.loading {
			return failed{"another one was opened instead"}, nil
		}
	case "file-loaded":
		m.opened = true
	case "end-file":
		if e.Reason == "error" || m.loading && e.Reason == "eof" {
			m.loading, m.turning = false, false
			return failed{e.File}, nil
		}
	case "seek":
		if !m.loading && !m.seeking {
			m.sought = true
			return moving{}, nil
		}
	case "playback-restart":
		return m.restarted()
	}
	return nil, nil
}

// restarted tells our seeks from others'. A person may have gone somewhere else while
// ours was on its way: then the player lands elsewhere.
func (m *mpv) restarted() (any, error) {
	switch {
	case m.loading && m.opened && m.live != nil:
		return m.aired()
	case m.loading && m.opened:
		m.loading = false
		err := m.measure()
		if err != nil {
			return nil, err
		}
		if m.turning {
			m.turning = false
			m.length, _, err = get[float64](m, "duration")
			return turned{}, err
		}
		if m.length, _, err = get[float64](m, "duration"); err == nil && !m.paused { // a person was quick
			err = m.Pause(true)
		}
		return loaded{}, err
	case m.seeking || m.sought:
		ours := m.seeking
		m.seeking, m.sought = false, false
		pos, err := m.Frame()
		if err != nil {
			return nil, err
		}
		if ours && m.live != nil {
			return m.live.arrived(), nil
		}
		if ours && (math.Abs(pos-m.aim) < 1 || m.aim > m.length-1) {
			return landed{}, nil
		}
		return moved{pos}, nil
	}
	return nil, nil
}

// measure notes how long a picture lasts.
func (m *mpv) measure() error {
	fps, ok, err := get[float64](m, "container-fps")
	if ok && fps > 1 {
		m.frame = 1 / fps
	}
	return err
}

func (m *mpv) changed(e message) (any, error) {
	var on bool
	switch e.Name {
	case "pause":
		if json.Unmarshal(e.Data, &on) != nil {
			return nil, nil
		}
		m.paused = on
		switch {
		case on == m.asked:
			m.pausing = time.Time{}
			return nil, nil
		case time.Now().Before(m.pausing):
			return nil, nil
		}
		m.asked = on
		return touched{on}, nil
	case "speed": // is ours: it is what keeps us with the others
		var speed float64
		if json.Unmarshal(e.Data, &speed) == nil && math.Abs(speed-m.speed) > 1e-6 {
			return nil, m.Speed(m.speed)
		}
		return nil, nil
	case "paused-for-cache":
		json.Unmarshal(e.Data, &on)
		return starved{on}, nil
	case "eof-reached":
		if json.Unmarshal(e.Data, &on); on {
			return ended{}, nil
		}
		return nil, nil
	}
	return chosen{e.Name, e.Data}, nil
}

// quit ends mpv and waits for it.
func (m *mpv) quit() {
	m.send([]any{"quit"})
	m.proc.end()
	m.ipc.close()
	m.tidy()
}
