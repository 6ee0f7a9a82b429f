package party

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FuzzClean: whatever somebody writes becomes one short line that is harmless to show, and stays as it is from then on; a name
// and the rules of the chat take whatever comes of it.
func FuzzClean(f *testing.F) {
	for _, text := range []string{"Hello", " a\tb\n c ", "e\u0301\u0301\u0301\u0301\u0301\u0301", "\u202eevil\u2066", "\xff\xfe", "\u200d\u2800x", "Zoe\u0308 www.example.org", "Cheer100 hi", "ﬁne", "A\u030a\u0323"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := Clean(text, maxSaid)
		if !utf8.ValidString(line) || utf8.RuneCountInString(line) > maxSaid || !norm.NFC.IsNormalString(line) && !many(line) {
			t.Errorf("%q became %q", text, line)
		}
		if strings.ContainsFunc(line, func(r rune) bool {
			return r != '\u200d' && unicode.Is(unicode.C, r) || unicode.Is(unicode.Z, r) && r != ' '
		}) {
			t.Errorf("%q became %q", text, line)
		}
		if again := Clean(line, maxSaid); again != line && !many(line) {
			t.Errorf("%q became %q, and %q", text, line, again)
		}
		name := CleanName(text)
		if utf8.RuneCountInString(name) > maxName || name != "" && !strings.ContainsFunc(name, visible) {
			t.Errorf("%q became the name %q", text, name)
		}
		skeleton(name)
		if words, err := wordList([]string{text}); err == nil {
			Rules{Words: words, NoLinks: true}.blocked(line)
		}
		Cheered(line)
	})
}

// many says that a line may have lost a mark in the middle, and so is composed no further.
func many(line string) bool {
	return strings.ContainsFunc(line, func(r rune) bool { return unicode.Is(unicode.M, r) })
}
