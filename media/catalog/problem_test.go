package catalog

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// head makes line 1 to 3 of a catalog of which the titles follow from line 4.
const head = "version: 1\ndefaults: {regions: {allow: [world]}}\ntitles:\n"

const film = "  - {id: a, title: A, file: a.mp4}\n"

// Each problem is found on its line, and said in exactly these words.
var problemTests = []struct{ name, text, want string }{
	{"empty file", "", `1: the file is empty; start with "version: 1"`},
	{"only a comment", "# films\n", `1: the file is empty; start with "version: 1"`},
	{"no mapping", "- a\n", `1: a catalog must be keys with values, but is a list`},
	{"not YAML", "version: 1\ntitles: [a\nlibrary: b\n", `2: not valid YAML: did not find expected ',' or ']'; look at indentation, colons, quotes and brackets here`},
	{"indentation far below", head + strings.Repeat(film, 50) + " - {id: b}\n" + film, `54: not valid YAML: did not find expected key; look at indentation, colons, quotes and brackets here`},
	{"colon in a name", head + film + "  - id: b\n    title: Alien: Part 2\n    file: b\n", `6: not valid YAML: mapping values are not allowed in this context; look at indentation, colons, quotes and brackets here`},
	{"open quote", head + film + "  - id: b\n    title: \"B\n    file: b\n", `6: not valid YAML: found unexpected end of stream; look at indentation, colons, quotes and brackets here`},
	{"tab", "version: 1\ntitles:\n\t- a\n", `3: not valid YAML: found character that cannot start any token; look at indentation, colons, quotes and brackets here`},
	{"not UTF-8", "version: 1\nlibrary: \xff\n", `2: this line is not UTF-8 text; save the file as UTF-8 text`},
	{"UTF-16", "v\x00e\x00r\x00", `1: this line holds the control character U+0000; save the file as UTF-8 text`},
	{"control character", "version: 1\n\nlibrary: \x1b[2J\n", `3: this line holds the control character U+001B; save the file as UTF-8 text`},
	{"two documents", head + "---\nversion: 1\n", `4: a second document starts here; keep one and remove the --- line`},
	{"broken second document", head + film + "---\n]\n", `6: not valid YAML: did not find expected node content; look at indentation, colons, quotes and brackets here`},
	{"anchor", "version: 1\ntitles: &t []\n", `2: anchors (&t) are not allowed; write the value out, or use defaults and groups`},
	{"alias", "version: 1\ngroups: &g {}\ntitles: *g\n", "2: anchors (&g) are not allowed; write the value out, or use defaults and groups\n" +
		`3: aliases (*g) are not allowed; write the value out, or use defaults and groups`},
	{"merge key", head + "  - id: a\n    <<: {title: A}\n", `5: merge keys (<<) are not allowed; write the keys out, or use defaults`},
	{"tag", "version: 1\ntitles: !!binary aa\n", `2: tags (!!binary) are not allowed; remove it`},
	{"no version", "titles: []\n", `1: the catalog has no "version"; add "version: 1"`},
	{"version 2", "films: []\nversion: 2\n", `1: unknown key "films"` + "\n" + `2: version must be 1, but is "2"; this program reads version 1`},
	{"no titles", "version: 1\n", `1: the catalog has no "titles"; add "titles:" and a list below it`},
	{"titles left out", "version: 1\ntitles:\n", `2: titles must be a list, but is empty`},
	{"library", "version: 1\nlibrary: ''\ntitles: []\n", `2: library is empty`},
	{"library with space", "version: 1\nlibrary: 'films '\ntitles: []\n", `2: library starts or ends with a space; remove it`},

	{"unknown key at the top", "version: 1\ntitels: []\n", `1: the catalog has no "titles"; add "titles:" and a list below it` + "\n" +
		`2: unknown key "titels"; did you mean "titles"?`},
	{"unknown key of a title", head + "  - id: a\n    title: A\n    file: a.mp4\n    regoins: {allow: [FR]}\n", `7: unknown key "regoins"; did you mean "regions"?`},
	{"unknown key, nothing near", head + "  - {id: a, title: A, file: a.mp4, colour: red}\n", `4: unknown key "colour"`},
	{"unknown key of regions", head + "  - {id: a, title: A, file: a.mp4, regions: {alow: [FR]}}\n", `4: unknown key "alow"; did you mean "allow"?`},
	{"unknown key of guests", "version: 1\nguests: {tier: [a]}\ntitles: []\n", `2: unknown key "tier"; did you mean "tiers"?`},
	{"unknown key of defaults", "version: 1\ndefaults:\n  kind: film\ntitles: []\n", `3: unknown key "kind"`},
	{"unknown key of an episode", head + "  - id: s\n    title: S\n    kind: series\n    episodes:\n      - {season: 1, episode: 1, title: E, fle: e.mp4}\n",
		`8: this entry has no "file"; such as "file: night-train.mp4"` + "\n" + `8: unknown key "fle"; did you mean "file"?`},
	{"key twice", head + "  - id: a\n    title: A\n    file: a.mp4\n    title: B\n", `7: key "title" is there twice, first on line 5; keep one of them`},
	{"key no word", head + "  - {id: a, title: A, file: a.mp4, [x]: y}\n", `4: a key must be a word, but is a list`},

	{"title no mapping", head + "  - a.mp4\n", `4: a title must be keys with values, but is "a.mp4"`},
	{"bare title", head + "  - {year: 2021}\n", `4: this title has no "id"; such as "id: night-train"` + "\n" +
		`4: this entry has no "title"; every entry needs a name to show` + "\n" + `4: this entry has no "file"; such as "file: night-train.mp4"`},
	{"name is a list", head + "  - {id: a, title: [A], file: a.mp4}\n", `4: title must be text, but is a list`},
	{"name left out", head + "  - id: a\n    title:\n    file: a.mp4\n", `5: title must be text, but is empty`},
	{"name blank", head + "  - {id: a, title: ' ', file: a.mp4}\n", `4: title is empty`},
	{"name of two lines", head + "  - {id: a, title: \"A\\nB\", file: a.mp4}\n", `4: title holds a line break or control character; keep it on one line`},
	{"name too long", head + "  - {id: a, title: " + strings.Repeat("é", 201) + ", file: a.mp4}\n", `4: title is longer than 200 characters`},
	{"id", head + "  - {id: Night Train, title: A, file: a.mp4}\n", `4: "Night Train" cannot be an id; use at most 64 of a-z, 0-9 and -, such as night-train`},
	{"id too long", head + "  - {id: " + strings.Repeat("a", 65) + ", title: A, file: a.mp4}\n",
		`4: "` + strings.Repeat("a", 60) + `…" cannot be an id; use at most 64 of a-z, 0-9 and -, such as night-train`},
	{"id twice", head + film + "  - {title: B, id: a, file: b.mp4}\n", `5: id "a" is there twice, first on line 4; every title needs an id of its own`},
	{"year", head + "  - {id: a, title: A, file: a.mp4, year: 21}\n", `4: year must be between 1800 and 2200, but is 21`},
	{"year in words", head + "  - {id: a, title: A, file: a.mp4, year: '2021'}\n", `4: year must be a whole number, but is "2021"`},
	{"rating", head + "  - {id: a, title: A, file: a.mp4, rating: 22}\n", `4: rating must be between 0 and 21, but is 22`},
	{"rating in words", head + "  - {id: a, title: A, file: a.mp4, rating: PG}\n", `4: rating must be a whole number, but is "PG"`},
	{"hidden", head + "  - {id: a, title: A, file: a.mp4, hidden: yes}\n", `4: hidden must be true or false, but is "yes"`},
	{"duration", head + "  - {id: a, title: A, file: a.mp4, duration: 92}\n", `4: duration must be a length of time, but is "92"; write it like 1h32m or 48m20s`},
	{"kind", head + "  - {id: a, title: A, file: a.mp4, kind: flim}\n", `4: unknown kind "flim"; did you mean "film"?`},
	{"kind, nothing near", head + "  - {id: a, title: A, file: a.mp4, kind: book}\n", `4: unknown kind "book"; write one of film, series, episode, music, album, sport, live`},
	{"live without a source", head + "  - {id: a, title: A, kind: live}\n", "4: this entry has no \"source\"; such as \"source: https://example.org/live/main.m3u8\""},
	{"live from a file", head + "  - {id: a, title: A, kind: live, file: a.mp4}\n", "4: what is live comes from a source, not from a file; write \"source:\" and its address, or another kind"},
	{"film from a source", head + "  - {id: a, title: A, source: 'udp://239.0.0.1:1234'}\n", "4: only what is live or sport has a source; write \"kind: live\" or \"kind: sport\""},
	{"sport from both", head + "  - {id: a, title: A, kind: sport, file: a.mp4, source: 'srt://a:1'}\n", "4: this entry has both a file and a source; keep one of them"},
	{"source with subtitles", head + "  - {id: a, title: A, kind: live, source: 'srt://a:1', subtitles: none}\n", "4: \"subtitles\" is for what has a file; remove it here"},
	{"source file:///etc/passwd", head + "  - {id: a, title: A, kind: live, source: 'file:///etc/passwd'}\n", "4: WP-CATALOG-SOURCE: source does not begin with a way that is known; write it like \"https://example.org/live/main.m3u8\"; http, https, rtsp, srt and udp are known"},
	{"source concat:a.ts", head + "  - {id: a, title: A, kind: live, source: 'concat:a.ts'}\n", "4: WP-CATALOG-SOURCE: source does not begin with a way that is known; write it like \"https://example.org/live/main.m3u8\"; http, https, rtsp, srt and udp are known"},
	{"source http:a.ts", head + "  - {id: a, title: A, kind: live, source: 'http:a.ts'}\n", "4: WP-CATALOG-SOURCE: source does not begin with a way that is known; write it like \"https://example.org/live/main.m3u8\"; http, https, rtsp, srt and udp are known"},
	{"source HTTP://a/b", head + "  - {id: a, title: A, kind: live, source: 'HTTP://a/b'}\n", "4: WP-CATALOG-SOURCE: source does not begin with a way that is known; write it like \"https://example.org/live/main.m3u8\"; http, https, rtsp, srt and udp are known"},
	{"source http:///b", head + "  - {id: a, title: A, kind: live, source: 'http:///b'}\n", "4: WP-CATALOG-SOURCE: source names no machine; write it like \"https://example.org/live/main.m3u8\"; http, https, rtsp, srt and udp are known"},
	{"source udp://239.0.0.1", head + "  - {id: a, title: A, kind: live, source: 'udp://239.0.0.1'}\n", "4: WP-CATALOG-SOURCE: source names no port; write it like \"https://example.org/live/main.m3u8\"; http, https, rtsp, srt and udp are known"},
	{"source rtsp://user:se_cret@a/", head + "  - {id: a, title: A, kind: live, source: 'rtsp://user:se cret@a/'}\n", "4: WP-CATALOG-SOURCE: source holds a space or a character that must be written with %; write it like \"https://example.org/live/main.m3u8\"; http, https, rtsp, srt and udp are known"},
	{"source http://a/#b", head + "  - {id: a, title: A, kind: live, source: 'http://a/#b'}\n", "4: WP-CATALOG-SOURCE: source holds a #; write it like \"https://example.org/live/main.m3u8\"; http, https, rtsp, srt and udp are known"},
	{"source http://[::1", head + "  - {id: a, title: A, kind: live, source: 'http://[::1'}\n", "4: WP-CATALOG-SOURCE: source is no address; write it like \"https://example.org/live/main.m3u8\"; http, https, rtsp, srt and udp are known"},
	{"source no text", head + "  - {id: a, title: A, kind: live, source: [a]}\n", "4: source must be an address, but is a list"},
	{"episodes of a film", head + "  - id: a\n    title: A\n    kind: film\n    episodes:\n      - {season: 1, episode: 1, title: E, file: e.mp4}\n",
		`8: only a series has episodes; write "kind: series"`},
	{"tracks of a film", head + "  - id: a\n    title: A\n    kind: music\n    tracks:\n      - {track: 1, title: T, file: t.mp3}\n",
		`8: only an album has tracks; write "kind: album"`},
	{"artist of a film", head + "  - {id: a, title: A, file: a.mp4, artist: B}\n", `4: "artist" is for music and albums; remove it here`},
	{"file of an album", head + "  - {id: a, title: A, kind: album, file: a.mp3, tracks: [{track: 1, title: T, file: t.mp3}]}\n",
		`4: "file" belongs to the tracks of an album; remove it here`},
	{"album without tracks", head + "  - {id: a, title: A, kind: album}\n", `4: this album has no "tracks"; add "tracks:" and a list below it`},
	{"album with none", head + "  - {id: a, title: A, kind: album, tracks: []}\n", `4: an album needs at least one track`},
	{"album without a name", head + "  - {kind: album, tracks: [{track: 1, title: T, file: t.mp3}]}\n",
		`4: this album has no "id"; such as "id: low-tide"` + "\n" + `4: this entry has no "title"; every entry needs a name to show`},
	{"episodes of an album", head + "  - {id: a, title: A, kind: album, season: 1, tracks: [{track: 1, title: T, file: t.mp3}]}\n", `4: "season" is for episodes; remove it here`},
	{"track without a number", head + "  - id: a\n    title: A\n    kind: album\n    tracks:\n      - {title: T, file: t.mp3}\n", `8: this track has no "track"; number the tracks from 1`},
	{"disc 0", head + "  - id: a\n    title: A\n    kind: album\n    tracks:\n      - {disc: 0, track: 1, title: T, file: t.mp3}\n", `8: disc must be between 1 and 99, but is 0`},
	{"track twice", head + "  - id: a\n    title: A\n    kind: album\n    tracks:\n      - {id: b, track: 1, title: T, file: t.mp3}\n      - {id: c, disc: 1, track: 1, title: T, file: u.mp3}\n",
		`9: disc 1, track 1 is there twice, first on line 8; number them anew`},
	{"unknown key of a track", head + "  - id: a\n    title: A\n    kind: album\n    tracks:\n      - {track: 1, title: T, file: t.mp3, season: 1}\n", `8: unknown key "season"`},
	{"season of a film", head + "  - {id: a, title: A, file: a.mp4, season: 1}\n", `4: "season" is for episodes; remove it here`},
	{"file of a series", head + "  - {id: a, title: A, kind: series, file: a.mp4, episodes: [{season: 1, episode: 1, title: E, file: e.mp4}]}\n",
		`4: "file" belongs to the episodes of a series; remove it here`},
	{"series without episodes", head + "  - {id: a, title: A, kind: series}\n", `4: this series has no "episodes"; add "episodes:" and a list below it`},
	{"series with none", head + "  - {id: a, title: A, kind: series, episodes: []}\n", `4: a series needs at least one episode`},
	{"episode without numbers", head + "  - id: s\n    title: S\n    kind: series\n    episodes:\n      - {title: E, file: e.mp4}\n",
		`8: this episode has no "season"; number the seasons from 1` + "\n" + `8: this episode has no "episode"; number the episodes from 1`},
	{"episode number", head + "  - id: s\n    title: S\n    kind: series\n    episodes:\n      - {season: -1, episode: 1.5, title: E, file: e.mp4}\n",
		`8: season must be between 0 and 9999, but is -1` + "\n" + `8: episode must be a whole number, but is "1.5"`},
	{"episode twice", head + "  - id: s\n    title: S\n    kind: series\n    episodes:\n      - {season: 1, episode: 1, title: E, file: e.mp4}\n" +
		"      - {season: 1, episode: 1, title: F, file: f.mp4}\n", `9: id "s-s01e01" is there twice, first on line 8; every title needs an id of its own`},
	{"episode twice, own id", head + "  - id: s\n    title: S\n    kind: series\n    episodes:\n      - {season: 1, episode: 1, title: E, file: e.mp4}\n" +
		"      - {season: 1, episode: 1, title: F, file: f.mp4, id: f}\n", `9: season 1, episode 1 is there twice, first on line 8; number them anew`},
	{"episode with the id of a film", head + "  - {id: s-s01e01, title: A, file: a.mp4}\n  - id: s\n    title: S\n    kind: series\n    episodes:\n" +
		"      - {season: 1, episode: 1, title: E, file: e.mp4}\n", `9: id "s-s01e01" is there twice, first on line 4; every title needs an id of its own`},
	{"series with the id of a film", head + film + "  - id: a\n    title: S\n    kind: series\n    episodes:\n      - {season: 1, episode: 1, title: E, file: e.mp4}\n",
		`5: id "a" is there twice, first on line 4; every title needs an id of its own`},
	{"derived id too long", head + "  - id: " + strings.Repeat("s", 60) + "\n    title: S\n    kind: series\n    episodes:\n      - {season: 1, episode: 1, title: E, file: e.mp4}\n",
		`8: the id "` + strings.Repeat("s", 60) + `-s01e01" made from that of the series is too long; give the episode an id of its own`},

	{"unknown region", head + "  - id: a\n    title: A\n    file: a.mp4\n    regions:\n      allow:\n        - FR\n        - UK\n", `10: unknown region "UK"; did you mean "GB"?`},
	{"region by three letters", head + "  - {id: a, title: A, file: a.mp4, regions: {allow: [DEU]}}\n", `4: unknown region "DEU"; did you mean "DE"?`},
	{"region of the past", head + "  - {id: a, title: A, file: a.mp4, regions: {deny: [DD]}}\n", `4: unknown region "DD"; did you mean "DE"?`},
	{"Greece", head + "  - {id: a, title: A, file: a.mp4, regions: {deny: [EL]}}\n", `4: unknown region "EL"; did you mean "GR"?`},
	{"region ZZ", head + "  - {id: a, title: A, file: a.mp4, regions: {allow: [ZZ]}}\n",
		`4: unknown region "ZZ"; write a two-letter country code such as FR, or world, EU, or a name from groups`},
	{"misspelled world", head + "  - {id: a, title: A, file: a.mp4, regions: {allow: [wolrd]}}\n", `4: unknown region "wolrd"; did you mean "world"?`},
	{"misspelled group", "version: 1\ngroups: {dach: [DE, AT, CH]}\ndefaults: {regions: {allow: [dahc]}}\ntitles: []\n", `3: unknown region "dahc"; did you mean "dach"?`},
	{"regions no mapping", head + "  - {id: a, title: A, file: a.mp4, regions: [FR]}\n", `4: regions must be keys with values, but is a list`},
	{"regions no list", head + "  - {id: a, title: A, file: a.mp4, regions: {allow: FR}}\n", `4: allow must be a list, but is "FR"; write [FR]`},
	{"unknown region in a group", "version: 1\ngroups:\n  a: [FR]\n  b: [a, XK]\ntitles: []\n",
		`4: unknown region "XK"; write a two-letter country code such as FR, or world, EU, or a name from groups`},
	{"group in a circle", "version: 1\ngroups:\n  a: [FR, b]\n  b: [c]\n  c: [a]\ntitles: []\n", `5: group "a" leads back to itself; take one of them out`},
	{"group of itself", "version: 1\ngroups:\n  a: [a]\ntitles: []\n", `3: group "a" leads back to itself; take one of them out`},
	{"group named as a region", "version: 1\ngroups:\n  fr: [DE]\n  World: [FR]\n  eu: [FR]\ntitles: []\n",
		"3: group \"fr\" has the name of a region; choose another name\n4: group \"World\" has the name of a region; choose another name\n" +
			`5: group "eu" has the name of a region; choose another name`},
	{"group name", "version: 1\ngroups:\n  my friends: [DE]\ntitles: []\n", `3: "my friends" is no name for a group; use letters, digits, - and _`},
	{"groups no mapping", "version: 1\ngroups: [DE]\ntitles: []\n", `2: groups must be keys with values, but is a list`},
	{"tiers no list", head + "  - {id: a, title: A, file: a.mp4, tiers: prime}\n", `4: tiers must be a list, but is "prime"; write [prime]`},
	{"tier", head + "  - {id: a, title: A, file: a.mp4, tiers: [very prime]}\n", `4: tier "very prime" holds a space; use - between words`},
	{"tier empty", head + "  - {id: a, title: A, file: a.mp4, tiers: ['']}\n", `4: a tier is empty`},
	{"date", head + "  - {id: a, title: A, file: a.mp4, from: 2026-02-30}\n",
		`4: from must be a day or an instant, but is "2026-02-30"; write a day such as 2027-01-31, an instant such as 2027-01-31T20:00:00+01:00, or none`},
	{"no bound by accident", head + "  - {id: a, title: A, file: a.mp4, until: 0001-01-01}\n",
		`4: until must be a day or an instant, but is "0001-01-01"; write a day such as 2027-01-31, an instant such as 2027-01-31T20:00:00+01:00, or none`},
	{"window", head + "  - id: a\n    title: A\n    file: a.mp4\n    until: 2026-01-01\n    from: 2026-01-01\n",
		`7: until (2026-01-01T00:00:00Z) is not after from (2026-01-01T00:00:00Z); nobody could ever watch it`},
	{"window, half inherited", "version: 1\ndefaults: {regions: {allow: [FR]}, from: 2026-01-01}\ntitles:\n  - {id: a, title: A, file: a.mp4, until: 2025-01-01}\n",
		`4: until (2025-01-01T00:00:00Z) is not after from (2026-01-01T00:00:00Z); nobody could ever watch it`},
	{"audio", head + "  - {id: a, title: A, file: a.mp4, audio: yes}\n", `4: audio must be auto, none or a list of files, but is "yes"`},
	{"subtitles", head + "  - {id: a, title: A, file: a.mp4, subtitles: a.srt}\n", `4: subtitles must be auto, none or a list of files, but is "a.srt"`},
	{"warning beside a problem", "version: 1\ntitles:\n  - {id: a, title: A, file: a.mp4}\n  - {id: b, title: B}\n",
		`3: warning: "A" has no region rule, so it is for the host alone; say who may watch it with "regions: {allow: [world]}" or less, here or under defaults` + "\n" +
			`4: warning: "B" has no region rule, so it is for the host alone; say who may watch it with "regions: {allow: [world]}" or less, here or under defaults` + "\n" +
			`4: this entry has no "file"; such as "file: night-train.mp4"`},
}

