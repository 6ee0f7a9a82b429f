package nodetest_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestErasePast: what was said can be deleted when the party is over, at the curtain and at any later evening, by whom it could be before. It is
// gone from the log, from what is exported and from the replay, and what the evening came to stays as it was.
func TestErasePast(t *testing.T) {
	t.Parallel()
	h := Host(t)
	boss, ann := h.Boss(), h.Guest("Ann")
	boss.Must(party.Cue{Title: "night-train"})
	words := []string{"first of these", "second of these", "third of these", "what may stay"}
	for _, text := range words {
		ann.Say(text)
		boss.Saw(text)
	}
	line := map[string]party.Seq{}
	for _, m := range boss.State().Messages {
		line[m.Text] = m.Seq
	}
	boss.Must(party.End{})
	ann.Until("the end", func() bool { return ann.StateNow().Ended != 0 })
	ann.Must(party.Erase{Line: line[words[0]]})
	ann.Refused("WP-ENDED", party.Say{Text: "too late"})
	past := "/api/history/" + string(h.Ready.Party)
	erase := func(what string, token string, want int) {
		t.Helper()
		if a := Do(t, http.MethodPost, h.URL(past+"/erase"), token, party.Erase{Line: line[what]}); a.Status != want {
			t.Errorf("deleting %q: %d %s", what, a.Status, a.Body)
		}
	}
	erase(words[1], ann.Token, http.StatusForbidden)
	erase(words[1], boss.Token, http.StatusOK)
	ann.Until("the line without its words", func() bool {
		for _, m := range ann.StateNow().Messages {
			if m.Seq == line[words[1]] {
				return m.Gone && m.Text == ""
			}
		}
		return false
	})
	came := func() party.Evening { return cameTo(t, h, past) }
	before := came()
	if a := Do(t, http.MethodPost, h.URL("/api/party"), boss.Token, map[string]string{"name": "Saturday"}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	boss = h.Boss()
	if a := boss.Get(past + "/chat.json"); !bytes.Contains(a.Body, []byte(words[2])) || bytes.Contains(a.Body, []byte(words[1])) {
		t.Errorf("before the third is deleted: %s", a.Body)
	}
	erase(words[2], boss.Token, http.StatusOK)
	erase("no line", boss.Token, http.StatusNotFound)
	h.Stop()
	h.Start()
	forgotten(t, h, past, words)
	after := came()
	if b, _ := json.Marshal(after); before.Lasted != after.Lasted || before.Watched != after.Watched || before.Lines != after.Lines {
		t.Errorf("the evening came to %+v, and is now %s", before, b)
	}
}

// cameTo is what a past evening came to.
func cameTo(t *testing.T, h *House, past string) party.Evening {
	t.Helper()
	var c struct {
		Party struct{ Evening party.Evening }
	}
	if err := json.Unmarshal(h.Boss().Get(past).Body, &c); err != nil {
		t.Fatal(err)
	}
	return c.Party.Evening
}

// forgotten looks everywhere for the words that were deleted: all but the last.
func forgotten(t *testing.T, h *House, past string, words []string) {
	t.Helper()
	boss := h.Boss()
	for _, path := range []string{past, past + "/chat.json", past + "/chat.vtt", "/media/t/night-train/chat/" + string(h.Ready.Party)} {
		a := boss.Get(path)
		for _, text := range words[:3] {
			if bytes.Contains(a.Body, []byte(text)) {
				t.Errorf("%s still says %q", path, text)
			}
		}
		if path == past+"/chat.json" && !bytes.Contains(a.Body, []byte(words[3])) {
			t.Errorf("%s says nothing: %s", path, a.Body)
		}
	}
}
