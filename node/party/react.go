package party

import (
	"unicode"
	"unicode/utf8"
)

// maxReaction bounds one emoji with all that it may be joined from, in bytes.
const maxReaction = 40

// IsReaction says whether a text is one emoji, or a few joined into one: nothing that
// could be read.
func IsReaction(s string) bool {
	if len(s) > maxReaction || !utf8.ValidString(s) {
		return false
	}
	signs := 0
	for i, r := range s {
		switch {
		case r == '\u200d' || r == '\ufe0f': // joins, and asks for a picture
			if i == 0 {
				return false
			}
		case unicode.Is(unicode.So, r):
			signs++
		case r >= 0x1F3FB && r <= 0x1F3FF && i > 0: // colours of skin
		default:
			return false
		}
	}
	return signs > 0
}
