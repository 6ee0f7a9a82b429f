package player

import (
	"context"
	"errors"
	"time"

	"watchparty/node/party"
)

const (
	playPause = 120 * time.Millisecond // a step by one picture plays for less
	seekPause = 300 * time.Millisecond // who holds a key seeks many times
	wishTime  = 5 * time.Second
	echoTime  = time.Second // from a wish that was granted to its timeline
)

// keys is what a person does at the player. It becomes a wish; until that is answered
// the picture stays as the person put it.
type keys struct {
	want    party.Command // what is to be wished when it is due; nil: to go back to the timeline
	due     time.Time
	asked   bool           // a wish is under way
	from    party.Timeline // the timeline when it was made
	answers chan error     // holds one
}

// forget drops what a person did to a film that is not shown any more.
func (k *keys) forget() { k.want, k.due = nil, time.Time{} }

// touched is a person who paused or went on.
func (t *sitting) touched(paused bool) {
	if !t.has() {
		return
	}
	t.follow.Hands(paused)
	switch {
	case paused && t.line.Wanted():
		t.keys.want, t.keys.due = party.Pause{}, time.Now()
	case !paused && t.line.Rate == 0:
		t.keys.want, t.keys.due = party.Play{}, time.Now().Add(playPause)
	default: // as the party is: so back to where it is
		t.keys.want, t.keys.due = nil, time.Now()
	}
}

// moving is a person who goes somewhere else, and has the picture from now on. Should
// they never get there, it is ours again.
func (t *sitting) moving() {
	if t.has() {
		t.follow.Hands(t.m.paused)
		t.keys.want, t.keys.due = nil, time.Now().Add(settle)
	}
}

// moved is a person who went somewhere else.
func (t *sitting) moved(pos float64) {
	if !t.has() {
		return
	}
	t.follow.Hands(t.m.paused)
	t.keys.want, t.keys.due = party.Seek{Position: party.At(pos)}, time.Now().Add(seekPause)
}

// has says whether a person has a film to do something to.
func (t *sitting) has() bool { return t.shown != "" && !t.m.loading && t.line.Title == t.shown }

// ripe makes the wish, one at a time; what is done meanwhile waits.
func (t *sitting) ripe(ctx context.Context) {
	k := &t.keys
	switch {
	case k.want == nil:
		if !k.asked {
			t.follow.Again()
		}
	case k.asked:
		k.due = time.Now().Add(seekPause)
	default:
		wish := k.want
		k.want, k.asked, k.from = nil, true, t.line
		t.parts.Go(func() {
			ctx, stop := context.WithTimeout(ctx, wishTime)
			defer stop()
			k.answers <- t.cfg.Wish(ctx, wish)
		})
	}
}

// answered takes the party's answer. A wish that was granted is seen in the timeline,
// which may come a moment later.
func (t *sitting) answered(err error) {
	k := &t.keys
	k.asked = false
	var refusal *party.Refusal
	switch {
	case errors.As(err, &refusal):
		t.osd.tell(refusal.Reason)
	case err != nil:
		t.osd.tell("The host cannot be reached just now.")
	case t.line == k.from && k.due.IsZero():
		k.due = time.Now().Add(echoTime)
		return
	}
	if k.due.IsZero() {
		t.follow.Again()
	}
}

// changed goes to the new timeline, unless a wish is under way.
func (k *keys) changed(t *sitting) {
	if k.want == nil && !k.asked && t.follow.hands {
		k.due = time.Time{}
		t.follow.Again()
	}
}
