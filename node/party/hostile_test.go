package party_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"watchparty/node/nodetest"
	"watchparty/node/party"
)

// harmless looks at a text as it is kept: one line, without controls, turns and towers.
func harmless(t *testing.T, from, text string, limit int) {
	t.Helper()
	marks := 0
	for _, r := range text {
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Co) || r == unicode.ReplacementChar || marks > 4 {
			t.Errorf("%.60q becomes %.60q, with %U", from, text, r)
			return
		}
	}
	if n := len([]rune(text)); n > limit {
		t.Errorf("%.60q becomes %d characters", from, n)
	}
}

// TestHostile: 300 hostile strings, as names, lines, a party's name and what is asked.
func TestHostile(t *testing.T) {
	all := nodetest.Hostile()
	if len(all) != 300 {
		t.Fatalf("%d strings", len(all))
	}
	s := newStage(t)
	for _, text := range all {
		s.after(time.Minute)
		if err := s.try("g", party.Say{Text: text}); err == nil {
			harmless(t, text, s.state.Messages[len(s.state.Messages)-1].Text, 500)
		}
		if err := s.try("g", party.Rename{Name: text}); err == nil {
			name := s.state.Members["g"].Name
			harmless(t, text, name, 32)
			if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) || strings.TrimSpace(name) == "" {
				t.Errorf("somebody is called %q", name)
			}
		}
		harmless(t, text, party.CleanName(text), 32)
		if err := s.try("h", party.StartPoll{Question: text, Options: []string{text, "no"}}); err == nil {
			harmless(t, text, s.state.Poll.Question, 500)
			harmless(t, text, s.state.Poll.Options[0], 500)
			s.must("h", party.ClosePoll{})
		}
		s.must("h", party.Say{Text: "next"})
	}
}
