package party

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"watchparty/media/catalog"
)

// maxBursts bounds the reactions that wait to be kept: each kind of them, in each second of the film.
const maxBursts = 400

type (
	// React keeps the reactions that were seen since they were kept last. The house wishes it.
	React struct{}
	// Reacted is how often people reacted to a title, and where in it. Who did is not kept.
	Reacted struct {
		Title  catalog.TitleID `json:"title"`
		Bursts []Burst         `json:"bursts"`
	}
	// A Burst is reactions of one kind in one second of a film.
	Burst struct {
		Pos  float64 `json:"pos"` // seconds
		With string  `json:"with"`
		N    int     `json:"n"`
	}
)

// burst is where reactions are counted until they are kept.
type burst struct {
	title catalog.TitleID
	pos   int // seconds
	with  string
}

func (React) power() Power { return Attend }

func (React) decide(_ *State, env Env) ([]Event, error) { return env.Company.reacted(), nil }

func (Reacted) apply(*State, Record) {}

// Saw counts a reaction to what is on.
func (c *Company) Saw(with string, t Timeline, now time.Time) {
	b := burst{t.Title, int(t.Position(now) / time.Second), with}
	if _, known := c.bursts[b]; t.Title == "" || !known && len(c.bursts) >= maxBursts {
		return
	}
	c.bursts[b]++
}

// reacted is what was counted since the last time, as facts to keep.
func (c *Company) reacted() []Event {
	if c == nil || len(c.bursts) == 0 {
		return nil
	}
	all := slices.SortedFunc(maps.Keys(c.bursts), func(a, b burst) int {
		return cmp.Or(cmp.Compare(a.title, b.title), cmp.Compare(a.pos, b.pos), cmp.Compare(a.with, b.with))
	})
	var events []Event
	for _, b := range all {
		one := Burst{float64(b.pos), b.with, c.bursts[b]}
		if n := len(events); n > 0 && events[n-1].(Reacted).Title == b.title {
			e := events[n-1].(Reacted)
			e.Bursts = append(e.Bursts, one)
			events[n-1] = e
			continue
		}
		events = append(events, Reacted{b.title, []Burst{one}})
	}
	return events
}

// KeptReactions forgets what was counted, once it is on disk.
func (c *Company) KeptReactions() { clear(c.bursts) }