func TestProblems(t *testing.T) {
	for _, test := range problemTests {
		t.Run(test.name, func(t *testing.T) {
			c, problems := Parse("f.yaml", []byte(test.text), nil)
			want := "f.yaml:" + strings.ReplaceAll(test.want, "\n", "\nf.yaml:")
			if got := problems.Error(); got != want {
				t.Errorf("in\n%s\ngot\n%s\nwant\n%s", test.text, got, want)
			}
			if c != nil || problems.Err() == nil {
				t.Errorf("a broken file gave a catalog")
			}
		})
	}
}

func TestPaths(t *testing.T) {
	tests := []struct{ path, fault string }{
		{`../a.mp4`, `leaves the library by ..`},
		{`a/../b.mp4`, `leaves the library by ..`},
		{`a/..`, `leaves the library by ..`},
		{`/etc/passwd`, `is absolute`},
		{`//host/share/a.mp4`, `is absolute`},
		{`a\b.mp4`, `holds a backslash; folders are separated by /`},
		{`..\a.mp4`, `holds a backslash; folders are separated by /`},
		{`C:/a.mp4`, `starts with a drive letter`},
		{`c:a.mp4`, `starts with a drive letter`},
		{"a.mp4\x00.txt", `holds a NUL character`},
		{`films/`, `ends in a slash, so it names a folder`},
		{`films//a.mp4`, `holds two slashes in a row`},
		{`./a.mp4`, `holds a . where a name should be`},
		{`.`, `holds a . where a name should be`},
		{``, `is empty`},
		{strings.Repeat("a/", 2048) + "a", `is too long`},
	}
	for _, test := range tests {
		for _, key := range []string{"file: %q", "{file: a.mp4, poster: %q}", "{file: a.mp4, subtitles: [%q]}"} {
			entry := strings.Trim(fmt.Sprintf(key, test.path), "{}")
			c, problems := Parse("f.yaml", []byte(head+film+"  - {id: b, title: B, "+entry+"}\n"), nil)
			if c != nil || len(problems) != 1 || problems[0].Line != 5 ||
				!strings.HasPrefix(problems[0].Text, "WP-CATALOG-PATH: ") || !strings.HasSuffix(problems[0].Text, " "+test.fault) {
				t.Errorf("%s: %v, want %s", entry, problems, test.fault)
			}
		}
	}
	for _, path := range []string{"a..b/..c/d...mp4", "Été/L'été – 1.mkv", "-dash.mp4", "new\nline.mp4", "%s.mp4", "con.mp4", "1:2.mp4"} {
		if fault := pathFault(path); fault != "" {
			t.Errorf("%q %s", path, fault)
		}
	}
}

