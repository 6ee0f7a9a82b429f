package party

import (
	"strings"
	"unicode"

	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"
)

// CleanName makes a person's or a party's name fit to show; it may come out empty. It is a nickname of RFC 8266: one line,
// form KC, without controls, what turns the direction of writing, and what cannot be seen. What does not belong there goes.
func CleanName(name string) string {
	allowed := precis.Nickname.Allowed()
	name = norm.NFKC.String(Clean(name, 4*maxName))
	name = strings.Map(func(r rune) rune {
		if r != ' ' && !allowed.Contains(r) {
			return -1
		}
		return r
	}, name)
	name, err := precis.Nickname.String(Clean(name, maxName))
	if err != nil || !strings.ContainsFunc(name, visible) {
		return ""
	}
	return name
}

// visible says whether a character puts ink on the screen by itself.
func visible(r rune) bool { return !unicode.In(r, unicode.M, unicode.Z, unicode.C) }

// skeleton is what a clean name looks like, as text: two names with one skeleton are taken for each other (UTS 39 §4). Case
// does not count.
func skeleton(name string) string {
	look := func(s string) string {
		var b strings.Builder
		for _, r := range norm.NFD.String(s) {
			if like, ok := prototypes[r]; ok {
				b.WriteString(like)
			} else {
				b.WriteRune(r)
			}
		}
		return norm.NFD.String(b.String())
	}
	return look(strings.ToLower(look(name)))
}

// LooksLike says whose name one looks like without being the same: the host's, or that of somebody who is present. The
// same name twice is told apart by a number; one that only looks the same would be told apart by nobody.
func (s *State) LooksLike(name string, but MemberID) (Member, bool) {
	looks := skeleton(name)
	for id, m := range s.Members {
		if id == but || !m.present() && m.Role != Host || m.Removed || skeleton(m.Name) != looks {
			continue
		}
		if m.Role == Host || !strings.EqualFold(m.Name, name) {
			return m, true
		}
	}
	return Member{}, false
}

// MayBeCalled says why somebody may not take a name.
func (s *State) MayBeCalled(name string, but MemberID) error {
	name = CleanName(name)
	if name == "" {
		return refuse("WP-NAME", "Please give a name that can be read.")
	}
	if m, ok := s.LooksLike(name, but); ok && m.Role == Host {
		return refuse("WP-NAME-TAKEN", "That looks like the host's name: choose another.")
	} else if ok {
		return refuse("WP-NAME-TAKEN", "That looks like the name of "+m.Name+", who is here: choose another.")
	}
	if s.Members[but].Role < Moderator && s.Rules.blocked(name) != nil {
		return refuse("WP-NAME", "A word in that name is not said here: choose another.")
	}
	return nil
}
