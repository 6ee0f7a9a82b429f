package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"watchparty/node"
	"watchparty/node/party"
)

// driftReport is how far the screens of a party were off while a film played, in
// milliseconds, over all their reports.
type driftReport struct {
	P50     float64 `json:"p50"`
	P95     float64 `json:"p95"`
	Reports int64   `json:"reports"`
}

// waitReport is how often the film waited for screens that were not ready, and for
// how long altogether.
type waitReport struct {
	Times   int     `json:"times"`
	Seconds float64 `json:"seconds"`
}

// shownParty is a party as `history show --format json` writes it.
type shownParty struct {
	Party   node.Past         `json:"party"`
	Drift   driftReport       `json:"drift"`
	Waits   waitReport        `json:"waits"`
	Bits    bitsReport        `json:"bits"`
	Members []party.Member    `json:"members,omitempty"`
	Records []json.RawMessage `json:"records"`
}

func (d *digest) shownParty(c node.Chapter) shownParty {
	return shownParty{Party: c.Party, Drift: driftOf(d.drift), Waits: d.waitReport(), Bits: d.bits, Members: c.Members, Records: c.Records}
}

func driftOf(d party.Drift) driftReport {
	tenth := func(ms float64) float64 { return math.Round(ms*10) / 10 }
	return driftReport{tenth(d.Quantile(.5)), tenth(d.Quantile(.95)), d.Count()}
}

func (d *digest) waitReport() waitReport {
	return waitReport{d.waits, float64(d.waited.Milliseconds()) / 1000}
}

// hold counts a stretch of time in which the state stayed as it was, as one in which
// the film waited for somebody, if it did.
func (d *digest) hold(s *party.State, from, to time.Time) {
	if !s.Timeline.Hold.IsZero() {
		d.waited += to.Sub(from)
	}
}

// holds counts a film that begins to wait; one that waits on elsewhere is the same.
func (d *digest) holds(before party.Timeline, e party.Timed) {
	if before.Hold.IsZero() && !e.Hold.IsZero() {
		d.waits++
	}
}

// writeSync writes how well the screens kept together.
func (d *digest) writeSync(w io.Writer) {
	if d.drift.Count() > 0 || d.waits > 0 {
		fmt.Fprintln(w)
	}
	if r := driftOf(d.drift); r.Reports > 0 {
		fmt.Fprintf(w, "In sync: half of %d reports within %.1f ms, 95 %% within %.1f ms.\n", r.Reports, r.P50, r.P95)
	}
	switch d.waits {
	case 0:
	case 1:
		fmt.Fprintf(w, "The film waited once, for %.1f s.\n", d.waited.Seconds())
	default:
		fmt.Fprintf(w, "The film waited %d times, %.1f s in all.\n", d.waits, d.waited.Seconds())
	}
}
