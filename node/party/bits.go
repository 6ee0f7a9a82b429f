package party

import (
	"fmt"
	"strconv"
	"strings"
)

// Bits are the house's own currency: no money, and nothing that can be bought with it. They belong to the
// person, at every party of the house. A record that moves Bits says from whom to whom, so that each balance is
// the sum of its entries in the logs; the store keeps that sum beside them (decision 24).

// HostID is the one member whom a house knows from its first day. Bits that are cheered become the host's.
const HostID MemberID = "host"

const (
	maxCheer = 1_000_000 // Bits in one line
	maxGrant = 1_000_000 // Bits given or taken at once
	maxBits  = 1 << 50   // of a balance: a page still counts them exactly
)

type (
	// Credit gives Bits to somebody the house knows, here or not; a negative number takes some back.
	Credit struct {
		Member MemberID `json:"member"`
		Bits   int64    `json:"bits"`
	}
	// Cheer is a line that begins with a cheer: for programs. People write it into what they say.
	Cheer struct {
		Bits int64  `json:"bits"`
		Text string `json:"text,omitempty"`
	}
	// Credited is the fact of a Credit, or with a week of that week's allowance.
	Credited struct {
		Member MemberID `json:"member"`
		Bits   int64    `json:"bits"`
		Week   int      `json:"week,omitempty"` // year and week, as in 202648
	}
)

func (Credit) power() Power { return Manage }
func (Cheer) power() Power  { return Chat }

func (c Credit) decide(_ *State, env Env) ([]Event, error) {
	if c.Bits == 0 || c.Bits > maxGrant || c.Bits < -maxGrant {
		return nil, refuse("WP-BAD", "Give 1 to 1,000,000 Bits at a time; with a minus, they are taken back.")
	}
	a, known := env.Bank.Account(c.Member)
	if !known {
		return nil, stranger()
	}
	if a.Bits+c.Bits < 0 || a.Bits+c.Bits > maxBits {
		return nil, refuse("WP-BITS", fmt.Sprintf("They have %d Bits: no more can be taken back.", a.Bits))
	}
	return []Event{Credited{Member: c.Member, Bits: c.Bits}}, nil
}

func (c Cheer) decide(s *State, env Env) ([]Event, error) {
	if c.Bits < 1 || c.Bits > maxCheer {
		return nil, tooMuch()
	}
	return Say{Text: fmt.Sprintf("Cheer%d %s", c.Bits, c.Text)}.decide(s, env)
}

// Cheered is how many Bits a line cheers: the sum of its words such as Cheer100. A sum above a million counts as one
// more than that.
func Cheered(text string) (bits int64) {
	for _, word := range strings.Fields(text) {
		if len(word) < 6 || !strings.EqualFold(word[:5], "cheer") || strings.Trim(word[5:], "0123456789") != "" {
			continue
		}
		n, err := strconv.ParseInt(word[5:], 10, 64)
		if err != nil || n > maxCheer {
			n = maxCheer + 1
		}
		bits = min(bits+n, maxCheer+1)
	}
	return bits
}

// spend says what a line costs who says it and what is due to them first, and refuses what they do not have.
func (s *State) spend(text string, env Env) (int64, []Event, error) {
	bits := Cheered(text)
	switch {
	case bits == 0:
		return 0, nil, nil
	case bits > maxCheer:
		return 0, nil, tooMuch()
	case s.Members[env.By].Role == Host:
		return 0, nil, refuse("WP-CHEER-OWN", "Bits that are cheered go to the host, and that is you.")
	case bits < s.Policy.Least:
		return 0, nil, refuse("WP-CHEER-LEAST", fmt.Sprintf("A line cheers at least %d Bits here.", s.Policy.Least))
	}
	a, due := s.purse(env)
	if a.Bits < bits {
		return 0, nil, refuse("WP-BITS", fmt.Sprintf("You have %d Bits, and that line cheers %d. The host can give you more.", a.Bits, bits))
	}
	return bits, due, nil
}

func tooMuch() error {
	return refuse("WP-BAD", "A line cheers 1 to 1,000,000 Bits, as in: Cheer100 bravo.")
}

func stranger() error { return refuse("WP-UNKNOWN", "This house knows nobody by that id.") }

func (e Credited) entries(MemberID) []Entry {
	return []Entry{{e.Member, Purse{Bits: e.Bits, Week: e.Week}}}
}

func (e Credited) apply(s *State, r Record) { s.enter(r) }
