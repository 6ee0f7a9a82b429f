// Package naming tells from a file's path what it is: a film, an episode, a piece of music, a
// poster, a subtitle. It knows the conventions of Jellyfin and Kodi, and the notes of Kodi's
// NFO files.
//
// It is pure: a path in, a value out. It promises an answer for every path, the same one each
// time. The answer is a guess of what a person meant, never a fact about the file.
package naming

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// A Kind says what a file is.
type Kind string

// The kinds of file. Extra is a trailer, a sample or a film about the film; Art is a picture
// that is neither of the other three; Other is everything that is left alone.
const (
	Film     Kind = "film"
	Episode  Kind = "episode"
	Music    Kind = "music"
	Extra    Kind = "extra"
	Poster   Kind = "poster"
	Fanart   Kind = "fanart"
	Thumb    Kind = "thumb"
	Art      Kind = "art"
	Subtitle Kind = "subtitle"
	Audio    Kind = "audio"
	Note     Kind = "nfo"
	Other    Kind = "other"
)

// Numbers of which a name may hold more are no numbers of seasons or parts.
const (
	oldestYear = 1880 // the first films
	newestYear = 2035
	maxRange   = 50 // episodes in one file
	maxPath    = 4096
)

// A File is what a path says. Fields that it does not speak of are zero.
type File struct {
	Kind  Kind
	Title string // of the film, the series or the piece of music
	Year  int    // of the film, the series or the album
	// Season and Episodes number an episode; 0 is the season of specials. Of music they are disc
	// and track; of a poster, Season is that of the season it is for, or -1.
	Season   int
	Episodes []int
	Date     string // "2021-03-04" for an episode named for its day: season 2021, episode 304
	Name     string // the episode's own title
	Part     int    // from 1, where a film is cut in pieces
	Edition  string // such as "Director's Cut"
	Version  string // such as "2160p"
	IMDb     string // such as "tt1375666"
	Artist   string
	Album    string
	Lang     string   // of a subtitle or sound beside a film, as written, in lower case
	Flags    []string // "forced", "sdh", "cc", "default"
	// Stem is the name of the film that a file beside it belongs to, without folder and ending;
	// empty for one that belongs to all of its folder.
	Stem string
}

// endings are the kinds of file by their ending; sounds may also lie beside a film.
var endings = map[string]Kind{}

func init() {
	for kind, list := range map[Kind]string{
		Film:     "mkv mp4 m4v mov avi webm ts m2ts mts mpg mpeg wmv flv ogv vob asf divx 3gp mk3d",
		Music:    "flac mp3 m4a aac ogg oga opus wav aiff aif wma ape wv alac",
		Audio:    "ac3 eac3 dts dtshd thd truehd mka",
		Art:      "jpg jpeg png webp",
		Subtitle: "srt vtt ass ssa",
		Note:     "nfo",
	} {
		for _, ending := range strings.Fields(list) {
			endings["."+ending] = kind
		}
	}
}

// Parse tells what a file is from its path below the library, with slashes.
func Parse(file string) File {
	if len(file) > maxPath {
		return File{Kind: Other}
	}
	parts := strings.Split(path.Clean("/" + file)[1:], "/")
	if slices.ContainsFunc(parts, func(s string) bool { return strings.HasPrefix(s, ".") && !strings.HasPrefix(s, "...") }) {
		return File{Kind: Other}
	}
	dirs, base := parts[:len(parts)-1], parts[len(parts)-1]
	ending := path.Ext(base)
	stem := strings.TrimSpace(strings.TrimSuffix(base, ending))
	kind, known := endings[strings.ToLower(ending)]
	switch {
	case !known || stem == "":
		return File{Kind: Other}
	case kind == Note:
		return note(stem)
	case kind == Art:
		return picture(stem)
	case kind == Subtitle || kind == Audio:
		return beside(kind, stem)
	case isExtra(dirs, stem):
		return File{Kind: Extra}
	case kind == Music:
		if f := beside(Audio, stem); f.Lang != "" {
			return f
		}
		return music(dirs, stem)
	}
	if f, ok := episode(dirs, stem); ok {
		return f
	}
	if _, _, in := seasonOf(dirs); in {
		return File{Kind: Extra} // no number: a bonus of the season
	}
	return film(dirs, stem)
}

// extraFolders are folders of what is not the film itself.
var extraFolders = strings.Split("extras|extra|featurettes|featurette|behind the scenes|trailers|trailer|samples|sample|deleted scenes|"+
	"interviews|scenes|shorts|clips|other|others|backdrops|theme-music", "|")

var (
	loneExtra   = regexp.MustCompile(`(?i)^(?:trailer|sample|theme)$`)
	extraSuffix = regexp.MustCompile(`(?i)(?:[-._ ](?:trailer|sample)\d*|-(?:behindthescenes|deleted|deletedscene|featurette|interview|scene|short|clip|other|extra))$`)
)

// isExtra tells trailers, samples and films about the film. A folder at the top is the name of
// a series or of a shelf, as is one that holds seasons.
func isExtra(dirs []string, stem string) bool {
	for i, dir := range dirs {
		if i == 0 || !slices.Contains(extraFolders, strings.ToLower(strings.TrimSpace(dir))) {
			continue
		}
		if i+1 == len(dirs) || !isSeason(dirs[i+1]) {
			return true
		}
	}
	return loneExtra.MatchString(stem) || extraSuffix.MatchString(stem)
}
