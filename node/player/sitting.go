package player

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/node/wire"
)

// A sitting is one mpv from its start to its end, and what is said to it. It belongs
// to the goroutine of its run.
type sitting struct {
	*Screen
	m      *mpv
	follow *Follow
	osd    *osd
	keys   keys
	parts  sync.WaitGroup

	shown   catalog.TitleID // what is loaded, or being loaded
	began   time.Time       // of the timeline it was loaded for
	retry   time.Time       // when a film that failed is tried again; zero: none
	pause   time.Duration   // before that
	told    map[string]bool // properties of which the first value is known
	tracked bool            // the film's tracks are all there
	added   chan catalog.TitleID
	next    primed // what mpv has ready
	ahead   bool   // mpv has gone on to the next track before the party said so
	away    bool   // the host cannot be reached
}

func newSitting(s *Screen, m *mpv) *sitting {
	t := &sitting{Screen: s, m: m, told: map[string]bool{}, added: make(chan catalog.TitleID)}
	t.osd = newOSD(m.send)
	t.follow = NewFollow(m, s.cfg.Clock, s.learnt, exactly, func(r party.Report) { replace(s.reports, r) })
	t.follow.Offset = s.offset
	t.keys.answers = make(chan error, 1)
	return t
}

// exactly waits to the microsecond, which no timer does.
func exactly(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		runtime.Gosched()
	}
}

// run shows the party on the player until it ends or ctx does.
func (t *sitting) run(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	defer t.parts.Wait()
	defer t.m.ipc.close() // which ends who waits for an answer
	defer stop()
	if err := t.equip(); err != nil {
		return
	}
	t.follow.Set(t.line)
	t.pick()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		timer.Reset(time.Until(t.due()))
		select {
		case <-ctx.Done():
			t.m.send([]any{"quit"})
			return
		case <-t.m.done:
			t.bequeath()
			return
		case e := <-t.m.events:
			t.hear(e)
		case n := <-t.news:
			t.hearParty(n)
		case list := <-t.listed:
			t.keep(list)
			t.pick()
			t.prime()
		case id := <-t.added:
			if id != t.shown {
				break
			}
			if err := t.restore(); err != nil {
				t.log.Debug("restore tracks", "err", err)
			}
		case <-t.open: // it is
		case err := <-t.keys.answers:
			t.answered(err)
		case t.offset = <-t.offsets:
			t.follow.Offset = t.offset
			t.follow.Again()
		case <-timer.C:
			t.beat(ctx)
		}
	}
}

