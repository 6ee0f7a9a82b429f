package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// zone loads a time zone that the tests carry with them.
func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

// mustParse reads a catalog that has no problems but those given.
func mustParse(tb testing.TB, text string, z *time.Location, warnings ...string) *Catalog {
	tb.Helper()
	c, problems := Parse("films.yaml", []byte(text), z)
	if got := strings.Join(warnings, "\n"); problems.Error() != got || c == nil {
		tb.Fatalf("problems:\n%s\nwant:\n%s", problems, got)
	}
	return c
}

func mustTitle(tb testing.TB, c *Catalog, id TitleID) *Title {
	tb.Helper()
	t, ok := c.Title(id)
	if !ok {
		tb.Fatalf("no title %q", id)
	}
	return t
}

const whole = `version: 1
library: ./films
groups:
  near: [dach, BE]
  dach: [DE, AT, CH]
defaults:
  regions: {allow: [world], deny: [KP]}
  tiers: []
guests: {tiers: [visitor]}
titles:
  - id: night-train
    title: Night Train
    year: 2021
    kind: film
    file: night-train.mp4
    poster: art/night-train.jpg
    synopsis: >
      A train,
      at night.
    duration: 1h32m
    regions: {allow: [fr, near], deny: [CH]}
    tiers: [prime, gold]
    from: 2026-01-01
    until: 2027-01-01T12:00:00Z
    rating: 12
    subtitles: [night-train.fr.srt]
    hidden: true
  - id: harbour
    title: Harbour
    kind: series
    rating: 6
    tiers: [prime]
    from: 2026-05-01
    subtitles: none
    audio: [Harbour/radio.en.mka]
    episodes:
      - {season: 2, episode: 1, title: Ebb, file: Harbour/S02E01.mkv, tiers: []}
      - {season: 1, episode: 2, title: Flood, file: Harbour/S01E02.mkv, id: flood, rating: 16, regions: {deny: []}}
      - {season: 1, episode: 1, title: Tide, file: Harbour/S01E01.mkv, from: none}
  - {id: "7", title: 1917, file: 1917.mp4}
  - {id: match, title: The Match, kind: live, source: "https://example.org/match.m3u8"}
  - {id: oslo, title: Oslo, kind: music, file: oslo.flac, regions: {allow: [NO]}}
`

func TestWholeCatalog(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	c := mustParse(t, whole, paris)
	var ids []TitleID
	for _, title := range c.Titles {
		ids = append(ids, title.ID)
	}
	if want := []TitleID{"night-train", "harbour-s02e01", "flood", "harbour-s01e01", "7", "match", "oslo"}; !slices.Equal(ids, want) {
		t.Errorf("titles %q, want %q", ids, want)
	}
	if c.Library != "./films" || !slices.Equal(c.GuestTiers, []Tier{"visitor"}) {
		t.Errorf("library %q, guest tiers %q", c.Library, c.GuestTiers)
	}
	tests := []struct {
		id   TitleID
		want string
	}{
		{"night-train", `&{night-train Night Train 2021 film night-train.mp4  art/night-train.jpg {false [night-train.fr.srt]} {true []} ` +
			`{[AT BE CH DE FR] [CH] [prime gold] 2026-01-01 00:00:00 +0100 CET 2027-01-01 13:00:00 +0100 CET 12 true false} A train, at night. 1h32m0s   0 0     0 0 11}`},
		{"harbour-s01e01", `&{harbour-s01e01 Tide 0 episode Harbour/S01E01.mkv   {false []} {false [Harbour/radio.en.mka]} ` +
			`{[world] [KP] [prime] 0001-01-01 00:00:00 +0000 UTC 0001-01-01 00:00:00 +0000 UTC 6 false false}  0s harbour Harbour 1 1     0 0 39}`},
		{"flood", `&{flood Flood 0 episode Harbour/S01E02.mkv   {false []} {false [Harbour/radio.en.mka]} ` +
			`{[world] [] [prime] 2026-05-01 00:00:00 +0200 CEST 0001-01-01 00:00:00 +0000 UTC 16 false false}  0s harbour Harbour 1 2     0 0 38}`},
		{"7", `&{7 1917 0 film 1917.mp4   {true []} {true []} ` +
			`{[world] [KP] [] 0001-01-01 00:00:00 +0000 UTC 0001-01-01 00:00:00 +0000 UTC 0 false false}  0s   0 0     0 0 40}`},
	}
	for _, test := range tests {
		if got := fmt.Sprint(mustTitle(t, c, test.id)); got != test.want {
			t.Errorf("%s is\n%s\nwant\n%s", test.id, got, test.want)
		}
	}
	if got := mustTitle(t, c, "match"); got.Source != "https://example.org/match.m3u8" || got.File != "" {
		t.Errorf("what is live comes from %q, %q", got.Source, got.File)
	}
	if got := mustTitle(t, c, "oslo").Rule.Allow; !slices.Equal(got, []Region{"NO"}) {
		t.Errorf("NO is read as %q, not as Norway", got)
	}
}

