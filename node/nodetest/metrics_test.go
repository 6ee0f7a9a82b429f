package nodetest_test

import (
	"fmt"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestMetrics: what a page reports and how long starts wait is counted, and the next
// party does not begin at zero.
func TestMetrics(t *testing.T) {
	h := Host(t)
	boss, ann, den := h.Boss(), h.Guest("Ann"), h.Node("Den", "")
	metrics := func() string { return string(Do(t, "GET", h.URL("/metrics"), "", nil).Body) }
	says := func(lines ...string) {
		t.Helper()
		text := metrics()
		for _, line := range lines {
			if !strings.Contains(text, "\nwatchparty_"+line+"\n") {
				t.Errorf("without %s:\n%s", line, text)
			}
		}
	}
	says("drift_milliseconds_count 0", `drift_milliseconds_bucket{le="+Inf"} 0`, "holds_total 0", "held_seconds_total 0", "waiting_screens 0")
	for _, ms := range []float64{-0.5, 2.5, 2.5, 70, 9000} {
		ann.Report(party.Report{State: party.Playing, Title: "night-train", MS: ms})
	}
	ann.Report(party.Report{State: party.Seeking, Title: "night-train", MS: 400, Why: party.WhyDecoder})
	boss.Signalled("that Ann looks for the place", func(s wire.Signal) bool { return s.Drift != nil && s.Drift.State == party.Seeking })
	boss.Must(party.Cue{Title: "night-train", Play: true})
	boss.Signalled("whom it waits for", func(s wire.Signal) bool { return s.Waiting != nil && len(s.Waiting.For) == 1 })
	counts := []string{
		`drift_milliseconds_bucket{le="1"} 1`, `drift_milliseconds_bucket{le="2"} 1`, `drift_milliseconds_bucket{le="3"} 3`,
		`drift_milliseconds_bucket{le="84"} 4`, `drift_milliseconds_bucket{le="2000"} 4`, `drift_milliseconds_bucket{le="+Inf"} 5`,
		"drift_milliseconds_sum 9075.5", "drift_milliseconds_count 5", "holds_total 1",
	}
	says(append(counts, "waiting_screens 1")...)
	boss.Say("a hold ago")
	if err := den.Saw(t.Context(), "a hold ago"); err != nil {
		t.Fatal(err)
	}
	other := string(Do(t, "GET", den.URL("/metrics"), "", nil).Body)
	for _, line := range []string{"holds_total 1", "drift_milliseconds_count 0"} { // the same log, and none of its own screens
		if !strings.Contains(other, "\nwatchparty_"+line+"\n") {
			t.Errorf("a guest's node without %s:\n%s", line, other)
		}
	}
	boss.Must(party.Urge{})
	boss.Must(party.End{})
	if a := Do(t, "POST", h.URL("/api/party"), boss.Token, map[string]string{"name": "Saturday"}); a.Status != 200 {
		t.Fatalf("new party: %d %s", a.Status, a.Body)
	}
	says(append(counts, "waiting_screens 0")...)
	for line := range strings.Lines(metrics()) {
		var held float64
		if n, _ := fmt.Sscanf(line, "watchparty_held_seconds_total %g", &held); n == 1 && held <= 0 {
			t.Errorf("held for %g s", held)
		}
	}
}
