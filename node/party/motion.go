package party

import (
	"strconv"
	"time"
)

const (
	motionTime  = 15 * time.Second // that a vote about the film takes at most
	motionRest  = 5 * time.Second  // from one to the next
	motionAgain = time.Minute      // until who was voted down may ask again
)

// Motion is somebody's wish to pause, go on or seek, which the room votes about. It stays, with its result, until the next.
type Motion struct {
	ID     string            `json:"id"`
	By     MemberID          `json:"by"`
	What   string            `json:"what"`             // pause, play, seek
	Pos    float64           `json:"pos,omitempty"`    // seconds: where to seek to
	Until  int64             `json:"until"`            // Unix milliseconds
	Votes  map[MemberID]bool `json:"votes,omitempty"`  // while it is open: true for it
	Closed int64             `json:"closed,omitempty"` // Unix milliseconds
	Passed bool              `json:"passed,omitempty"`
	Yes    int               `json:"yes,omitempty"` // once it is closed
	No     int               `json:"no,omitempty"`
}

type (
	// Back says yes or no to a motion; what the member said before counts no more.
	Back struct {
		Motion string `json:"motion"` // its ID: a vote that comes late counts for no other
		Yes    bool   `json:"yes"`
	}
	// Resolve counts a motion whose time is over. The house wishes it.
	Resolve struct{}

	// Moved is a motion that was opened; who did has said yes.
	Moved struct {
		What  string  `json:"what"`
		Pos   float64 `json:"pos,omitempty"` // seconds
		Until int64   `json:"until"`         // Unix milliseconds
	}
	// Backed is a vote.
	Backed struct {
		Yes bool `json:"yes"`
	}
	// Resolved is what came of a motion. If it passed, the film's Timed follows.
	Resolved struct {
		What   string  `json:"what"`
		Pos    float64 `json:"pos,omitempty"`
		Passed bool    `json:"passed,omitempty"`
		Yes    int     `json:"yes"`
		No     int     `json:"no"`
	}
)

func (Back) power() Power    { return Chat }
func (Resolve) power() Power { return Attend }

// command is what a motion comes to.
func (m Motion) command() Command {
	switch m.What {
	case WhyPause:
		return Pause{}
	case WhySeek:
		return Seek{At(m.Pos)}
	}
	return Play{}
}

// motion is a wish about the film as the room is asked about it; not ok where it is another wish.
func motion(c Command) (m Moved, ok bool) {
	switch c := c.(type) {
	case Pause:
		return Moved{What: WhyPause}, true
	case Play:
		return Moved{What: WhyPlay}, true
	case Seek:
		return Moved{What: WhySeek, Pos: c.Position.Seconds}, true
	}
	return m, false
}

// move asks the room what a member wishes who may not do it alone.
func (s *State) move(m Moved, c Command, env Env) ([]Event, error) {
	if would, err := c.decide(s, env); err != nil || len(would) == 0 {
		return nil, err
	}
	if s.Members[env.By].Silent(env.Now) {
		return nil, refuse("WP-MUTED", "Who is muted asks the room nothing.")
	}
	if last := s.Motion; last != nil {
		rest := moment(last.Closed).Add(motionRest).Sub(env.Now)
		if last.By == env.By && !last.Passed {
			rest = moment(last.Closed).Add(motionAgain).Sub(env.Now)
		}
		switch {
		case last.Closed == 0 && m.What == last.What && m.Pos == last.Pos:
			return Back{last.ID, true}.decide(s, env)
		case last.Closed == 0:
			return nil, refuse("WP-BUSY", "The room is voting about the film already: wait for that.")
		case rest > 0:
			return nil, refuse("WP-SLOW", "The room has voted just now: ask again in "+wait(rest)+".")
		}
	}
	m.Until = millis(env.Now.Add(motionTime))
	events := []Event{m}
	if s.presentCount() < 2 { // who would be asked?
		with := *s
		with.Motion = &Motion{What: m.What, Pos: m.Pos}
		events = append(events, with.resolved(1, 0, env)...)
	}
	return events, nil
}

func (s *State) presentCount() (n int) {
	for _, m := range s.Members {
		if m.present() {
			n++
		}
	}
	return n
}

// tally counts the votes of those who are here.
func (m *Motion) tally(s *State) (yes, no int) {
	for id, vote := range m.Votes {
		switch {
		case !s.Members[id].present():
		case vote:
			yes++
		default:
			no++
		}
	}
	return yes, no
}

func (c Back) decide(s *State, env Env) ([]Event, error) {
	m := s.Motion
	if m == nil || m.ID != c.Motion || m.Closed != 0 || !env.Now.Before(moment(m.Until)) {
		return nil, refuse("WP-CLOSED", "That vote is over.")
	}
	if was, voted := m.Votes[env.By]; voted && was == c.Yes {
		return nil, nil
	}
	now := *m
	now.Votes = with(m.Votes, env.By, c.Yes, true)
	events := []Event{Backed{c.Yes}}
	yes, no := now.tally(s)
	if all := s.presentCount(); 2*yes > all || 2*no >= all { // the others cannot change it
		events = append(events, s.resolved(yes, no, env)...)
	}
	return events, nil
}

func (Resolve) decide(s *State, env Env) ([]Event, error) {
	if s.Motion == nil || s.Motion.Closed != 0 {
		return nil, nil
	}
	yes, no := s.Motion.tally(s)
	return s.resolved(yes, no, env), nil
}

// resolved is a motion's end, and what it does to the film if more are for it than against.
func (s *State) resolved(yes, no int, env Env) []Event {
	m := s.Motion
	e := Resolved{What: m.What, Pos: m.Pos, Passed: yes > no, Yes: yes, No: no}
	if !e.Passed {
		return []Event{e}
	}
	timed, err := m.command().decide(s, env)
	if err != nil { // what was on is gone
		timed = nil
	}
	return append([]Event{e}, timed...)
}

// Due is when the votes are counted at the latest; zero: there is nothing to count.
func (m *Motion) Due() time.Time {
	if m == nil || m.Closed != 0 {
		return time.Time{}
	}
	return moment(m.Until)
}

func (e Moved) apply(s *State, r Record) {
	s.Motion = &Motion{ID: strconv.FormatUint(uint64(r.Seq), 10), By: r.By, What: e.What, Pos: e.Pos, Until: e.Until, Votes: map[MemberID]bool{r.By: true}}
}

func (e Backed) apply(s *State, r Record) {
	if s.Motion == nil || s.Motion.Closed != 0 {
		return
	}
	m := *s.Motion
	m.Votes = with(m.Votes, r.By, e.Yes, true)
	s.Motion = &m
}

func (e Resolved) apply(s *State, r Record) {
	if s.Motion == nil {
		return
	}
	m := *s.Motion
	m.Votes, m.Closed, m.Passed, m.Yes, m.No = nil, r.At.UnixMilli(), e.Passed, e.Yes, e.No
	s.Motion = &m
}

// moot forgets a motion that is open: somebody who may has driven, or nobody is asked any more.
func (s *State) moot() {
	if s.Motion != nil && s.Motion.Closed == 0 {
		s.Motion = nil
	}
}
