package room

import (
	"math"
	"slices"
	"time"

	"watchparty/node/party"
)

// A gate holds starts until the company is ready, and tells whom it waits for. The
// room's one goroutine owns it; only reports come in from elsewhere.
type gate struct {
	heard   chan heard
	company *party.Company
	tell    func(Waiting)

	told     Waiting // last
	toldAt   time.Time
	measured time.Time // when drift was kept last
	again    time.Time // what could not be kept is not tried before
}

// Waiting is whom a held start waits for, until when at the latest, and how many
// members are ready.
type Waiting struct {
	For   []party.Waited
	Until time.Time
	Ready int
}

type heard struct {
	by     party.MemberID
	screen party.ScreenID
	report party.Report
	react  string // empty: it is a report
}

const (
	// maxHeard is how many reports may wait for the room; one more is dropped, since
	// a screen reports again in two seconds.
	maxHeard     = 256
	tellEvery    = time.Second     // for those who came meanwhile
	stallEvery   = time.Second / 4 // how often a running film is looked at for who ran dry
	measureEvery = time.Minute     // what a crash may cost of the drift's statistics
)

func newGate() gate {
	return gate{heard: make(chan heard, maxHeard), company: party.NewCompany(), tell: func(Waiting) {}}
}

// OnWaiting has f told whom a start waits for, whenever that changes and every
// second. It is called by the room's goroutine, before Run's end, and must not wait.
func (l *Local) OnWaiting(f func(Waiting)) { l.gate.tell = f }

// Signal listens to what screens say of themselves. Nothing goes any further: this
// house is where the party is decided.
func (l *Local) Signal(s Signal) {
	h := heard{by: s.By, screen: s.Screen, react: s.React}
	switch {
	case s.Report != nil:
		h.report = *s.Report
	case s.React == "":
		return
	}
	select {
	case l.gate.heard <- h:
	default:
	}
}

// listen takes in a report and what else has been heard meanwhile.
func (l *Local) listen(h heard) {
	for range maxHeard {
		if h.react != "" {
			l.gate.company.Saw(h.react, l.state.Timeline, l.clock.Now())
		} else {
			l.gate.company.Heard(h.by, h.screen, h.report, l.clock.Now())
		}
		select {
		case h = <-l.gate.heard:
		default:
			return
		}
	}
}

// listenFirst takes in what was reported before a wish, which may depend on it.
func (l *Local) listenFirst() {
	select {
	case h := <-l.gate.heard:
		l.listen(h)
	default:
	}
}

// followFirst begins what was due before a wish: screens have begun it by themselves.
func (l *Local) followFirst(publish func([]party.Record, *party.State)) error {
	now := l.clock.Now()
	if c, at := l.state.Follows(l.titles, now); c == nil || now.Before(at) {
		return nil
	}
	return l.look(publish)
}

// kept is told what has been committed.
func (g *gate) kept(recs []party.Record) {
	for _, r := range recs {
		switch e := r.Event.(type) {
		case party.Went:
			g.company.Left(e.ID)
		case party.Timed:
			if e.Why == party.WhyGo {
				g.company.WentOn(e.Timeline, r.At)
			}
		case party.Measured:
			g.company.Kept()
		case party.Reacted:
			g.company.KeptReactions()
		}
	}
}

// lookTimer fires when a held start or what comes next is due, or a running film is to be
// looked at.
func (l *Local) lookTimer() *time.Timer {
	t, now := l.state.Timeline, l.clock.Now()
	wait := time.Duration(math.MaxInt64)
	switch {
	case !t.Hold.IsZero():
		wait = min(max(t.Hold.Sub(now), l.gate.again.Sub(now), 0), tellEvery)
	case t.Rate > 0 && l.state.Policy.Waits():
		wait = stallEvery
	}
	if c, at := l.state.Follows(l.titles, now); c != nil {
		wait = min(wait, max(at.Sub(now), l.gate.again.Sub(now), 0))
	}
	if w, ok := l.ballotWait(now); ok {
		wait = min(wait, w)
	}
	if w, ok := l.siftWait(now); ok {
		wait = min(wait, w)
	}
	if w, ok := l.pollWait(now); ok {
		wait = min(wait, w)
	}
	if wait == math.MaxInt64 {
		idle := time.NewTimer(time.Hour)
		idle.Stop()
		return idle
	}
	return time.NewTimer(wait + time.Millisecond)
}

// look lets a held start go, holds a running film for who has run dry, or announces and
// begins what comes next.
func (l *Local) look(publish func([]party.Record, *party.State)) error {
	now := l.clock.Now()
	if l.state.Ended != 0 || now.Before(l.gate.again) {
		return nil
	}
	if c := l.due(now); c != nil {
		unkept, err := l.wish(c, publish)
		if err != nil {
			return err
		}
		if unkept != nil {
			l.gate.again = now.Add(tellEvery)
		}
	}
	w := Waiting{Until: l.state.Timeline.Hold}
	if !w.Until.IsZero() {
		w.For = l.gate.company.Missing(l.state.Timeline, now)
		w.Ready = l.gate.company.Voters(l.state.Timeline, now)
	}
	l.gate.show(w, now)
	return nil
}

// due is what the house has to wish now, if anything.
func (l *Local) due(now time.Time) party.Command {
	t, company := l.state.Timeline, l.gate.company
	if c, at := l.state.Follows(l.titles, now); c != nil && !now.Before(at) {
		return c
	}
	switch {
	case !t.Hold.IsZero():
		if !now.Before(t.Hold) || company.Ready(t, now) {
			return party.Start{}
		}
	case t.Rate > 0 && l.state.Policy.Waits() && now.After(t.At):
		if stalled := company.Stalled(t, now); len(stalled) > 0 {
			return party.Wait{For: membersOf(stalled)}
		}
	}
	if c := l.sift(now); c != nil {
		return c
	}
	if c := l.poll(now); c != nil {
		return c
	}
	return l.ballot(now)
}

// show tells whom the start waits for, if that is news.
func (g *gate) show(w Waiting, now time.Time) {
	if len(w.For) == 0 {
		w = Waiting{}
	}
	same := w.Until.Equal(g.told.Until) && w.Ready == g.told.Ready && slices.Equal(w.For, g.told.For)
	if same && (len(w.For) == 0 || now.Sub(g.toldAt) < tellEvery) {
		return
	}
	g.told, g.toldAt = w, now
	g.tell(w)
}

func membersOf(all []party.Waited) (members []party.MemberID) {
	for _, w := range all {
		if !slices.Contains(members, w.Member) {
			members = append(members, w.Member)
		}
	}
	return members
}

// measure keeps the reactions that were seen, and the drift's statistics, once a minute in which there are any.
func (l *Local) measure(publish func([]party.Record, *party.State)) error {
	now := l.clock.Now()
	if l.state.Ended == 0 {
		if _, err := l.wish(party.React{}, publish); err != nil {
			return err
		}
	}
	if now.Sub(l.gate.measured) < measureEvery || l.state.Ended != 0 {
		return nil
	}
	l.gate.measured = now
	_, err := l.wish(party.Measure{}, publish)
	return err
}
