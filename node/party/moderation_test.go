package party_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"watchparty/node/party"
)

// moderated is an evening with every act of a moderator's.
func moderated(t testing.TB) *stage {
	s := newStage(t)
	s.bank["m"] = party.Purse{}
	s.must(party.House, party.Admit{Member: party.Member{ID: "m", Name: "Mo", Role: party.Moderator}})
	s.must("h", party.Come{Screen: party.Screen{ID: "s2", Kind: "page"}})
	s.must("m", party.Come{Screen: party.Screen{ID: "s3", Kind: "page"}})
	s.must("g", party.Say{Text: "a first line"})
	s.must("h", party.Rule{Slow: ptr(30), Words: &[]string{"Zut", "  ZÛT ", "très vilain"}})
	s.must("g", party.Say{Text: "a slow line"})
	s.after(time.Minute)
	s.must("h", party.Credit{Member: "g", Bits: 600})
	s.must("g", party.Say{Text: "Cheer5 something rude"})
	s.must("m", party.Erase{Line: s.state.Seq, Why: "rude"})
	s.after(time.Minute)
	s.must("g", party.Subscribe{Text: "and again"})
	s.must("m", party.Erase{Line: s.state.Seq})
	s.must("m", party.Mute{Member: "g", Seconds: 600, Why: "  calm\ndown "})
	s.must("h", party.Rule{Slow: ptr(0), Known: ptr(party.KnownChat), NoLinks: ptr(true)})
	s.must("g", party.Come{Screen: party.Screen{ID: "s1", Kind: "page"}})
	s.must("m", party.Ban{Member: "g", Why: "again"})
	return s
}

// TestModerationGolden keeps the bytes, which the page folds too.
func TestModerationGolden(t *testing.T) {
	s := moderated(t)
	var lines bytes.Buffer
	for _, r := range s.log {
		lines.Write(append(r.Bytes(), '\n'))
	}
	state, _ := json.MarshalIndent(s.state, "", " ")
	golden(t, "moderation.jsonl", lines.Bytes())
	golden(t, "moderation.json", append(state, '\n'))
}

// TestErasedFoldsTheSame: a log from which lines were taken folds into the state that taking them out made, and says
// nothing of what was in them; and their Bits still count.
func TestErasedFoldsTheSame(t *testing.T) {
	s := moderated(t)
	gone := map[party.Seq]bool{}
	for _, r := range s.log {
		gone[r.Erases()] = true
	}
	var again party.State
	for _, r := range s.log {
		if gone[r.Seq] {
			bare, ok, err := r.Without()
			if err != nil || !ok || strings.Contains(string(bare.Bytes()), "rude") || bare.Seq != r.Seq || bare.Spent() != r.Spent() {
				t.Fatalf("of %s is left %s, %v", r.Bytes(), bare.Bytes(), err)
			}
			if r, err = party.DecodeRecord(bare.Bytes()); err != nil {
				t.Fatal(err)
			}
		}
		again.Apply(r)
	}
	one, _ := json.Marshal(s.state)
	other, _ := json.Marshal(again)
	if !bytes.Equal(one, other) {
		t.Errorf("the fold is\n%s\nafter it\n%s", one, other)
	}
	if strings.Contains(string(one), "something rude") || len(gone) != 3 { // two lines, and 0
		t.Errorf("%d lines are gone, and the state is %s", len(gone), one)
	}
}

func TestTimeout(t *testing.T) {
	s := newStage(t)
	s.must("h", party.Mute{Member: "g", Seconds: 60})
	s.refused("WP-TIMEOUT", "g", party.Say{Text: "too early"})
	s.after(59 * time.Second)
	s.refused("WP-TIMEOUT", "g", party.Say{Text: "still"})
	s.after(time.Second)
	s.must("g", party.Say{Text: "there again"})
	s.refused("WP-BAD", "h", party.Mute{Member: "g", Seconds: -1})
	s.refused("WP-BAD", "h", party.Mute{Member: "g", Seconds: 15 * 24 * 3600})
	s.must("h", party.Mute{Member: "g", Seconds: 60})
	s.must("h", party.Mute{Member: "g"}) // for good, now
	s.after(time.Hour)
	s.refused("WP-MUTED", "g", party.Say{Text: "?"})
	s.refused("WP-FORBIDDEN", "g", party.Mute{Member: "h", Seconds: 5})
}

func TestErase(t *testing.T) {
	s := newStage(t)
	s.must(party.House, party.Admit{Member: party.Member{ID: "x", Name: "Other"}})
	s.must("g", party.Say{Text: "mine"})
	mine := s.state.Seq
	s.refused("WP-FORBIDDEN", "x", party.Erase{Line: mine})
	s.refused("WP-UNKNOWN", "h", party.Erase{Line: mine + 40})
	s.must("g", party.Erase{Line: mine}) // one's own
	before := s.state.Seq
	s.must("h", party.Erase{Line: mine}) // nothing is left to delete
	s.must("h", party.Say{Text: "the host's"})
	s.refused("WP-FORBIDDEN", "g", party.Erase{Line: before + 1})
	if m := s.state.Messages[0]; m.Text != "" || !m.Gone || before+1 != s.state.Seq {
		t.Errorf("left is %+v", m)
	}
}

