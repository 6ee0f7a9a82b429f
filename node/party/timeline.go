package party

import (
	"encoding/json"
	"errors"
	"math"
	"time"

	"watchparty/media/catalog"
)

// How far ahead of the decision everybody acts, so that commit and network are
// over by then and all start at the same host time instead of as fast as each can.
const (
	LeadPlay  = 300 * time.Millisecond // a paused player starts in a few ms
	LeadSeek  = 450 * time.Millisecond // a seek must also decode from a key frame
	LeadPause = 150 * time.Millisecond // all stop on the same frame
)

// A Timeline says where the film is. It is a value and never ticks: everyone
// computes the position from their estimate of the host's clock.
type Timeline struct {
	Title  catalog.TitleID
	Pos    time.Duration // position at At
	At     time.Time     // host time; may lie a little ahead
	Rate   float64       // 0 is paused, 1 is normal speed
	Began  time.Time     // when the title was put on: its window and memberships count from here
	Length time.Duration // running time, 0 when not known
	Hold   time.Time     // set while a start waits at Pos for who is not ready: until then at the latest
}

// Wanted says whether people want the film to run: it does, or waits for its start.
func (t Timeline) Wanted() bool { return t.Rate > 0 || !t.Hold.IsZero() }

// Position is where the film is at host time t, between 0 and Length. A start
// that lies ahead waits at Pos.
func (t Timeline) Position(at time.Time) time.Duration {
	d := at.Sub(t.At)
	if d < 0 {
		d = 0
	}
	p := t.Pos + time.Duration(float64(d)*t.Rate)
	return t.clamp(p)
}

func (t Timeline) clamp(p time.Duration) time.Duration {
	if t.Length > 0 && p > t.Length {
		p = t.Length
	}
	return max(p, 0).Round(time.Millisecond)
}

// Ends is the host time at which a playing film reaches its end.
func (t Timeline) Ends() (time.Time, bool) {
	if t.Title == "" || t.Rate <= 0 || t.Length <= 0 {
		return time.Time{}, false
	}
	return t.At.Add(time.Duration(float64(t.Length-t.Pos) / t.Rate)), true
}

type timelineJSON struct {
	Title  catalog.TitleID `json:"title,omitempty"`
	Pos    float64         `json:"pos"`  // seconds
	At     int64           `json:"at"`   // Unix milliseconds, host time
	Rate   float64         `json:"rate"` // 0 paused
	Began  int64           `json:"began,omitempty"`
	Length float64         `json:"length,omitempty"`
	Hold   int64           `json:"hold,omitempty"`
}

func (t Timeline) wire() timelineJSON {
	return timelineJSON{t.Title, seconds(t.Pos), millis(t.At), t.Rate, millis(t.Began), seconds(t.Length), millis(t.Hold)}
}

// MarshalJSON writes positions in seconds and moments in Unix milliseconds.
func (t Timeline) MarshalJSON() ([]byte, error) {
	return json.Marshal(t.wire())
}

// UnmarshalJSON reads what MarshalJSON writes.
func (t *Timeline) UnmarshalJSON(b []byte) error {
	var j timelineJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*t = Timeline{j.Title, duration(j.Pos), moment(j.At), j.Rate, moment(j.Began), duration(j.Length), moment(j.Hold)}
	return nil
}

func seconds(d time.Duration) float64 { return float64(d.Milliseconds()) / 1000 }

func duration(s float64) time.Duration {
	if math.IsNaN(s) || math.Abs(s) > 1e6 { // 11 days: no film
		return 0
	}
	return time.Duration(math.Round(s*1000)) * time.Millisecond
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// Why a timeline changed, for the line that people read in the chat.
const (
	WhyCue    = "cue"
	WhyPlay   = "play"
	WhyPause  = "pause"
	WhySeek   = "seek"
	WhyEnd    = "end"
	WhyResume = "resume" // the host was away too long; the film waits where it was
	WhyWait   = "wait"   // somebody's screen lacks bytes; the film waits for them
	WhyGo     = "go"     // all are ready, or were waited for long enough
	WhyFollow = "follow" // the next track began where the last one ended
	WhyLive   = "live"   // to the edge of what is live
)

type (
	// Cue puts a title on, paused at its beginning; with Play it starts at once.
	Cue struct {
		Title catalog.TitleID `json:"title"`
		Play  bool            `json:"play,omitempty"`
	}
	// Play starts or goes on.
	Play struct{}
	// Pause stops everybody on the same frame.
	Pause struct{}
	// Seek goes to a position, playing or paused as it was.
	Seek struct {
		Position Position `json:"position"`
	}
	// Next puts on what comes next: the queue's first, else the next episode.
	Next struct{}
	// Finish stops a film that has reached its end, or has the next track follow. The
	// house wishes it.
	Finish struct{}
)

// Position is a place in a film, in seconds. One that was left out is refused, or it
// would be the beginning.
type Position struct {
	Seconds float64
	given   bool
}

// At is a position.
func At(seconds float64) Position { return Position{seconds, true} }

// MarshalJSON writes the seconds.
func (p Position) MarshalJSON() ([]byte, error) { return json.Marshal(p.Seconds) }

// UnmarshalJSON reads a number.
func (p *Position) UnmarshalJSON(b []byte) error {
	var s *float64
	if err := json.Unmarshal(b, &s); err != nil || s == nil {
		return err
	}
	*p = At(*s)
	return nil
}

// Timed is the fact behind every change of what is on and where it is.
type Timed struct {
	Timeline
	Why string
	For []MemberID // with WhyWait: for whom
}

// MarshalJSON writes the timeline's members and why it changed.
func (e Timed) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		timelineJSON
		Why string     `json:"why"`
		For []MemberID `json:"for,omitempty"`
	}{e.Timeline.wire(), e.Why, e.For})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Timed) UnmarshalJSON(b []byte) error {
	var more struct {
		Why string
		For []MemberID
	}
	if err := json.Unmarshal(b, &more); err != nil {
		return err
	}
	e.Why, e.For = more.Why, more.For
	return e.Timeline.UnmarshalJSON(b)
}

