package party_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"watchparty/node/party"
)

func TestGoal(t *testing.T) {
	s := newStage(t)
	s.must("h", party.Credit{Member: "g", Bits: 1000})
	s.refused("WP-FORBIDDEN", "g", party.Aim{Bits: 100, Text: "I sing"})
	for _, bad := range []party.Aim{{Bits: -1, Text: "x"}, {Bits: 100_000_001, Text: "x"}, {Bits: 100}, {Bits: 100, Text: "\u202e"}, {Bits: 100, Text: strings.Repeat("x", 81)}} {
		s.refused("WP-BAD", "h", bad)
	}
	s.must("h", party.Aim{}) // none to take off
	s.must("g", party.Cheer{Bits: 50})
	s.must("h", party.Aim{Bits: 300, Text: " I  sing"})
	s.must("g", party.Cheer{Bits: 299})
	if g := s.state.Goal; g.Text != "I sing" || g.Got != 299 || g.Reached != 0 {
		t.Errorf("the goal is %+v", g)
	}
	before := s.state.Snapshot()
	s.must("g", party.Cheer{Bits: 1})
	reached := s.now.UnixMilli()
	s.after(time.Second)
	s.must("g", party.Cheer{Bits: 50})
	if g := s.state.Goal; g.Got != 350 || g.Reached != reached || before.Goal.Got != 299 {
		t.Errorf("the goal is %+v, before %+v", g, before.Goal)
	}
	s.must("h", party.Aim{})
	if s.state.Goal != nil {
		t.Errorf("the goal was taken off, and is %+v", s.state.Goal)
	}
}

// TestTrain reads the same lines as the page's test: who gives what, when in seconds, and the train after it.
func TestTrain(t *testing.T) {
	s := newStage(t)
	s.comes("a")
	s.must("h", party.Credit{Member: "g", Bits: 1_000_000})
	s.must("h", party.Credit{Member: "a", Bits: 1_000_000})
	f, err := os.Open("testdata/train.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var step struct {
			At, Gives, Bits, Until int64
			Level                  int
			By                     party.MemberID
		}
		if err := json.Unmarshal(lines.Bytes(), &step); err != nil {
			t.Fatal(err)
		}
		s.now = start.Add(time.Duration(step.At) * time.Second)
		s.must(step.By, party.Cheer{Bits: step.Gives})
		train := s.state.Train
		if train == nil {
			train = &party.Train{Until: start.UnixMilli()}
		}
		if train.Level != step.Level || train.Bits != step.Bits || train.Until != start.UnixMilli()+step.Until*1000 {
			t.Errorf("%s: the train is %+v", lines.Bytes(), train)
		}
	}
	s.must("h", party.Set{Train: ptr(false)})
	s.must("g", party.Cheer{Bits: 5})
	if s.state.Train != nil || s.state.Given != nil {
		t.Error("a train runs that was switched off")
	}
}

func TestAllowance(t *testing.T) {
	s := newStage(t)
	s.now = time.Date(2026, 12, 30, 20, 0, 0, 0, time.UTC) // week 53
	s.bank["away"] = party.Purse{}
	s.must("g", party.Come{Screen: party.Screen{ID: "s1", Kind: "page"}})
	s.must("h", party.Come{Screen: party.Screen{ID: "s2", Kind: "page"}})
	for _, n := range []int64{-1, 1_000_001} {
		s.refused("WP-BAD", "h", party.Set{Weekly: &n})
	}
	s.refused("WP-BAD", "h", party.Set{Least: ptr[int64](0)})
	s.must("h", party.Set{Weekly: ptr[int64](100), Least: ptr[int64](40)})
	if s.bank["g"] != (party.Purse{Bits: 100, Week: 202653}) || s.bank["h"].Bits != 0 || s.bank["away"].Bits != 0 {
		t.Errorf("who is here has their allowance, the bank has %v", s.bank)
	}
	s.comes("away")
	s.must(party.House, party.Admit{Member: s.state.Members["away"]})
	s.must("h", party.Set{Weekly: ptr[int64](200)})
	if s.bank["away"].Bits != 100 || s.bank["g"].Bits != 100 {
		t.Errorf("one allowance a week, the bank has %v", s.bank)
	}
	s.refused("WP-CHEER-LEAST", "g", party.Cheer{Bits: 39})
	s.after(4 * 24 * time.Hour) // Sunday
	s.refused("WP-BITS", "g", party.Cheer{Bits: 250})
	s.after(24 * time.Hour) // Monday: it comes before what it pays for
	s.must("g", party.Cheer{Bits: 250})
	s.must("g", party.Cheer{Bits: 40})
	if s.bank["g"].Bits != 10 || s.bank["g"].Week != 202701 {
		t.Errorf("after Monday's allowance %+v", s.bank["g"])
	}
	next := party.State{} // the house's next party
	events, err := next.Decide(party.Open{ID: "k4", Tariff: s.state.Policy.Tariff}, party.Env{Now: s.now})
	if err != nil || len(events) != 2 || events[1].(party.Ordered).Weekly != 200 {
		t.Errorf("the next party begins with %+v (%v)", events, err)
	}
}
