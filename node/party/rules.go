package party

import (
	"fmt"
	"math"
	"slices"
	"time"
)

const (
	slowest     = 10 * time.Minute // between two lines
	maxWords    = 200              // on the list
	longestWord = 40               // runes of an entry of it
)

// Rules are what the host has set for the chat and for the door. They are kept for the next party.
type Rules struct {
	Slow    int      `json:"slow,omitempty"`    // seconds from one line of a member to their next; 0: none
	Known   Known    `json:"known,omitempty"`   // what is for people only whom the host knew before this evening
	NoLinks bool     `json:"noLinks,omitempty"` // in lines
	Words   []string `json:"words,omitempty"`   // that are not said here
}

// Known says what is closed to those who are here for the first evening. Who is trusted counts as known.
type Known string

const (
	Everybody Known = ""     // nothing
	KnownChat Known = "chat" // they read, and do not write
	KnownAsk  Known = "ask"  // they wait at the door until the host or a moderator lets them in
	KnownDoor Known = "door" // they come in only by an invitation that the host made for them
)

type (
	// Rule changes the rules. What is absent stays.
	Rule struct {
		Slow    *int      `json:"slow,omitempty"`
		Known   *Known    `json:"known,omitempty"`
		NoLinks *bool     `json:"noLinks,omitempty"`
		Words   *[]string `json:"words,omitempty"`
	}
	// Ruled are the rules from now on.
	Ruled struct{ Rules }
)

func (Rule) power() Power { return Manage }

func (r Rules) same(o Rules) bool {
	return r.Slow == o.Slow && r.Known == o.Known && r.NoLinks == o.NoLinks && slices.Equal(r.Words, o.Words)
}

func (c Rule) decide(s *State, _ Env) ([]Event, error) {
	if c == (Rule{}) {
		return nil, refuse("WP-BAD", "Say which rule: slow is in seconds; known is empty, chat, ask or door; noLinks is true or false; words is a list.")
	}
	r := s.Rules
	if c.Slow != nil {
		if r.Slow = *c.Slow; r.Slow < 0 || time.Duration(r.Slow)*time.Second > slowest {
			return nil, refuse("WP-BAD", "Slow mode is one line in 1 to 600 seconds; 0 ends it.")
		}
	}
	if c.Known != nil {
		if r.Known = *c.Known; !slices.Contains([]Known{Everybody, KnownChat, KnownAsk, KnownDoor}, r.Known) {
			return nil, refuse("WP-BAD", "Known is chat, ask, door, or empty.")
		}
	}
	if c.NoLinks != nil {
		r.NoLinks = *c.NoLinks
	}
	if c.Words != nil {
		var err error
		if r.Words, err = wordList(*c.Words); err != nil {
			return nil, err
		}
	}
	if r.same(s.Rules) {
		return nil, nil
	}
	return []Event{Ruled{r}}, nil
}

// wordList is a list of blocked words as it is kept: clean, each once.
func wordList(words []string) (list []string, err error) {
	seen := map[string]bool{}
	for _, w := range words {
		w = Clean(w, longestWord)
		if key := plainWords(w); key != "" && !seen[key] {
			seen[key], list = true, append(list, w)
		}
	}
	if len(list) > maxWords {
		return nil, refuse("WP-BAD", fmt.Sprintf("The list takes %d words.", maxWords))
	}
	slices.Sort(list)
	return list, nil
}

func (e Ruled) apply(s *State, _ Record) { s.Rules = e.Rules }

// maySay says why a member may not say this now. Moderators are under no rule of the chat but being muted.
func (s *State) maySay(text string, env Env) error {
	m := s.Members[env.By]
	if text == "" || env.By == House {
		return nil
	}
	if m.Silent(env.Now) {
		if m.MutedUntil == 0 {
			return refuse("WP-MUTED", "You are muted: ask the host or a moderator.")
		}
		return refuse("WP-TIMEOUT", "You are in a time-out, and may write again in "+wait(moment(m.MutedUntil).Sub(env.Now))+".")
	}
	if m.Role >= Moderator {
		return nil
	}
	switch next := moment(m.Spoke).Add(time.Duration(s.Rules.Slow) * time.Second); {
	case s.Rules.Known == KnownChat && m.First && m.Role < Trusted:
		return refuse("WP-KNOWN", "Only people write here tonight whom the host knew before. Ask the host to trust you.")
	case s.Rules.Slow > 0 && m.Spoke > 0 && env.Now.Before(next):
		return refuse("WP-SLOW-MODE", fmt.Sprintf("Slow mode: one line in %d seconds. You may write again in %s.", s.Rules.Slow, wait(next.Sub(env.Now))))
	case s.Rules.NoLinks && hasLink(text):
		return refuse("WP-LINK", "Links are off in this chat: say it without.")
	}
	return s.Rules.blocked(text)
}

// blocked refuses a text in which a word stands that is not said here.
func (r Rules) blocked(text string) error {
	if len(r.Words) == 0 {
		return nil
	}
	plain := plainWords(text)
	for _, w := range r.Words {
		if saysWord(plain, plainWords(w)) {
			return refuse("WP-WORD", "A word in it is not said here: leave it out. The host keeps the list.")
		}
	}
	return nil
}

// wait is a time to wait as one says it.
func wait(d time.Duration) string {
	if s := int(math.Ceil(d.Seconds())); s < 120 {
		return fmt.Sprintf("%d s", s)
	}
	if m := int(math.Ceil(d.Minutes())); m < 120 {
		return fmt.Sprintf("%d min", m)
	}
	return fmt.Sprintf("%d h", int(math.Ceil(d.Hours())))
}

// spoke notes when a member said something, while that counts.
func (s *State) spoke(r Record) {
	if m, ok := s.Members[r.By]; ok && s.Rules.Slow > 0 && m.Role < Moderator {
		m.Spoke = r.At.UnixMilli()
		s.put(m)
	}
}
