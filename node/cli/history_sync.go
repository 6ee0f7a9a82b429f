package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

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
	Evening party.Evening     `json:"evening"`
	Members []party.Member    `json:"members,omitempty"`
	Records []json.RawMessage `json:"records"`
}

func (d *digest) shownParty(c node.Chapter) shownParty {
	return shownParty{Party: c.Party, Drift: driftOf(d.Drift), Waits: d.waitReport(), Bits: d.bits, Evening: d.Evening(), Members: c.Members, Records: c.Records}
}

func driftOf(d party.Drift) driftReport {
	tenth := func(ms float64) float64 { return math.Round(ms*10) / 10 }
	return driftReport{tenth(d.Quantile(.5)), tenth(d.Quantile(.95)), d.Count()}
}

func (d *digest) waitReport() waitReport {
	times, waited := d.Waits()
	return waitReport{times, float64(waited.Milliseconds()) / 1000}
}

// writeSync writes how well the screens kept together.
func (d *digest) writeSync(w io.Writer) {
	times, waited := d.Waits()
	if d.Drift.Count() > 0 || times > 0 {
		fmt.Fprintln(w)
	}
	if r := driftOf(d.Drift); r.Reports > 0 {
		fmt.Fprintf(w, "In sync: half of %d reports within %.1f ms, 95 %% within %.1f ms.\n", r.Reports, r.P50, r.P95)
	}
	switch times {
	case 0:
	case 1:
		fmt.Fprintf(w, "The film waited once, for %.1f s.\n", waited.Seconds())
	default:
		fmt.Fprintf(w, "The film waited %d times, %.1f s in all.\n", times, waited.Seconds())
	}
}
