package party

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plainWords are the words of a text without their case, accents and signs, with one space between them: compatible
// characters are taken for the plain ones (UAX 15, form KD).
func plainWords(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(unicode.ToUpper(r)))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// unspaced are scripts that put no space between words.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// saysWord says whether a word, or some that follow each other, stand in a text, both as plainWords makes them. A
// script without spaces has no ends of words, so there any place counts.
func saysWord(text, word string) bool {
	if word == "" {
		return false
	}
	if strings.ContainsFunc(word, func(r rune) bool { return unicode.In(r, unspaced...) }) {
		return strings.Contains(text, word)
	}
	return strings.Contains(" "+text+" ", " "+word+" ")
}

// domains are ends of the names that people write without saying that it is a link.
var domains = strings.Fields("app be biz ca cc ch club co com de dev edu es eu fr gg gov info io it link live ly me net nl online org pl " +
	"pro pt ru se sh shop site store stream to top tv uk us wiki xyz")

// hasLink says whether something in a text would be read as a link.
func hasLink(text string) bool {
	text = strings.ToLower(norm.NFKC.String(text))
	if strings.Contains(text, "://") || strings.Contains(text, "www.") {
		return true
	}
	for _, word := range strings.Fields(text) {
		host, _, path := strings.Cut(word, "/")
		host, _, _ = strings.Cut(host, ":")
		labels := strings.Split(strings.Trim(host, ".,;!?()[]<>\"'«»"), ".")
		last := labels[len(labels)-1]
		if len(labels) < 2 || slices.Contains(labels, "") || strings.ContainsFunc(host, func(r rune) bool { return r == '@' }) {
			continue
		}
		if slices.Contains(domains, last) || path && len(last) >= 2 && !strings.ContainsFunc(last, func(r rune) bool { return !unicode.IsLetter(r) }) {
			return true
		}
	}
	return false
}
