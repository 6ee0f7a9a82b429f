package party_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

var start = time.UnixMilli(1_763_843_200_000)

// titles is a catalog of films, open and for FR only, of an episode with a next, and of an album
// of three tracks.
type titles struct{}

func (titles) Decide(id catalog.TitleID, v catalog.Viewer, _ time.Time) catalog.Decision {
	switch {
	case id == "match":
		return catalog.Decision{OK: true}
	case id != "open" && id != "french" && id != "tide" && id != "storm" && !titles{}.Music(id):
		return catalog.Decision{Code: catalog.CodeUnknown, Reason: "There is no such title."}
	case id == "french" && !v.Host && v.House != "FR":
		return catalog.Decision{Code: catalog.CodeRegion, Reason: "Not available in your region."}
	}
	return catalog.Decision{OK: true}
}

func (titles) Length(id catalog.TitleID) time.Duration {
	if id == "match" {
		return 12 * time.Hour
	}
	return 74 * time.Second
}

func (titles) Live(id catalog.TitleID, now time.Time) (from, edge time.Duration, ok bool) {
	if id != "match" {
		return 0, 0, false
	}
	edge = now.Sub(start) // recorded since the party began, the last half hour is kept
	return max(edge-30*time.Minute, 0), edge, true
}

func (titles) Music(id catalog.TitleID) bool { return strings.HasPrefix(string(id), "track") }

func (titles) Next(id catalog.TitleID) (catalog.TitleID, bool) {
	next, ok := map[catalog.TitleID]catalog.TitleID{"tide": "storm", "track1": "track2", "track2": "track3"}[id]
	return next, ok
}

// stage plays a party: each step is a wish at a moment, and its records are kept.
type stage struct {
	t     testing.TB
	state party.State
	now   time.Time
	log   []party.Record

	company *party.Company // nil: nobody is waited for
	bank    bank
	since   int64 // when the house came to know those who come now, Unix milliseconds
	draw    func(n int) int
	titles  party.Titles
	past    map[party.ID]string // evenings of the house, opened at 7
}

func ptr[T any](v T) *T { return &v }

func newStage(t testing.TB) *stage {
	s := &stage{t: t, now: start, bank: bank{"h": {}, "g": {}}, draw: func(n int) int { return n - 1 }, titles: titles{}}
	s.must(party.House, party.Open{ID: "k3", Name: "Friday"})
	s.must(party.House, party.Admit{Member: party.Member{ID: "h", Name: "Host", Role: party.Host, Region: "FR"}})
	s.must(party.House, party.Admit{Member: party.Member{ID: "g", Name: "Sofa", Region: "DE", Tiers: []catalog.Membership{{Tier: "prime"}}}})
	return s
}

func (s *stage) try(by party.MemberID, c party.Command) error {
	s.t.Helper()
	events, err := s.state.Decide(c, party.Env{By: by, Now: s.now, Titles: s.titles, Bank: known{s.bank, s.since}, Company: s.company, Draw: s.draw, Past: func(id party.ID) (string, int64, bool) {
		name, ok := s.past[id]
		return name, 7, ok
	}})
	if err != nil {
		return err
	}
	for _, e := range events {
		r, err := party.NewRecord(s.state.Seq+1, s.now, by, "", e)
		if err != nil {
			s.t.Fatal(err)
		}
		s.apply(r)
		s.log = append(s.log, r)
		s.bank.enter(r)
	}
	return nil
}

// apply folds a record. Whoever reads the state as it was before goes on reading that.
func (s *stage) apply(r party.Record) {
	s.t.Helper()
	snap := s.state.Snapshot()
	before, _ := json.Marshal(snap)
	s.state.Apply(r)
	if after, _ := json.Marshal(snap); !bytes.Equal(before, after) {
		s.t.Errorf("%s changes a snapshot that was taken before", r.Bytes())
	}
}

func (s *stage) must(by party.MemberID, c party.Command) {
	s.t.Helper()
	if err := s.try(by, c); err != nil {
		s.t.Fatalf("%T: %v", c, err)
	}
}

func (s *stage) refused(code string, by party.MemberID, c party.Command) {
	s.t.Helper()
	before := s.state.Seq
	var r *party.Refusal
	if err := s.try(by, c); !errors.As(err, &r) || r.Code != code {
		s.t.Errorf("%T by %s: got %v, want refusal %s", c, by, err, code)
	} else if r.Reason == "" || !strings.HasSuffix(r.Reason, ".") {
		s.t.Errorf("%s has no sentence for people: %q", code, r.Reason)
	}
	if s.state.Seq != before {
		s.t.Errorf("%T was refused and still changed the party", c)
	}
}