func TestLongReport(t *testing.T) {
	var text strings.Builder
	text.WriteString("version: 1\ntitles:\n")
	for i := range 300 {
		fmt.Fprintf(&text, "  - {id: a%d, title: A, file: a.mp4}\n", i) // line i+3
	}
	c, problems := Parse("f.yaml", []byte(text.String()), nil)
	if c == nil || len(problems) != 101 || problems[100].String() != "f.yaml:102: warning: and 200 more" {
		t.Fatalf("%d problems, last %v", len(problems), problems[len(problems)-1])
	}
	text.WriteString("  - {id: a, title: A}\n") // behind all the warnings
	c, problems = Parse("f.yaml", []byte(text.String()), nil)
	if c != nil || len(problems) != 101 || problems.Err() == nil ||
		!strings.Contains(problems.Error(), `f.yaml:303: this entry has no "file"`) ||
		problems[100].Text != "and 202 more" || !problems[100].Warning {
		t.Fatalf("%d problems:\n%v", len(problems), problems)
	}
	text.Reset()
	text.WriteString(head)
	for range 300 {
		text.WriteString("  - {x: y}\n")
	}
	_, problems = Parse("f.yaml", []byte(text.String()), nil)
	if last := problems[len(problems)-1]; len(problems) != 101 || last.Text != "and 1100 more" || last.Warning {
		t.Fatalf("%d problems, last %v", len(problems), last)
	}
}

