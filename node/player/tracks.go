package player

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
)

// kept are the properties in which a person's choice outlives the film and mpv. The
// first two are tracks, whose numbers mean something else in the next film.
var kept = []string{"sid", "aid", "sub-visibility", "volume", "mute", "audio-delay", "sub-delay"}

var trackKind = map[string]string{"sid": "sub", "aid": "audio"}

// choices are what a person has chosen at the player.
type choices struct {
	settings map[string]json.RawMessage
	tracks   map[string]track
}

func newChoices() choices { return choices{map[string]json.RawMessage{}, map[string]track{}} }

// track is an entry of mpv's track-list; the zero track is none.
type track struct {
	ID    int    `json:"id"`
	Type  string `json:"type"`
	Lang  string `json:"lang"`
	Title string `json:"title"`
}

// find is the track of a film that is most like one of another.
func (t track) find(all []track, kind string) (track, bool) {
	for _, alike := range []func(o track) bool{
		func(o track) bool { return o.Lang == t.Lang && o.Title == t.Title },
		func(o track) bool { return o.Lang == t.Lang && t.Lang != "" },
		func(o track) bool { return o.Title == t.Title && t.Title != "" },
	} {
		i := slices.IndexFunc(all, func(o track) bool { return o.Type == kind && alike(o) })
		if i >= 0 {
			return all[i], true
		}
	}
	return track{}, false
}

// choose notes a choice. A property's first value in an mpv is nobody's; a track's
// value is somebody's only once the film's tracks are all there.
func (t *sitting) choose(c chosen) error {
	kind, isTrack := trackKind[c.name]
	if !t.told[c.name] {
		t.told[c.name] = true
		return nil
	}
	if !isTrack {
		t.choices.settings[c.name] = c.data
		return nil
	}
	if !t.tracked {
		return nil
	}
	var id int
	if json.Unmarshal(c.data, &id) != nil { // "no"
		t.choices.tracks[c.name] = track{}
		return nil
	}
	all, _, err := get[[]track](t.m, "track-list")
	i := slices.IndexFunc(all, func(o track) bool { return o.Type == kind && o.ID == id })
	if i >= 0 {
		t.choices.tracks[c.name] = all[i]
	}
	return err
}

// bequeath notes the choices that a player told of before it ended and that nobody has
// read yet.
func (t *sitting) bequeath() {
	for {
		select {
		case e := <-t.m.events:
			if e.Event == "property-change" && slices.Contains(kept, e.Name) {
				t.hear(e)
			}
		default:
			return
		}
	}
}

// equip gives a new mpv what was chosen in the one before.
func (t *sitting) equip() error {
	for name, value := range t.choices.settings {
		if err := t.m.do("set_property", name, value); err != nil {
			return err
		}
	}
	return nil
}

// bring adds the subtitles and sounds that lie beside the film, on its own goroutine, since mpv
// answers when it has fetched them.
func (t *sitting) bring(l listing) {
	m, added := t.m, t.added
	base := t.cfg.URL + "/media/t/" + url.PathEscape(string(l.ID))
	var all [][]any
	for _, sub := range l.Subtitles {
		if !sub.Inside { // else mpv has the film itself, and finds them there
			all = append(all, []any{"sub-add", base + "/subtitles/" + url.PathEscape(sub.Key) + ".vtt", "auto", sub.Label, sub.Lang})
		}
	}
	file := func(key string) string { return base + "/sounds/" + url.PathEscape(key) }
	for _, sound := range l.Play.Sounds {
		how := "auto"
		if sound.On {
			how = "select"
		}
		if sound.Beside != "" && !slices.ContainsFunc(all, func(a []any) bool { return a[1] == file(sound.Beside) }) {
			all = append(all, []any{"audio-add", file(sound.Beside), how, sound.Label, sound.Lang})
		}
	}
	t.parts.Go(func() {
		for _, add := range all {
			if _, _, err := m.callFor(askTime, add); errors.Is(err, errGone) {
				return
			}
		}
		select {
		case added <- l.ID:
		case <-m.done:
		}
	})
}

// restore chooses the tracks again, now that all are there.
func (t *sitting) restore() error {
	all, _, err := get[[]track](t.m, "track-list")
	if err != nil {
		return err
	}
	for name, chosen := range t.choices.tracks {
		var value any = "no"
		if chosen != (track{}) {
			found, ok := chosen.find(all, trackKind[name])
			if !ok {
				continue
			}
			value = found.ID
		}
		if err := t.m.do("set_property", name, value); err != nil {
			return err
		}
	}
	t.tracked = true
	return nil
}
