package party

import (
	"cmp"
	"math"
	"slices"
	"time"

	"watchparty/media/catalog"
)

// paces is into how many parts a film is cut to say where people talked.
const paces = 48

// Evening is what a party adds up to. People count, not their screens.
type Evening struct {
	Lasted  float64    `json:"lasted"`           // seconds from its opening to its end
	Ran     float64    `json:"ran"`              // seconds of film
	Watched float64    `json:"watched"`          // seconds in which somebody was there while a film ran that they may watch, of all people together
	Ever    float64    `json:"ever,omitempty"`   // the same of all parties of the house so far
	Peak    int        `json:"peak"`             // people at once, as they say
	People  []Attended `json:"people"`           // who was ever there, longest first
	Shown   []Shown    `json:"shown"`            // what was on, in the order of its first moment
	Lines   int        `json:"lines"`            // said
	Bits    int64      `json:"bits,omitempty"`   // given to the host
	Waits   int        `json:"waits,omitempty"`  // how often the film waited for somebody
	Waited  float64    `json:"waited,omitempty"` // seconds, all together
	Drift95 float64    `json:"drift95"`          // ms within which 95 % of what screens told of their drift is
	Reports int64      `json:"reports"`          // how often they told
}

// Attended is a member of an [Evening].
type Attended struct {
	Member  MemberID `json:"member"`
	Here    float64  `json:"here"`             // seconds with a screen
	Watched float64  `json:"watched"`          // of these while a film ran, of all before their screens together
	People  int      `json:"people,omitempty"` // before their screens, at most; absent: one
}

// Shown is a title of an [Evening].
type Shown struct {
	Title   catalog.TitleID `json:"title"`
	At      int64           `json:"at"`      // Unix milliseconds of its first moment
	Ran     float64         `json:"ran"`     // seconds of film
	Watched float64         `json:"watched"` // seconds, of all people together
	Length  float64         `json:"length"`  // seconds; 0: not known
	Pace    []int           `json:"pace,omitempty"`
	Waits   int             `json:"waits,omitempty"`  // how often it waited for somebody
	Waited  float64         `json:"waited,omitempty"` // seconds, all together
}

// A Tally adds up a party's records, in their order.
type Tally struct {
	State State
	Drift Drift

	since  time.Time
	here   map[MemberID]time.Duration
	seen   map[MemberID]time.Duration
	sofas  map[MemberID]int // people before their screens, at most
	shown  []*Shown
	lines  int
	peak   int
	waits  int
	waited time.Duration
}

// NewTally has added up nothing.
func NewTally() *Tally {
	return &Tally{here: map[MemberID]time.Duration{}, seen: map[MemberID]time.Duration{}, sofas: map[MemberID]int{}}
}

// Add adds a record.
func (t *Tally) Add(r Record) {
	until := r.At
	if e, ok := r.Event.(Resumed); ok { // nobody watched while the host was away
		until = until.Add(-time.Duration(e.Away) * time.Millisecond)
	}
	if t.State.Ended != 0 { // a line was deleted since
		t.State.Apply(r)
		return
	}
	t.Pass(until)
	before := t.State.Timeline
	t.State.Apply(r)
	t.since = r.At
	heads := 0
	for _, id := range t.State.here() {
		n := t.State.Members[id].Heads()
		heads += n
		t.sofas[id] = max(t.sofas[id], n)
	}
	t.peak = max(t.peak, heads)
	switch e := r.Event.(type) {
	case Measured:
		t.Drift = t.Drift.Plus(e.Drift)
	case Said:
		t.lines++
		t.said(e)
	case Timed:
		if e.Title != "" && t.of(e.Title) == nil {
			t.shown = append(t.shown, &Shown{Title: e.Title, At: r.At.UnixMilli()})
		}
		s := t.of(e.Title)
		if s != nil && e.Length > 0 {
			s.Length = e.Length.Seconds()
		}
		if s != nil && before.Hold.IsZero() && !e.Hold.IsZero() { // one that waits on elsewhere is the same
			t.waits++
			s.Waits++
		}
	}
}

func (t *Tally) of(id catalog.TitleID) *Shown {
	if i := slices.IndexFunc(t.shown, func(s *Shown) bool { return s.Title == id }); i >= 0 {
		return t.shown[i]
	}
	return nil
}

// said notes where in the film something was said.
func (t *Tally) said(e Said) {
	s := t.of(e.Title)
	if s == nil || s.Length <= 0 {
		return
	}
	if s.Pace == nil {
		s.Pace = make([]int, paces)
	}
	s.Pace[max(0, min(int(e.Pos/s.Length*paces), paces-1))]++
}

// Pass counts the time since the last record, in which all stayed as it was.
func (t *Tally) Pass(until time.Time) {
	from := t.since
	if from.IsZero() || !until.After(from) {
		return
	}
	t.since = until
	line := t.State.Timeline
	ran := line.Position(until) - line.Position(from)
	on := t.of(line.Title)
	if on != nil {
		on.Ran += ran.Seconds()
	}
	for _, id := range t.State.here() {
		t.here[id] += until.Sub(from)
	}
	for _, id := range t.State.watching() {
		heads := t.State.Members[id].Heads()
		t.seen[id] += time.Duration(heads) * ran
		if on != nil {
			on.Watched += float64(heads) * ran.Seconds()
		}
	}
	if !line.Hold.IsZero() {
		t.waited += until.Sub(from)
		if on != nil {
			on.Waited += until.Sub(from).Seconds()
		}
	}
}

// Here is how long a member was there, and how long of that a film ran, of all before their screens together.
func (t *Tally) Here(id MemberID) (here, watched time.Duration) { return t.here[id], t.seen[id] }

// Waits is how often the film waited for somebody, and how long in all.
func (t *Tally) Waits() (times int, d time.Duration) { return t.waits, t.waited }

// Evening is what it all adds up to.
func (t *Tally) Evening() Evening {
	e := Evening{Lasted: second(t.since.Sub(moment(t.State.Opened))), Peak: t.peak, People: []Attended{}, Shown: []Shown{}, Lines: t.lines,
		Waits: t.waits, Waited: second(t.waited), Drift95: math.Round(t.Drift.Quantile(.95)*10) / 10, Reports: t.Drift.Count()}
	for id, here := range t.here {
		one := Attended{Member: id, Here: second(here), Watched: second(t.seen[id])}
		if t.sofas[id] > 1 {
			one.People = t.sofas[id]
		}
		e.People = append(e.People, one)
		e.Watched += t.seen[id].Seconds()
	}
	e.Watched = math.Round(e.Watched)
	slices.SortFunc(e.People, func(a, b Attended) int {
		return cmp.Or(cmp.Compare(b.Here, a.Here), cmp.Compare(a.Member, b.Member))
	})
	for _, s := range t.shown {
		one := *s
		one.Ran, one.Watched, one.Waited = math.Round(s.Ran), math.Round(s.Watched), math.Round(s.Waited)
		e.Ran += one.Ran
		e.Shown = append(e.Shown, one)
	}
	for _, m := range t.State.Members {
		e.Bits += m.Cheered
	}
	return e
}

// second is a time in whole seconds.
func second(d time.Duration) float64 { return math.Round(d.Seconds()) }