// Files made to exhaust the reader are refused, and soon.
func TestHostileFiles(t *testing.T) {
	bomb := "version: 1\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 12; i++ {
		prior := fmt.Sprintf("*a%d", i-1)
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Join([]string{prior, prior, prior, prior, prior, prior, prior, prior, prior, prior}, ","))
	}
	var groups strings.Builder
	groups.WriteString("version: 1\ngroups:\n  g0: [EU, world, FR]\n")
	for i := 1; i < maxGroups+1; i++ {
		fmt.Fprintf(&groups, "  g%d: [g%d, g%d, g%d]\n", i, i-1, i-1, i-1)
	}
	groups.WriteString("titles: []\n")
	var many strings.Builder
	many.WriteString(head)
	for i := range maxTitles + 3 {
		fmt.Fprintf(&many, "- {id: a%d, title: A, file: a}\n", i)
	}
	tests := []struct{ name, text, want string }{
		{"alias bomb", bomb, "f.yaml:2: anchors (&a0) are not allowed"},
		{"10,000 deep", "version: 1\ntitles: " + strings.Repeat("[", 9999) + strings.Repeat("]", 9999), "f.yaml:2: nested more than 32 deep"},
		{"a million deep", "version: 1\ntitles: " + strings.Repeat("[", 1_000_000), "f.yaml:2: not valid YAML: exceeded max depth of 10000"},
		{"33 deep", "version: 1\ntitles: " + strings.Repeat("[", 32) + strings.Repeat("]", 32), "f.yaml:2: nested more than 32 deep"},
		{"more than 8 MB", head + strings.Repeat(film, maxBytes/len(film)), "f.yaml:1: the file has 8388647 bytes; a catalog has at most 8388608"},
		{"too many groups", groups.String(), "f.yaml:1003: more than 1000 groups"},
		{"too many titles", many.String(), "f.yaml:100004: more than 100000 titles; split the catalog"},
		{"long key", head + "  - ? " + strings.Repeat("k", 1_000_000) + "\n    : 1\n", "f.yaml:4: this title has no"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			c, problems := Parse("f.yaml", []byte(test.text), nil)
			if c != nil || len(problems) == 0 || !strings.HasPrefix(problems[0].String(), test.want) {
				t.Errorf("got %.300s\nwant %s", problems, test.want)
			}
			if len(problems.Error()) > 100_000 {
				t.Errorf("a report of %d bytes", len(problems.Error()))
			}
			t.Logf("%d bytes in %s", len(test.text), time.Since(start))
		})
	}
}
