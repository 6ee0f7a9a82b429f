package naming

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	seasonFolder = regexp.MustCompile(`(?i)^(?:.*[\s._-])?(?:season|series|staffel|saison|temporada|stagione|sezon|сезон|sæson|sesong|säsong|seizoen|シーズン)[\s._-]*(\d{1,4})$`)
	shortSeason  = regexp.MustCompile(`(?i)^s(\d{1,2})$`)
	specials     = regexp.MustCompile(`(?i)^(?:specials?|hors[ -]?série)$`)
)

func isSeason(dir string) bool {
	_, ok := season(dir)
	return ok
}

func season(dir string) (int, bool) {
	dir = strings.TrimSpace(dir)
	if specials.MatchString(dir) {
		return 0, true
	}
	for _, re := range []*regexp.Regexp{seasonFolder, shortSeason} {
		if m := re.FindStringSubmatch(dir); m != nil {
			return number(m[1]), true
		}
	}
	return 0, false
}

// seasonOf is the season by the folder, and the folder of the series above it.
func seasonOf(dirs []string) (n int, show string, ok bool) {
	if len(dirs) < 2 {
		return 0, "", false
	}
	n, ok = season(dirs[len(dirs)-1])
	return n, dirs[len(dirs)-2], ok
}

// The ways to number an episode. What comes before is the series, what follows the episode.
var (
	sxe       = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])s(\d{1,4})[\s._-]*e(\d{1,4})`)
	nxn       = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(\d{1,2})x(\d{2,3})(?:$|[^\d])`)
	inWords   = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])season[\s._]*(\d{1,4})[\s._-]*episode[\s._]*(\d{1,4})`)
	onDay     = regexp.MustCompile(`(?:^|[^\d])((?:19|20)\d\d)[-._ ](0[1-9]|1[0-2])[-._ ](0[1-9]|[12]\d|3[01])(?:$|[^\d])`)
	eastern   = regexp.MustCompile(`第\s*(\d{1,4})\s*[話话集回]|(?:^|\s)(\d{1,4})[화회](?:$|\s)`)
	justE     = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(?:e(\d{2,4})|(?:ep|episode|épisode|folge)[\s._]*(\d{1,4}))(?:$|[^\pL\pN])`)
	dashed    = regexp.MustCompile(`\s-\s(\d{2,4})(?:v\d)?(?:\s*~\s*(\d{2,4}))?(?:$|\s*[\[(]|\s+-\s)`)
	released  = regexp.MustCompile(`\s(\d{2,3})(?:v\d)?\s*(?:$|[\[(])`)
	leading   = regexp.MustCompile(`(?i)^(?:e|ep|episode|épisode|part|folge|teil)?[\s._]*(\d{1,3})(?:$|[\s._-]+)`)
	more      = regexp.MustCompile(`(?i)^(?:([\s._]?-[\s._]?)?[ex](\d{1,4})|(-)(\d{1,3}))`)
	seasonEnd = regexp.MustCompile(`(?i)\sS(\d{1,2})$`)
	brackets  = regexp.MustCompile(`\[[^\]]*\]|\([^)]*\)`)
)

// episode reads a name that numbers an episode.
func episode(dirs []string, stem string) (File, bool) {
	f := File{Kind: Episode, Season: 1}
	inSeason, folder, in := seasonOf(dirs)
	if in {
		f.Season = inSeason
	} else if len(dirs) > 0 {
		folder = dirs[len(dirs)-1]
	}
	before, after, ok := f.numbered(stem)
	if !ok && in {
		before, after, ok = f.inFolder(stem)
	}
	if !ok {
		before, after, ok = f.counted(stem, in)
	}
	if !ok {
		return File{}, false
	}
	f.series(before, folder)
	f.own(after, strings.Contains(stem, " "))
	return f, f.Title != ""
}

// numbered reads S01E02 and 1x02, and those after it in the same file; and days.
func (f *File) numbered(stem string) (before, after string, ok bool) {
	for _, re := range []*regexp.Regexp{sxe, nxn, inWords} {
		m := re.FindStringSubmatchIndex(stem)
		if m == nil {
			continue
		}
		f.Season = number(stem[m[2]:m[3]])
		f.Episodes = []int{number(stem[m[4]:m[5]])}
		return stem[:m[0]+lone(stem[m[0]:m[2]])], f.others(stem[m[5]:]), true
	}
	if m := onDay.FindStringSubmatchIndex(stem); m != nil {
		y, month, day := number(stem[m[2]:m[3]]), number(stem[m[4]:m[5]]), number(stem[m[6]:m[7]])
		f.Season, f.Episodes = y, []int{month*100 + day}
		f.Date = fmt.Sprintf("%04d-%02d-%02d", y, month, day)
		return stem[:m[0]], stem[m[7]:], true
	}
	return "", "", false
}