const album = "version: 1\ndefaults: {regions: {allow: [world]}}\n" + `titles:
  - id: low-tide
    title: Low Tide
    kind: album
    artist: The Piers
    year: 2020
    poster: Low Tide/cover.jpg
    tiers: [gold]
    tracks:
      - {disc: 2, track: 1, title: Flood, file: Low Tide/CD 2/01.flac, artist: A Guest}
      - {track: 2, title: Slack, file: Low Tide/02.flac, tiers: [], id: slack, duration: 3m20.125s}
      - {track: 1, title: Ebb, file: Low Tide/01.flac, poster: Low Tide/ebb.jpg}
  - {id: alone, title: Alone, kind: music, artist: Nobody, file: alone.mp3}
`

// The tracks of an album are music with its rules, artist, year and cover, in order over the discs.
func TestAlbum(t *testing.T) {
	c := mustParse(t, album, nil)
	if len(c.Albums) != 1 || fmt.Sprint(*c.Albums[0]) != "{low-tide Low Tide The Piers 2020 Low Tide/cover.jpg [low-tide-01 slack low-tide-d02-01] 4}" {
		t.Fatalf("albums %v", *c.Albums[0])
	}
	for id, want := range map[TitleID]string{
		"low-tide-01":     "Ebb music 2020 The Piers Low Tide/ebb.jpg [gold] low-tide Low Tide The Piers 1 1 0s",
		"slack":           "Slack music 2020 The Piers Low Tide/cover.jpg [] low-tide Low Tide The Piers 1 2 3m20.125s",
		"low-tide-d02-01": "Flood music 2020 A Guest Low Tide/cover.jpg [gold] low-tide Low Tide The Piers 2 1 0s",
		"alone":           "Alone music 0 Nobody  []    0 0 0s",
	} {
		is := mustTitle(t, c, id)
		if got := fmt.Sprint(is.Name, " ", is.Kind, " ", is.Year, " ", is.Artist, " ", is.Poster, " ", is.Rule.Tiers, " ", is.Album, " ", is.AlbumName, " ", is.AlbumArtist, " ", is.Disc, is.Track, is.Duration); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	for id, want := range map[TitleID]TitleID{"low-tide-01": "slack", "slack": "low-tide-d02-01", "low-tide-d02-01": "", "alone": ""} {
		if next, _ := c.Next(id); next != want {
			t.Errorf("after %q comes %q, want %q", id, next, want)
		}
	}
	if _, ok := c.Title("low-tide"); ok {
		t.Error("an album is a title")
	}
}

func TestSeries(t *testing.T) {
	c := mustParse(t, whole, nil)
	if len(c.Shows) != 1 || c.Shows[0].ID != "harbour" || c.Shows[0].Name != "Harbour" {
		t.Fatalf("shows %v", c.Shows)
	}
	order := []TitleID{"harbour-s01e01", "flood", "harbour-s02e01"}
	if got := c.Shows[0].Episodes; !slices.Equal(got, order) {
		t.Errorf("episodes %q, want %q", got, order)
	}
	for i, id := range order[:2] {
		if next, ok := c.Next(id); !ok || next != order[i+1] {
			t.Errorf("after %q comes %q, %t", id, next, ok)
		}
	}
	for _, id := range []TitleID{"harbour-s02e01", "night-train", "harbour", "nothing"} {
		if next, ok := c.Next(id); ok {
			t.Errorf("after %q comes %q", id, next)
		}
	}
	if _, ok := c.Title("harbour"); ok {
		t.Error("a series is a title")
	}
}

// Each level hands on, key by key, what the next one does not say.
func TestInheritance(t *testing.T) {
	c := mustParse(t, `version: 1
defaults:
  {regions: {allow: [world], deny: [CH]}, tiers: [prime], from: 2026-01-01, until: 2030-01-01, rating: 12, hidden: true}
titles:
  - {id: a, title: A, file: a.mp4}
  - {id: b, title: B, file: b.mp4, regions: {allow: [CH, FR]}}
  - {id: c, title: C, file: c.mp4, regions: {deny: [FR]}}
  - {id: d, title: D, file: d.mp4, regions: {deny: []}, tiers: [], from: none, until: none, rating: 0, hidden: false}
  - id: s
    title: S
    kind: series
    regions: {allow: [FR]}
    until: 2028-01-01
    episodes:
      - {season: 1, episode: 1, title: E, file: e.mp4}
      - {season: 1, episode: 2, title: F, file: f.mp4, regions: {deny: [DE]}, until: 2029-01-01}
`, nil)
	tests := []struct {
		id   TitleID
		want string
	}{
		{"a", "[world] [CH] [prime] 2026 2030 12 true"},
		{"b", "[CH FR] [CH] [prime] 2026 2030 12 true"},
		{"c", "[world] [FR] [prime] 2026 2030 12 true"},
		{"d", "[world] [] [] 1 1 0 false"},
		{"s-s01e01", "[FR] [CH] [prime] 2026 2028 12 true"},
		{"s-s01e02", "[FR] [DE] [prime] 2026 2029 12 true"},
	}
	for _, test := range tests {
		r := mustTitle(t, c, test.id).Rule
		if got := fmt.Sprint(r.Allow, r.Deny, r.Tiers, r.From.Year(), r.Until.Year(), r.Rating, r.Hidden); got != test.want {
			t.Errorf("%s has %s, want %s", test.id, got, test.want)
		}
	}
}

func TestSilenceAdmitsNobody(t *testing.T) {
	c := mustParse(t, `version: 1
titles:
  - {id: a, title: A, file: a.mp4}
  - {id: b, title: B, file: b.mp4, regions: {deny: [CH]}}
  - {id: c, title: C, file: c.mp4, regions: {allow: []}}
`, nil,
		`films.yaml:3: warning: "A" has no region rule, so it is for the host alone; say who may watch it with "regions: {allow: [world]}" or less, here or under defaults`,
		`films.yaml:4: warning: "B" has no region rule, so it is for the host alone; say who may watch it with "regions: {allow: [world]}" or less, here or under defaults`)
	if len(c.Warnings) != 2 || c.Warnings.Err() != nil {
		t.Errorf("warnings %v", c.Warnings)
	}
	for _, id := range []TitleID{"a", "b", "c"} {
		if d := c.Decide(id, Viewer{House: "FR"}, time.Time{}); d.OK || d.Code != CodeRegion {
			t.Errorf("%s: %+v", id, d)
		}
		if d := c.Decide(id, Viewer{Host: true}, time.Time{}); !d.OK {
			t.Errorf("%s, host: %+v", id, d)
		}
	}
}

func TestOneFileTwoRules(t *testing.T) {
	mustParse(t, `version: 1
defaults: {regions: {allow: [FR]}}
titles:
  - {id: a, title: A, file: a.mp4}
  - {id: b, title: B, file: a.mp4}
  - {id: c, title: C, file: a.mp4, regions: {allow: [world]}}
`, nil, `films.yaml:6: warning: file "a.mp4" is also that of line 4, under another rule; whoever may watch one of them can watch the file`)
}
