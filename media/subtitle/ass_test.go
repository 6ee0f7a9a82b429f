package subtitle

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// assHead is the beginning of a script: a picture of 1280×720, a style at the bottom and one at the top.
const assHead = "[Script Info]\n; made by hand\nScriptType: v4.00+\nPlayResX: 1280\nPlayResY: 720\n\n[V4+ Styles]\n" +
	"Format: Name, Fontname, Bold, Italic, Underline, Alignment\nStyle: Default,Arial,0,0,0,2\nStyle: Top,Arial,-1,0,0,8\n\n[Events]\n" +
	"Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"

// say is one line of a script, from one second on for a second.
func say(style, text string) string {
	return "Dialogue: 0,0:00:01.00,0:00:02.00," + style + ",,0,0,0,," + text + "\n"
}

func TestScript(t *testing.T) {
	const at = "\n00:00:01.000 --> 00:00:02.000"
	for _, test := range []struct{ name, in, want string }{
		{"plain, with commas", assHead + say("Default", `Well, yes, <b & c`), at + "\nWell, yes, &lt;b &amp; c\n"},
		{"bold and italic", assHead + say("Default", `{\i1}it {\b1}both{\i0} bold{\b0} none`), at + "\n<i>it <b>both</b></i><b> bold</b> none\n"},
		{"lines", assHead + say("Default", `one\Ntwo\N\N{\i1}{\i0}\Nthree\nfour`), at + "\none\ntwo\nthree four\n"},
		{"by style at the top", assHead + say("*Top", `up`), at + " line:0\n<b>up</b>\n"},
		{"another style on the way", assHead + say("Default", `a {\rTop}b{\r} c`), at + "\na <b>b</b> c\n"},
		{"alignments", assHead + say("Default", `{\an8}a`) + say("Default", `{\a6}b`) + say("Default", `{\an5}c`),
			at + " line:0\na\n" + at + " line:0\nb\n" + at + " line:50%\nc\n"},
		{"a place", assHead + say("Default", `{\pos(320,72)\bord3\blur2\fs80\c&H00FF00&}Shop`), at + " line:10% position:25%\nShop\n"},
		{"outside the picture", assHead + say("Default", `{\pos(-5,9e9)}a`), at + "\na\n"},
		{"karaoke", assHead + say("Default", `{\k20}ka{\kf30}ra{\ko5}o{\K1}ke`), at + "\nkaraoke\n"},
		{"drawings and comments", assHead + say("Default", `{\p1}m 0 0 l 9 9{\p0}`) + say("Default", `{\p2}m 1 1{\p0}{a note}kept`) + "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,never\n",
			at + "\nkept\n"},
		{"a weight is no line", assHead + say("Default", `{\b700}a{\b400}b {\blur1}c`), at + "\n<b>a</b>b c\n"},
		{"layers and frames", assHead + say("Default", `sign`) + say("Default", `{\blur4}sign`) + "Dialogue: 1,0:00:02.00,0:00:03.50,Default,,0,0,0,,sign\n",
			"\n00:00:01.000 --> 00:00:03.500\nsign\n"},
		{"bad lines", assHead + "Dialogue: 0,oops,0:00:02.00,Default,,0,0,0,,a\nDialogue: 0,0:00:01.00\nDialogue\n" + say("None", "kept") + "Dialogue: 0,0:00:05.00,0:00:04.00,Default,,0,0,0,,backwards\n",
			at + "\nkept\n"},
		{"SSA", "[Script Info]\nScriptType: v4.00\n[V4 Styles]\nFormat: Name, Alignment, Italic\nStyle: Default,6,-1\n[Events]\nFormat: Marked, Start, End, Style, Text\nDialogue: Marked=0,0:00:01.00,0:00:02.00,Default,old\n",
			at + " line:0\n<i>old</i>\n"},
		{"without a format", "[Events]\n" + say("Default", "bare"), at + "\nbare\n"},
		{"fonts are passed over", assHead + say("Default", "kept") + "[Fonts]\nfontname: a.ttf\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,no\n", at + "\nkept\n"},
		{"CRLF and a mark", "\uFEFF" + strings.ReplaceAll(assHead+say("Default", "kept"), "\n", "\r\n"), at + "\nkept\n"},
	} {
		got, err := WebVTT([]byte(test.in))
		if want := "WEBVTT\n" + test.want; err != nil || string(got) != want {
			t.Errorf("%s: %v\n got %q\nwant %q", test.name, err, got, want)
		}
	}
	if got, err := WebVTT([]byte(assHead + say("Default", `{\p1}m 0 0{\p0}`))); err == nil {
		t.Errorf("drawings alone became %q", got)
	}
}

// What somebody made to hurt loses its own lines, and no others.
func TestHostileScript(t *testing.T) {
	for name, unit := range map[string]string{
		"braces": "{", "tags": `{\i1}x{\i0}`, "backslashes": `{\\`, "drawing": `{\p1}`, "places": `{\pos(1,`, "resets": `{\rTop}x{\r}`,
	} {
		long := say("Default", "a"+strings.Repeat(unit, maxLine/len(unit)))
		full := say("Default", "a"+strings.Repeat(unit, maxLine/2/len(unit)))
		text := assHead + long + strings.Repeat(full, 4) + say("Top", "kept")
		if got, err := WebVTT([]byte(text)); err != nil || !strings.HasSuffix(string(got), "<b>kept</b>\n") || len(got) > maxLine*2 {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	lines := strings.Repeat(say("Default", `{\an8}x`), 5000)
	if got, err := WebVTT([]byte(assHead + lines)); err != nil || strings.Count(string(got), "-->") != 1 {
		t.Errorf("the same in thousands of layers: %d bytes, %v", len(got), err)
	}
}

// How long the largest file takes that is tags from end to end.
func BenchmarkScript(b *testing.B) {
	line := say("Default", strings.Repeat(`{\i1\pos(1,2)}x{\i0}`, 1000))
	text := []byte(assHead + strings.Repeat(line, (MaxSize-1000)/len(line)))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := WebVTT(text); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzScript(f *testing.F) {
	f.Add(`{\an8\pos(3,4)}a{\b1}b\Nc{\rTop}d{\p1}m 0 0{\p0}`)
	f.Add(`{\k20}{}{\i-1}--> <&>`)
	f.Fuzz(func(t *testing.T, line string) {
		out, err := WebVTT([]byte(assHead + say("Top", line)))
		if err != nil {
			return
		}
		if !utf8.Valid(out) || strings.Count(string(out), "-->") < 1 || strings.Contains(string(out), "\n\n\n") {
			t.Errorf("%q became %q", line, out)
		}
		for _, pair := range []string{"b", "i", "u"} {
			if strings.Count(string(out), "<"+pair+">") != strings.Count(string(out), "</"+pair+">") {
				t.Errorf("%q became %q", line, out)
			}
		}
	})
}
