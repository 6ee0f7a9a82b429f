package naming

import (
	"regexp"
	"slices"
	"strings"
)

// codes are the languages by their usual short names (ISO 639-1, and 639-2 of both kinds).
var codes = strings.Fields("aa af am ar az be bg bn bo bs ca cs cy da de el en eo es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ku " +
	"la lb lo lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt ro ru sa sd si sk sl sq sr sv sw ta te tg th tk tl tr tt uk ur uz vi yi zh zu und " +
	"ara bul cat ces cze chi zho dan deu ger ell gre eng est eus baq fas per fin fra fre gle heb hin hrv hun ind isl ice ita jpn kor lav lit mac mkd may msa " +
	"nob nno nor nld dut pol por ron rum rus slk slo slv spa srp swe tam tel tha tur ukr urd vie")

var tail = regexp.MustCompile(`^([a-z]{2,3})(?:-[a-z0-9]{2,8})*$`)

// beside reads the name of a subtitle or of a sound beside a film: its language and what is
// special about it come last.
func beside(kind Kind, stem string) File {
	f := File{Kind: kind}
	words := strings.Split(stem, ".")
	for len(words) > 1 {
		word := strings.ToLower(words[len(words)-1])
		if word != "forced" && word != "sdh" && word != "cc" && word != "default" {
			break
		}
		f.Flags = append([]string{word}, f.Flags...)
		words = words[:len(words)-1]
	}
	if len(words) > 1 {
		word := strings.ToLower(words[len(words)-1])
		if m := tail.FindStringSubmatch(word); m != nil && slices.Contains(codes, m[1]) {
			f.Lang = word
			words = words[:len(words)-1]
		}
	}
	f.Stem = strings.Join(words, ".")
	return f
}

var (
	ofAll    = map[string]Kind{}
	ofSeason = regexp.MustCompile(`(?i)^season[-_ ]?(\d{1,4}|specials|all)(?:-(poster|fanart|thumb|banner|landscape))?$`)
	ofOne    = regexp.MustCompile(`(?i)^(.+)-(poster|cover|folder|fanart|backdrop|thumb|banner|logo|clearlogo|clearart|landscape|disc)$`)
)

func init() {
	for kind, list := range map[Kind]string{
		Poster: "poster folder cover movie show default front",
		Fanart: "fanart backdrop background",
		Thumb:  "thumb",
		Art:    "banner logo clearlogo clearart landscape disc discart back",
	} {
		for _, name := range strings.Fields(list) {
			ofAll[name] = kind
		}
	}
}

// picture reads the name of a picture. One that is named as a film, and says no more, is taken
// for its thumb.
func picture(stem string) File {
	lower := strings.ToLower(stem)
	if kind, ok := ofAll[lower]; ok {
		return File{Kind: kind, Season: -1}
	}
	if m := ofSeason.FindStringSubmatch(lower); m != nil {
		f := File{Kind: Poster, Season: max(number(m[1]), 0)}
		if m[1] == "all" {
			f.Season = -1
		}
		if kind, ok := ofAll[m[2]]; ok {
			f.Kind = kind
		}
		return f
	}
	if m := ofOne.FindStringSubmatch(stem); m != nil {
		return File{Kind: ofAll[strings.ToLower(m[2])], Stem: m[1], Season: -1}
	}
	return File{Kind: Thumb, Stem: stem, Season: -1}
}

// note reads the name of a Kodi note.
func note(stem string) File {
	switch lower := strings.ToLower(stem); lower {
	case "movie", "tvshow", "season", "album", "artist":
		return File{Kind: Note, Name: lower}
	}
	return File{Kind: Note, Stem: stem}
}
