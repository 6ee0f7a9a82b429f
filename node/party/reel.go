package party

import (
	"cmp"
	"slices"

	"watchparty/media/catalog"
)

// maxReel is how many lines, and how many bursts of reactions, a reel has at most: a page holds them all. What is said
// after them is left out.
const maxReel = 20_000

// A Reel is what was said and felt at one evening over one title, in film time.
type Reel struct {
	Evening ID              `json:"evening"`
	Name    string          `json:"name"`
	Opened  int64           `json:"opened"`          // Unix milliseconds
	Title   catalog.TitleID `json:"title,omitempty"` // empty: what was said while nothing was on
	Lines   []Line          `json:"lines"`           // in the order of the film, then of writing
	Bursts  []Burst         `json:"bursts,omitempty"`
}

// A Line is a chat line that can do without its party.
type Line struct {
	Seq    Seq      `json:"seq"`
	At     int64    `json:"at"` // Unix milliseconds
	By     MemberID `json:"by,omitempty"`
	Name   string   `json:"name,omitempty"` // of who said it, as they were called last
	Text   string   `json:"text,omitempty"`
	Pos    float64  `json:"pos,omitempty"`   // seconds
	Still  bool     `json:"still,omitempty"` // the film stood still
	Bits   int64    `json:"bits,omitempty"`
	Re     Seq      `json:"re,omitempty"` // the line it answers
	Me     bool     `json:"me,omitempty"` // what one did rather than said
	Months int      `json:"months,omitempty"`
	Gifts  []string `json:"gifts,omitempty"` // the names of who got them
}

// Reels collects what was said at one evening from its records, in their order.
type Reels struct {
	id            ID
	name          string
	opened, ended int64 // Unix milliseconds
	last          int64 // moment of the last record
	names         map[MemberID]string
	given         map[Seq][]MemberID // to whom a line gave
	reels         []*Reel            // in the order of their first moment
}

// NewReels has collected nothing. What records do not tell, when a log begins late, is taken from its state.
func NewReels(s *State) *Reels {
	r := &Reels{id: s.ID, name: s.Name, opened: s.Opened, names: map[MemberID]string{}, given: map[Seq][]MemberID{}}
	for id, m := range s.Members {
		r.names[id] = m.Name
	}
	return r
}

// Add adds a record.
func (r *Reels) Add(rec Record) {
	r.last = rec.At.UnixMilli()
	switch e := rec.Event.(type) {
	case Opened:
		r.id, r.name, r.opened = e.ID, e.Name, r.last
	case Ended:
		r.ended = r.last
	case Joined:
		r.names[e.ID] = e.Name
	case Renamed:
		r.names[rec.By] = e.Name
	case Timed:
		r.of(e.Title)
	case Said:
		r.said(rec, e, 0)
	case Subscribed:
		r.said(rec, e.Said, e.Months)
	case Gifted:
		for _, to := range e.To {
			r.given[rec.Seq] = append(r.given[rec.Seq], to.Member)
		}
		r.add("", Line{Seq: rec.Seq, At: r.last, By: rec.By})
	case Erased:
		r.erase(e.Line)
	case Quoted:
		r.add(e.Title, e.Line)
	case Reacted:
		reel := r.of(e.Title)
		reel.Bursts = append(reel.Bursts, e.Bursts[:min(len(e.Bursts), max(maxReel-len(reel.Bursts), 0))]...)
	}
}

// said adds a line that has words, or else is about months.
func (r *Reels) said(rec Record, e Said, months int) {
	if e.Text != "" || months > 0 {
		r.add(e.Title, Line{Seq: rec.Seq, At: r.last, By: rec.By, Text: e.Text, Pos: e.Pos, Still: e.Still, Bits: e.Bits, Re: e.Re, Me: e.Me, Months: months})
	}
}

// erase takes the words of a line out again, and the line with them if it is about nothing else.
func (r *Reels) erase(line Seq) {
	for _, reel := range r.reels {
		for i, l := range reel.Lines {
			if l.Seq != line {
				continue
			}
			if reel.Lines[i].Text = ""; l.Months == 0 {
				reel.Lines = slices.Delete(reel.Lines, i, i+1)
			}
			return
		}
	}
}

func (r *Reels) add(title catalog.TitleID, l Line) {
	if reel := r.of(title); len(reel.Lines) < maxReel {
		reel.Lines = append(reel.Lines, l)
	}
}

func (r *Reels) of(title catalog.TitleID) *Reel {
	if i := slices.IndexFunc(r.reels, func(reel *Reel) bool { return reel.Title == title }); i >= 0 {
		return r.reels[i]
	}
	reel := &Reel{Title: title}
	r.reels = append(r.reels, reel)
	return reel
}

// Count is how many lines and reactions there are over a title.
func (r *Reels) Count(title catalog.TitleID) (lines, reactions int) {
	reel := r.of(title)
	for _, b := range reel.Bursts {
		reactions += b.N
	}
	return len(reel.Lines), reactions
}

// Of is the reel of one title, as far as it has been told.
func (r *Reels) Of(title catalog.TitleID) Reel {
	from := r.of(title)
	reel := Reel{Evening: r.id, Name: r.name, Opened: r.opened, Title: title, Lines: make([]Line, len(from.Lines)), Bursts: slices.Clone(from.Bursts)}
	for i, l := range from.Lines {
		if l.Name == "" {
			l.Name = r.names[l.By]
		}
		for _, id := range r.given[l.Seq] {
			l.Gifts = append(l.Gifts, cmp.Or(r.names[id], string(id)))
		}
		reel.Lines[i] = l
	}
	slices.SortStableFunc(reel.Lines, func(a, b Line) int { return cmp.Compare(a.Pos, b.Pos) })
	slices.SortStableFunc(reel.Bursts, func(a, b Burst) int { return cmp.Compare(a.Pos, b.Pos) })
	return reel
}

// Keepsake is the whole evening's.
func (r *Reels) Keepsake() Keepsake {
	k := Keepsake{Evening: r.id, Name: r.name, Opened: r.opened, Ended: cmp.Or(r.ended, r.last), Reels: []Reel{}}
	for _, reel := range r.reels {
		k.Reels = append(k.Reels, r.Of(reel.Title))
	}
	return k
}
