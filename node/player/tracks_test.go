package player

import "testing"

// TestAlike: a choice of track means the most alike one in another film, and none
// where none is.
func TestAlike(t *testing.T) {
	film := []track{
		{1, "audio", "fr", ""}, {2, "audio", "en", ""}, {1, "sub", "fr", "Français"}, {2, "sub", "en", "English"}, {3, "sub", "en", "English (SDH)"},
	}
	for _, c := range []struct {
		chosen track
		kind   string
		want   int
	}{
		{track{9, "sub", "en", "English (SDH)"}, "sub", 3},
		{track{9, "sub", "en", "Commentary"}, "sub", 2},
		{track{9, "audio", "en", "Stereo"}, "audio", 2},
		{track{9, "sub", "", "Français"}, "sub", 1},
		{track{9, "sub", "de", "Deutsch"}, "sub", 0},
		{track{9, "sub", "", ""}, "sub", 0},
	} {
		if got, _ := c.chosen.find(film, c.kind); got.ID != c.want {
			t.Errorf("%+v: got %d, want %d", c.chosen, got.ID, c.want)
		}
	}
}
