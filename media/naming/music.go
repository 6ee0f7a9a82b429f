package naming

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	discFolder = regexp.MustCompile(`(?i)^(?:cd|disc|disk|dvd)[\s._-]*(\d{1,2})$`)
	track      = regexp.MustCompile(`^(?:(\d{1,2})-)?(\d{1,3})(?:\s*[.\-_]\s*|\s+)(.+)$`)
	sided      = regexp.MustCompile(`^[A-H](\d{1,2})[\s.\-_]+(.+)$`)
	albumYear  = regexp.MustCompile(`^(.+?)\s*[(\[](\d{4})[)\]]$`)
	bare       = regexp.MustCompile(`(?i)^(?:(?:track|piste|titre|titel|spur|pista|traccia|nummer)[\s._-]*)?(\d{1,3})$`)
	yearAlbum  = regexp.MustCompile(`^[(\[]?(\d{4})[)\]]?\s*-\s*(.+)$`)
)

// music reads Artist/Album/01 - Track.
func music(dirs []string, stem string) File {
	f := File{Kind: Music}
	if len(dirs) > 0 {
		if m := discFolder.FindStringSubmatch(dirs[len(dirs)-1]); m != nil {
			f.Season = number(m[1])
			dirs = dirs[:len(dirs)-1]
		}
	}
	switch n := len(dirs); {
	case n == 1:
		f.Artist = dirs[0]
	case n > 1:
		f.Artist, f.Album = dirs[n-2], dirs[n-1]
	}
	if m := albumYear.FindStringSubmatch(f.Album); m != nil && year(m[2]) > 0 {
		f.Album, f.Year = m[1], year(m[2])
	} else if m := yearAlbum.FindStringSubmatch(f.Album); m != nil && year(m[1]) > 0 {
		f.Album, f.Year = m[2], year(m[1])
	}
	f.Title = stem
	if m := track.FindStringSubmatch(stem); m != nil {
		if m[1] != "" {
			f.Season = number(m[1])
		}
		f.Episodes, f.Title = []int{number(m[2])}, trim(m[3])
	} else if m := sided.FindStringSubmatch(stem); m != nil {
		f.Episodes, f.Title = []int{number(m[1])}, trim(m[2])
	} else if m := bare.FindStringSubmatch(stem); m != nil && f.Album != "" {
		f.Episodes = []int{number(m[1])}
	}
	if f.Title == "" {
		f.Title = stem
	}
	return f
}

// IsDisc tells whether a folder is one disc of an album.
func IsDisc(folder string) bool { return discFolder.MatchString(folder) }

// Untitled tells whether the title of a piece of music says no more than its number: "03",
// "Track 3".
func Untitled(title string) bool { return bare.MatchString(title) }

// Same tells whether two names are one, written by different hands: case and everything that
// is neither letter nor digit do not count.
func Same(a, b string) bool { return Key(a) == Key(b) }

// Key is a name as [Same] compares it.
func Key(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
