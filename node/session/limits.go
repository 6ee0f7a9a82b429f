package session

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"watchparty/node/party"
)

// How much one member, and all together, may ask for. A person does not notice;
// a program that floods is told to slow down.
const (
	sayRate, sayBurst       = 5, 10  // chat lines a second of one member
	wishRate, wishBurst     = 20, 40 // other wishes a second
	signalRate, signalBurst = 20, 60 // signals a second: four or five for each start, from each of their screens
	reactRate, reactBurst   = 4, 8   // reactions a second: they float over everybody's film
	renameEvery             = 20 * time.Second
	renameBurst             = 3
	allRate, allBurst       = 50, 200
	idleLimit               = time.Minute // a limit unused that long is forgotten
)

// limits are kept per member and not per connection, so that opening more of them
// gains nothing.
type limits struct {
	all *rate.Limiter

	mu      sync.Mutex
	members map[party.MemberID]*limit
	swept   time.Time
}

type limit struct {
	say, wish, signal, react, rename *rate.Limiter
	used                             time.Time
	since                            time.Time // guarded by limits.mu, as refused
	refused                          int       // wishes, since then
}

func newLimits() *limits {
	return &limits{all: rate.NewLimiter(allRate, allBurst), members: map[party.MemberID]*limit{}}
}

func (l *limits) of(id party.MemberID, now time.Time) *limit {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > idleLimit {
		l.swept = now
		for id, m := range l.members {
			if now.Sub(m.used) > idleLimit {
				delete(l.members, id)
			}
		}
	}
	m := l.members[id]
	if m == nil {
		m = &limit{say: rate.NewLimiter(sayRate, sayBurst), wish: rate.NewLimiter(wishRate, wishBurst), signal: rate.NewLimiter(signalRate, signalBurst), react: rate.NewLimiter(reactRate, reactBurst), rename: rate.NewLimiter(rate.Every(renameEvery), renameBurst)}
		l.members[id] = m
	}
	m.used = now
	return m
}

// allow refuses a wish of somebody who asks too much.
func (l *limits) allow(id party.MemberID, c party.Command, now time.Time) error {
	m := l.of(id, now)
	switch c.(type) {
	case party.Rename:
		if !m.rename.AllowN(now, 1) {
			return &party.Refusal{Code: "WP-SLOW", Reason: "You changed your name often enough for now: wait a minute."}
		}
		return nil
	case party.Say:
		if !m.say.AllowN(now, 1) || !l.all.AllowN(now, 1) {
			return &party.Refusal{Code: "WP-SLOW", Reason: "That was too fast: wait a moment, then send the line again."}
		}
		return nil
	}
	if !m.wish.AllowN(now, 1) {
		return tooMuch()
	}
	return nil
}

func tooMuch() error {
	return &party.Refusal{Code: "WP-SLOW", Reason: "That was too much at once: wait a moment."}
}

// hello says whether a member may connect once more so soon.
func (l *limits) hello(id party.MemberID, now time.Time) bool {
	return l.of(id, now).wish.AllowN(now, 1)
}

func (l *limits) signal(id party.MemberID, now time.Time) bool {
	return l.of(id, now).signal.AllowN(now, 1)
}

func (l *limits) react(id party.MemberID, now time.Time) bool {
	return l.of(id, now).react.AllowN(now, 1)
}