func (s *stage) reports(by party.MemberID, screen party.ScreenID, r party.Report) {
	s.company.Heard(by, screen, r, s.now)
}

func (s *stage) after(d time.Duration) { s.now = s.now.Add(d) }

// evening is a party in which every kind of record happens.
func evening(t testing.TB) *stage {
	s := newStage(t)
	s.must("g", party.Come{Screen: party.Screen{ID: "s1", Kind: "page"}})
	s.must("h", party.Come{Screen: party.Screen{ID: "s2", Kind: "page"}})
	s.must("g", party.Say{Text: "  hello\nthere  "})
	s.must("h", party.Cue{Title: "open"})
	s.must("h", party.Play{})
	s.after(10 * time.Second)
	s.must("g", party.Say{Text: "Ça commence bien 🎬"})
	s.must("h", party.Seek{Position: party.At(61.5)})
	s.must("h", party.Enqueue{Title: "french"})
	s.must("h", party.Enqueue{Title: "tide"})
	s.must("h", party.Dequeue{ID: s.state.Queue[0].ID})
	s.after(2 * time.Second)
	s.must("h", party.Pause{})
	s.must("g", party.Rename{Name: "Big sofa"})
	s.must("h", party.Beckon{Member: "g"})
	s.must(party.House, party.Appear{Member: "g"})
	s.must("h", party.Hush{Member: "g"})
	s.must("h", party.Hush{Member: "g", Off: true})
	s.must(party.House, party.Vanish{Member: "g"})
	s.must("g", party.Bow{})
	s.must("h", party.Mute{Member: "g"})
	s.must("h", party.Unmute{Member: "g"})
	s.must("h", party.SetRole{Member: "g", Role: party.Trusted})
	s.must("h", party.Set{Drive: ptr(party.Trusted)})
	fr := catalog.Region("fr")
	s.must("h", party.Grant{Member: "g", Region: &fr, Tiers: &[]catalog.Membership{{Tier: "prime", Until: time.UnixMilli(1_800_000_000_000).UTC()}}})
	s.must("g", party.Play{})
	s.after(time.Minute)
	s.must(party.House, party.Resume{Alive: s.now.Add(-50 * time.Second)})
	s.must(party.House, party.Admit{Member: party.Member{ID: "x", Name: "big SOFA", Region: "FR"}})
	s.must("x", party.Come{Screen: party.Screen{ID: "s3", Kind: "node"}})
	s.must("x", party.Come{Screen: party.Screen{ID: "s4", Kind: "mpv"}})
	s.must("x", party.Go{Screen: "s3"})
	s.must("h", party.Beckon{Member: "x"})
	s.must(party.House, party.Appear{Member: "x"})
	s.must(party.House, party.Appear{Member: "h"})
	s.must("h", party.Remove{Member: "x"})
	s.must(party.House, party.Vanish{Member: "h"})
	s.must(party.House, party.Admit{Member: party.Member{ID: "y", Name: "Guest", Region: "FR"}})
	s.must("y", party.Leave{})
	s.must("h", party.Next{})
	s.after(75 * time.Second)
	s.must(party.House, party.Finish{})
	s.must("h", party.Stay{})
	s.must(party.House, party.Appear{Member: "h"})
	s.must("h", party.Hush{Member: "h"})
	s.must("h", party.Say{Text: "Good night", Re: s.state.Messages[1].Seq})
	s.company = party.NewCompany()
	s.must("h", party.Set{Wait: ptr(party.WaitVote), Patience: ptr(8)})
	s.reports("g", "s1", party.Report{State: party.Loading, Title: "open", Why: party.WhyNetwork})
	s.must("h", party.Cue{Title: "open", Play: true}) // held
	s.must("h", party.Urge{})
	s.after(3 * time.Second)
	s.reports("g", "s1", party.Report{State: party.Playing, Title: "open", MS: -7})
	s.must(party.House, party.Wait{For: []party.MemberID{"g"}})
	return s.cheersAndEnds()
}

