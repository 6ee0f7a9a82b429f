package party

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"watchparty/media/catalog"
)

const (
	leastBallot, mostBallot = 2, 24     // titles
	longestBallot           = time.Hour // that a vote may take
)

// Ballot is a vote about what to watch: each approves of as many titles as they like, and may veto one. A title
// that somebody who is present may not watch is out.
type Ballot struct {
	ID     string                         `json:"id"`
	By     MemberID                       `json:"by"`
	Titles []catalog.TitleID              `json:"titles"`
	Until  int64                          `json:"until,omitempty"` // Unix milliseconds; 0: until somebody counts
	Votes  map[MemberID][]catalog.TitleID `json:"votes,omitempty"`
	Vetoes map[MemberID]catalog.TitleID   `json:"vetoes,omitempty"`
	Barred []Bar                          `json:"barred,omitempty"` // in the order of Titles
}

// Bar says why a title is out, and not whose fault that is.
type Bar struct {
	Title  catalog.TitleID `json:"title"`
	Code   catalog.Code    `json:"code"`
	Region catalog.Region  `json:"region,omitempty"` // where it is a region: which
}

type (
	// Ask opens a ballot.
	Ask struct {
		Titles  []catalog.TitleID `json:"titles"`
		Seconds int               `json:"seconds,omitempty"` // how long it takes; 0: until somebody counts
	}
	// Approve says of which titles the member approves; what they said before counts no more.
	Approve struct {
		Titles []catalog.TitleID `json:"titles"`
	}
	// Veto keeps a title out; an empty one takes the veto back.
	Veto struct {
		Title catalog.TitleID `json:"title"`
	}
	// Count ends the ballot and puts the result on, or with Drop does nothing more. The house wishes it when the
	// time is over.
	Count struct {
		Drop bool `json:"drop,omitempty"`
	}
	// Recount looks again who may watch what. The house wishes it.
	Recount struct{}

	// Balloted is the fact that a ballot was opened.
	Balloted struct {
		Titles []catalog.TitleID `json:"titles"`
		Until  int64             `json:"until,omitempty"` // Unix milliseconds
		Barred []Bar             `json:"barred,omitempty"`
	}
	// Approved is of whom its author approves now.
	Approved struct {
		Titles []catalog.TitleID `json:"titles"`
	}
	// Vetoed is what its author keeps out now.
	Vetoed struct {
		Title catalog.TitleID `json:"title"`
	}
	// Barred are the titles that are out now.
	Barred struct {
		Barred []Bar `json:"barred"`
	}
	// Counted is a ballot's end.
	Counted struct {
		Title catalog.TitleID   `json:"title,omitempty"` // what was chosen; empty: nothing
		Votes int               `json:"votes,omitempty"` // for it
		Of    int               `json:"of,omitempty"`    // who voted
		Tied  []catalog.TitleID `json:"tied,omitempty"`  // those with as many
		Drop  bool              `json:"drop,omitempty"`
	}
)

func (Ask) power() Power     { return Drive }
func (Approve) power() Power { return Chat }
func (Veto) power() Power    { return Chat }
func (Count) power() Power   { return Drive }
func (Recount) power() Power { return Attend }

func noBallot() error {
	return refuse("WP-NOTHING", "There is nothing to vote on now.")
}

func (c Ask) decide(s *State, env Env) ([]Event, error) {
	if s.Ballot != nil {
		return nil, refuse("WP-BUSY", "There is a vote already: count it, or drop it.")
	}
	var titles []catalog.TitleID
	for _, id := range c.Titles {
		if d := env.Titles.Decide(id, catalog.Viewer{Host: true}, env.Now); !d.OK {
			return nil, refuse(string(d.Code), d.Reason)
		}
		if !slices.Contains(titles, id) {
			titles = append(titles, id)
		}
	}
	length := time.Duration(c.Seconds) * time.Second
	switch {
	case len(titles) < leastBallot || len(titles) > mostBallot:
		return nil, refuse("WP-BAD", "Put 2 to 24 titles to the vote.")
	case c.Seconds < 0 || length > longestBallot:
		return nil, refuse("WP-BAD", "A vote takes an hour at most.")
	}
	e := Balloted{Titles: titles, Barred: s.bars(titles, env.Titles, env.Now)}
	if length > 0 {
		e.Until = millis(env.Now.Add(length))
	}
	if len(titles)-len(e.Barred) < leastBallot {
		return nil, refuse("WP-NOTHING", "Of these there are not two that everybody who is here may watch.")
	}
	return []Event{e}, nil
}

// bars are the titles that somebody who is present may not watch.
func (s *State) bars(titles []catalog.TitleID, ask Titles, now time.Time) (all []Bar) {
	here := s.here()
	for _, title := range titles {
		for _, id := range here {
			viewer, at, _ := s.Viewer(id, title, now)
			d := ask.Decide(title, viewer, at)
			if d.OK {
				continue
			}
			bar := Bar{Title: title, Code: d.Code}
			if d.Code == catalog.CodeRegion {
				bar.Region = s.Members[id].Region
			}
			all = append(all, bar)
			break
		}
	}
	return all
}

