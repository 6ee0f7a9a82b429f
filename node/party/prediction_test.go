package party_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"watchparty/node/party"
)

// gamble is a wish about a prediction, and whose; nil where nothing can be wished just now.
func (s *stage) gamble(by party.MemberID, dice *rand.Rand) (party.Command, party.MemberID) {
	p := s.state.Prediction
	if p == nil || p.Settled != 0 {
		return party.Predict{Question: "Who did it?", Outcomes: []string{"the cat", "the dog", "nobody"}, Seconds: 3600 * dice.IntN(2)}, "h"
	}
	switch dice.IntN(12) {
	case 0:
		return party.Lock{}, "h"
	case 1:
		return party.Settle{}, "h"
	case 2, 3:
		return party.Settle{Outcome: ptr(dice.IntN(3))}, "h"
	}
	return party.Wager{Prediction: p.ID, Outcome: dice.IntN(3), Bits: 1 + dice.Int64N(200)}, by
}

// TestPollLines keeps the bytes of polls and predictions and what each makes of them: the page folds the same.
func TestPollLines(t *testing.T) {
	s := newStage(t)
	s.comes("a", "b")
	from := len(s.log)
	s.refused("WP-FORBIDDEN", "g", party.StartPoll{Question: "Pizza?", Options: []string{"yes", "no"}})
	for _, c := range []party.StartPoll{{Options: []string{"a", "b"}}, {Question: "?", Options: []string{"a"}}, {Question: "?", Options: []string{"a", " a "}},
		{Question: "?", Options: []string{"a", "\u202e"}}, {Question: "?", Options: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}}, {Question: "?", Options: []string{"a", "b"}, Seconds: 3601}} {
		s.refused("WP-BAD", "h", c)
	}
	s.refused("WP-NOTHING", "h", party.ClosePoll{})
	s.must("h", party.StartPoll{Question: "  Which\npizza? ", Options: []string{"Four cheeses", "<b>Hot</b>", "None"}, Many: true, Late: true, Seconds: 60})
	s.refused("WP-BUSY", "h", party.StartPoll{Question: "Pizza?", Options: []string{"yes", "no"}})
	id := s.state.Poll.ID
	s.must("g", party.Vote{Poll: id, Options: []int{2, 0, 2}})
	s.must("a", party.Vote{Poll: id, Options: []int{1}})
	s.must("a", party.Vote{Poll: id, Options: []int{0}})
	s.must("b", party.Vote{Poll: id, Options: []int{1}})
	s.must("h", party.Vote{Poll: id, Options: []int{1}})
	s.must("h", party.Vote{Poll: id})
	s.must("h", party.Remove{Member: "b"})
	s.refused("WP-UNKNOWN", "g", party.Vote{Poll: id, Options: []int{3}})
	s.refused("WP-CLOSED", "g", party.Vote{Poll: "1", Options: []int{0}})
	s.after(time.Minute)
	s.refused("WP-CLOSED", "g", party.Vote{Poll: id, Options: []int{0}})
	if due := s.state.Poll.Due(); due.After(s.now) {
		t.Errorf("due at %v", due)
	}
	s.must(party.House, party.ClosePoll{})
	if p := s.state.Poll; fmt.Sprint(p.Counts, p.Of) != "[2 0 1] 2" {
		t.Errorf("the result is %v of %d", p.Counts, p.Of)
	}
	s.must("h", party.StartPoll{Question: "Again?", Options: []string{"yes", "no"}})
	s.refused("WP-BAD", "g", party.Vote{Poll: s.state.Poll.ID, Options: []int{0, 1}})
	s.must("h", party.ClosePoll{Drop: true})
	s.must("h", party.StartPoll{Question: "Once more?", Options: []string{"yes", "no"}})
	s.bets(t)
	s.must("h", party.Predict{Question: "Left open?", Outcomes: []string{"yes", "no"}})
	s.must("a", party.Wager{Prediction: s.state.Prediction.ID, Bits: 9})
	s.must("h", party.End{})
	if p, q := s.state.Poll, s.state.Prediction; p != nil || q != nil || s.bank[party.PoolID].Bits != 0 {
		t.Errorf("after the end there are %+v and %+v, and %v in the pool", p, q, s.bank[party.PoolID])
	}
	s.keepLines(t, from)
}

// keepLines keeps the bytes of the records, and from one on what poll, prediction and a member's Bits are after each.
func (s *stage) keepLines(t *testing.T, from int) {
	t.Helper()
	var b bytes.Buffer
	var folded party.State
	for i, r := range s.log {
		var kept party.State // as a snapshot leaves it
		if text, err := json.Marshal(folded); err != nil || json.Unmarshal(text, &kept) != nil {
			t.Fatal(err)
		}
		folded = kept
		folded.Apply(r)
		if i < from {
			fmt.Fprintf(&b, "%s\n\n", r.Bytes())
			continue
		}
		state, err := json.Marshal(map[string]any{"poll": folded.Poll, "prediction": folded.Prediction, "bits": folded.Members["a"].Bits})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n%s\n", r.Bytes(), state)
	}
	golden(t, "poll.jsonl", b.Bytes())
}

