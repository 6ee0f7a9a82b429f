package party_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// matinee opens for members of prime a minute after the party, and is open to the host.
type matinee struct{ titles }

func (matinee) Decide(_ catalog.TitleID, v catalog.Viewer, at time.Time) catalog.Decision {
	return catalog.Decision{OK: v.Host || !at.Before(start.Add(time.Minute)) && len(v.Tiers) > 0 && (v.Tiers[0].Until.IsZero() || at.Before(v.Tiers[0].Until))}
}

// TestSifted: who is locked out of what is on does not count as watching it; when its window opens they are let in, though the film goes
// on, and stay in though their membership ends before it does. The log alone says so.
func TestSifted(t *testing.T) {
	s := newStage(t)
	s.titles = matinee{}
	s.must("h", party.Come{Screen: party.Screen{ID: "s1", Kind: "page"}})
	s.must("g", party.Come{Screen: party.Screen{ID: "s2", Kind: "page"}})
	s.must(party.House, party.Admit{Member: party.Member{ID: "g", Name: "Sofa", Region: "DE", Tiers: []catalog.Membership{{Tier: "prime", Until: start.Add(80 * time.Second)}}}})
	sift := func(want ...party.MemberID) {
		t.Helper()
		if due := s.state.Sifts(s.titles, s.now); due == slices.Equal(want, s.state.Out) {
			t.Errorf("after %v: %v were out, is that news? %v", s.now.Sub(start), s.state.Out, due)
		}
		s.must(party.House, party.Sift{})
		if !slices.Equal(s.state.Out, want) || s.state.Sifts(s.titles, s.now) {
			t.Errorf("after %v: %v are out, want %v", s.now.Sub(start), s.state.Out, want)
		}
	}
	s.must("h", party.Cue{Title: "open", Play: true})
	s.must("h", party.Play{})
	sift("g")
	began := s.state.Timeline.At
	s.after(start.Add(59 * time.Second).Sub(s.now))
	sift("g")
	s.after(time.Second)
	sift()
	let := s.now
	if _, at, _ := s.state.Viewer("g", "open", s.now.Add(time.Hour)); !at.Equal(let) {
		t.Errorf("the film counts as begun %v after the party's beginning", at.Sub(start))
	}
	s.after(30 * time.Second)
	sift()
	s.must("h", party.Pause{})
	s.after(time.Second)
	tally, again := party.NewTally(), &party.State{}
	for _, r := range s.log {
		tally.Add(r)
		again.Apply(r)
	}
	ran := min(s.state.Timeline.Pos, s.state.Timeline.Length)
	missed := let.Sub(began)
	siftedGolden(t, s.log)
	if e := tally.Evening(); e.Watched != (2*ran-missed).Round(time.Second).Seconds() || e.Shown[0].Watched != e.Watched {
		t.Errorf("watched %+v, want %v", e, 2*ran-missed)
	}
	if len(again.In) != 1 || again.In["g"] != let.UnixMilli() {
		t.Errorf("by the log %v are in since", again.In)
	}
	s.must("h", party.Cue{Title: "open"})
	if sift("g"); len(s.state.In) != 0 {
		t.Errorf("put on anew, %v are in", s.state.In)
	}
}

// siftedGolden is each record, and below it who is out and in after it; the page's fold is held against it.
func siftedGolden(t *testing.T, log []party.Record) {
	t.Helper()
	var b bytes.Buffer
	var folded party.State
	for _, r := range log {
		folded.Apply(r)
		who, err := json.Marshal(map[string]any{"out": folded.Out, "in": folded.In})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n%s\n", r.Bytes(), who)
	}
	golden(t, "sifted.jsonl", b.Bytes())
}
