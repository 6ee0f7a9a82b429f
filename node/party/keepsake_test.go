package party_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"watchparty/node/party"
)

// talked is an evening with lines over two films, reactions, Bits and a subscription.
func talked(t testing.TB) *stage {
	s := newStage(t)
	s.company = party.NewCompany()
	s.must("g", party.Say{Text: "before"})
	s.must("h", party.Cue{Title: "open", Play: true})
	s.after(20 * time.Second)
	s.must("g", party.Say{Text: "now & <here>"})
	for range 3 {
		s.company.Saw("🎬", s.state.Timeline, s.now)
	}
	s.company.Saw("👍", s.state.Timeline, s.now)
	s.must(party.House, party.React{})
	s.company.KeptReactions()
	s.must("g", party.Say{Text: "what a hat", Pos: 12.5})
	s.must("h", party.Credit{Member: "g", Bits: 1000})
	s.must("g", party.Say{Text: "Cheer100 bravo"})
	s.must("g", party.Subscribe{Text: "at last"})
	s.must("h", party.Pause{})
	s.must("g", party.Say{Text: "makes tea", Me: true})
	s.must("h", party.Say{Text: "for me too", Re: s.state.Seq})
	s.must("g", party.Say{Text: "what a fool"})
	s.must("h", party.Erase{Line: s.state.Seq})
	s.must("g", party.Rename{Name: "Big sofa"})
	s.must("h", party.Cue{Title: "tide", Play: true})
	s.must("h", party.Say{Text: "and on"})
	s.company.Saw("🎬", s.state.Timeline, s.now.Add(3*time.Second))
	s.must("h", party.End{})
	return s
}

func keepsakeOf(log []party.Record) party.Keepsake {
	reels := party.NewReels(&party.State{})
	for _, r := range log {
		reels.Add(r)
	}
	return reels.Keepsake()
}

// TestReel: lines stand where they were said, in the film's order, under the names people had last; reactions are counted
// by the second.
func TestReel(t *testing.T) {
	k := keepsakeOf(talked(t).log)
	var got strings.Builder
	for _, reel := range k.Reels {
		fmt.Fprintf(&got, "[%s]", reel.Title)
		for _, l := range reel.Lines {
			fmt.Fprintf(&got, " %v %s: %s", l.Pos, l.Speaker(), l.Words())
			if l.Still {
				got.WriteString(" (still)")
			}
			if l.Me {
				got.WriteString(" (done)")
			}
			if l.Re != 0 {
				i := slices.IndexFunc(reel.Lines, func(m party.Line) bool { return m.Seq == l.Re })
				fmt.Fprintf(&got, " (to: %s)", reel.Lines[i].Text)
			}
		}
		for _, b := range reel.Bursts {
			fmt.Fprintf(&got, " %v %s%d", b.Pos, b.With, b.N)
		}
		got.WriteString("\n")
	}
	const want = `[] 0 Big sofa: before
[open] 12.5 Big sofa: what a hat 19.55 Big sofa: now & <here> 19.55 Big sofa: Cheer100 bravo 19.55 Big sofa: subscribed: at last 19.7 Big sofa: makes tea (still) (done) 19.7 Host: for me too (still) (to: makes tea) 19 🎬3 19 👍1
[tide] 0 Host: and on 2 🎬1
`
	if got.String() != want {
		t.Errorf("the reels are\n%swant\n%s", got.String(), want)
	}
}

