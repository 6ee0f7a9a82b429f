package room

import (
	"math"
	"sync"
	"time"

	"watchparty/node/party"
)

// A Meter counts what the screens of this node and the party's starts have been like
// since the node began. A house that moves on to another party keeps its meter, so
// that a counter never goes back. Anybody may read it at any time.
type Meter struct {
	mu      sync.Mutex
	counted Counted   // guarded by mu
	held    time.Time // since when the film waits, host time; guarded by mu
}

// Counted is what a meter has counted.
type Counted struct {
	Drift   party.Drift // reports of screens that play and report to this node
	Off     float64     // sum of how far they were off, in milliseconds
	Holds   int64       // how often a film has waited
	Held    time.Duration
	Waiting int // screens that are waited for now
}

// Counted is what has been counted by now.
func (m *Meter) Counted() Counted {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counted
}

// Waits notes how many screens are waited for.
func (m *Meter) Waits(screens int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counted.Waiting = screens
}

// report counts a screen's report.
func (m *Meter) report(r party.Report) {
	if !r.Measured() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counted.Drift = m.counted.Drift.Add(r.MS)
	m.counted.Off += math.Abs(r.MS)
}

// published counts holds: by the log alone, so that every node counts the same.
func (m *Meter) published(recs []party.Record, first bool, s *party.State) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range recs {
		if e, ok := r.Event.(party.Timed); ok {
			m.timed(r.At, !e.Hold.IsZero())
		}
	}
	if first { // what was held before the first record
		m.timed(s.Timeline.At, !s.Timeline.Hold.IsZero())
	}
	if s.Timeline.Hold.IsZero() {
		m.counted.Waiting = 0
	}
}

// timed notes a new timeline. A hold that another follows goes on.
func (m *Meter) timed(at time.Time, held bool) {
	switch {
	case held && m.held.IsZero():
		m.counted.Holds, m.held = m.counted.Holds+1, at
	case !held && !m.held.IsZero():
		m.counted.Held += max(at.Sub(m.held), 0)
		m.held = time.Time{}
	}
}
