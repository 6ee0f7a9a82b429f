package player

import (
	"math"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// A Clock tells host time, and how far off it may be.
type Clock interface {
	Now() time.Time
	Error() time.Duration
}

// A Film is a player with one film in it, as the controller drives it. Each call
// returns when the player has answered; an error says that it did not in time.
type Film interface {
	Pause(paused bool) error
	Speed(rate float64) error
	// Seek begins to go to a position exactly; [Follow.Landed] is told when it is there.
	Seek(to float64) error
	// Where is the position of what is heard, while the film runs.
	Where() (Reading, error)
	// Frame is the position of the picture that is shown.
	Frame() (float64, error)
	// Stocked says whether there are bytes enough to start with.
	Stocked() (bool, error)
}

// A Reading is a position, and when it was true.
type Reading struct {
	Pos     float64       // seconds
	At      time.Time     // local: the middle between question and answer
	Took    time.Duration // from question to answer: At is true to half of it
	Stepped bool          // the position moves by whole frames
}

const (
	beat   = 100 * time.Millisecond // between readings
	calm   = 350 * time.Millisecond // after a start until a reading means anything
	quiet  = 700 * time.Millisecond // after a start nothing is corrected; then it is judged
	gap    = 300 * time.Millisecond // between changes of speed
	again  = 1500 * time.Millisecond
	spin   = 2 * time.Millisecond // before a start: from then on we do not trust timers
	slow   = 6 * time.Millisecond // an answer that took longer says too little about when
	recent = 5                    // readings of which the median counts
	enough = 3

	slowSeek = 1500 * time.Millisecond // a seek that has not landed by then lacks bytes
	settle   = 5 * time.Second         // and by then after that, it is made again

	reportEvery = 2 * time.Second
	tooFar      = 400 // ms: such a start went wrong in a way that teaches nothing
	wrong       = 40  // ms, a picture: to steer that away would take seconds
	nearEnd     = 0.05
	warning     = 75 // ms: a picture may begin 42 ms before the position that was asked for; and we may be busy
)

// Learnt is what this player has shown to need. It outlives the film.
type Learnt struct {
	Seek, Pause Lag
	SeekTime    float64 // ms
	LoadTime    float64 // ms from a film being asked for to its first picture
}

// A Lag is how many milliseconds a start takes to be true, and how often that was seen.
type Lag struct {
	MS float64
	N  int
}

// Follow keeps a film on a timeline. It belongs to one goroutine, which calls Beat
// when Due says so. It has one plan at a time: a new one makes what was planned void.
type Follow struct {
	film   Film
	clock  Clock
	spin   func(time.Duration) // waits that long to the very microsecond
	tell   func(party.Report)
	Learnt *Learnt
	Offset time.Duration // how much later than elsewhere this screen's sound is heard

	line   party.Timeline
	doing  party.Doing
	why    string
	title  catalog.TitleID // the film that is in the player; empty: none
	length float64         // its length in seconds; 0: not known

	due    time.Time // of the plan's next step; zero: none
	then   func()
	landed func() // what waits for a seek to land

	redo   bool // a start that goes wrong may be made again
	hands  bool // a person has the picture just now
	paused bool
	dry    bool // the player waits for bytes
	speed  float64
	rest   *rest // where the player rests; nil: not known

	errors   []float64
	last     float64 // error as it was last known
	stepped  bool
	fired    time.Time
	sped     time.Time
	sampled  time.Time
	reported time.Time
	opened   time.Time // when the film was asked for
}

// rest is a picture on which a paused player has landed.
type rest struct {
	asked, frame float64
	opened       bool // by opening the film there: the timeline has gone on since
}

// NewFollow makes a controller of a film.
func NewFollow(film Film, clock Clock, learnt *Learnt, spin func(time.Duration), tell func(party.Report)) *Follow {
	return &Follow{film: film, clock: clock, spin: spin, tell: tell, Learnt: learnt, paused: true, speed: 1, doing: party.Away}
}

// FirstLessons is what is assumed of a player that nothing is known of.
func FirstLessons() *Learnt { return &Learnt{SeekTime: 256, LoadTime: 200} }

// Doing is what the player is doing.
func (f *Follow) Doing() party.Doing { return f.doing }

// Error is how many milliseconds the player is ahead.
func (f *Follow) Error() float64 { return f.last }

// host is the host's time at which this screen has to be where the timeline is now.
func (f *Follow) host() time.Time { return f.clock.Now().Add(f.Offset) }

// Set gives the timeline to follow.
func (f *Follow) Set(line party.Timeline) {
	was := f.line
	f.line = line
	if f.hands || was == line && f.doing != party.Away {
		return
	}
	now := f.host()
	running := f.doing == party.Playing && was.Title == line.Title
	switch {
	case running && same(was, line, now):
	case running && line.Rate == 0 && line.At.After(now):
		f.plan()
		f.wait(line.At, f.settle) // plays on until the agreed instant
	default:
		f.Again()
	}
}

// same says whether two timelines agree about every moment from now on.
func same(a, b party.Timeline, now time.Time) bool {
	return a.Title == b.Title && a.Began.Equal(b.Began) && a.Rate == b.Rate && a.Hold.IsZero() == b.Hold.IsZero() &&
		math.Abs(position(a, now)-position(b, now)) < 0.001 && a.At.After(now) == b.At.After(now)
}

// Opening is where a film is best opened: where the timeline will be when the first
// picture is there.
func (f *Follow) Opening() float64 {
	f.opened = time.Now()
	if f.line.Rate == 0 {
		return f.line.Pos.Seconds()
	}
	ahead := time.Duration(lead(f.Learnt.LoadTime, 0) * float64(time.Millisecond))
	return position(f.line, f.host().Add(ahead))
}

// Loaded says which film is in the player now, how long it is, and where it was asked
// to open.
func (f *Follow) Loaded(title catalog.TitleID, length, asked float64) {
	f.title, f.length, f.rest, f.paused, f.speed, f.dry = title, length, nil, true, 1, false
	f.Learnt.LoadTime = learnSeek(f.Learnt.LoadTime, time.Since(f.opened).Seconds()*1000)
	frame, err := f.film.Frame()
	if f.deaf(err) {
		return
	}
	f.rest = &rest{asked: asked, frame: frame, opened: true}
	f.Again()
}

// Rest makes the player's state one that is not of our making: locked, or away.
func (f *Follow) Rest(doing party.Doing) {
	f.plan()
	f.title, f.rest = "", nil
	f.become(doing, "")
}

// Hands lets go of the picture, because a person has it.
func (f *Follow) Hands(paused bool) {
	f.plan()
	f.hands, f.paused, f.rest = true, paused, nil
	f.become(party.Seeking, "")
}

// Again goes to where the timeline is, whatever was before.
func (f *Follow) Again() {
	f.hands, f.redo = false, true
	switch {
	case f.doing == party.Locked && f.title == "":
	case f.line.Title == "": // nothing is on
		f.plan()
		f.become(party.Paused, "")
	case f.title != f.line.Title:
		f.plan()
		f.become(party.Loading, party.WhyNetwork)
	case f.line.Rate == 0 || f.over():
		f.settle()
	default:
		f.start(0)
	}
}

// over says whether the timeline is past the film's end.
func (f *Follow) over() bool {
	return f.length > 0 && position(f.line, f.host()) >= f.length-nearEnd
}

func (f *Follow) plan() {
	f.due, f.then, f.landed, f.errors = time.Time{}, nil, nil, nil
}

func (f *Follow) after(d time.Duration, then func()) {
	f.due, f.then = time.Now().Add(d), then
}

// wait does something at a moment of host time, exactly.
func (f *Follow) wait(until time.Time, then func()) {
	f.after(until.Sub(f.host())-spin, func() {
		left := until.Sub(f.host())
		if left > 2*spin { // the clock was corrected meanwhile
			f.wait(until, then)
			return
		}
		if left > 0 {
			f.spin(left)
		}
		then()
	})
}

// Due is when Beat is to be called next.
func (f *Follow) Due() time.Time {
	next := f.reported.Add(reportEvery)
	if f.beats() && f.sampled.Add(beat).Before(next) {
		next = f.sampled.Add(beat)
	}
	if !f.due.IsZero() && f.due.Before(next) {
		next = f.due
	}
	return next
}

// beats says whether readings are taken just now: not while a start is awaited, whose
// instant they could cost.
func (f *Follow) beats() bool {
	return !f.hands && (f.doing == party.Playing && f.line.Rate > 0 || f.doing == party.Paused && f.then == nil && f.title != "")
}

// Beat does what is due.
func (f *Follow) Beat() {
	now := time.Now()
	if !f.due.IsZero() && !now.Before(f.due) {
		then := f.then
		f.due, f.then = time.Time{}, nil
		then()
	}
	if f.beats() && now.Sub(f.sampled) >= beat {
		f.sampled = now
		f.look()
	}
	if now.Sub(f.reported) >= reportEvery {
		f.report()
	}
}

// deaf takes note of an answer that did not come: the player hangs.
func (f *Follow) deaf(err error) bool {
	if err == nil {
		return false
	}
	f.plan()
	f.rest, f.paused, f.speed = nil, false, math.NaN() // whatever it was told last, we do not know what came of it
	f.become(party.Loading, party.WhyDecoder)
	f.after(again/3, func() {
		if _, err := f.film.Frame(); !f.deaf(err) {
			f.Again()
		}
	})
	return true
}

func (f *Follow) become(doing party.Doing, why string) {
	if f.doing != doing || f.why != why {
		f.doing, f.why = doing, why
		f.report()
	}
}

func (f *Follow) report() {
	f.reported = time.Now()
	r := party.Report{State: f.doing, Title: f.line.Title, Why: f.why}
	switch f.doing {
	case party.Playing:
		r.MS = math.Round(f.last*100) / 100
		if time.Since(f.fired) < quiet && len(f.errors) < enough {
			r.Why = party.WhyStart
		}
	case party.Paused:
		r.Pos = f.line.Pos.Seconds()
	}
	bound := min(f.clock.Error(), time.Second)
	r.Need = math.Ceil(max(f.Learnt.Pause.MS+f.Offset.Seconds()*1000, 0) + 2*bound.Seconds()*1000 + warning)
	f.tell(r)
}
