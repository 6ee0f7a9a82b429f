package party

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"watchparty/media/catalog"
)

// Doing is what a screen is doing; one that is not known here is read as "".
type Doing string

const (
	Playing Doing = "playing"
	Paused  Doing = "paused"  // at the timeline's position, and could start at once
	Seeking Doing = "seeking" // on its way to the position
	Loading Doing = "waiting" // lacks bytes or pictures
	Blocked Doing = "blocked" // its browser wants a tap first
	Away    Doing = "away"    // nobody looks at it
	Locked  Doing = "locked"  // may not see the title
	Behind  Doing = "behind"  // chose to stay behind the others
)

var doings = []Doing{Playing, Paused, Seeking, Loading, Blocked, Away, Locked, Behind}

// UnmarshalJSON reads what a screen does. What a stranger makes up is not passed on.
func (d *Doing) UnmarshalJSON(b []byte) error {
	var v string
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	if *d = ""; slices.Contains(doings, Doing(v)) {
		*d = Doing(v)
	}
	return nil
}

// Why a screen is not ready.
const (
	WhyNetwork = "network" // its bytes do not come fast enough
	WhyDecoder = "decoder" // the bytes are there, the pictures are not
	WhyConvert = "convert" // the host is still making them
	WhySilent  = "silent"  // nothing was heard of it lately
	WhyStart   = "start"   // it plays, since so short that how far it is off is not known
)

// A Report is what a screen says of itself, at every change and every two seconds.
type Report struct {
	MS    float64         `json:"ms"` // ahead of the timeline if positive
	State Doing           `json:"state"`
	Title catalog.TitleID `json:"title,omitempty"` // what it shows
	Pos   float64         `json:"pos,omitempty"`   // seconds: with Paused, the timeline's position it rests at
	Need  float64         `json:"need,omitempty"`  // ms before a start by which it must be told
	Why   string          `json:"why,omitempty"`   // network or decoder, where it is not ready; start
}

// Measured says whether MS was measured: while the film plays, and has for a moment.
func (r Report) Measured() bool { return r.State == Playing && r.Why != WhyStart }

// Bound keeps a stranger's numbers and words within what screens really say.
func (r *Report) Bound() {
	const farOff = 1e6 // ms: further off is just lost
	r.MS = max(-farOff, min(r.MS, farOff))
	if r.Why != WhyNetwork && r.Why != WhyDecoder && r.Why != WhyConvert && r.Why != WhyStart {
		r.Why = ""
	}
}

// Waited is a screen that is waited for.
type Waited struct {
	Member MemberID `json:"member"`
	Screen ScreenID `json:"screen"`
	Why    string   `json:"why"`   // network, decoder, silent
	Since  int64    `json:"since"` // Unix milliseconds, host time
}

// Company is who is present with a screen, and how it fares. It is made of reports
// alone: never kept, owned by the room's one goroutine. A nil Company is nobody.
type Company struct {
	screens map[ScreenID]*watcher
	drift   map[catalog.TitleID]Drift
	bursts  map[burst]int
}

type watcher struct {
	Report
	member MemberID
	heard  time.Time // last report
	since  time.Time // doing the same since
	played bool      // this title, since it was put on: its stall may hold the others
	held   time.Time // when it last did
	vain   bool      // was waited for in vain: not again before it has caught up
}

const (
	silent  = 3 * time.Second  // without a report a screen is not known to be ready
	lost    = 10 * time.Second // then it is not counted any more
	stalled = time.Second      // a shorter hiccup is caught up with by itself
	// forgiven is how long a screen that was waited for in the middle of a film must
	// do without: nobody stops the others again and again.
	forgiven = 2 * time.Minute

	maxWatchers = 1000 // more screens than a party has are not listened to
)

// NewCompany is a room before anybody has reported.
func NewCompany() *Company {
	return &Company{screens: map[ScreenID]*watcher{}, drift: map[catalog.TitleID]Drift{}, bursts: map[burst]int{}}
}

