package naming

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	imdb          = regexp.MustCompile(`(?:^|[^\pL\pN])(tt\d{7,9})(?:$|[^\pL\pN])`)
	editionTag    = regexp.MustCompile(`(?i)\{edition-([^}]*)\}`)
	notes         = regexp.MustCompile(`(?i)[\[{(](?:imdb|tmdb|tvdb)(?:id)?[-=][^\])}]*[\])}]`)
	group         = regexp.MustCompile(`^\[[^\]]*\][ _.]*`)
	pieces        = regexp.MustCompile(`(?i)(?:^|[\s._-])(?:cd|dvd|part|pt|disc|disk)[\s._-]*(\d{1,2})$`)
	versions      = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(2160p|1080[pi]|720p|576p|480p|4k)(?:$|[^\pL\pN])`)
	editionEnd    = regexp.MustCompile(`(?i)^(?:cut|edition)$`)
	noWord        = strings.NewReplacer("[", " ", "]", " ", "(", " ", ")", " ", "{", " ", "}", " ")
	lonelyBracket = regexp.MustCompile(`^[\[(]\d{4}[\])]`)
)

// film reads the name of a film; that of its folder is better where it alone knows the year.
func film(dirs []string, stem string) File {
	f := named(stem)
	f.Kind = Film
	if len(dirs) > 0 {
		folder := named(dirs[len(dirs)-1])
		if f.Year == 0 && folder.Year > 0 {
			f.Title, f.Year = folder.Title, folder.Year
		}
		if f.IMDb == "" && folder.Year > 0 {
			f.IMDb = folder.IMDb
		}
		if f.Edition == "" && folder.Year > 0 {
			f.Edition = folder.Edition
		}
	}
	if f.Title == "" {
		f.Title = stem
	}
	return f
}

// named reads one name, of a file or of a folder.
func named(name string) (f File) {
	if m := imdb.FindStringSubmatch(name); m != nil {
		f.IMDb = m[1]
	}
	if m := editionTag.FindStringSubmatch(name); m != nil {
		f.Edition = trim(m[1])
		name = editionTag.ReplaceAllString(name, " ")
	}
	if m := versions.FindStringSubmatch(name); m != nil {
		f.Version = strings.ToLower(m[1])
	}
	name = trim(notes.ReplaceAllString(name, " "))
	if m := pieces.FindStringSubmatchIndex(name); m != nil && trim(name[:m[0]]) != "" {
		f.Part = number(name[m[2]:m[3]])
		name = name[:m[0]]
	}
	if rest := group.ReplaceAllString(name, ""); rest != "" && !lonelyBracket.MatchString(rest) {
		name = rest
	}
	rest := ""
	f.Title, f.Year, rest = split(unscene(name))
	if f.Edition == "" {
		f.Edition = edition(rest)
	}
	return f
}

// edition looks for the name of an edition in what follows the title.
func edition(rest string) string {
	words := strings.Fields(noWord.Replace(rest))
	for len(words) > 0 && strings.Trim(words[0], "-") == "" {
		words = words[1:]
	}
	for i, word := range words {
		if isTag(word) {
			break
		}
		if editionEnd.MatchString(word) && i > 0 {
			return proper(words[:i+1])
		}
	}
	for _, word := range words {
		if editionWords.MatchString(word) {
			return proper([]string{word})
		}
	}
	return ""
}

// proper writes words that shout or mumble with a capital.
func proper(words []string) string {
	for i, word := range words {
		if word == strings.ToUpper(word) || i == 0 && word == strings.ToLower(word) {
			first, size := utf8.DecodeRuneInString(word)
			words[i] = string(unicode.ToUpper(first)) + strings.ToLower(word[size:])
		}
	}
	return strings.Join(words, " ")
}
