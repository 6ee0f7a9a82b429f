package cli

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"watchparty/discovery"
	"watchparty/node"
	"watchparty/node/party"
)

// evil is what a host that nobody knows may answer and be called.
const evil = "A\x1b]0;title\x07 \x1b[2J\u009b31mred\r\nWP-OK\u202e\u2066\x7f fine"

// tame is that without what a terminal obeys.
const tame = "A]0;title [2J31mred WP-OK fine"

// TestTerminalIsSafe: what strangers write never commands the terminal.
func TestTerminalIsSafe(t *testing.T) {
	refusal := &party.Refusal{Code: "WP-X", Reason: evil}
	for _, err := range []error{refusal, fmt.Errorf("join: %w", refusal), &node.UnreachedError{Sentence: evil, Err: refusal}} {
		var w bytes.Buffer
		report(&w, err)
		if got := w.String(); !strings.HasSuffix(got, tame+"\n") || strings.Count(got, "\n") != 1 {
			t.Errorf("%T: %q", err, got)
		}
	}
	var w bytes.Buffer
	report(&w, &node.UsageError{Sentence: "One.\nTwo\x1b[2J.\xff"})
	if got := w.String(); got != "One.\nTwo[2J.\ufffd\n" {
		t.Errorf("ours: %q", got)
	}
	w.Reset()
	printServices(&w, []discovery.Service{{Name: evil, ID: evil}})
	if got := w.String(); strings.Count(got, tame) != 2 || strings.Count(got, "\n") != 2 {
		t.Errorf("list: %q", got)
	}
}
