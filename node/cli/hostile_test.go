package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"watchparty/discovery"
	"watchparty/node"
	"watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestHostileTerminal: whatever a log holds, also one that some other program wrote, the terminal gets lines of plain text.
func TestHostileTerminal(t *testing.T) {
	at := time.UnixMilli(1763843200000)
	var out bytes.Buffer
	s := streams{out: &out, err: &out}
	for i, text := range nodetest.Hostile() {
		if len(text) > 2000 { // no record holds more
			text = text[:2000]
		}
		who := party.Member{ID: "g", Name: text}
		c := node.Chapter{Party: node.Past{Name: text, Opened: at}, Members: []party.Member{who}}
		for _, e := range []party.Event{
			party.Opened{ID: "p", Name: text}, party.Joined{ID: "g", Name: text}, party.Said{Text: text}, party.Muted{Member: "g", Why: text},
			party.Banned{Member: "x", Name: text}, party.Renamed{Name: text}, party.PollClosed{Question: text, Options: []string{text}, Counts: []int{1}, Of: 1},
		} {
			r, err := party.NewRecord(party.Seq(len(c.Records)+1), at, "g", "", e)
			if err != nil {
				t.Fatal(err)
			}
			c.Records = append(c.Records, json.RawMessage(r.Bytes()))
		}
		d, err := digestOf(c)
		if err != nil {
			t.Fatal(err)
		}
		var vtt bytes.Buffer
		for what, write := range map[string]func() error{
			"show": func() error { return d.writeText(&out) }, "vtt": func() error { return d.reels.Keepsake().WriteVTT(plainWriter{&vtt}, "") },
			"history": func() error { return printParties(s, []node.Past{c.Party}) },
			"members": func() error { return printAccounts(s, []party.Account{{ID: "g", Name: text}}, false) },
			"bans": func() error {
				return printBans(s, []party.Account{{ID: "g", Name: text, Ban: &party.Banishment{Why: text}}}, false)
			},
			"ls": func() error { printServices(&out, []discovery.Service{{Name: text, ID: text}}); return nil },
		} {
			out.Reset()
			if err := write(); err != nil {
				t.Fatal(err)
			}
			unclean := func(r rune) bool {
				return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029')
			}
			if at := strings.IndexFunc(out.String()+vtt.String(), unclean); at >= 0 {
				t.Errorf("%d, %s: %.60q lets through %.60q", i, what, text, (out.String() + vtt.String())[at:])
			}
		}
	}
	if n := fmt.Sprint(strings.Count(plain("a\nb\r\nc\u2028d"), "\n")); n != "0" {
		t.Error("a line became several")
	}
}
