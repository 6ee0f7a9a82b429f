package party

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"watchparty/media/catalog"
)

const (
	maxName  = 32  // runes of a person's or a party's name
	maxSaid  = 500 // runes of a chat line
	maxMarks = 4   // combining marks on one letter (UTS 39 §5.4); more climbs over the neighbours
)

// Clean makes a stranger's text harmless to show: one line, normal form C (UAX
// 15), no control or bidi-override characters (UAX 9), no towers of marks. What
// is longer than limit runes is cut at a rune.
func Clean(text string, limit int) string {
	if len(text) > 64*limit { // nothing shown can need that much: do not normalise it
		text = text[:64*limit]
	}
	var b strings.Builder
	marks, runes := 0, 0
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "")) {
		switch {
		case unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r): // fillers: letters without ink
			continue
		case r == '\u2800': // braille of no dots
			r, marks = ' ', 0
		case r == '\n' || r == '\t' || r == '\r' || unicode.Is(unicode.Z, r):
			r, marks = ' ', 0
		case unicode.Is(unicode.M, r):
			if marks++; marks > maxMarks {
				continue
			}
		case r == '\u200d': // joins emoji; harmless alone
		case unicode.Is(unicode.C, r), r == utf8.RuneError:
			continue
		default:
			marks = 0
		}
		if runes++; runes > limit {
			break
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// ValidTier says whether a membership's name could stand in a catalog.
func ValidTier(t catalog.Tier) bool {
	if t == "" || len(t) > 64 {
		return false
	}
	for _, r := range t {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' {
			return false
		}
	}
	return true
}