// lone is 1 where a mark starts with the dot that ends a name such as M.A.S.H.
func lone(mark string) int {
	if strings.HasPrefix(mark, ".") {
		return 1
	}
	return 0
}

// others reads the numbers that follow the first one: e02e03, -E03, -03. It gives what is left.
func (f *File) others(rest string) string {
	for len(f.Episodes) < maxRange {
		m := more.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		at, span := 4, m[2] >= 0
		if m[4] < 0 {
			at, span = 8, true
		}
		last, n := f.Episodes[len(f.Episodes)-1], number(rest[m[at]:m[at+1]])
		if n <= last || n-last > maxRange || followed(rest[m[1]:]) {
			break
		}
		for next := last + 1; span && next < n; next++ {
			f.Episodes = append(f.Episodes, next)
		}
		f.Episodes = append(f.Episodes, n)
		rest = rest[m[1]:]
	}
	return rest
}

// followed tells that a number went on as a word, such as 720p.
func followed(rest string) bool {
	return rest != "" && strings.ContainsAny(rest[:1], "pPi0123456789")
}

// inFolder reads names that leave the season to their folder: "01 - Title", "Part 8".
func (f *File) inFolder(stem string) (before, after string, ok bool) {
	if m := leading.FindStringSubmatchIndex(stem); m != nil {
		f.Episodes = []int{number(stem[m[2]:m[3]])}
		return "", f.others(stem[m[1]:]), true
	}
	return "", "", false
}

// counted reads numbers without a season, as of anime.
func (f *File) counted(stem string, inSeason bool) (before, after string, ok bool) {
	s := strings.ReplaceAll(stem, "_", " ")
	grouped := group.MatchString(s)
	s = group.ReplaceAllString(s, "")
	if m := eastern.FindStringSubmatchIndex(s); m != nil {
		return f.count(s, m)
	}
	if !inSeason && yearInBrackets.MatchString(s) && !dashed.MatchString(s) {
		return "", "", false // Star Wars Episode 1 (1999)
	}
	if m := justE.FindStringSubmatchIndex(s); m != nil {
		return f.count(s, m)
	}
	if m := dashed.FindStringSubmatchIndex(s); m != nil && year(s[m[2]:m[3]]) == 0 {
		from := number(s[m[2]:m[3]])
		if inSeason && f.Season > 0 && from/100 == f.Season && m[3]-m[2] == 3 {
			from %= 100 // 203 in the folder of season 2
		}
		f.Episodes = []int{from}
		end := m[3]
		if m[4] >= 0 {
			f.others("-" + s[m[4]:m[5]])
			end = m[5]
		}
		return s[:m[0]], version.ReplaceAllString(s[end:], ""), true
	}
	if m := released.FindStringSubmatchIndex(s); grouped && m != nil {
		return f.count(s, m)
	}
	return "", "", false
}

var version = regexp.MustCompile(`^v\d`)

// count takes the first number that a pattern found.
func (f *File) count(s string, m []int) (before, after string, ok bool) {
	for i := 2; i < len(m); i += 2 {
		if m[i] >= 0 {
			f.Episodes = []int{number(s[m[i]:m[i+1]])}
			return s[:m[0]], strings.TrimLeft(s[m[i+1]:], "話话集回화회"), true
		}
	}
	return "", "", false
}

// series names the series: by the file, else by the folder, which may know the year.
func (f *File) series(before, folder string) {
	before = trim(strings.TrimRight(before, " -_[("))
	if rest := group.ReplaceAllString(before, ""); rest != "" {
		before = rest
	}
	before = trim(unscene(before))
	if m := seasonEnd.FindStringSubmatchIndex(before); m != nil {
		f.Season = number(before[m[2]:m[3]])
		before = before[:m[0]]
	}
	f.Title, f.Year, _ = split(notes.ReplaceAllString(before, " "))
	f.Title = trim(f.Title)
	if folder == "" {
		return
	}
	if title, y, _ := split(unscene(trim(notes.ReplaceAllString(folder, " ")))); f.Title == "" {
		f.Title, f.Year = title, y
	} else if f.Year == 0 && Same(title, f.Title) {
		f.Year = y
	}
}

// own reads the episode's own title from what follows its number.
func (f *File) own(after string, spaced bool) {
	after = strings.TrimLeft(after, " ._-]~)")
	if m := pieces.FindStringSubmatchIndex(after); m != nil {
		f.Part = number(after[m[2]:m[3]])
		after = after[:m[0]]
	}
	if !spaced {
		after = unscene(after)
	}
	words := strings.Fields(trim(brackets.ReplaceAllString(after, " ")))
	if len(words) == 0 || isTag(words[0]) {
		return
	}
	f.Name = beforeTags(strings.Join(words, " "))
}