func TestPowers(t *testing.T) {
	s := newStage(t)
	s.must("h", party.Cue{Title: "open"})
	for _, c := range []party.Command{party.Play{}, party.Pause{}, party.Seek{Position: party.At(1)}, party.Cue{Title: "open"}, party.Next{}, party.Stay{},
		party.Enqueue{Title: "open"}, party.Mute{Member: "h"}, party.Remove{Member: "h"}, party.End{}, party.Set{},
		party.Grant{Member: "g"}, party.SetRole{Member: "g", Role: party.Moderator}} {
		s.refused("WP-FORBIDDEN", "g", c)
		s.refused("WP-REMOVED", "stranger", c)
	}
	s.refused("WP-FORBIDDEN", "h", party.SetRole{Member: "g", Role: party.Host})
	s.refused("WP-FORBIDDEN", "h", party.Remove{Member: "h"})
	s.must("h", party.SetRole{Member: "g", Role: party.Moderator})
	s.must("g", party.Play{})
	s.refused("WP-REGION", "g", party.Cue{Title: "french"})
	s.refused("WP-UNKNOWN", "g", party.Cue{Title: "nothing"})
	s.refused("WP-FORBIDDEN", "g", party.Remove{Member: "h"})
	s.refused("WP-UNKNOWN", "h", party.Remove{Member: "nobody"})
	s.must("h", party.Remove{Member: "g"})
	s.refused("WP-REMOVED", "g", party.Say{Text: "still here"})
	s.refused("WP-REMOVED", party.House, party.Admit{Member: party.Member{ID: "g", Name: "Sofa"}})
	s.must("h", party.End{})
	s.refused("WP-ENDED", "h", party.Say{Text: "too late"})
}

func TestTimeline(t *testing.T) {
	s := newStage(t)
	s.refused("WP-NOTHING", "h", party.Play{})
	s.refused("WP-NOTHING", "h", party.Next{})
	s.must("h", party.Cue{Title: "tide"})
	s.must("h", party.Play{})
	at := func(want time.Duration) {
		t.Helper()
		if got := s.state.Timeline.Position(s.now); got != want {
			t.Errorf("position %v, want %v", got, want)
		}
	}
	at(0)
	s.after(party.LeadPlay)
	at(0)
	s.after(10 * time.Second)
	at(10 * time.Second)
	s.must("h", party.Pause{})
	at(10*time.Second + party.LeadPause)
	s.after(time.Hour)
	at(10*time.Second + party.LeadPause)
	s.refused("WP-BAD", "h", party.Seek{Position: party.At(-1)})
	s.refused("WP-BAD", "h", party.Seek{})
	s.refused("WP-BAD", "h", party.Set{})
	s.must("h", party.Seek{Position: party.At(1000)})
	at(74 * time.Second)
	s.must("h", party.Play{}) // from the end: once more
	at(0)
	s.after(74*time.Second + party.LeadSeek)
	at(74 * time.Second)
	s.must(party.House, party.Finish{})
	if s.state.Timeline.Rate != 0 {
		t.Error("the film goes on after its end")
	}
	s.must("h", party.Next{})
	if got := s.state.Timeline.Title; got != "storm" {
		t.Errorf("next is %q", got)
	}
}

// TestResume: a short absence of the host is not noticed, a long one lets the film
// wait where it was.
func TestResume(t *testing.T) {
	for _, away := range []time.Duration{time.Second, party.MaxAway, party.MaxAway + time.Second, 8 * time.Hour} {
		s := newStage(t)
		s.must("h", party.Come{Screen: party.Screen{ID: "s", Kind: "page"}})
		s.must("h", party.Cue{Title: "open", Play: true})
		s.after(party.LeadSeek + 20*time.Second)
		alive := s.now
		s.after(away)
		s.must(party.House, party.Resume{Alive: alive})
		want, rate := 20*time.Second, 0.0
		if away <= party.MaxAway {
			want, rate = want+away, 1
		}
		if got := s.state.Timeline; got.Position(s.now) != want || got.Rate != rate {
			t.Errorf("away %v: at %v rate %v, want %v rate %v", away, got.Position(s.now), got.Rate, want, rate)
		}
		if len(s.state.Members["h"].Screens) != 0 {
			t.Error("somebody is here already")
		}
	}
}