// bets is a prediction from its beginning to its end.
func (s *stage) bets(t *testing.T) {
	t.Helper()
	s.refused("WP-NOTHING", "h", party.Settle{})
	s.refused("WP-FORBIDDEN", "g", party.Predict{Question: "?", Outcomes: []string{"a", "b"}})
	s.must("h", party.Credit{Member: "g", Bits: 100})
	s.must("h", party.Credit{Member: "a", Bits: 100})
	s.must("h", party.Predict{Question: "Who did it?", Outcomes: []string{"the butler", "the cat"}, Seconds: 90})
	s.refused("WP-BUSY", "h", party.Predict{Question: "?", Outcomes: []string{"a", "b"}})
	id := s.state.Prediction.ID
	s.refused("WP-PREDICT-OWN", "h", party.Wager{Prediction: id, Bits: 5})
	for _, n := range []int64{0, -1, 1_000_001, -1 << 63} {
		s.refused("WP-BAD", "g", party.Wager{Prediction: id, Bits: n})
	}
	s.refused("WP-BITS", "g", party.Wager{Prediction: id, Bits: 101})
	s.refused("WP-UNKNOWN", "g", party.Wager{Prediction: id, Outcome: 2, Bits: 1})
	s.refused("WP-LOCKED", "g", party.Wager{Prediction: "1", Bits: 1})
	s.must("g", party.Wager{Prediction: id, Outcome: 1, Bits: 10})
	s.must("a", party.Wager{Prediction: id, Outcome: 0, Bits: 50})
	s.must("g", party.Wager{Prediction: id, Outcome: 1, Bits: 20})
	s.refused("WP-PREDICT-ONE", "g", party.Wager{Prediction: id, Outcome: 0, Bits: 20})
	if s.bank["g"].Bits != 70 || s.bank[party.PoolID].Bits != 80 {
		t.Errorf("the bank has %v", s.bank)
	}
	s.after(90 * time.Second)
	s.refused("WP-LOCKED", "g", party.Wager{Prediction: id, Outcome: 1, Bits: 1})
	s.must(party.House, party.Lock{})
	s.must("h", party.Lock{}) // is already
	s.refused("WP-UNKNOWN", "h", party.Settle{Outcome: ptr(2)})
	s.must("h", party.Settle{Outcome: ptr(1)})
	if s.bank["g"].Bits != 150 || s.bank["a"].Bits != 50 || s.bank[party.PoolID].Bits != 0 {
		t.Errorf("the bank has %v", s.bank)
	}
	s.refused("WP-NOTHING", "h", party.Settle{Outcome: ptr(1)})
}

// TestShares holds the division against one by exact fractions: all of the pool is paid, nobody gets less than their share rounded down or
// a Bit more than that but those who were first, and who was wrong gets nothing.
func TestShares(t *testing.T) {
	for seed := range uint64(500) {
		dice := rand.New(rand.NewPCG(seed, 3))
		s := newStage(t)
		most := []int64{3, 100, 1_000_000}[dice.IntN(3)]
		var ids []party.MemberID
		for i := range 1 + dice.IntN(9) {
			ids = append(ids, party.MemberID(fmt.Sprint("m", i)))
		}
		s.comes(ids...)
		s.must("h", party.Predict{Question: "?", Outcomes: []string{"a", "b", "c"}})
		stakes, pool, side := map[party.MemberID]int64{}, int64(0), int64(0)
		right := map[party.MemberID]bool{}
		for _, id := range ids {
			n, outcome := 1+dice.Int64N(most), dice.IntN(3)
			s.must("h", party.Credit{Member: id, Bits: n})
			s.must(id, party.Wager{Prediction: s.state.Prediction.ID, Outcome: outcome, Bits: n})
			stakes[id] = n
			if pool += n; outcome == 0 {
				right[id] = true
				side += n
			}
		}
		s.must("h", party.Settle{Outcome: ptr(0)})
		p := s.state.Prediction
		if side == 0 {
			if !p.Back || !maps.Equal(p.Paid, stakes) {
				t.Fatalf("seed %d: nobody was right, and %v of %v came back", seed, p.Paid, stakes)
			}
			continue
		}
		want, left := map[party.MemberID]int64{}, pool
		for id := range right {
			want[id] = new(big.Int).Div(new(big.Int).Mul(big.NewInt(pool), big.NewInt(stakes[id])), big.NewInt(side)).Int64()
			left -= want[id]
		}
		for _, id := range ids { // in the order in which they came
			if right[id] && left > 0 {
				want[id]++
				left--
			}
		}
		if !maps.Equal(p.Paid, want) || p.Back || left != 0 {
			t.Fatalf("seed %d: of %d with %v right %v is paid, want %v", seed, pool, right, p.Paid, want)
		}
	}
}