func (Cue) power() Power    { return Drive }
func (Play) power() Power   { return Drive }
func (Pause) power() Power  { return Drive }
func (Seek) power() Power   { return Drive }
func (Next) power() Power   { return Drive }
func (Finish) power() Power { return Attend }

func (c Cue) decide(s *State, env Env) ([]Event, error) {
	viewer := catalog.Viewer{Host: true}
	if env.By != House {
		viewer = s.Members[env.By].Viewer()
	}
	if d := env.Titles.Decide(c.Title, viewer, env.Now); !d.OK {
		return nil, refuse(string(d.Code), d.Reason)
	}
	t := Timeline{Title: c.Title, Pos: edge(c.Title, env), At: env.Now, Began: env.Now, Length: env.Titles.Length(c.Title)}
	if c.Play {
		t = s.begin(t, LeadSeek, env)
	}
	return []Event{Timed{Timeline: t, Why: WhyCue}}, nil
}

func (Play) decide(s *State, env Env) ([]Event, error) {
	t, err := s.onAir()
	if err != nil || t.Rate > 0 {
		return nil, err
	}
	if !t.Hold.IsZero() { // pressed once more: enough of waiting
		return s.release(env), nil
	}
	lead := LeadPlay
	if t.Length > 0 && t.Pos >= t.Length { // from the end: once more from the start
		t.Pos, lead = 0, LeadSeek
	}
	t.Pos = kept(t, t.Pos, env)
	return []Event{Timed{Timeline: s.begin(t, lead, env), Why: WhyPlay}}, nil
}

func (Pause) decide(s *State, env Env) ([]Event, error) {
	t, err := s.onAir()
	if err != nil || !t.Wanted() {
		return nil, err
	}
	return []Event{Timed{Timeline: t.stop(env.Now), Why: WhyPause}}, nil
}

func (c Seek) decide(s *State, env Env) ([]Event, error) {
	t, err := s.onAir()
	if err != nil {
		return nil, err
	}
	if p := c.Position; !p.given || !(p.Seconds >= 0 && p.Seconds < 1e6) { // also NaN
		return nil, refuse("WP-BAD", "That is no position in a film: give seconds from its beginning.")
	}
	wanted := t.Wanted()
	t.Pos, t.At, t.Rate, t.Hold = kept(t, t.clamp(duration(c.Position.Seconds)), env), env.Now, 0, time.Time{}
	if wanted {
		t = s.begin(t, LeadSeek, env)
	}
	return []Event{Timed{Timeline: t, Why: WhySeek}}, nil
}

func (Next) decide(s *State, env Env) ([]Event, error) {
	var gone []Event
	for _, q := range s.Queue {
		gone = append(gone, Dequeued{q.ID})
		events, err := Cue{Title: q.Title, Play: true}.decide(s, env)
		var r *Refusal
		switch {
		case err == nil:
			return append(events, gone...), nil
		case !errors.As(err, &r) || r.Code != string(catalog.CodeUnknown):
			return nil, err
		} // a title that has left the catalog leaves the queue too
	}
	next, ok := env.Titles.Next(s.Timeline.Title)
	if !ok && len(gone) > 0 {
		return gone, nil
	}
	if !ok {
		return nil, refuse("WP-NOTHING", "Nothing comes next: the queue is empty and there is no further episode.")
	}
	events, err := Cue{Title: next, Play: true}.decide(s, env)
	return append(events, gone...), err
}

func (Finish) decide(s *State, env Env) ([]Event, error) {
	t := s.Timeline
	if ends, ok := t.Ends(); !ok || ends.After(env.Now) {
		return nil, nil
	}
	if next, at, ok := s.nextTrack(env.Titles, env.Now); ok {
		return s.goOn(next, at, env), nil
	}
	t.Pos, t.At, t.Rate = t.Length, env.Now, 0
	return append([]Event{Timed{Timeline: t, Why: WhyEnd}}, s.announce(env)...), nil
}

// stop is a timeline on which all stop at the same frame, a moment from now. What
// waited for its start stays where it is.
func (t Timeline) stop(now time.Time) Timeline {
	at := now
	if t.Rate > 0 {
		at = now.Add(LeadPause)
	}
	t.Pos, t.At, t.Rate, t.Hold = t.Position(at), at, 0, time.Time{}
	return t
}

func (e Timed) apply(s *State, _ Record) {
	if !e.Began.Equal(s.Timeline.Began) {
		s.Out, s.In = nil, nil
	}
	s.Timeline, s.Urged, s.Coming = e.Timeline, nil, nil
	if e.Why != WhyWait && e.Why != WhyGo {
		s.moot()
	}
}

func (s *State) onAir() (Timeline, error) {
	if s.Timeline.Title == "" {
		return Timeline{}, refuse("WP-NOTHING", "Nothing is on yet: choose a film first.")
	}
	return s.Timeline, nil
}
