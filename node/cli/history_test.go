package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"watchparty/node"
	"watchparty/node/party"
)

// TestDigestCountsWaits: holds are counted to the moment the film goes on or is
// stopped, drift is added up over the evening.
func TestDigestCountsWaits(t *testing.T) {
	start := time.UnixMilli(1763843200000)
	c := node.Chapter{Party: node.Past{Name: "Friday", Opened: start}}
	at := func(ms int64, e party.Event) {
		r, err := party.NewRecord(party.Seq(len(c.Records)+1), start.Add(time.Duration(ms)*time.Millisecond), "", "", e)
		if err != nil {
			t.Fatal(err)
		}
		c.Records = append(c.Records, json.RawMessage(r.Bytes()))
	}
	timed := func(ms int64, why string, held bool) {
		e := party.Timed{Timeline: party.Timeline{Title: "night-train", At: start}, Why: why}
		if held {
			e.Hold = start.Add(time.Hour)
		}
		at(ms, e)
	}
	at(0, party.Opened{ID: "p", Name: "Friday"})
	timed(1000, party.WhyCue, true)
	at(1500, party.Said{Text: "still?"})
	timed(2000, party.WhySeek, true) // waits on, elsewhere
	timed(3500, party.WhyGo, false)
	at(4000, party.Measured{Title: "night-train", Drift: party.Drift{}.Add(2).Add(-2).Add(1.5)})
	timed(5000, party.WhyWait, true)
	timed(5250, party.WhyPause, false)
	at(9000, party.Measured{Title: "night-train", Drift: party.Drift{}.Add(400)})

	at(9100, party.PollClosed{Question: "Pizza?", Options: []string{"yes", "no"}, Counts: []int{2, 1}, Of: 3})
	at(9200, party.PredictionSettled{Question: "Who?", Answer: "the cat", Paid: map[party.MemberID]int64{"g": 12}})
	at(9300, party.PredictionSettled{Question: "When?", Back: true})

	d, err := digestOf(c)
	if err != nil {
		t.Fatal(err)
	}
	got := d.shownParty(c)
	if want := (waitReport{2, 2.75}); got.Waits != want {
		t.Errorf("waited %+v, want %+v", got.Waits, want)
	}
	if on := got.Evening.Shown; len(on) != 1 || on[0].Waits != 2 || on[0].Waited != 3 {
		t.Errorf("of the titles %+v waited, want one twice, for 3 s", on)
	}
	if want := (driftReport{1.7, 450, 4}); got.Drift != want {
		t.Errorf("drift %+v, want %+v", got.Drift, want)
	}
	var text bytes.Buffer
	if err := d.writeText(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\n\nIn sync: half of 4 reports within 1.7 ms, 95 % within 450.0 ms.\n", "\nThe film waited 2 times, 2.8 s in all.\n\nCHAT\n",
		": poll: Pizza? yes 2, no 1 (3 voted)\n", ": prediction: Who? the cat; g 12 Bits\n", ": prediction: When? no outcome; no Bits were on it\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("without %q:\n%s", want, text.String())
		}
	}
}