func TestRules(t *testing.T) {
	s := newStage(t)
	s.must(party.House, party.Admit{Member: party.Member{ID: "m", Name: "Mo", Role: party.Moderator}})
	s.refused("WP-FORBIDDEN", "m", party.Rule{Slow: ptr(5)})
	s.must("h", party.Rule{Slow: ptr(10)})
	s.must("g", party.Say{Text: "one"})
	s.refused("WP-SLOW-MODE", "g", party.Say{Text: "two"})
	s.must("m", party.Say{Text: "one"})
	s.must("m", party.Say{Text: "two"})
	s.after(10 * time.Second)
	s.must("g", party.Say{Text: "two"})
	s.refused("WP-BAD", "h", party.Rule{Slow: ptr(601)})
	s.refused("WP-BAD", "h", party.Rule{})
	s.refused("WP-BAD", "h", party.Rule{Known: ptr(party.Known("friends"))})
	s.must("h", party.Rule{Slow: ptr(0), NoLinks: ptr(true), Words: &[]string{"zut", "gros mot", "", "ばか"}})
	for text, code := range map[string]string{
		"Oh ZÛT alors": "WP-WORD", "zut!": "WP-WORD", "gros\u200b, mot": "WP-WORD", "ｚｕｔ": "WP-WORD", "本当にばかだ": "WP-WORD",
		"zutique": "", "un gros petit mot": "", "A fin.Et puis": "", "3.14 is pi": "", "e.g. this": "", "what?no...": "",
		"see https://x.example/a": "WP-LINK", "go to EXAMPLE.COM now": "WP-LINK", "youtu.be/abc": "WP-LINK", "(www.example)": "WP-LINK", "discord.gg/x": "WP-LINK",
	} {
		if s.after(time.Minute); code == "" {
			s.must("g", party.Say{Text: text})
		} else {
			s.refused(code, "g", party.Say{Text: text})
		}
		s.must("m", party.Say{Text: text})
	}
	s.refused("WP-NAME", "g", party.Rename{Name: "Zut"})
}

func TestKnownOnly(t *testing.T) {
	s := newStage(t)
	s.bank["old"] = party.Purse{}
	s.must(party.House, party.Admit{Member: party.Member{ID: "old", Name: "Old friend"}})
	s.since = s.now.UnixMilli()
	s.must(party.House, party.Admit{Member: party.Member{ID: "new", Name: "New"}})
	s.must("h", party.Rule{Known: ptr(party.KnownChat)})
	s.must("old", party.Say{Text: "hello"})
	s.refused("WP-KNOWN", "new", party.Say{Text: "hello"})
	s.must("h", party.SetRole{Member: "new", Role: party.Trusted})
	s.must("new", party.Say{Text: "hello"})
}

func TestBan(t *testing.T) {
	s := newStage(t)
	s.bank["away"] = party.Purse{}
	s.must(party.House, party.Admit{Member: party.Member{ID: "m", Name: "Mo", Role: party.Moderator}})
	s.refused("WP-FORBIDDEN", "g", party.Ban{Member: "m"})
	s.refused("WP-FORBIDDEN", "m", party.Ban{Member: "h"})
	s.refused("WP-UNKNOWN", "m", party.Ban{Member: "nobody"})
	s.must("m", party.Ban{Member: "away"}) // not here, but known
	s.must("m", party.Ban{Member: "g"})
	s.refused("WP-BANNED", party.House, party.Admit{Member: party.Member{ID: "g", Name: "Sofa"}})
	s.refused("WP-REMOVED", "g", party.Say{Text: "?"})
	s.refused("WP-FORBIDDEN", "m", party.Unban{Member: "g"})
	s.refused("WP-UNKNOWN", "h", party.Unban{Member: "m"})
}

// TestLookalikes: nobody looks like the host, or like somebody who is present.
func TestLookalikes(t *testing.T) {
	s := newStage(t)
	s.must("g", party.Come{Screen: party.Screen{ID: "s1", Kind: "page"}})
	s.must(party.House, party.Admit{Member: party.Member{ID: "x", Name: "Paul"}})
	for _, name := range []string{"Host", "HOST", "Ηоst", "Ｈｏｓｔ", "H\u200bost", "Ho\u2062st", "𝐇𝐨𝐬𝐭", "ᕼost", "H\u202eost", "Hos\u0074\ufe0f"} {
		s.refused("WP-NAME-TAKEN", "x", party.Rename{Name: name})
	}
	s.refused("WP-NAME-TAKEN", "x", party.Rename{Name: "Ѕоfа"})
	s.refused("WP-NAME", "x", party.Rename{Name: "\u3164\u2800\u115f"})
	s.must("x", party.Rename{Name: "sofa"}) // the same name is told apart by a number
	if got := s.state.Members["x"].Name; got != "sofa 2" {
		t.Errorf("called %q", got)
	}
	s.must(party.House, party.Admit{Member: party.Member{ID: "y", Name: "Неst"}})
	s.must(party.House, party.Admit{Member: party.Member{ID: "z", Name: "Hоst"}}) // back with a name from before
	if got := s.state.Members["z"].Name; got != "Hоst 2" {
		t.Errorf("called %q", got)
	}
	seen := map[string]bool{}
	for i := range 50 {
		id := party.MemberID(fmt.Sprint("n", i))
		s.must(party.House, party.Admit{Member: party.Member{ID: id, Name: "Anna"}})
		seen[s.state.Members[id].Name] = true
	}
	if len(seen) != 50 {
		t.Errorf("50 people have %d names", len(seen))
	}
}
