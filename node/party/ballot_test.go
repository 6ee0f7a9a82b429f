package party_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// TestBallotLines keeps the bytes of a ballot and what each makes of it: the page folds the same.
func TestBallotLines(t *testing.T) {
	s := newStage(t)
	s.must("h", party.Come{Screen: party.Screen{ID: "s1", Kind: "page"}})
	s.refused("WP-FORBIDDEN", "g", party.Ask{Titles: []catalog.TitleID{"open", "tide"}})
	s.refused("WP-UNKNOWN", "h", party.Ask{Titles: []catalog.TitleID{"open", "nothing"}})
	s.refused("WP-BAD", "h", party.Ask{Titles: []catalog.TitleID{"open", "open"}})
	s.refused("WP-BAD", "h", party.Ask{Titles: []catalog.TitleID{"open", "tide"}, Seconds: 3601})
	s.refused("WP-NOTHING", "h", party.Count{})
	from := len(s.log)
	s.must("h", party.Ask{Titles: []catalog.TitleID{"open", "french", "tide", "storm"}, Seconds: 60})
	s.refused("WP-BUSY", "h", party.Ask{Titles: []catalog.TitleID{"open", "tide"}})
	s.must("g", party.Come{Screen: party.Screen{ID: "s2", Kind: "page"}})
	s.must(party.House, party.Recount{})
	s.must("g", party.Approve{Titles: []catalog.TitleID{"tide", "open"}})
	s.must("h", party.Approve{Titles: []catalog.TitleID{"french", "storm", "tide"}})
	s.refused("WP-UNKNOWN", "g", party.Approve{Titles: []catalog.TitleID{"match"}})
	s.must("g", party.Veto{Title: "storm"})
	s.must("h", party.Veto{Title: "open"})
	s.must("h", party.Veto{})
	s.refused("WP-UNKNOWN", "g", party.Veto{Title: "match"})
	s.after(time.Minute)
	if due := s.state.Ballot.Due(); due.After(s.now) {
		t.Errorf("due at %v", due)
	}
	s.must(party.House, party.Count{})
	if s.state.Ballot != nil || s.state.Timeline.Title != "tide" || s.state.Timeline.Rate != 0 {
		t.Errorf("after the count %+v, and %+v", s.state.Ballot, s.state.Timeline)
	}
	lines := s.log[from:]
	s.must("h", party.Ask{Titles: []catalog.TitleID{"open", "tide"}})
	s.must("h", party.Count{Drop: true})
	s.must("h", party.Ask{Titles: []catalog.TitleID{"open", "tide"}})
	s.must("h", party.Count{})
	if got := s.log[len(s.log)-1].Event; fmt.Sprint(got) != fmt.Sprint(party.Counted{}) {
		t.Errorf("where nobody voted the result is %+v", got)
	}
	var b bytes.Buffer
	var folded party.State
	for _, r := range lines {
		var kept party.State // as a snapshot leaves it
		if text, err := json.Marshal(folded); err != nil || json.Unmarshal(text, &kept) != nil {
			t.Fatal(err)
		}
		folded = kept
		folded.Apply(r)
		ballot, err := json.Marshal(folded.Ballot)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n%s\n", r.Bytes(), ballot)
	}
	golden(t, "ballot.jsonl", b.Bytes())
}

// rules is a catalog as a party asks it.
type rules struct {
	titles
	*catalog.Catalog
}

func (r rules) Decide(id catalog.TitleID, v catalog.Viewer, at time.Time) catalog.Decision {
	return r.Catalog.Decide(id, v, at)
}

func (r rules) Length(id catalog.TitleID) time.Duration {
	if t, ok := r.Title(id); ok {
		return t.Duration
	}
	return 0
}

func (r rules) Music(catalog.TitleID) bool                   { return false }
func (r rules) Next(catalog.TitleID) (catalog.TitleID, bool) { return "", false }
func (r rules) Live(catalog.TitleID, time.Time) (a, b time.Duration, ok bool) {
	return 0, 0, false
}

// A model is a ballot as one would count it on paper.
type model struct {
	here   map[party.MemberID]catalog.Viewer
	votes  map[party.MemberID][]catalog.TitleID
	vetoes map[party.MemberID]catalog.TitleID
}

