package room

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"watchparty/node/party"
)

// An Able is a screen and what it can play.
type Able struct {
	Member party.MemberID
	Screen party.ScreenID
	party.Abilities
}

const (
	// ableFor is how long what a screen said counts: it says it every half minute.
	ableFor = 75 * time.Second
	// maxAble bounds how many screens of one member are known; what another says is passed over.
	maxAble = 32
)

// able is what screens said lately that they can play. A party that follows keeps it.
type able struct {
	mu  sync.Mutex
	all map[screenOf]said // guarded by mu
}

type screenOf struct {
	by     party.MemberID
	screen party.ScreenID
}

type said struct {
	party.Abilities
	at time.Time
}

func (a *able) heard(s Signal, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forget(now)
	key := screenOf{s.By, s.Screen}
	own := 0
	for other := range a.all {
		if other.by == s.By {
			own++
		}
	}
	if _, known := a.all[key]; known || own < maxAble {
		a.all[key] = said{*s.Can, now}
	}
}

// forget drops what is old. The caller holds mu.
func (a *able) forget(now time.Time) {
	if a.all == nil {
		a.all = map[screenOf]said{}
	}
	for key, s := range a.all {
		if now.Sub(s.at) > ableFor {
			delete(a.all, key)
		}
	}
}

// Able lists the screens that said lately what they can play, by member and screen.
func (r *Room) Able(now time.Time) []Able {
	r.able.mu.Lock()
	defer r.able.mu.Unlock()
	r.able.forget(now)
	var list []Able
	for key, s := range r.able.all {
		list = append(list, Able{key.by, key.screen, s.Abilities})
	}
	slices.SortFunc(list, func(a, b Able) int {
		return cmp.Or(cmp.Compare(a.Member, b.Member), cmp.Compare(a.Screen, b.Screen))
	})
	return list
}