func TestStartedFilmIsNotCut(t *testing.T) {
	s := newStage(t)
	s.must("h", party.Cue{Title: "open"})
	began := s.now
	s.after(time.Hour)
	if _, at, ok := s.state.Viewer("g", "open", s.now); !ok || !at.Equal(began) {
		t.Errorf("rules are asked about %v, want when it began", at)
	}
	if _, at, _ := s.state.Viewer("g", "tide", s.now); !at.Equal(s.now) {
		t.Errorf("rules of another title are asked about %v, want now", at)
	}
	s.must("h", party.Remove{Member: "g"})
	if v, _, ok := s.state.Viewer("g", "open", s.now); ok || v.House != "" {
		t.Error("somebody removed may still watch")
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"  a\tb\nc  ":                            "a b c",
		"e\u0301":                                "é",
		"x\u202egnp.exe":                         "xgnp.exe",
		"\x1b[31mred":                            "[31mred",
		"a" + strings.Repeat("\u0300\u0323", 50): "ạ̀",
		strings.Repeat("x", 50):                  strings.Repeat("x", 32),
		"\u200b\u2066":                           "",
		"👩\u200d🚀":                               "👩🚀", // without the joiner, which nobody sees
		"\xff\xfe":                               "",
	} {
		got := party.CleanName(in)
		if strings.HasPrefix(in, "a\u0300") {
			if n := len([]rune(got)); n > 10 {
				t.Errorf("a tower of %d runes is left", n)
			}
			continue
		}
		if got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	s := newStage(t)
	for i, want := range []string{"Host 2", "Host 3"} {
		id := party.MemberID(rune('a' + i))
		s.must(party.House, party.Admit{Member: party.Member{ID: id, Name: "HOST"}})
		if got := s.state.Members[id].Name; !strings.EqualFold(got, want) {
			t.Errorf("named %q, want %q", got, want)
		}
	}
	s.refused("WP-NAME", party.House, party.Admit{Member: party.Member{ID: "z", Name: "\u202e"}})
}

// TestSnapshotStaysAsItWas holds the invariant that lets many read one state.
func TestSnapshotStaysAsItWas(t *testing.T) {
	s := newStage(t)
	for range 250 {
		s.must("g", party.Say{Text: "x"})
	}
	snap := s.state.Snapshot()
	before, _ := json.Marshal(snap)
	for range 300 {
		s.must("g", party.Say{Text: "y"})
	}
	s.must("h", party.Enqueue{Title: "open"})
	s.must("h", party.Mute{Member: "g"})
	if after, _ := json.Marshal(snap); !bytes.Equal(before, after) {
		t.Error("a snapshot changed after it was taken")
	}
	if n := len(s.state.Messages); n != 200 {
		t.Errorf("%d messages kept", n)
	}
}

// TestNextPassesOverWhatIsGone: an entry whose title left the catalog does not
// hold the queue up.
func TestNextPassesOverWhatIsGone(t *testing.T) {
	s := newStage(t)
	s.must("h", party.Enqueue{Title: "open"})
	s.must("h", party.Enqueue{Title: "tide"})
	s.state.Queue[0].Title = "removed"
	s.must("h", party.Next{})
	if got := s.state.Timeline.Title; got != "tide" || len(s.state.Queue) != 0 {
		t.Errorf("on is %q, the queue %v", got, s.state.Queue)
	}
	s.must("h", party.Enqueue{Title: "open"})
	s.state.Queue[0].Title = "removed"
	s.must("h", party.Next{}) // after tide comes storm
	if got := s.state.Timeline.Title; got != "storm" || len(s.state.Queue) != 0 {
		t.Errorf("on is %q, the queue %v", got, s.state.Queue)
	}
}

func TestPartyIsBounded(t *testing.T) {
	s := newStage(t)
	for i := range party.MaxMembers {
		err := s.try(party.House, party.Admit{Member: party.Member{ID: party.MemberID(fmt.Sprint(i)), Name: fmt.Sprint("Guest ", i), Region: "FR"}})
		if full := i >= party.MaxMembers-2; full != (err != nil) {
			t.Fatalf("guest %d: %v", i, err)
		}
	}
	for i := range 20 {
		err := s.try("g", party.Come{Screen: party.Screen{ID: party.ScreenID(fmt.Sprint(i)), Kind: "page"}})
		if full := i >= 16; full != (err != nil) {
			t.Fatalf("screen %d: %v", i, err)
		}
	}
}

// TestLeave: who leaves is gone, and their name is free.
func TestLeave(t *testing.T) {
	s := newStage(t)
	s.must("g", party.Leave{})
	s.must("h", party.Leave{}) // a party keeps its host
	s.refused("WP-REMOVED", "g", party.Say{Text: "still here"})
	s.must(party.House, party.Admit{Member: party.Member{ID: "again", Name: "Sofa"}})
	if got := s.state.Members["again"].Name; got != "Sofa" {
		t.Errorf("back as %q", got)
	}
	s.must("h", party.Cue{Title: "open"})
}
