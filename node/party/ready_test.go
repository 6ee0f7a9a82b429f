package party_test

import (
	"testing"
	"time"

	"watchparty/node/party"
)

// waiting is a party at which a film is on, paused at 10 s, with a screen of the
// host's that is ready there, and one of the guest's that looks for the place.
func waiting(t *testing.T) *stage {
	s := newStage(t)
	s.company = party.NewCompany()
	s.must("h", party.Cue{Title: "open"})
	s.must("h", party.Seek{Position: party.At(10)})
	s.rests("h", "s1", 10)
	s.reports("g", "s2", party.Report{State: party.Seeking, Title: "open", Why: party.WhyDecoder})
	return s
}

// rests reports a screen that could start at a position.
func (s *stage) rests(by party.MemberID, screen party.ScreenID, pos float64) {
	s.reports(by, screen, party.Report{State: party.Paused, Title: "open", Pos: pos, Need: 170})
}

func (s *stage) held(want bool) {
	s.t.Helper()
	if t := s.state.Timeline; t.Hold.IsZero() == want || want && t.Rate != 0 || !want && t.Rate != 1 {
		s.t.Errorf("held %v, want %v: %+v", !t.Hold.IsZero(), want, t)
	}
}

func (s *stage) missing(want ...string) {
	s.t.Helper()
	var got []string
	for _, w := range s.company.Missing(s.state.Timeline, s.now) {
		got = append(got, string(w.Member)+" "+w.Why)
	}
	if len(got) != len(want) {
		s.t.Fatalf("waited for %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			s.t.Errorf("waited for %v, want %v", got, want)
		}
	}
}

func TestAStartWaitsUntilAllAreReady(t *testing.T) {
	s := waiting(t)
	s.must("h", party.Play{})
	s.held(true)
	s.missing("g decoder")
	if got := s.state.Timeline.Hold.Sub(s.now); got != 5*time.Second {
		t.Errorf("waits %v at most, want 5 s", got)
	}
	s.rests("g", "s2", 10)
	s.missing()
	s.must(party.House, party.Start{})
	s.held(false)
	if lead := s.state.Timeline.At.Sub(s.now); lead != 200*time.Millisecond {
		t.Errorf("told %v before the start, want what the slowest needs and 30 ms", lead)
	}
}

func TestWhoIsReadyStartsAtOnce(t *testing.T) {
	s := waiting(t)
	s.rests("g", "s2", 10)
	s.must("h", party.Play{})
	s.held(false)
	s.must("h", party.Pause{})
	s.must("h", party.Seek{Position: party.At(30)}) // paused: nothing is started, nothing waits
	if tl := s.state.Timeline; tl.Wanted() {
		t.Errorf("a seek in a pause wants to run: %+v", tl)
	}
}

func TestASeekWaitsAtItsTarget(t *testing.T) {
	s := waiting(t)
	s.rests("g", "s2", 10)
	s.must("h", party.Play{})
	s.after(4 * time.Second)
	s.reports("h", "s1", party.Report{State: party.Playing, Title: "open"})
	s.reports("g", "s2", party.Report{State: party.Playing, Title: "open"})
	s.must("h", party.Seek{Position: party.At(40)})
	s.held(true)
	s.rests("h", "s1", 40)
	s.rests("g", "s2", 14) // an answer to something earlier
	s.missing("g network")
	s.must("h", party.Pause{})
	if tl := s.state.Timeline; tl.Wanted() || tl.Pos != 40*time.Second {
		t.Errorf("paused while held: %+v", tl)
	}
}

func TestWhoCannotBeReadyIsNotWaitedFor(t *testing.T) {
	for _, doing := range []party.Doing{party.Away, party.Blocked, party.Locked, party.Behind, ""} {
		s := waiting(t)
		s.reports("g", "s2", party.Report{State: doing, Title: "open"})
		s.must("h", party.Play{})
		s.held(false)
	}
	s := waiting(t)
	s.after(4 * time.Second)
	s.rests("h", "s1", 10)
	s.must("h", party.Play{})
	s.missing("g silent")
	s.after(7 * time.Second)
	s.rests("h", "s1", 10)
	s.missing() // not heard of for ten seconds
	s.reports("g", "s2/a", party.Report{State: party.Seeking, Title: "open"})
	s.missing("g network")
	s.company.Left("s2")
	s.missing()
}

func TestGoingOnWithoutThem(t *testing.T) {
	s := waiting(t)
	s.must("h", party.Play{})
	s.refused("WP-FORBIDDEN", "g", party.Urge{})
	s.must("h", party.Urge{})
	s.held(false)

	s = waiting(t)
	s.must("h", party.Play{})
	s.must("h", party.Play{}) // pressed once more
	s.held(false)

	s = waiting(t)
	s.must("h", party.Set{Wait: ptr(party.WaitNone)})
	s.must("h", party.Play{})
	s.held(false)
	s.reports("g", "s2", party.Report{State: party.Loading, Title: "open"})
	before := s.state.Seq
	s.must(party.House, party.Wait{For: []party.MemberID{"g"}})
	if s.state.Seq != before {
		t.Error("a party that does not wait was stopped")
	}
}

