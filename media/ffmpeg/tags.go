package ffmpeg

import "strings"

// Tags are what a file of music says of itself, as it was written: a stranger's text of any
// length. What it does not say is zero.
type Tags struct {
	Title       string `json:"title,omitempty"`
	Artist      string `json:"artist,omitempty"`      // of this piece
	AlbumArtist string `json:"albumArtist,omitempty"` // of the whole album
	Album       string `json:"album,omitempty"`
	Track       int    `json:"track,omitempty"` // from 1
	Disc        int    `json:"disc,omitempty"`  // from 1
	Year        int    `json:"year,omitempty"`
}

// tagNames are the names under which ffprobe tells tags, in lower case: it makes one of most
// formats' names, and leaves others as they were written.
var tagNames = map[string][]string{
	"title": {"title"}, "artist": {"artist"}, "albumArtist": {"album_artist", "albumartist", "album artist"}, "album": {"album"},
	"track": {"track", "tracknumber"}, "disc": {"disc", "discnumber"}, "year": {"date", "year", "originaldate"},
}

// tags reads those of the file, or where it has none, as in Ogg, of its sound.
func (r report) tags() Tags {
	all := map[string]string{}
	gather := func(tags map[string]string) {
		for name, value := range tags {
			if name = strings.ToLower(name); all[name] == "" {
				all[name] = strings.TrimSpace(value)
			}
		}
	}
	gather(r.Format.Tags)
	for _, s := range r.Streams {
		if s.Type == "audio" {
			gather(s.Tags)
			break
		}
	}
	text := func(what string) string {
		for _, name := range tagNames[what] {
			if all[name] != "" {
				return all[name]
			}
		}
		return ""
	}
	count := func(what string, digits int) int {
		value, _, _ := strings.Cut(text(what), "/") // "3/12"
		if digits > 0 && len(value) > digits {      // "2020-03-01"
			value = value[:digits]
		}
		if n := number(value); n <= 9999 {
			return int(n)
		}
		return 0
	}
	return Tags{Title: text("title"), Artist: text("artist"), AlbumArtist: text("albumArtist"), Album: text("album"),
		Track: count("track", 0), Disc: count("disc", 0), Year: count("year", 4)}
}
