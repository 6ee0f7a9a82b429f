package naming

import (
	"regexp"
	"strconv"
	"strings"
)

// tags are words about the copy and not about the film.
var tags = regexp.MustCompile(`(?i)^(?:2160p|1440p|1080[pi]|720[pi]|576[pi]|480[pi]|4k|uhd|blu-?ray|bd|bdrip|brrip|bdremux|remux|dvd|dvd5|dvd9|dvdrip|dvdscr|` +
	`web|web-?rip|web-?dl|hdtv|pdtv|dsr|hdrip|hmax|amzn|nf|dsnp|atvp|hulu|x26[45](?:-\S*)?|h\.?26[45](?:-\S*)?|hevc|xvid(?:-\S*)?|divx|avc|` +
	`aac\S*|e?ac3|dts\S*|ddp?[257]?|ddp?\d\S*|flac|10bit|8bit|hdr|hdr10\+?|dv|proper|repack|rerip|internal|limited|complete|multi|dual|dubbed|subbed|` +
	`restored|3d|hsbs|h-sbs|half-sbs|hou|sbs|atmos|dc|hc|readnfo)$`)

// languages are tags only in capitals: "French Kiss" is a film.
var languages = regexp.MustCompile(`^(?:FRENCH|TRUEFRENCH|VOSTFR|GERMAN|German|SPANISH|ITALIAN|DANISH|SWEDISH|NORWEGIAN|FINNISH|DUTCH|POLISH|RUSSIAN|` +
	`KOREAN|JAPANESE|CHINESE|HINDI|HEBREW|TURKISH|ARABIC|PORTUGUESE|ENGLISH|NORDIC|iTALiAN|MULTi|VFF|VF|VO)$`)

var editionWords = regexp.MustCompile(`(?i)^(?:extended|unrated|uncut|remastered|redux|imax|theatrical|final|ultimate|special|director'?s|directors)$`)

func isTag(word string) bool {
	word = strings.Trim(word, "[](){}")
	return tags.MatchString(word) || languages.MatchString(word)
}

var (
	acronym    = regexp.MustCompile(`(?:^|[. _])(?:\pL\.){2,}`)
	www        = regexp.MustCompile(`(?i)^www\.\S+[ _]+-[ _]+`)
	manySpaces = regexp.MustCompile(`\s+`)
)

// unscene writes a name with spaces that was written with dots or underscores. Dots stay where
// there are spaces, and in S.W.A.T.
func unscene(s string) string {
	s = www.ReplaceAllString(s, "")
	if strings.Contains(s, " ") {
		return s
	}
	s = acronym.ReplaceAllStringFunc(s, func(m string) string {
		first := ""
		if strings.ContainsAny(m[:1], ". _") {
			first, m = " ", m[1:]
		}
		return first + strings.ReplaceAll(m, ".", "\x00") + " "
	})
	s = strings.NewReplacer(".", " ", "_", " ").Replace(s)
	return strings.TrimSpace(manySpaces.ReplaceAllString(strings.ReplaceAll(s, "\x00", "."), " "))
}

// trim takes away what separates, at both ends.
func trim(s string) string {
	s = strings.Trim(s, " -_~")
	return strings.TrimSpace(manySpaces.ReplaceAllString(s, " "))
}

// beforeTags is a name up to the first word about the copy. The first word is always the name.
func beforeTags(s string) string {
	words := strings.Fields(s)
	for i, word := range words {
		if i > 0 && isTag(word) {
			return trim(strings.Join(words[:i], " "))
		}
	}
	return trim(s)
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// year reads a year of a film, or 0.
func year(s string) int {
	if n := number(s); len(s) == 4 && n >= oldestYear && n <= newestYear {
		return n
	}
	return 0
}

var yearInBrackets = regexp.MustCompile(`[(\[](\d{4})[)\]]`)

// split parts a name at its year: the last one in brackets, else the last one that stands free
// before the words about the copy and is not the first word.
func split(s string) (title string, y int, rest string) {
	all := yearInBrackets.FindAllStringSubmatchIndex(s, -1)
	for i := len(all) - 1; i >= 0; i-- {
		if y = year(s[all[i][2]:all[i][3]]); y > 0 && trim(s[:all[i][0]]) != "" {
			return trim(s[:all[i][0]]), y, s[all[i][1]:]
		}
	}
	words := strings.Fields(s)
	end := len(words)
	for i, word := range words {
		if i > 0 && isTag(word) {
			end = i
			break
		}
	}
	for i := end - 1; i > 0; i-- {
		if y = year(words[i]); y > 0 {
			return trim(strings.Join(words[:i], " ")), y, strings.Join(words[i+1:], " ")
		}
	}
	return trim(strings.Join(words[:end], " ")), 0, strings.Join(words[end:], " ")
}
