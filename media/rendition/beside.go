package rendition

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"watchparty/media/ffmpeg"
)

// A Beside is a sound of a film that lies beside it, in a file of its own: another language, or
// somebody's comment.
type Beside struct {
	Source
	Key     string // names it among those of the film
	Lang    string // what its name says, BCP 47; empty: nothing
	Title   string // likewise
	Default bool   // its name asks for it to be heard
}

// renditions are those of the sounds in file n beside a film of some length: "b0", or "b0-1" where
// it has several.
func (b Beside) renditions(n int, info ffmpeg.Info, length time.Duration) (all []Rendition) {
	for _, s := range info.Streams {
		if s.Type != "audio" {
			continue
		}
		name := fmt.Sprintf("b%d", n)
		if len(all) > 0 {
			name = fmt.Sprintf("b%d-%d", n, len(all))
		}
		s.Lang, s.Title, s.Default = cmp.Or(b.Lang, s.Lang), cmp.Or(b.Title, s.Title), b.Default && len(all) == 0
		all = append(all, Rendition{Name: name, Stream: s, Length: length, scale: 48000, step: 1024, beside: &b})
	}
	return all
}

// besides looks into the sounds beside a film. One that is no sound is left out, and the log says why.
func (s *Studio) besides(ctx context.Context, src Source, length time.Duration) (all []Rendition) {
	for n, b := range src.Beside {
		_, known, _ := s.Known(b.Source)
		info, err := s.Info(ctx, b.Source)
		if err != nil && !known {
			s.Log.Warn("a sound beside a film cannot be read", "sound", b.Key, "err", err)
		}
		if err != nil {
			continue
		}
		all = append(all, b.renditions(n, info, length)...)
	}
	return all
}

// of is the file from which a rendition is made.
func (r Rendition) of(film Source) Source {
	if r.beside != nil {
		return r.beside.Source
	}
	return film
}

// A Sound is what may be heard with a film.
type Sound struct {
	Label  string `json:"label"`            // as the playlist calls it
	Lang   string `json:"lang,omitempty"`   // as the file says, or its name
	On     bool   `json:"on,omitzero"`      // heard where nobody chooses
	Beside string `json:"beside,omitempty"` // names the file beside the film in which it is; empty: it is inside
}

// Sounds lists what may be heard with a film, as far as its files are known, in the order of the
// main playlist.
func (s *Studio) Sounds(src Source, film ffmpeg.Info) (all []Sound) {
	renditions := slices.DeleteFunc(Ladder(film), Rendition.video)
	for n, b := range src.Beside {
		if info, known, err := s.Known(b.Source); known && err == nil {
			renditions = append(renditions, b.renditions(n, info, film.Duration)...)
		}
	}
	chosen := heard(renditions)
	for i, label := range labels(renditions) {
		r := renditions[i]
		one := Sound{Label: label, Lang: quotable(r.Stream.Lang), On: r.Name == chosen}
		if r.beside != nil {
			one.Beside = r.beside.Key
		}
		all = append(all, one)
	}
	return all
}

// heard is the name of the sound that is heard where nobody chooses: the one beside the film that
// asks for it, else the film's own. It is empty where there is none.
func heard(sounds []Rendition) string {
	name, best := "", -1
	for _, r := range sounds {
		rank := 0
		if r.Stream.Default {
			rank = 1
			if r.beside != nil {
				rank = 2
			}
		}
		if rank > best {
			name, best = r.Name, rank
		}
	}
	return name
}

// labels are what sounds are called, each otherwise.
func labels(sounds []Rendition) (all []string) {
	for _, r := range sounds {
		name := cmp.Or(quotable(r.Stream.Title), quotable(r.Stream.Lang))
		if name == "" || slices.Contains(all, name) {
			name = strings.TrimSpace(fmt.Sprintf("%s %d", name, len(all)+1))
		}
		all = append(all, name)
	}
	return all
}
