package party_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"watchparty/node/party"
)

// comes lets somebody whom the house knows take a seat.
func (s *stage) comes(ids ...party.MemberID) {
	for _, id := range ids {
		s.bank[id] = s.bank[id]
		s.must(party.House, party.Admit{Member: party.Member{ID: id, Name: string(id)}})
		s.must(id, party.Come{Screen: party.Screen{ID: party.ScreenID("screen of " + id), Kind: "page"}})
	}
}

func TestSubscribe(t *testing.T) {
	s := newStage(t)
	s.now = time.Date(2027, 1, 31, 20, 0, 0, 0, time.UTC)
	s.refused("WP-BITS", "g", party.Subscribe{})
	s.refused("WP-SUB-OWN", "h", party.Subscribe{})
	for _, price := range []int64{0, -1, 1_000_001} {
		s.refused("WP-BAD", "h", party.Set{Sub: &price})
	}
	s.must("h", party.Credit{Member: "g", Bits: 900})
	s.must("h", party.Set{Sub: ptr[int64](300)})
	s.must("g", party.Subscribe{Text: " Cheer100 for  good"})
	until := time.Date(2027, 2, 28, 20, 0, 0, 0, time.UTC)
	want := party.Purse{Bits: 600, Months: 1, Until: until.UnixMilli()}
	if g := s.state.Members["g"]; g.Purse != want || s.bank["g"] != want || g.Cheered != 300 || s.bank[party.HostID].Bits != 300 {
		t.Errorf("the subscriber holds %+v, the bank %v", g.Purse, s.bank)
	}
	line := s.state.Messages[0]
	if line.Text != "Cheer100 for good" || line.Bits != 0 || line.Months != 1 {
		t.Errorf("the line is %+v", line)
	}
	s.refused("WP-SUB-RUNS", "g", party.Subscribe{})
	s.after(21 * 24 * time.Hour) // 21 February: the last week
	s.must("h", party.Mute{Member: "g"})
	s.refused("WP-MUTED", "g", party.Subscribe{Text: "hear me"})
	s.refused("WP-BAD", "g", party.Subscribe{Text: strings.Repeat("x", 501)})
	s.must("g", party.Subscribe{})
	if g := s.state.Members["g"]; g.Months != 2 || !time.UnixMilli(g.Until).Equal(until.AddDate(0, 1, 0)) {
		t.Errorf("after a second month: %+v", g.Purse)
	}
	if !s.bank["g"].Subscriber(until) || s.bank["g"].Subscriber(until.AddDate(0, 1, 0)) {
		t.Error("it does not run until its end")
	}
}

func TestGift(t *testing.T) {
	s := newStage(t)
	s.comes("a", "b", "c", "d")
	s.bank["away"] = party.Purse{}
	s.must("h", party.Credit{Member: "g", Bits: 2400})
	s.must("g", party.Gift{Member: "a"})
	s.must("g", party.Gift{Member: "away"})
	s.refused("WP-SUB-RUNS", "g", party.Gift{Member: "a"})
	s.refused("WP-SUB-OWN", "g", party.Gift{Member: "h"})
	s.refused("WP-UNKNOWN", "g", party.Gift{Member: "nobody"})
	s.refused("WP-SUB-FEW", "g", party.Gift{Count: 4})
	s.refused("WP-BITS", "g", party.Gift{Count: 3})
	for _, bad := range []party.Gift{{}, {Count: -1}, {Count: 51}, {Member: "b", Count: 1}, {Member: "g"}} {
		s.refused("WP-BAD", "g", bad)
	}
	s.must("d", party.Go{Screen: "screen of d"})
	s.refused("WP-SUB-FEW", "g", party.Gift{Count: 3})
	s.must("g", party.Gift{Count: 2})
	s.must("h", party.Gift{Member: "d"}) // the host's Bits would go to the host
	for _, id := range []party.MemberID{"a", "b", "c", "d", "away"} {
		if p := s.bank[id]; p.Months != 1 || p.Bits != 0 || !p.Subscriber(s.now) {
			t.Errorf("%s has %+v", id, p)
		}
	}
	last := s.state.Messages[len(s.state.Messages)-1]
	if s.bank["g"].Bits != 400 || s.bank[party.HostID].Bits != 2000 || s.state.Members["g"].Cheered != 2000 || last.By != "h" || last.Gifts[0].Member != "d" {
		t.Errorf("the bank has %v, the last line %+v", s.bank, last)
	}
	s.must("h", party.Remove{Member: "b"})
	s.refused("WP-UNKNOWN", "g", party.Gift{Member: "b"})
}