// winner counts: a title is out that somebody here may not watch or vetoes; most approvals win, then the shorter film,
// then the one that was put up first.
func (m model) winner(r rules, titles []catalog.TitleID, now time.Time) (best catalog.TitleID, votes int) {
	type tally struct {
		id     catalog.TitleID
		votes  int
		length time.Duration
		place  int
	}
	var all []tally
	for place, id := range titles {
		one := tally{id: id, length: r.Length(id), place: place}
		if one.length == 0 {
			one.length = 1 << 62
		}
		fit := true
		for who, v := range m.here {
			fit = fit && r.Catalog.Decide(id, v, now).OK && m.vetoes[who] != id
			if slices.Contains(m.votes[who], id) {
				one.votes++
			}
		}
		if fit && one.votes > 0 {
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return "", 0
	}
	slices.SortFunc(all, func(a, b tally) int {
		switch {
		case a.votes != b.votes:
			return b.votes - a.votes
		case a.length != b.length && a.length < b.length:
			return -1
		case a.length != b.length:
			return 1
		}
		return a.place - b.place
	})
	return all[0].id, all[0].votes
}

var (
	wide    = []string{"{allow: [world]}", "{allow: [FR]}", "{allow: [FR, DE]}", "{allow: [world], deny: [CH]}", "{allow: [DE]}"}
	regions = []catalog.Region{"FR", "DE", "CH", ""}
)

// TestBallotModel: in a thousand rooms the result is that of the model, whoever comes, goes, changes their mind, gets
// a membership or grows up meanwhile.
func TestBallotModel(t *testing.T) {
	for seed := range uint64(1000) {
		by := rand.New(rand.NewPCG(seed, 7))
		text := "version: 1\ntitles:\n"
		var titles []catalog.TitleID
		for i := range 2 + by.IntN(6) {
			id := fmt.Sprintf("t%d", i)
			titles = append(titles, catalog.TitleID(id))
			text += fmt.Sprintf("  - {id: %s, title: T, file: %s.mp4, regions: %s", id, id, wide[by.IntN(len(wide))])
			if by.IntN(3) == 0 {
				text += ", tiers: [prime]"
			}
			if by.IntN(4) > 0 {
				text += fmt.Sprintf(", duration: %dm", 60+by.IntN(4))
			}
			if by.IntN(4) == 0 {
				text += ", rating: 16"
			}
			text += "}\n"
		}
		c, problems := catalog.Parse("c", []byte(text), time.UTC)
		if c == nil {
			t.Fatal(problems)
		}
		ballotRoom(t, by, rules{Catalog: c}, titles, seed)
	}
}

// A paper is a room in which everything is done twice: at the party, and on paper.
type paper struct {
	*testing.T
	party.State
	model
	rules
	now time.Time
}

func (p *paper) wish(who party.MemberID, c party.Command) error {
	events, err := p.State.Decide(c, party.Env{By: who, Now: p.now, Titles: p.rules, Bank: known{bank{}, 0}})
	for _, e := range events {
		rec, err := party.NewRecord(p.Seq+1, p.now, who, "", e)
		if err != nil {
			p.Fatal(err)
		}
		p.Apply(rec)
	}
	return err
}

// turn has somebody do something.
func (p *paper) turn(by *rand.Rand, titles []catalog.TitleID) {
	who := party.MemberID(fmt.Sprintf("g%d", by.IntN(6)))
	if by.IntN(8) == 0 {
		who = "h"
	}
	_, here := p.here[who]
	switch n := by.IntN(6); {
	case who != "h" && (n == 0 || !here):
		member := party.Member{ID: who, Name: string(who), Region: regions[by.IntN(4)], Rating: []int{0, 12, 18}[by.IntN(3)]}
		if by.IntN(2) == 0 {
			member.Tiers = []catalog.Membership{{Tier: "prime"}}
		}
		p.wish(party.House, party.Admit{Member: member})
		if !here {
			p.wish(who, party.Come{Screen: party.Screen{ID: party.ScreenID("s" + who), Kind: "page"}})
		}
		p.here[who] = member.Viewer()
	case who != "h" && n == 1:
		p.wish(who, party.Go{Screen: party.ScreenID("s" + who)})
		delete(p.here, who)
	case n == 2:
		veto := titles[by.IntN(len(titles))]
		if by.IntN(3) == 0 {
			veto = ""
		}
		p.wish(who, party.Veto{Title: veto})
		p.vetoes[who] = veto
	default:
		some := slices.DeleteFunc(slices.Clone(titles), func(catalog.TitleID) bool { return by.IntN(2) == 0 })
		p.wish(who, party.Approve{Titles: some})
		p.votes[who] = some
	}
}

func ballotRoom(t *testing.T, by *rand.Rand, r rules, titles []catalog.TitleID, seed uint64) {
	m := model{map[party.MemberID]catalog.Viewer{"h": {Host: true}}, map[party.MemberID][]catalog.TitleID{}, map[party.MemberID]catalog.TitleID{}}
	p := &paper{T: t, model: m, rules: r, now: start}
	p.wish(party.House, party.Open{ID: "p", Name: "P"})
	p.wish(party.House, party.Admit{Member: party.Member{ID: "h", Name: "H", Role: party.Host, Region: "FR"}})
	p.wish("h", party.Come{Screen: party.Screen{ID: "sh", Kind: "page"}})
	if p.wish("h", party.Ask{Titles: titles}) != nil {
		return // not two that everybody may watch
	}
	for range 5 + by.IntN(40) {
		p.turn(by, titles)
		p.now = p.now.Add(time.Second)
		if by.IntN(3) == 0 {
			p.wish(party.House, party.Recount{})
		}
	}
	want, votes := m.winner(r, titles, p.now)
	if err := p.wish("h", party.Count{}); err != nil {
		t.Fatalf("room %d: %v", seed, err)
	}
	if p.Timeline.Title != want || p.Ballot != nil {
		t.Fatalf("room %d chose %q, and by the model %q with %d votes", seed, p.Timeline.Title, want, votes)
	}
}
