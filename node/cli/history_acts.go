package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"watchparty/node/party"
)

// writeActs writes what moderators did: who, whom, when and why.
func (d *digest) writeActs(w io.Writer) {
	if len(d.audit.Acts) == 0 {
		return
	}
	fmt.Fprintln(w, "\nMODERATION")
	for _, a := range d.audit.Acts {
		line := fmt.Sprintf("%s  %s %s", time.UnixMilli(a.At).Local().Format("15:04:05"), d.name(a.By), d.deed(a))
		if a.Why != "" {
			line += ": " + a.Why
		}
		fmt.Fprintln(w, plain(line))
	}
}

// deed is an act in words.
func (d *digest) deed(a party.Act) string {
	whom := cmp.Or(a.Name, d.name(a.Member))
	switch a.What {
	case "muted":
		if a.Until > 0 {
			return fmt.Sprintf("gave %s a time-out of %s", whom, time.Duration(a.Until-a.At)*time.Millisecond)
		}
		return "muted " + whom
	case "unmuted":
		return "let " + whom + " talk again"
	case "removed":
		return "removed " + whom
	case "banned":
		return "banned " + whom
	case "unbanned":
		return "lifted the ban of " + whom
	case "erased":
		return "deleted a line of " + whom
	case "hushed":
		return "kept back the sound of " + whom
	case "unhushed":
		return "let " + whom + " be heard again"
	case "offstage":
		return "took " + whom + " off the stage"
	case "role":
		return "made " + whom + " a " + a.Role
	}
	return "set the rules: " + ruleWords(*a.Rules)
}

// ruleWords are the rules as one reads them.
func ruleWords(r party.Rules) string {
	var words []string
	if r.Slow > 0 {
		words = append(words, fmt.Sprintf("one line in %d s", r.Slow))
	}
	if r.Known != party.Everybody {
		words = append(words, "known people only ("+string(r.Known)+")")
	}
	if r.NoLinks {
		words = append(words, "no links")
	}
	if n := len(r.Words); n > 0 {
		words = append(words, fmt.Sprintf("%d blocked words", n))
	}
	return cmp.Or(strings.Join(words, ", "), "none")
}
