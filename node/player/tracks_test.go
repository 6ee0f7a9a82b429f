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

// TestBequeath: what mpv told of just before it ended counts, although nobody had read it.
func TestBequeath(t *testing.T) {
	m := &mpv{ipc: &ipc{events: make(chan message, 3)}}
	for _, volume := range []string{"100", "41"} { // the first value is nobody's choice
		m.events <- message{Event: "property-change", Name: "volume", Data: []byte(volume)}
	}
	m.events <- message{Event: "playback-restart"}
	s := &sitting{Screen: &Screen{choices: newChoices()}, m: m, told: map[string]bool{}}
	s.bequeath()
	if got := string(s.choices.settings["volume"]); got != "41" {
		t.Errorf("the volume is %q", got)
	}
}
