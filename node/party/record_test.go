package party_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"watchparty/node/party"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden keeps the bytes: the page folds the same lines into the same state.
func TestGolden(t *testing.T) {
	s := evening(t)
	var lines bytes.Buffer
	kinds := map[string]bool{}
	for _, r := range s.log {
		lines.Write(r.Bytes())
		lines.WriteByte('\n')
		kinds[reflect.TypeOf(r.Event).Name()] = true
	}
	if got := len(kinds); got != 27 {
		t.Errorf("the evening shows %d kinds of record, want 27: %v", got, kinds)
	}
	state, err := json.MarshalIndent(s.state, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "records.jsonl", lines.Bytes())
	golden(t, "state.json", append(state, '\n'))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what it was:\n%s", name, got)
	}
}

// TestOldBytes folds the golden lines from their bytes alone.
func TestOldBytes(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "records.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var s party.State
	for lines := bufio.NewScanner(f); lines.Scan(); {
		r, err := party.DecodeRecord(bytes.Clone(lines.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		s.Apply(r)
		s.Apply(r) // folding twice changes nothing
	}
	want, err := os.ReadFile(filepath.Join("testdata", "state.json"))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.MarshalIndent(s, "", " ")
	if string(got)+"\n" != string(want) {
		t.Errorf("the fold of the bytes differs:\n%s", got)
	}
	var back party.State
	if err := json.Unmarshal(want, &back); err != nil {
		t.Fatal(err)
	}
	again, _ := json.MarshalIndent(back, "", " ")
	if !bytes.Equal(again, got) {
		t.Errorf("a snapshot does not survive its own JSON:\n%s", again)
	}
}

func TestUnknownKindIsKept(t *testing.T) {
	line := []byte(`{"seq":9,"at":1763843200000,"knighted":{"by":100}}`)
	r, err := party.DecodeRecord(line)
	if err != nil {
		t.Fatal(err)
	}
	s := party.State{Seq: 8}
	s.Apply(r)
	if s.Seq != 9 || !bytes.Equal(r.Bytes(), line) {
		t.Errorf("seq %d, bytes %s", s.Seq, r.Bytes())
	}
}

func TestWish(t *testing.T) {
	for in, code := range map[string]string{
		`{"nonce":"1","say":{"text":"hi"}}`:                     "",
		`{"nonce":"1","play":{}}`:                               "",
		`{"nonce":"1","grant":{"member":"g"}}`:                  "",
		`{"say":{"text":"hi"}}`:                                 "WP-BAD",
		`{"nonce":"1"}`:                                         "WP-BAD",
		`{"nonce":"1","say":{},"play":{}}`:                      "WP-BAD",
		`{"nonce":"1","fly":{}}`:                                "WP-BAD",
		`{"nonce":"1","admit":{}}`:                              "WP-BAD",
		`{"nonce":"1","say":[]}`:                                "WP-BAD",
		`{"nonce":"1","set":{"drive":"emperor"}}`:               "WP-BAD",
		`{"nonce":"1","role":{"role":"emperor"}}`:               "WP-BAD",
		`{"nonce":"` + strings.Repeat("n", 65) + `","play":{}}`: "WP-BAD",
	} {
		var w party.Wish
		err := json.Unmarshal([]byte(in), &w)
		var r *party.Refusal
		switch {
		case code == "" && err != nil:
			t.Errorf("%s: %v", in, err)
		case code != "" && (!errors.As(err, &r) || r.Code != code):
			t.Errorf("%s: got %v, want %s", in, err, code)
		case code == "":
			b, err := json.Marshal(w)
			var again party.Wish
			if err != nil || json.Unmarshal(b, &again) != nil || !reflect.DeepEqual(w, again) {
				t.Errorf("%s does not come back from %s (%v)", in, b, err)
			}
		}
	}
}

func FuzzDecodeRecord(f *testing.F) {
	for _, r := range evening(f).log {
		f.Add(r.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := party.DecodeRecord(b)
		if err != nil {
			return
		}
		s := party.State{Members: map[party.MemberID]party.Member{"g": {ID: "g"}}}
		s.Apply(r)
		if _, err := json.Marshal(s); err != nil {
			t.Errorf("%s folds into what cannot be written: %v", b, err)
		}
	})
}

func FuzzWish(f *testing.F) {
	f.Add([]byte(`{"nonce":"1","seek":{"position":1e400}}`))
	f.Add([]byte(`{"nonce":"1","say":{"text":"\u202e"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var w party.Wish
		if json.Unmarshal(b, &w) != nil {
			return
		}
		s := newStage(t)
		s.try("h", w.Command)
		s.try("g", w.Command)
	})
}