func (c Approve) decide(s *State, env Env) ([]Event, error) {
	if s.Ballot == nil {
		return nil, noBallot()
	}
	titles := slices.DeleteFunc(slices.Clone(s.Ballot.Titles), func(id catalog.TitleID) bool { return !slices.Contains(c.Titles, id) })
	for _, id := range c.Titles {
		if !slices.Contains(titles, id) {
			return nil, refuse("WP-UNKNOWN", "That is not put to the vote.")
		}
	}
	if slices.Equal(titles, s.Ballot.Votes[env.By]) {
		return nil, nil
	}
	return []Event{Approved{titles}}, nil
}

func (c Veto) decide(s *State, env Env) ([]Event, error) {
	switch {
	case s.Ballot == nil:
		return nil, noBallot()
	case c.Title != "" && !slices.Contains(s.Ballot.Titles, c.Title):
		return nil, refuse("WP-UNKNOWN", "That is not put to the vote.")
	case c.Title == s.Ballot.Vetoes[env.By]:
		return nil, nil
	}
	return []Event{Vetoed(c)}, nil
}

func (Recount) decide(s *State, env Env) ([]Event, error) {
	if !s.Recounts(env.Titles, env.Now) {
		return nil, nil
	}
	return []Event{Barred{s.bars(s.Ballot.Titles, env.Titles, env.Now)}}, nil
}

// Recounts says whether other titles are out than was noted.
func (s *State) Recounts(ask Titles, now time.Time) bool {
	return s.Ballot != nil && !slices.Equal(s.bars(s.Ballot.Titles, ask, now), s.Ballot.Barred)
}

// Due is when the ballot is counted by itself; zero: never.
func (b *Ballot) Due() time.Time {
	if b == nil || b.Until == 0 {
		return time.Time{}
	}
	return moment(b.Until)
}

func (c Count) decide(s *State, env Env) ([]Event, error) {
	switch {
	case s.Ballot == nil && env.By == House:
		return nil, nil
	case s.Ballot == nil:
		return nil, noBallot()
	case c.Drop:
		return []Event{Counted{Drop: true}}, nil
	}
	var events []Event
	bars := s.bars(s.Ballot.Titles, env.Titles, env.Now)
	if !slices.Equal(bars, s.Ballot.Barred) {
		events = append(events, Barred{bars})
	}
	e := s.count(bars, env.Titles)
	events = append(events, e)
	if e.Title == "" {
		return events, nil
	}
	cued, err := Cue{Title: e.Title}.decide(s, env)
	if err != nil && env.By != House {
		return nil, err
	}
	return append(events, cued...), nil
}

// count finds what most of those who are present approve of. Of equals the shorter wins, then the one that was put up
// first.
func (s *State) count(bars []Bar, ask Titles) Counted {
	var e Counted
	votes := map[catalog.TitleID]int{}
	out := map[catalog.TitleID]bool{}
	for _, b := range bars {
		out[b.Title] = true
	}
	for _, id := range s.here() {
		if t := s.Ballot.Vetoes[id]; t != "" {
			out[t] = true
		}
		if len(s.Ballot.Votes[id]) > 0 {
			e.Of++
		}
		for _, t := range s.Ballot.Votes[id] {
			votes[t]++
		}
	}
	for _, t := range s.Ballot.Titles {
		switch n := votes[t]; {
		case out[t] || n == 0 || n < e.Votes:
			continue
		case n > e.Votes:
			e.Title, e.Votes, e.Tied = t, n, nil
		default:
			if e.Tied = append(e.Tied, t); length(ask, t) < length(ask, e.Title) {
				e.Tied[len(e.Tied)-1], e.Title = e.Title, t
			}
		}
	}
	return e
}

// length is how long a title is; one of which that is not known is longer than all others.
func length(ask Titles, id catalog.TitleID) time.Duration {
	if d := ask.Length(id); d > 0 {
		return d
	}
	return 1<<63 - 1
}

func (e Balloted) apply(s *State, r Record) {
	s.Ballot = &Ballot{ID: strconv.FormatUint(uint64(r.Seq), 10), By: r.By, Titles: e.Titles, Until: e.Until, Barred: e.Barred}
}

// changed is the ballot with something changed in it.
func (s *State) changed(change func(b *Ballot)) {
	if s.Ballot == nil {
		return
	}
	b := *s.Ballot
	change(&b)
	s.Ballot = &b
}

// with is a table with another entry, or without one.
func with[T any](all map[MemberID]T, id MemberID, entry T, there bool) map[MemberID]T {
	now := make(map[MemberID]T, len(all)+1)
	maps.Copy(now, all)
	if now[id] = entry; !there {
		delete(now, id)
	}
	return now
}

func (e Approved) apply(s *State, r Record) {
	s.changed(func(b *Ballot) { b.Votes = with(b.Votes, r.By, e.Titles, len(e.Titles) > 0) })
}

func (e Vetoed) apply(s *State, r Record) {
	s.changed(func(b *Ballot) { b.Vetoes = with(b.Vetoes, r.By, e.Title, e.Title != "") })
}

func (e Barred) apply(s *State, _ Record) { s.changed(func(b *Ballot) { b.Barred = e.Barred }) }

func (Counted) apply(s *State, _ Record) { s.Ballot = nil }
