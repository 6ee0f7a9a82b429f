package player

import (
	"time"

	"watchparty/node/party"
)

// The track that follows another lies ready in mpv's playlist: mpv goes on to it by itself where the
// one before ends, without a gap. The party says so at about the same time, which is a little before
// or after.

// turnTime is how long after the party went on mpv may still be at its last sounds.
const turnTime = time.Second

// primed is what mpv has ready.
type primed struct {
	line party.Timeline // that of its beginning; without a title: none is ready
	till time.Time      // set once the party has gone on: until then mpv may
}

// prime has mpv get ready what follows at once, or forget it.
func (t *sitting) prime() {
	var next party.Timeline
	if c, l := t.coming, t.titles[t.line.Title]; c != nil && t.line.Rate > 0 && t.shown == t.line.Title && !t.m.loading && l.Kind == "music" {
		if other := t.titles[c.Title]; other.Allowed && !other.Offline && c.Title != t.shown {
			next = party.Timeline{Title: c.Title, At: c.Due(), Rate: t.line.Rate, Began: c.Due()}
		}
	}
	if next == t.next.line || !t.next.till.IsZero() {
		return
	}
	t.forgo()
	if next.Title == "" {
		return
	}
	if err := t.m.queue(t.file(t.titles[next.Title]), t.cfg.Token, t.titles[next.Title].name()); err != nil {
		t.log.Debug("get a track ready", "err", err)
		return
	}
	t.next.line = next
}

// forgo has mpv forget what it had ready.
func (t *sitting) forgo() {
	if t.next.line.Title != "" {
		if err := t.m.unqueue(); err != nil {
			t.log.Debug("forget a track", "err", err)
		}
	}
	t.next = primed{}
}

// turns says whether mpv goes on by itself to what is on now, or has just done so.
func (t *sitting) turns() bool {
	if t.next.line.Title == "" || t.line.Title != t.next.line.Title || !t.line.At.Equal(t.next.line.At) || t.line.Rate == 0 {
		return false
	}
	t.next.till = time.Now().Add(turnTime)
	return true
}

// between says whether mpv and the party are about to be on the same track.
func (t *sitting) between() bool { return t.ahead || !t.next.till.IsZero() }

// went is mpv that has gone on.
func (t *sitting) went() {
	line := t.next.line
	if t.line.Title == line.Title {
		line = t.line
	}
	t.ahead = t.line.Title != line.Title
	t.shown, t.began, t.next = line.Title, line.Began, primed{}
	t.follow.Went(line, t.m.length)
	t.tracked = true
}

// overdue goes where the party went, since mpv has not.
func (t *sitting) overdue() {
	t.forgo()
	t.follow.Set(t.line)
	t.pick()
}

// Went says that the player has gone on to another film by itself, as the timeline has or is about
// to.
func (f *Follow) Went(line party.Timeline, length float64) {
	f.plan()
	f.line, f.title, f.length, f.rest = line, line.Title, length, nil
	if f.hands {
		return
	}
	f.paused, f.dry, f.last, f.fired = false, false, 0, time.Now()
	f.doing, f.why = party.Playing, ""
	f.report()
}
