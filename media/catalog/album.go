package catalog

import (
	"cmp"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

const (
	maxDisc  = 99
	maxTrack = 999
)

var trackKeys = slices.Concat(ruleKeys, []string{"id", "title", "artist", "year", "file", "poster", "synopsis", "duration", "disc", "track"})

// An Album is a record; what can be heard are its tracks, which are titles of the kind [Music].
type Album struct {
	ID     TitleID
	Name   string
	Artist string // empty: not said
	Year   int
	Poster string    // its cover, which tracks without a picture of their own have too
	Tracks []TitleID // by disc, then track; those a viewer may know of show the album too
	Line   int
}

// album reads an album and its tracks, which inherit its rules, artist, year, cover and synopsis.
func (s *shelf) album(n *yaml.Node, m fields) {
	t := s.base
	t.Kind, t.Line = Records, n.Line
	if id := s.need(n, m, "this album", "id", `such as "id: low-tide"`); id != nil {
		t.ID = s.id(id)
		s.claim(id, t.ID)
	}
	s.none(m, "belongs to the tracks of an album", "file", "source", "duration")
	s.none(m, "is for episodes", "season", "episode", "episodes")
	s.details(n, m, &t)
	list := s.need(n, m, "this album", "tracks", `add "tracks:" and a list below it`)
	if list == nil {
		return
	}
	items := s.list(list, "tracks")
	if list.Kind == yaml.SequenceNode && len(items) == 0 {
		s.bad(list, "", "an album needs at least one track")
	}
	var tracks []*Title
	for _, item := range items {
		if track := s.track(item, t); track != nil {
			tracks = append(tracks, track)
		}
	}
	album := &Album{ID: t.ID, Name: t.Name, Artist: t.Artist, Year: t.Year, Poster: t.Poster, Line: t.Line}
	slices.SortStableFunc(tracks, byTrack)
	for i, track := range tracks {
		if i > 0 {
			if last := tracks[i-1]; byTrack(last, track) == 0 && last.ID != track.ID {
				s.at(track.Line, 1, "number them anew", "disc %d, track %d is there twice, first on line %d", track.Disc, track.Track, last.Line)
			}
			s.catalog.next[tracks[i-1].ID] = track.ID
		}
		album.Tracks = append(album.Tracks, track.ID)
	}
	s.catalog.Albums = append(s.catalog.Albums, album)
}

func byTrack(a, b *Title) int {
	return cmp.Or(cmp.Compare(a.Disc, b.Disc), cmp.Compare(a.Track, b.Track))
}

// track reads one track. It is nil if it has no number to be told apart by.
func (s *shelf) track(n *yaml.Node, album Title) *Title {
	m := s.mapping(n, "a track", trackKeys...)
	if m == nil || s.full {
		return nil
	}
	t := album
	t.Kind, t.Line = Music, n.Line
	t.Album, t.AlbumName, t.AlbumArtist = album.ID, album.Name, album.Artist
	t.ID, t.Name, t.Disc = "", "", 1
	if v := m["disc"]; v != nil {
		t.Disc, _ = s.number(v, "disc", 1, maxDisc)
	}
	numbered := false
	if v := s.need(n, m, "this track", "track", "number the tracks from 1"); v != nil {
		t.Track, numbered = s.number(v, "track", 0, maxTrack)
	}
	s.details(n, m, &t)
	at := n
	if id := m["id"]; id != nil {
		t.ID, at = s.id(id), id
	} else if numbered && album.ID != "" {
		t.ID = TitleID(fmt.Sprintf("%s-%02d", album.ID, t.Track))
		if t.Disc > 1 {
			t.ID = TitleID(fmt.Sprintf("%s-d%02d-%02d", album.ID, t.Disc, t.Track))
		}
		if !titleID.MatchString(string(t.ID)) {
			s.bad(n, "give the track an id of its own", "the id %q made from that of the album is too long", t.ID)
		}
	}
	s.add(at, &t)
	if !numbered {
		return nil
	}
	return &t
}
