package nodetest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
)

// TestAbsurdJSON: bodies that no page sends are refused with a code, at the door and at the desk, by the host's own pass as well; the
// party's state is the same after, and the host lives.
func TestAbsurdJSON(t *testing.T) {
	t.Parallel()
	h := Host(t)
	boss := h.Boss()
	before := boss.State()
	bodies := map[string]string{
		"deep": strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "deep in a field": `{"name":` + strings.Repeat(`{"a":`, 9_000) + "1" + strings.Repeat("}", 9_001),
		"many keys": `{"uses":0` + strings.Repeat(`,"k":1`, 10_000) + `,"uses":-1}`, "a number too large": `{"uses":1e400}`, "a number of a thousand digits": `{"uses":` + strings.Repeat("9", 1000) + `}`,
		"no number": `{"uses":NaN}`, "long": `{"name":"` + strings.Repeat("a", 70_000) + `"}`, "cut": `{"name":"`, "two": `{}{}`, "no text": "{\"name\":\"\xff\xfe\", \"uses\":[]}",
		"of another shape": `[{"name":"x"}]`, "nothing": "",
	}
	for what, body := range bodies {
		for _, path := range []string{"/api/join", "/api/invites", "/api/party", "/api/members", "/api/library", "/api/link"} {
			a := Do(t, http.MethodPost, h.URL(path), boss.Token, json.RawMessage(`{}`), func(r *http.Request) {
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			})
			var refused struct{ Code, Reason string }
			if err := json.Unmarshal(a.Body, &refused); a.Status/100 == 5 || err != nil || a.Status >= 400 && refused.Code == "" {
				t.Errorf("%s to %s: %d %.100s", what, path, a.Status, a.Body)
			}
		}
	}
	boss.Say("still here")
	if after := boss.State(); fmt.Sprint(after.Policy, after.Rules, len(after.Members)) != fmt.Sprint(before.Policy, before.Rules, len(before.Members)) {
		t.Errorf("the party changed: %+v", after)
	}
}
