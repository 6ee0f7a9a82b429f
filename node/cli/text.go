package cli

import (
	"io"
	"strings"
	"unicode"
)

// plain makes text harmless for a terminal, in one line: a host that was never met
// may have written it. Control characters go (C0 and C1, ECMA-48), which move the
// cursor or worse, and those that turn the direction of writing (UAX 9).
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
}

// plainWriter is a terminal for lines of text, each of which comes in one piece with its end: they arrive plain.
type plainWriter struct{ io.Writer }

func (w plainWriter) Write(b []byte) (int, error) {
	if _, err := io.WriteString(w.Writer, plainLines(string(b))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// plainLines is plain for text of ours, which may have lines.
func plainLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = plain(line)
	}
	return strings.Join(lines, "\n")
}
