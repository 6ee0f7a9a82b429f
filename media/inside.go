package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"watchparty/media/catalog"
	"watchparty/media/ffmpeg"
	"watchparty/media/rendition"
	"watchparty/media/subtitle"
)

// maxName bounds what a film's file may call its subtitles, in characters.
const maxName = 60

// insideKey names a stream of the film. No file beside the film has such a key: it is no language.
func insideKey(index int) string { return "s" + strconv.Itoa(index) }

// streamOf is the stream that a key names.
func streamOf(key string) (index int, ok bool) {
	digits, ok := strings.CutPrefix(key, "s")
	index, err := strconv.Atoi(digits)
	return index, ok && err == nil && insideKey(index) == key
}

// withInside adds the subtitles inside a film to those beside it. Of two texts that are called the
// same, the one beside the film counts: it is the correction.
func withInside(beside []SubtitleTrack, film ffmpeg.Info, reader string) []SubtitleTrack {
	all := beside
	named := map[string]int{}
	for _, s := range film.Streams {
		text := rendition.IsText(s)
		if !text && !rendition.IsDrawn(s) || len(all) >= maxTracks {
			continue
		}
		t := SubtitleTrack{Key: insideKey(s.Index), Lang: "und", Default: s.Default, Inside: true, Drawn: !text}
		if tag, err := language.Parse(s.Lang); err == nil {
			t.Lang = tag.String()
		}
		t.Label = insideLabel(s, t.Lang, reader)
		if text && slices.ContainsFunc(beside, func(b SubtitleTrack) bool { return b.Label == t.Label }) {
			continue
		}
		if named[t.Label]++; named[t.Label] > 1 {
			t.Label += fmt.Sprintf(" %d", named[t.Label])
		}
		all = append(all, t)
	}
	return all
}

// insideLabel is what a menu shows: as for a file, and what the film calls it where that says more.
func insideLabel(s ffmpeg.Stream, lang, reader string) string {
	key := lang
	if s.Forced {
		key += ".forced"
	}
	if s.Impaired {
		key += ".sdh"
	}
	text := label(key, lang, reader)
	known := strings.Fields("subtitle subtitles subs sub sous titres full srt ass pgs vobsub text " + s.Lang + " " + lang)
	if s.Forced {
		known = append(known, "forced", "forcés")
	}
	if s.Impaired {
		known = append(known, "sdh", "cc", "hi")
	}
	var names []string
	for _, in := range []display.Namer{display.Self, display.English.Languages(), display.French.Languages()} {
		name := in.Name(language.Make(lang))
		names, known = append(names, name), append(known, wordsOf(name)...)
	}
	known = append(known, wordsOf(text)...)
	title := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s.Title, ""))), " ")
	if !slices.ContainsFunc(wordsOf(title), func(w string) bool { return !slices.Contains(known, w) }) {
		return text
	}
	if name := []rune(title); len(name) > maxName {
		title = string(name[:maxName-1]) + "…"
	}
	for _, name := range names {
		if name != "" && len(title) > len(name) && strings.EqualFold(title[:len(name)], name) {
			return title + strings.TrimPrefix(text, label(lang, lang, reader)) // it says its language itself
		}
	}
	return text + " · " + title
}

// wordsOf splits a text into its words, in lower case.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
}

// inside opens subtitles that are in the film, as WebVTT. It waits until they are read from there.
func (s *Shelf) inside(ctx context.Context, now *stock, id catalog.TitleID, index int) (Content, error) {
	t, ok := now.catalog.Title(id)
	if !ok || t.File == "" || !t.Subtitles.Auto || s.studio == nil || !now.onDisk() {
		return nil, fs.ErrNotExist
	}
	is, err := now.folder.Stat(t.File)
	if err == nil {
		_, err = typeOf(t.File, films)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %v", t.File, err)
	}
	piece, err := s.studio.Text(ctx, now.source(t.File, is), index)
	var fault *ffmpeg.Fault
	if errors.As(err, &fault) {
		return nil, &Unplayable{id, fault}
	}
	if err != nil {
		return nil, err
	}
	defer piece.Close()
	text, err := io.ReadAll(piece)
	if err != nil {
		return nil, err
	}
	vtt, err := subtitle.WebVTT(text)
	if err != nil {
		return nil, err
	}
	return &memoryContent{bytes.NewReader(vtt), ContentInfo{Size: int64(len(vtt)), ModTime: is.ModTime().Truncate(time.Second),
		ETag: `"` + piece.Tag + `"`, ContentType: "text/vtt; charset=utf-8"}}, nil
}