// due is when something is to be done next.
func (t *sitting) due() time.Time {
	next := t.follow.Due()
	for _, at := range []time.Time{t.osd.due(), t.keys.due, t.retry, t.next.till} {
		if !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return next
}

// beat does what is due, the film's start first: that is due to the millisecond.
func (t *sitting) beat(ctx context.Context) {
	t.follow.Beat()
	now := time.Now()
	if at := t.osd.due(); !at.IsZero() && !now.Before(at) {
		t.osd.draw()
	}
	if !t.keys.due.IsZero() && !now.Before(t.keys.due) {
		t.keys.due = time.Time{}
		t.ripe(ctx)
	}
	if !t.retry.IsZero() && !now.Before(t.retry) {
		t.retry = time.Time{}
		t.load()
	}
	if !t.next.till.IsZero() && !now.Before(t.next.till) {
		t.overdue()
	}
}

// hear does what an event of mpv's asks for.
func (t *sitting) hear(e message) {
	what, err := t.m.hear(e)
	if err != nil {
		t.log.Debug("hear mpv", "err", err)
	}
	switch what := what.(type) {
	case loaded:
		t.pause = 0
		t.follow.Loaded(t.shown, t.m.length, t.m.aim)
		t.bring(t.titles[t.shown])
		t.prime()
	case turned:
		t.went()
		t.prime()
	case failed:
		t.next = primed{}
		if t.shown != "" { // else a person has opened a film of their own, while there is none of ours
			t.broke(what.why)
		}
	case landed:
		t.follow.Landed()
	case starved:
		t.follow.Starved(what.now)
	case ended:
		doing := t.follow.Doing()
		short := t.m.live != nil || position(t.line, t.follow.host()) < t.m.length-early
		if (doing == party.Playing || doing == party.Loading) && short {
			t.broke("the film broke off")
		}
	case touched:
		t.touched(what.paused)
	case moving:
		t.moving()
	case moved:
		t.moved(what.pos)
	case chosen:
		if err := t.choose(what); err != nil {
			t.log.Debug("note a choice", "err", err)
		}
	}
}

const (
	early     = 2.0 // seconds: a film that ends so long before its end has broken off
	freshLine = 15 * time.Second
	mostRetry = 5 * time.Second
)

// hearParty does what happened at the party.
func (t *sitting) hearParty(n news) {
	was := t.line
	t.take(n)
	switch {
	case t.line == was:
	case t.turns():
	default:
		t.next.till, t.ahead = time.Time{}, false
		t.follow.Set(t.line)
		t.pick()
		t.keys.changed(t)
	}
	t.prime()
	for _, r := range n.Records {
		switch e := r.Event.(type) {
		case party.Said:
			if t.cfg.Clock.Now().Sub(r.At) < freshLine {
				t.osd.say(t.names[r.By].Name, e.Text)
			}
		case party.Announced:
			left := e.Due().Sub(t.cfg.Clock.Now())
			if next, ok := t.titles[e.Title]; ok && left > 0 && t.line.Rate == 0 {
				t.osd.tell(fmt.Sprintf("Next episode in %.0f seconds: %s", left.Seconds(), next.Title))
			}
		case party.Joined:
			if e.ID == t.cfg.Member { // with other rights, maybe
				nudge(t.asking)
			}
		}
	}
	for _, s := range n.Signals {
		t.signal(s)
	}
}

func (t *sitting) signal(s room.Signal) {
	frame, err := wire.Parse(s.Frame, wire.MaxToGuest)
	sig, ok := frame.(wire.Signal)
	switch {
	case err != nil || !ok:
	case sig.Titles != nil:
		nudge(t.asking)
	case sig.Host != nil:
		t.away = sig.Host.Away
		t.explain()
	case sig.React != nil && party.IsReaction(sig.React.With):
		t.osd.react(t.names[s.By].Name, sig.React.With)
	case sig.Waiting != nil:
		var names []string
		for _, w := range sig.Waiting.For {
			names = append(names, t.names[w.Member].Name)
		}
		t.osd.wait(names)
	}
}

// explain keeps on the screen what stays as it is for a while.
func (t *sitting) explain() {
	switch {
	case t.away:
		t.osd.keep("The host cannot be reached just now. This goes on by itself when it is back.")
	case t.follow.Doing() == party.Locked:
		t.osd.keep(t.titles[t.line.Title].Reason)
	default:
		t.osd.keep("")
	}
}

// pick shows the title that is on, or why not.
func (t *sitting) pick() {
	id := t.line.Title
	l, known := t.titles[id]
	switch {
	case id == "":
		t.clear(party.Paused)
	case !known:
		t.clear(party.Loading)
		nudge(t.asking)
	case !l.Allowed:
		t.clear(party.Locked)
		if !t.began.Equal(t.line.Began) { // it may have changed since the list was made
			t.began = t.line.Began
			nudge(t.asking)
		}
	case t.shown != id && !t.between():
		t.pause, t.began = 0, t.line.Began
		t.load()
	}
	t.explain()
}

// clear shows no film.
func (t *sitting) clear(doing party.Doing) {
	if t.shown != "" {
		t.m.unload()
	}
	t.shown, t.retry, t.tracked, t.next = "", time.Time{}, false, primed{}
	t.keys.forget()
	t.follow.Rest(doing)
}

func (t *sitting) load() {
	t.shown, t.retry, t.tracked, t.next = t.line.Title, time.Time{}, false, primed{}
	t.keys.forget()
	t.follow.Rest(party.Loading)
	l := t.titles[t.shown]
	if err := t.m.load(t.file(l), t.cfg.Token, l.name(), t.follow.Opening(), l.Live != nil); err != nil {
		t.broke(err.Error())
	}
}

// broke tries a film again that failed, with growing pauses, and asks whether it may
// still be watched.
func (t *sitting) broke(why string) {
	t.log.Info("the film failed and is tried again", "title", t.shown, "why", why)
	t.follow.Rest(party.Loading)
	t.pause = min(t.pause+time.Second, mostRetry)
	t.retry = time.Now().Add(t.pause)
	nudge(t.asking)
}