// TestKeepsakeComesBack: what was exported is, read in again, the same to the byte, and moves no Bits.
func TestKeepsakeComesBack(t *testing.T) {
	s := talked(t)
	want := keepsakeOf(s.log)
	var records []json.RawMessage
	for _, r := range s.log {
		records = append(records, r.Bytes())
	}
	whole, _ := json.Marshal(map[string]any{"party": map[string]any{"id": "k3"}, "evening": map[string]any{"lines": 6}, "records": records})
	alone, _ := json.Marshal(want)
	for name, file := range map[string][]byte{"all records": whole, "a keepsake": alone} {
		k, err := party.ReadKeepsake(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		log, err := k.Log()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, r := range log {
			if entries := r.Entries(); len(entries) > 0 {
				t.Errorf("%s: record %s moves %v", name, r.Bytes(), entries)
			}
		}
		if a, b := asJSON(keepsakeOf(log)), asJSON(want); a != b {
			t.Errorf("%s came back as\n%s\nwant\n%s", name, a, b)
		}
	}

	var vtt, again bytes.Buffer
	want.WriteVTT(&vtt, "")
	k, err := party.ReadVTT(vtt.Bytes(), party.Keepsake{Evening: "x", Name: "Friday"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if k.WriteVTT(&again, ""); again.String() != vtt.String() {
		t.Errorf("as WebVTT it came back as\n%s\nwant\n%s", again.String(), vtt.String())
	}
}

func asJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// TestHostileKeepsakes: what a stranger made up is refused, or brought within bounds.
func TestHostileKeepsakes(t *testing.T) {
	line := `{"seq":1,"at":1,"text":"x"},`
	for _, file := range []string{
		``, `[]`, `{}`, `{"evening":{}}`, `{"evening":"../x","reels":[]}`, `{"evening":"` + strings.Repeat("e", 65) + `"}`,
		`{"records":[{}]}`, `{"evening":"e","reels":[{"title":"a","lines":[1]}]}`, `{"evening":"e","reels":[{"title":"a","lines":[` + strings.Repeat(`1,`, 9<<20) + `1]}]}`, `{"records":[]}`, `{"records":[{"seq":1,"at":1,"said":[]}]}`,
		`{"evening":"e","reels":[{"title":"a b","lines":[]}]}`, `{"evening":"e","reels":[{"title":"a"},{"title":"a"}]}`,
		`{"evening":"e","reels":[` + strings.Repeat(`{"title":"a"},`, 1001) + `{}]}`,
		`{"evening":"e","reels":[{"title":"a","lines":[` + strings.Repeat(line, 20_001) + `{}]}]}`,
	} {
		var r *party.Refusal
		if _, err := party.ReadKeepsake([]byte(file)); !errors.As(err, &r) || r.Code != "WP-IMPORT" {
			t.Errorf("%.80s: %v", file, err)
		}
	}
	k, err := party.ReadKeepsake([]byte(`{"evening":"e","name":"a\u202eb","opened":-5,"ended":9000000000000000000,"reels":[{"title":"t","lines":[
		{"seq":9,"at":-1,"by":"<b>","name":"\u0007` + strings.Repeat("n", 99) + `","text":"\u202e` + strings.Repeat("m", 9999) + `","pos":1e300,"bits":-4,"months":-2},
		{"text":"  "}],"bursts":[{"with":"buy now","n":1},{"with":"🎬","n":-1},{"with":"🎬","n":2000000000,"pos":-3}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	l := k.Reels[0].Lines[0]
	if k.Name != "ab" || k.Opened != 0 || len(k.Reels[0].Lines) != 1 || l.By != "" || len(l.Name) != 32 || len(l.Text) != 500 || l.Pos != 0 || l.Bits != 0 || l.Months != 0 {
		t.Errorf("%+v", k)
	}
	if b := k.Reels[0].Bursts; len(b) != 1 || b[0] != (party.Burst{With: "🎬", N: 1_000_000}) {
		t.Errorf("%+v", b)
	}
	for _, file := range []string{"", "WEBVTTx\n\n00:01.000 --> 00:02.000\nx", "WEBVTT\n\nNOTE a\n", "WEBVTT\n\n00:01.000 --> 00:02.000\nof no title"} {
		var r *party.Refusal
		if _, err := party.ReadVTT([]byte(file), party.Keepsake{Evening: "e"}, ""); !errors.As(err, &r) || r.Code != "WP-IMPORT" {
			t.Errorf("%q: %v", file, err)
		}
	}
	k, err = party.ReadVTT([]byte("\ufeffWEBVTT from elsewhere\r\n\r\nSTYLE\r\n::cue{}\r\n\r\n1\r\n01:00.500 --> 01:02.000 align:start\r\n<v.loud Ann &amp; Bob><i>two\r\nlines</i>\r\n"), party.Keepsake{Evening: "e"}, "t")
	if err != nil || len(k.Reels) != 1 || asJSON(k.Reels[0].Lines[0]) != `{"seq":1,"at":0,"name":"Ann \u0026 Bob","text":"two lines","pos":60.5}` {
		t.Errorf("%v: %s", err, asJSON(k))
	}
}

// TestRecall: the host chooses an evening that is past, and takes it away again.
func TestRecall(t *testing.T) {
	s := newStage(t)
	s.past = map[party.ID]string{"old": "Thursday", "k3": "Friday"}
	s.refused("WP-FORBIDDEN", "g", party.Recall{Title: "open", Evening: "old"})
	s.refused("WP-UNKNOWN", "h", party.Recall{Title: "open", Evening: "older"})
	s.refused("WP-UNKNOWN", "h", party.Recall{Title: "none", Evening: "old"})
	s.refused("WP-BAD", "h", party.Recall{Title: "open", Evening: "k3"})
	s.must("h", party.Recall{Title: "open", Evening: "old"})
	if want := (party.Recalled{Title: "open", Evening: "old", Name: "Thursday", Opened: 7}); s.state.Recalled == nil || *s.state.Recalled != want {
		t.Errorf("%+v, want %+v", s.state.Recalled, want)
	}
	n := len(s.log)
	s.must("h", party.Recall{Title: "open", Evening: "old"})
	s.must("h", party.Recall{})
	s.must("h", party.Recall{})
	if s.state.Recalled != nil || len(s.log) != n+1 {
		t.Errorf("%+v after %d more records", s.state.Recalled, len(s.log)-n)
	}
}

func FuzzKeepsake(f *testing.F) {
	k := keepsakeOf(talked(f).log)
	var vtt bytes.Buffer
	k.WriteVTT(&vtt, "")
	f.Add([]byte(asJSON(k)))
	f.Add(vtt.Bytes())
	f.Add([]byte(`{"records":[{"seq":1,"at":5,"opened":{"id":"e","name":"n"}},{"seq":2,"at":6,"gifted":{"to":[{"member":"a"}]}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		known := party.Keepsake{Evening: "v", Name: "n"}
		k, err := party.ReadKeepsake(b)
		if err != nil {
			if k, err = party.ReadVTT(b, known, "t"); err != nil {
				return
			}
		}
		log, err := k.Log()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range log {
			if len(r.Bytes()) > party.MaxRecord {
				t.Fatalf("a record of %d bytes", len(r.Bytes()))
			}
		}
		back := keepsakeOf(log)
		for i := range k.Reels { // what is empty is not told in the log
			if j := len(back.Reels); len(k.Reels[i].Lines)+len(k.Reels[i].Bursts) > 0 && (j == 0 || !hasReel(back, k.Reels[i])) {
				t.Fatalf("%s came back as %s", asJSON(k), asJSON(back))
			}
		}
	})
}

// hasReel looks for a reel, in the film's order.
func hasReel(k party.Keepsake, want party.Reel) bool {
	one := party.Keepsake{Evening: k.Evening, Name: k.Name, Opened: k.Opened, Ended: k.Ended, Reels: []party.Reel{want}}
	log, err := one.Log()
	if err != nil {
		return false
	}
	sorted := keepsakeOf(log)
	for _, r := range k.Reels {
		if reflect.DeepEqual(r, sorted.Reels[len(sorted.Reels)-1]) {
			return true
		}
	}
	return false
}
