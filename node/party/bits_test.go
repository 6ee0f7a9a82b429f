package party_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"watchparty/node/party"
)

// bank holds what the records so far add up to, for those whom the house knows.
type bank map[party.MemberID]party.Purse

// known is a bank whose people are known since a moment.
type known struct {
	bank
	since int64
}

func (k known) Account(id party.MemberID) (party.Account, bool) {
	p, known := k.bank[id]
	return party.Account{ID: id, Since: k.since, Purse: p}, known
}

func (b bank) enter(r party.Record) {
	for _, e := range r.Entries() {
		b[e.Member] = b[e.Member].Plus(e.Purse)
	}
}

// cheersAndEnds is the end of the golden evening.
func (s *stage) cheersAndEnds() *stage {
	s.must("h", party.Credit{Member: "g", Bits: 500})
	s.must("g", party.Say{Text: "Cheer100 bravo cheer5"})
	s.bank["z"] = party.Purse{}
	s.must(party.House, party.Admit{Member: party.Member{ID: "z", Name: "Zoe"}})
	s.must("z", party.Come{Screen: party.Screen{ID: "s9", Kind: "page"}})
	s.must("h", party.Set{Sub: ptr[int64](150), Least: ptr[int64](50), Weekly: ptr[int64](60)})
	s.must("h", party.Aim{Bits: 300, Text: "the host sings"})
	s.must("g", party.Subscribe{Text: "  at last "})
	s.must("g", party.Gift{Count: 1})
	s.after(time.Minute)
	s.must("z", party.Say{Text: "Cheer60"})
	s.after(5 * time.Minute)
	s.must("h", party.Credit{Member: "z", Bits: 99})
	s.must("z", party.Say{Text: "Cheer99"})
	s.must("h", party.Say{Text: "bows", Me: true})
	s.must("h", party.Pin{Line: s.state.Messages[0].Seq})
	s.must("h", party.End{})
	return s
}

// TestCheered reads the same lines as the page's test.
func TestCheered(t *testing.T) {
	b, err := os.ReadFile("testdata/cheers.json")
	if err != nil {
		t.Fatal(err)
	}
	var cheers map[string]int64
	if err := json.Unmarshal(b, &cheers); err != nil {
		t.Fatal(err)
	}
	for text, want := range cheers {
		if got := party.Cheered(text); got != want {
			t.Errorf("%q cheers %d, want %d", text, got, want)
		}
	}
}

func TestBits(t *testing.T) {
	s := newStage(t)
	s.bank["away"] = party.Purse{}
	s.must("h", party.Credit{Member: "g", Bits: 300})
	s.must("h", party.Credit{Member: "away", Bits: 50})
	s.must("g", party.Say{Text: "Cheer100 what a film Cheer100"})
	s.must("g", party.Cheer{Bits: 50, Text: "more"})
	if got := s.state.Messages[1]; got.Bits != 50 || got.Text != "Cheer50 more" {
		t.Errorf("the line is %+v", got)
	}
	for _, c := range []party.Command{party.Say{Text: "cheer51"}, party.Cheer{Bits: 51}} {
		s.refused("WP-BITS", "g", c)
	}
	for _, bits := range []int64{0, -1, 1 << 62, -1 << 63} {
		s.refused("WP-BAD", "g", party.Cheer{Bits: bits})
	}
	s.refused("WP-BAD", "g", party.Say{Text: "Cheer1000000 Cheer1"})
	s.refused("WP-CHEER-OWN", "h", party.Say{Text: "Cheer1"})
	s.must("h", party.Mute{Member: "g"})
	s.refused("WP-MUTED", "g", party.Say{Text: "Cheer1"})
	s.must("h", party.Unmute{Member: "g"})
	s.refused("WP-FORBIDDEN", "g", party.Credit{Member: "g", Bits: 1})
	s.refused("WP-UNKNOWN", "h", party.Credit{Member: "nobody", Bits: 1})
	s.refused("WP-BITS", "h", party.Credit{Member: "g", Bits: -51})
	for _, bits := range []int64{0, 1_000_001, -1_000_001, -1 << 63} {
		s.refused("WP-BAD", "h", party.Credit{Member: "g", Bits: bits})
	}
	s.must("h", party.Credit{Member: "g", Bits: -50})
	s.must("h", party.SetRole{Member: "g", Role: party.Trusted})
	if g := s.state.Members["g"]; g.Bits != 0 || g.Cheered != 250 {
		t.Errorf("%d Bits left, %d cheered", g.Bits, g.Cheered)
	}
	if s.bank["g"] != (party.Purse{Ever: 250}) || s.bank[party.HostID].Bits != 250 || s.bank["away"].Bits != 50 {
		t.Errorf("the bank has %v", s.bank)
	}
	s.bank["g"] = party.Purse{Bits: 70, Ever: 900} // elsewhere
	s.must(party.House, party.Admit{Member: s.state.Members["g"]})
	if g := s.state.Members["g"]; g.Bits != 70 || g.Ever != 900 || g.Cheered != 250 {
		t.Errorf("%d Bits on coming again, %d cheered", g.Bits, g.Cheered)
	}
}
