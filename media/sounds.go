package media

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"watchparty/media/catalog"
	"watchparty/media/rendition"
)

// maxSounds bounds the sounds beside one film.
const maxSounds = 16

// soundFiles are how the names of sounds beside a film end. Of two that are called the same, the
// one that loses less counts.
var soundFiles = []string{".flac", ".wav", ".mka", ".dts", ".eac3", ".ac3", ".m4a", ".opus", ".ogg", ".aac", ".mp3"}

// besideFile is a sound file and what its name says.
type besideFile struct {
	key, lang, title string
	asked            bool // to be heard where nobody chooses
	file             string
}

// findSounds lists the sounds of a title that lie in files of their own. The usual naming is
// film[.<name>].<language>[.default].mka beside film.mp4.
func findSounds(t *catalog.Title, names func(folder string) []string) []besideFile {
	if kind, err := typeOf(t.File, films); err != nil || !strings.HasPrefix(kind, "video/") {
		return nil
	}
	var out []besideFile
	add := func(file, rest string) {
		if slices.Contains(soundFiles, strings.ToLower(path.Ext(file))) {
			out = append(out, readSound(file, rest))
		}
	}
	for _, file := range t.Audio.Files {
		stem := strings.TrimSuffix(path.Base(file), path.Ext(file))
		rest, _ := strings.CutPrefix(stem, strings.TrimSuffix(path.Base(t.File), path.Ext(t.File)))
		add(file, rest)
	}
	if t.Audio.Auto {
		all := names(path.Dir(t.File))
		for _, name := range all {
			if rest, ok := belongs(name, path.Base(t.File), all); ok {
				add(path.Join(path.Dir(t.File), name), rest)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b besideFile) int {
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c
		}
		kind := func(f besideFile) int { return slices.Index(soundFiles, strings.ToLower(path.Ext(f.file))) }
		return kind(a) - kind(b)
	})
	out = slices.CompactFunc(out, func(a, b besideFile) bool { return a.key == b.key })
	return out[:min(len(out), maxSounds)]
}

// belongs tells whether a name is that of the film with something behind it, and of no other
// film of the folder: "film.2.en.mka" is of "film.2.mp4", where that is there.
func belongs(name, film string, all []string) (rest string, ok bool) {
	stem := strings.TrimSuffix(film, path.Ext(film))
	if !strings.HasPrefix(name, stem+".") || len(name) == len(stem)+len(path.Ext(name)) {
		return "", false
	}
	for _, other := range all {
		longer := strings.TrimSuffix(other, path.Ext(other))
		if kind, err := typeOf(other, films); err == nil && strings.HasPrefix(kind, "video/") && len(longer) > len(stem) &&
			strings.HasPrefix(name, longer+".") {
			return "", false
		}
	}
	return strings.TrimSuffix(name[len(stem):], path.Ext(name)), true
}

// readSound reads what stands between the film's name and the ending: ".Commentary.en.default".
func readSound(file, rest string) besideFile {
	f := besideFile{file: file}
	var words []string
	for _, w := range strings.Split(rest, ".") {
		if strings.EqualFold(w, "default") {
			f.asked = true
		} else if w != "" {
			words = append(words, w)
		}
	}
	if n := len(words); n > 0 {
		if tag, err := language.Parse(words[n-1]); err == nil {
			f.lang = tag.String()
			words = words[:n-1]
		}
	}
	f.title = strings.Join(words, " ")
	f.key = strings.ToLower(strings.Join(append(words, cmp.Or(f.lang, "und")), "."))
	return f
}

// besides are the sounds beside a film, as a studio takes them.
func (s *stock) besides(t *catalog.Title, names func(string) []string) (all []rendition.Beside) {
	if !s.onDisk() {
		return nil
	}
	for _, f := range findSounds(t, names) {
		if info, err := s.folder.Stat(f.file); err == nil && info.Mode().IsRegular() {
			all = append(all, rendition.Beside{Source: s.source(f.file, info), Key: f.key, Lang: f.lang, Title: f.title, Default: f.asked})
		}
	}
	return all
}

// film is a title's file with the sounds beside it, as a studio takes it.
func (s *stock) film(t *catalog.Title, info fs.FileInfo, names func(string) []string) rendition.Source {
	src := s.source(t.File, info)
	src.Beside = s.besides(t, names)
	return src
}

// sound opens a sound beside a film.
func (s *stock) sound(t *catalog.Title, key string) (Content, error) {
	for _, f := range findSounds(t, s.names) {
		if f.key == key {
			return s.open(f.file, films)
		}
	}
	return nil, fs.ErrNotExist
}
