package nodetest

import (
	"fmt"
	"strings"
)

// hostileSeeds are what has hurt some program that shows people's text, by family.
var hostileSeeds = []string{
	// markup, and what is markup elsewhere
	`<script>window.hacked=1</script>`, `<img src=x onerror="window.hacked=1">`, `<svg/onload=window.hacked=1>`, `"><iframe src="javascript:window.hacked=1">`,
	`<b><i><table><tr></div></p>`, `&lt;b&gt; &#x3c;script&#x3e; &amp;`, `{{constructor.constructor('window.hacked=1')()}} ${window.hacked=1}`, "-->]]><!-- %3Cscript%3E '; DROP TABLE members;--",
	// towers of marks
	"Z" + strings.Repeat("\u0300\u0316\u0334", 40) + "algo", "e" + strings.Repeat("\u20dd\u0489", 20), "\u0e01" + strings.Repeat("\u0e47\u0e49", 40),
	// direction of writing
	"\u202egnp.exe\u202c abc", "\u2067\u2066\u202b\u202d never closed", "مرحبا بالعالم abc שלום 123", "\u200f\u061c\u200e",
	// terminals: CSI, OSC (title, clipboard, link), C1, bell, cursor
	"\x1b[2J\x1b[31mred\x1b[0m", "\x1b]0;owned\x07\x1b]52;c;cm0gLXJm\x07", "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "\u009b31m\u0090q\u009c", "\x07\x08\x08\x7f\x00\r\x1b[1A over",
	// what looks like something else, and what does not look at all
	"Ноѕt", "Ｈｏｓｔ 𝐇𝐨𝐬𝐭", "\u3164\u115f\u2800\u00ad\u200b\u2060\ufeff", "H\u200bo\u200cs\u200dt\U000e0041\U000e007f",
	// width and height
	"﷽﷽﷽𒐫𒐫𒈙꧅", "👩‍👩‍👧‍👦🏳️‍🌈🇫🇷👍🏿", strings.Repeat("W", 200), "a\nb\r\nc\u2028d\u2029e\v\f\x85f", "漢字仮名交じり文", "\xff\xfe\xc0\xaf\xed\xa0\x80",
}

// hostileShapes put a seed into ten contexts.
var hostileShapes = []func(string) string{
	func(s string) string { return s },
	func(s string) string { return "Ana " + s },
	func(s string) string { return s + " hello" },
	func(s string) string { return strings.Repeat(s, 5) },
	func(s string) string { return strings.Repeat(s+" ", 40) },
	func(s string) string { return strings.Repeat(s, 64<<10/len(s)) },
	func(s string) string { return "<p title='" + s + "'>" },
	func(s string) string { return s + "\n\n\n" + s },
	func(s string) string { return "\u202e" + s + "\x1b[7m" },
	func(s string) string { return "   \t" + strings.ToUpper(s) + "\u0301   " },
}

// Hostile are 300 strings that hurt some program: markup, towers, controls of terminals, turned and unseen writing, and
// 64 KB of each.
func Hostile() (all []string) {
	for _, shape := range hostileShapes {
		for i, seed := range hostileSeeds {
			all = append(all, shape(seed)+fmt.Sprint(" ", i))
		}
	}
	return all
}