func TestFirstEvening(t *testing.T) {
	s := newStage(t)
	if s.state.Members["g"].First {
		t.Error("somebody known before the party opened is here for the first time")
	}
	s.bank["new"] = party.Purse{Ever: 70}
	s.since = start.UnixMilli() + 1
	s.comes("new")
	if m := s.state.Members["new"]; !m.First || m.Ever != 70 {
		t.Errorf("a new person is %+v", m)
	}
}

// TestBankAddsUp: whatever is given, cheered, bought and drawn, and however often it is asked for again, all
// balances together are what was given; a fold of the records alone says the same.
func TestBankAddsUp(t *testing.T) {
	s := newStage(t)
	dice := rand.New(rand.NewPCG(1, 2))
	s.draw = dice.IntN
	ids := []party.MemberID{"g", "a", "b", "c", "d", "e"}
	s.comes(ids[1:]...)
	s.must("h", party.Set{Weekly: ptr[int64](70)})
	given, done := s.spree(ids, dice)
	s.must("h", party.End{}) // what is open is given back
	sold := 0
	settled := 0
	weeks := map[string]int{}
	purses := bank{}
	for _, r := range s.log {
		purses.enter(r)
		switch e := r.Event.(type) {
		case party.Credited:
			if e.Week > 0 {
				given += e.Bits
				weeks[fmt.Sprint(e.Member, e.Week)]++
			}
		case party.PredictionSettled:
			settled++
		case party.Subscribed:
			sold++
		case party.Gifted:
			sold += len(e.To)
		}
	}
	var sum int64
	months := 0
	for id, p := range s.bank {
		sum += p.Bits
		months += p.Months
		if p.Bits < 0 {
			t.Errorf("%s holds %d Bits", id, p.Bits)
		}
		if id == party.PoolID && p.Bits != 0 {
			t.Errorf("%d Bits are left in the pool", p.Bits)
		}
		if m, here := s.state.Members[id]; here && m.Purse != p || purses[id] != p {
			t.Errorf("at the party %s holds %+v, by the records %+v, in the bank %+v", id, m.Purse, purses[id], p)
		}
	}
	for week, n := range weeks {
		if n > 1 {
			t.Errorf("%s had %d allowances", week, n)
		}
	}
	if sum != given || len(weeks) < 50 || months != sold || done < 200 || sold < 20 || settled < 20 {
		t.Errorf("%d Bits of %d given; %d months of %d; %d wishes done; %d predictions settled", sum, given, months, sold, done, settled)
	}
}

// spree has people spend what the host gives them, and says how much that was and how many wishes were done.
func (s *stage) spree(ids []party.MemberID, dice *rand.Rand) (given int64, done int) {
	for range 2000 {
		by := ids[dice.IntN(len(ids))]
		s.after(time.Duration(dice.IntN(600)) * time.Minute)
		var c party.Command
		switch dice.IntN(10) {
		case 6, 7, 8, 9:
			if c, by = s.gamble(by, dice); c == nil {
				continue
			}
		case 0:
			bits := dice.Int64N(900) - 200
			if s.try("h", party.Credit{Member: by, Bits: bits}) == nil {
				given += bits
			}
			continue
		case 1:
			c = party.Cheer{Bits: 1 + dice.Int64N(300)}
		case 2:
			c = party.Say{Text: fmt.Sprint("Cheer", dice.IntN(300), " and Cheer5")}
		case 3:
			c = party.Subscribe{Text: "again"}
		case 4:
			c = party.Gift{Member: ids[dice.IntN(len(ids))]}
		case 5:
			c = party.Gift{Count: 1 + dice.IntN(3)}
		}
		if s.try(by, c) == nil {
			done++
		}
	}
	return given, done
}
