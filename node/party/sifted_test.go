package party_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
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

// TestSiftedOnAndOn: whoever is let in again and again, in whatever order, each has the title as begun when they were let in last, and no
// state that was handed out before is another afterwards.
func TestSiftedOnAndOn(t *testing.T) {
	s, rng := newStage(t), rand.New(rand.NewPCG(1, 2))
	all := []party.MemberID{"h", "g", "a", "b", "c"}
	for _, id := range all {
		if !slices.Contains(all[:2], id) {
			s.must(party.House, party.Admit{Member: party.Member{ID: id, Name: "Guest " + string(id)}})
		}
		s.must(id, party.Come{Screen: party.Screen{ID: party.ScreenID("s" + id), Kind: "page"}})
	}
	s.must("h", party.Cue{Title: "open"})
	let, out := map[party.MemberID]int64{}, []party.MemberID(nil)
	kept := map[*party.State]string{}
	for range 300 {
		s.now = s.now.Add(time.Second)
		now := slices.DeleteFunc(slices.Clone(all), func(party.MemberID) bool { return rng.IntN(2) == 0 })
		r, err := party.NewRecord(s.state.Seq+1, s.now, party.House, "", party.Sifted{Out: now})
		if err != nil {
			t.Fatal(err)
		}
		s.apply(r)
		for _, id := range out {
			if !slices.Contains(now, id) {
				let[id] = s.now.UnixMilli()
			}
		}
		if out = now; !maps.Equal(s.state.In, let) || !slices.Equal(s.state.Out, out) {
			t.Fatalf("in since %v, want %v; out %v, want %v", s.state.In, let, s.state.Out, out)
		}
		snap := s.state.Snapshot()
		text, _ := json.Marshal(snap)
		kept[snap] = string(text)
	}
	for snap, before := range kept {
		if after, _ := json.Marshal(snap); string(after) != before {
			t.Fatalf("a snapshot was\n%s\nand is\n%s", before, after)
		}
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
