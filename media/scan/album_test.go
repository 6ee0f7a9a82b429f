package scan

import (
	"strings"
	"testing"

	"watchparty/media/ffmpeg"
)

const albums = `  # Found on 2026-11-27 by catalog scan
  - id: the-piers-low-tide-2020
    title: Low Tide
    artist: The Piers
    year: 2020
    kind: album
    poster: The Piers/Low Tide (2020)/cover.jpg
    tracks:
      - track: 1
        title: Ebb
        file: The Piers/Low Tide (2020)/CD 1/01 - Ebb.flac
        poster: The Piers/Low Tide (2020)/CD 1/01 - Ebb.jpg
        duration: 1h30m0s
      - track: 2
        title: Slack Water
        file: The Piers/Low Tide (2020)/CD 1/02.flac
        duration: 1h30m0s
      - track: 4
        title: Bonus
        file: The Piers/Low Tide (2020)/Bonus.flac
        duration: 1h30m0s
      - track: 5
        title: Other Bonus
        file: The Piers/Low Tide (2020)/Other Bonus.flac
        duration: 1h30m0s
      - disc: 2
        track: 1
        title: Track 1
        file: The Piers/Low Tide (2020)/CD 2/Track 01.flac
        duration: 1h30m0s
  - id: various-artists-fairs
    title: Fairs
    artist: Various Artists
    kind: album
    tracks:
      - track: 1
        title: Wheel
        artist: Somebody
        file: Various Artists/Fairs/01 - Wheel.mp3
        duration: 1h30m0s
  - id: nobody-alone
    title: alone
    artist: Nobody
    kind: music
    file: alone.mp3
    duration: 1h30m0s
  - id: a-duo-loose-1999
    title: Loose
    artist: A Duo
    year: 1999
    kind: album
    poster: loose/folder.jpg
    tracks:
      - track: 1
        title: one
        file: loose/one.mp3
        duration: 1h30m0s
`

// Music becomes albums: by folders, and by tags where those say nothing.
func TestAlbums(t *testing.T) {
	h := newHouse(t, "The Piers/Low Tide (2020)/CD 1/01 - Ebb.flac", "The Piers/Low Tide (2020)/CD 1/01 - Ebb.jpg", "The Piers/Low Tide (2020)/CD 1/02.flac",
		"The Piers/Low Tide (2020)/CD 1/02.mp3", "The Piers/Low Tide (2020)/CD 2/Track 01.flac", "The Piers/Low Tide (2020)/cover.jpg",
		"The Piers/Low Tide (2020)/Bonus.flac", "The Piers/Low Tide (2020)/Other Bonus.flac", "Various Artists/Fairs/01 - Wheel.mp3", "alone.mp3", "loose/one.mp3", "loose/folder.jpg")
	h.tags = map[string]ffmpeg.Tags{
		"01 - Ebb.flac": {Artist: "Piers, The", Title: "Not this", Year: 1999}, "02.flac": {Title: "Slack\nWater", Track: 9},
		"Bonus.flac": {Track: 4}, "01 - Wheel.mp3": {Artist: "Somebody"}, "alone.mp3": {Artist: "Nobody"},
		"one.mp3": {Album: "Loose", Artist: "A Duo", Year: 1999},
		"two.mp3": {Album: "Loose", Artist: "A Duo", Year: 1999, Track: 2},
	}
	r := h.scan()
	if text := h.read(); !strings.HasSuffix(text, albums) {
		t.Errorf("the catalog is\n%s\nand left out are %v", text, r.LeftOut)
	}
	if len(r.LeftOut) != 1 || r.LeftOut[0].Code != "WP-SCAN-TWICE" || !strings.HasSuffix(r.LeftOut[0].File, "02.mp3") {
		t.Errorf("left out: %v", r.LeftOut)
	}
	// What a person wrote stays, and new tracks find their album, whatever it is called now.
	edited := strings.NewReplacer("title: Low Tide", "title: Mine # yes", "artist: A Duo", "artist: Others", "title: Loose", "title: Lost").Replace(h.read())
	h.write(edited)
	h.put("The Piers/Low Tide (2020)/CD 2/02 - Flood.flac", "flood")
	h.put("loose/two.mp3", "more of it, two")
	if r = h.scan(); len(r.New) != 2 || r.Probed != 2 || r.New[0].Name != "Mine: Flood" || r.New[1].Name != "Lost: two" {
		t.Errorf("%+v", r)
	}
	want := strings.Replace(edited, "CD 2/Track 01.flac\n        duration: 1h30m0s\n", `CD 2/Track 01.flac
        duration: 1h30m0s
      # Found on 2026-11-27 by catalog scan
      - disc: 2
        track: 2
        title: Flood
        file: The Piers/Low Tide (2020)/CD 2/02 - Flood.flac
        duration: 1h30m0s
`, 1) + `      # Found on 2026-11-27 by catalog scan
      - track: 2
        title: two
        file: loose/two.mp3
        duration: 1h30m0s
`
	if got := h.read(); got != want {
		t.Errorf("the catalog is\n%s\nwant\n%s", got, want)
	}
	if h.scan(); h.read() != want {
		t.Errorf("a scan with nothing new made it\n%s", h.read())
	}
}
