package media

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"watchparty/media/catalog"
	"watchparty/media/subtitle"
)

// maxTracks bounds the subtitles of one title; the largest discs have 32.
const maxTracks = 64

// track is a subtitle file and what its name says.
type track struct {
	SubtitleTrack
	file string
}

// tracks lists the subtitles of a title, with labels for somebody who reads lang.
func (l *looker) tracks(t *catalog.Title, lang string) []SubtitleTrack {
	var out []SubtitleTrack
	for _, found := range findTracks(t, l.siblingsOf) {
		found.Label = label(found.Key, found.Lang, lang)
		out = append(out, found.SubtitleTrack)
	}
	return out
}

// siblingsOf lists the names in a folder, and remembers them.
func (l *looker) siblingsOf(folder string) []string {
	if names, ok := l.siblings[folder]; ok {
		return names
	}
	names := l.stock.names(folder)
	l.siblings[folder] = names
	return names
}

// names lists the names in a folder. It is asked with every segment of a film, so it reads a folder again only when
// that has changed.
func (s *stock) names(folder string) []string {
	is, err := s.folder.Stat(folder)
	if err != nil {
		return nil // the film itself will be said to be offline
	}
	if known, ok := s.listed.Load(folder); ok && known.(listed).at.Equal(is.ModTime()) {
		return known.(listed).names
	}
	entries, err := s.folder.ReadDir(folder)
	if err != nil {
		return nil
	}
	all := listed{at: is.ModTime()}
	for _, e := range entries {
		all.names = append(all.names, e.Name())
	}
	if time.Since(all.at) > settling {
		s.listed.Store(folder, all)
	}
	return all.names
}

// listed are the names in a folder, as it was changed last.
type listed struct {
	at    time.Time
	names []string
}

// settling is how old a folder's time must be to tell a later change from it: file systems count in steps of two
// seconds at the most (FAT).
const settling = 3 * time.Second

// findTracks lists the subtitle files of a title, by key. The usual naming is
// film.<language>[.forced|.sdh|.cc|.default].vtt, .srt, .ass or .ssa beside film.mp4.
func findTracks(t *catalog.Title, names func(folder string) []string) []track {
	files := t.Subtitles.Files
	stem := strings.TrimSuffix(path.Base(t.File), path.Ext(t.File))
	if t.Subtitles.Auto && t.File != "" {
		for _, name := range names(path.Dir(t.File)) {
			if strings.HasPrefix(name, stem+".") {
				files = append(files, path.Join(path.Dir(t.File), name))
			}
		}
	}
	var out []track
	for _, file := range files {
		if found, ok := parseTrack(file, stem); ok {
			out = append(out, found)
		}
	}
	slices.SortStableFunc(out, func(a, b track) int {
		if c := strings.Compare(a.Key, b.Key); c != 0 || len(t.Subtitles.Files) > 0 {
			return c
		}
		return better(path.Ext(a.file)) - better(path.Ext(b.file))
	})
	out = slices.CompactFunc(out, func(a, b track) bool { return a.Key == b.Key })
	return out[:min(len(out), maxTracks)]
}

// better orders the types of files of the same key: the less is lost in converting, the sooner.
// Below zero: it is none of them.
func better(ext string) int {
	return slices.Index([]string{".vtt", ".srt", ".ass", ".ssa"}, strings.ToLower(ext))
}

// parseTrack reads the name of a subtitle file. What comes before its language is not looked
// at, unless it is the stem of the film.
func parseTrack(file, stem string) (track, bool) {
	kind := strings.ToLower(path.Ext(file))
	if better(kind) < 0 {
		return track{}, false
	}
	base := path.Base(file)
	base, beside := strings.CutPrefix(base[:len(base)-len(kind)], stem)
	words := strings.Split(base, ".")
	found := track{file: file}
	var special []string
	for len(words) > 0 {
		word := strings.ToLower(words[len(words)-1])
		if word != "forced" && word != "sdh" && word != "cc" && word != "default" {
			break
		}
		if word == "default" {
			found.Default = true
		} else if !slices.Contains(special, word) {
			special = append(special, word)
		}
		words = words[:len(words)-1]
	}
	if beside && len(words) > 2 {
		return track{}, false // film.2.en.vtt belongs to film.2.mp4
	}
	found.Lang = "und"
	if len(words) > 0 && words[len(words)-1] != "" {
		if tag, err := language.Parse(words[len(words)-1]); err == nil {
			found.Lang = tag.String()
		}
	}
	slices.Sort(special)
	found.Key = strings.Join(append([]string{found.Lang}, special...), ".")
	return found, true
}

// label is what a menu shows: the language's own name, and what is special about the track.
func label(key, lang, reader string) string {
	text := display.Self.Name(language.Make(lang))
	if lang == "und" || text == "" {
		text = "Subtitles"
		if isFrench(reader) {
			text = "Sous-titres"
		}
	}
	first, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(first)) + text[size:]
	special := map[string]string{"forced": "forced", "sdh": "SDH", "cc": "CC"}
	if isFrench(reader) {
		special["forced"] = "forcés"
	}
	for _, word := range strings.Split(key, ".")[1:] {
		text += " (" + special[word] + ")"
	}
	return text
}

// subtitle opens a track as WebVTT. Its tag is that of the file it was made from.
func (s *stock) subtitle(t *catalog.Title, key string) (Content, error) {
	for _, found := range findTracks(t, s.names) {
		if found.Key != key {
			continue
		}
		f, err := s.folder.Open(found.file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		if info.Size() > subtitle.MaxSize {
			return nil, subtitle.ErrTooLarge
		}
		file, err := io.ReadAll(io.LimitReader(f, subtitle.MaxSize+1))
		if err != nil {
			return nil, err
		}
		vtt, err := subtitle.WebVTT(file)
		if err != nil {
			return nil, err
		}
		return &memoryContent{bytes.NewReader(vtt), ContentInfo{
			Size: int64(len(vtt)), ModTime: info.ModTime(), ETag: etag(found.file, info), ContentType: "text/vtt; charset=utf-8",
		}}, nil
	}
	return nil, fs.ErrNotExist
}
