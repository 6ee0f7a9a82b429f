package party

import "slices"

// Abilities are what a screen says that it can play. It says it after a welcome and every half
// minute, so what was not heard for longer is forgotten.
type Abilities struct {
	Player     string   `json:"player"`     // "browser", "mpv", which plays every file; others are passed on empty
	Containers []string `json:"containers"` // of files: "mp4", "webm", "x-matroska", "ogg", "mpeg", "flac", "aac"
	Codecs     []string `json:"codecs"`     // "h264", "hevc", "hevc-10" for ten bits, "aac" …
	HLS        string   `json:"hls"`        // "native", "mse", or empty: it cannot
	Height     int      `json:"height"`     // of the screen, in its own pixels; 0: not known
}

const (
	maxAbilities  = 40 // words in each list
	maxAbility    = 16 // bytes of a word
	tallestScreen = 20_000
)

// Bound keeps a stranger's words and numbers within what screens really say.
func (a *Abilities) Bound() {
	if a.Player != "browser" && a.Player != "mpv" {
		a.Player = ""
	}
	if a.HLS != "native" && a.HLS != "mse" {
		a.HLS = ""
	}
	a.Height = max(0, min(a.Height, tallestScreen))
	for _, list := range []*[]string{&a.Containers, &a.Codecs} {
		*list = (*list)[:min(len(*list), maxAbilities)]
		*list = slices.DeleteFunc(*list, func(word string) bool { return len(word) > maxAbility })
	}
}