// TestOnce: who was waited for in vain is not waited for at the next start, until they
// have caught up.
func TestOnce(t *testing.T) {
	s := waiting(t)
	s.must("h", party.Play{})
	s.after(5 * time.Second)
	dry := party.Report{State: party.Loading, Title: "open"}
	s.reports("g", "s2", dry)
	s.rests("h", "s1", 10)
	s.must(party.House, party.Start{})
	s.company.WentOn(s.state.Timeline, s.now)
	s.must("h", party.Pause{})
	s.must("h", party.Seek{Position: party.At(30)})
	s.rests("h", "s1", 30)
	s.missing()
	s.reports("g", "s2", party.Report{State: party.Playing, Title: "open"})
	s.reports("g", "s2", dry)
	s.missing("g network")
}

func TestVote(t *testing.T) {
	s := waiting(t)
	s.must(party.House, party.Admit{Member: party.Member{ID: "x", Name: "Den"}})
	s.must(party.House, party.Admit{Member: party.Member{ID: "y", Name: "Attic"}})
	s.rests("x", "s3", 10)
	s.rests("y", "s4", 10)
	s.must("h", party.Set{Wait: ptr(party.WaitVote)})
	s.must("h", party.Play{})
	s.held(true)
	s.must("x", party.Urge{})
	s.must("x", party.Urge{})
	if n := len(s.state.Urged); n != 1 {
		t.Errorf("one person counts %d times", n)
	}
	s.held(true)
	s.must("y", party.Urge{}) // two of the three who are ready
	s.held(false)
	if len(s.state.Urged) != 0 {
		t.Error("votes are left over")
	}
	s.must("x", party.Urge{}) // nothing is held: nothing to say
	s.refused("WP-BAD", "h", party.Set{Patience: ptr(61)})
	s.refused("WP-BAD", "h", party.Set{Patience: ptr(0)})
}

// TestStall: who runs dry is waited for once, not again and again; who has never
// played disturbs nobody.
func TestStall(t *testing.T) {
	s := waiting(t)
	s.rests("g", "s2", 10)
	s.must("h", party.Play{})
	dry := party.Report{State: party.Loading, Title: "open", Why: party.WhyNetwork}
	stalled := func(want int) {
		t.Helper()
		if got := s.company.Stalled(s.state.Timeline, s.now); len(got) != want {
			t.Errorf("%d stalled, want %d: %v", len(got), want, got)
		}
	}
	s.after(time.Second)
	s.reports("x", "late", dry) // a newcomer
	s.after(3 * time.Second)
	s.reports("x", "late", dry)
	s.reports("g", "s2", party.Report{State: party.Playing, Title: "open"})
	stalled(0)
	s.reports("g", "s2", dry)
	stalled(0) // a hiccup
	s.after(time.Second)
	stalled(1)
	s.must(party.House, party.Wait{For: []party.MemberID{"g"}})
	s.held(true)
	if tl := s.state.Timeline; tl.Hold.Sub(tl.At) != 5*time.Second {
		t.Errorf("holds for %v", tl.Hold.Sub(tl.At))
	}
	s.after(6 * time.Second)
	s.must(party.House, party.Start{})
	s.held(false)
	s.after(2 * time.Second)
	s.reports("g", "s2", dry)
	stalled(0) // once is enough
	s.after(2 * time.Minute)
	s.reports("g", "s2", dry)
	stalled(1)
}

// TestDrift: what is told is kept once, and folded into the party.
func TestDrift(t *testing.T) {
	s := waiting(t)
	for i := range 100 {
		s.reports("g", "s2", party.Report{State: party.Playing, Title: "open", MS: float64(-i % 10)})
	}
	s.reports("h", "s1", party.Report{State: party.Playing, Title: "open", MS: 1e9})
	if events := len(s.log); events == 0 {
		t.Fatal("no log")
	}
	s.reports("h", "s1", party.Report{State: party.Playing, Title: "open", MS: 500, Why: party.WhyStart})
	s.must(party.House, party.Measure{})
	s.company.Kept()
	before := s.state.Seq
	s.must(party.House, party.Measure{}) // nothing new
	if s.state.Seq != before {
		t.Error("nothing was kept as something")
	}
	d := s.state.Drift
	if n := d.Count(); n != 101 {
		t.Fatalf("%d reports counted, want 101", n)
	}
	if p50, p95, all := d.Quantile(.5), d.Quantile(.95), d.Quantile(1); p50 < 3 || p50 > 6 || p95 < 8 || p95 > 12 || all != 2000 {
		t.Errorf("p50 %v, p95 %v, p100 %v", p50, p95, all)
	}
	if (party.Drift)(nil).Quantile(.5) != 0 {
		t.Error("nothing has a median")
	}
}

// TestClockSetBack: a host whose clock was set back lets the film wait, and does not
// play from a moment that is still to come.
func TestClockSetBack(t *testing.T) {
	s := newStage(t)
	s.must("h", party.Cue{Title: "open", Play: true})
	s.after(20*time.Second + party.LeadSeek)
	alive := s.now
	s.after(-time.Hour)
	s.must(party.House, party.Resume{Alive: alive})
	if tl := s.state.Timeline; tl.Rate != 0 || tl.Pos != 20*time.Second || tl.At.After(s.now) {
		t.Errorf("on the timeline: %+v", tl)
	}
}

func TestReactions(t *testing.T) {
	for s, want := range map[string]bool{
		"❤️": true, "😂": true, "👍🏽": true, "👩‍🚀": true, "🇫🇷": true, "🎉🎉": true,
		"": false, "a": false, "5": false, "<b>": false, "👍a": false, "\u200d": false, "\ufe0f❤": false, "\xff": false,
		"🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉": false, "🎉 ": false, "\u202e🎉": false,
	} {
		if got := party.IsReaction(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
