package party_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"watchparty/node/party"
)

// vector is a line of drift.jsonl, which the page reads too: what was reported, how
// it is counted, and what that says. The first line has the bounds alone.
type vector struct {
	Bounds  []float64   `json:"bounds,omitempty"`
	Reports []float64   `json:"reports,omitempty"`
	Drift   party.Drift `json:"drift,omitempty"`
	At      [3]float64  `json:"at"` // p50, p95, p100
}

// TestDriftVectors keeps how drift is counted and read.
func TestDriftVectors(t *testing.T) {
	var lines bytes.Buffer
	write := func(v vector) {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(b, '\n'))
	}
	write(vector{Bounds: party.DriftBounds[:]})
	for _, reports := range [][]float64{
		nil, {0}, {-1}, {1.01}, {0.4, -0.9, 2.5, 7, -41.9}, {3, 3, 3, 3}, {2000, 2000.5}, {1e6, -1e6},
		{1, 2, 3, 5, 8, 12, 17, 25, 33, 42, 60, 84, 125, 250, 500, 1000, 2000, 9999},
		{-2, 2, -2, 2, -2, 2, -2, 2, -2, 2, -2, 2, -2, 2, -2, 2, -2, 2, -2, 400},
	} {
		var d party.Drift
		for _, ms := range reports {
			d = d.Add(ms)
		}
		if got := d.Count(); got != int64(len(reports)) {
			t.Errorf("%v counted as %d", reports, got)
		}
		write(vector{Reports: reports, Drift: d, At: [3]float64{d.Quantile(.5), d.Quantile(.95), d.Quantile(1)}})
	}
	golden(t, "drift.jsonl", lines.Bytes())

	a, b := party.Drift{}.Add(1), party.Drift{}.Add(5000)
	if sum := a.Plus(b); sum.Count() != 2 || a.Count() != 1 || b.Count() != 1 {
		t.Errorf("%v and %v make %v", a, b, sum)
	}
	if party.Drift(nil).Plus(nil) != nil || (party.Drift{1, 2}).Quantile(.5) != 1.25 {
		t.Error("nothing makes something, or a short count is misread")
	}
}