// Heard takes a report in.
func (c *Company) Heard(by MemberID, screen ScreenID, r Report, now time.Time) {
	w := c.screens[screen]
	if w == nil {
		if len(c.screens) >= maxWatchers {
			return
		}
		w = &watcher{member: by, since: now}
		c.screens[screen] = w
	}
	if w.State != r.State || w.Title != r.Title {
		w.since = now
	}
	if w.Title != r.Title {
		w.played, w.held = false, time.Time{}
	}
	w.Report, w.heard = r, now
	if r.State == Playing || r.State == Paused {
		w.vain = false
	}
	if r.State == Playing {
		w.played = true
	}
	if r.Measured() {
		c.drift[r.Title] = c.drift[r.Title].Add(r.MS)
	}
}

// Left forgets a screen, and those behind it: a node's screens are named after it.
func (c *Company) Left(screen ScreenID) {
	maps.DeleteFunc(c.screens, func(id ScreenID, _ *watcher) bool {
		return id == screen || strings.HasPrefix(string(id), string(screen)+"/")
	})
}

// counts says whether a screen is one that can be ready.
func (w *watcher) counts(now time.Time) bool {
	switch w.State {
	case Playing, Paused, Seeking, Loading:
		return now.Sub(w.heard) < lost
	}
	return false
}

// ready says whether a screen could start on this timeline at once.
func (w *watcher) ready(t Timeline, now time.Time) bool {
	return w.State == Paused && w.Title == t.Title && duration(w.Pos) == t.Pos && now.Sub(w.heard) < silent
}

// Ready says whether all who can be are ready to start where the timeline is.
func (c *Company) Ready(t Timeline, now time.Time) bool { return len(c.Missing(t, now)) == 0 }

// Missing lists the screens that are not ready to start where the timeline is.
func (c *Company) Missing(t Timeline, now time.Time) []Waited {
	return c.list(now, func(w *watcher) bool { return w.counts(now) && !w.vain && !w.ready(t, now) })
}

// WentOn is told that a held start went; who was not ready by then is not waited for
// again before they have caught up.
func (c *Company) WentOn(t Timeline, now time.Time) {
	for _, w := range c.screens {
		w.vain = w.vain || w.counts(now) && !w.ready(t, now)
	}
}

// Stalled lists the screens that have run dry in the middle of a film and may hold
// the others. It counts them as having done so.
func (c *Company) Stalled(t Timeline, now time.Time) []Waited {
	return c.list(now, func(w *watcher) bool {
		dry := w.counts(now) && w.State == Loading && w.Title == t.Title && w.played && now.Sub(w.since) >= stalled
		if !dry || !w.held.IsZero() && now.Sub(w.held) < forgiven {
			return false
		}
		w.held = now
		return true
	})
}

func (c *Company) list(now time.Time, wanted func(*watcher) bool) []Waited {
	if c == nil {
		return nil
	}
	var all []Waited
	for id, w := range c.screens {
		if !wanted(w) {
			continue
		}
		why := cmp.Or(w.Why, WhyNetwork)
		if now.Sub(w.heard) >= silent {
			why = WhySilent
		}
		all = append(all, Waited{w.member, id, why, w.since.UnixMilli()})
	}
	slices.SortFunc(all, func(a, b Waited) int { return cmp.Compare(a.Screen, b.Screen) })
	return all
}

// Voters is how many members have a screen that is ready.
func (c *Company) Voters(t Timeline, now time.Time) int {
	members := map[MemberID]bool{}
	if c != nil {
		for _, w := range c.screens {
			if w.ready(t, now) {
				members[w.member] = true
			}
		}
	}
	return len(members)
}

// lead is how long before a start those present must be told; usual where nobody
// has said.
func (c *Company) lead(usual time.Duration) time.Duration {
	if c == nil {
		return usual
	}
	need := time.Duration(-1)
	for _, w := range c.screens {
		if w.State == Paused && w.Need > 0 {
			need = max(need, time.Duration(min(w.Need, 1e4)*float64(time.Millisecond)))
		}
	}
	if need < 0 {
		return usual
	}
	return min(max(need+leadSpare, leastLead), mostLead)
}

// measured is what was told of drift since the last time, as facts to keep.
func (c *Company) measured() []Event {
	if c == nil {
		return nil
	}
	var events []Event
	for _, id := range slices.Sorted(maps.Keys(c.drift)) {
		events = append(events, Measured{id, c.drift[id]})
	}
	return events
}

// Kept forgets what was told of drift, once it is on disk.
func (c *Company) Kept() { clear(c.drift) }
