package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"watchparty/media/catalog"
	"watchparty/media/naming"
)

// maxSlug leaves room for "-s2021e1231" in an id of 64 characters, and for a number.
const maxSlug = 48

// id makes an id of a name and a year; of the path where the name has no Latin letter.
func (b *builder) id(name string, year int, at string) catalog.TitleID {
	var slug strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			slug.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		case !strings.HasSuffix(slug.String(), "-"):
			slug.WriteByte('-')
		}
	}
	text := strings.Trim(slug.String(), "-")
	if len(text) > maxSlug {
		text = strings.Trim(text[:maxSlug], "-")
	}
	if text == "" {
		sum := sha256.Sum256([]byte(at))
		text = "title-" + hex.EncodeToString(sum[:4])
	}
	if year > 0 {
		text += fmt.Sprintf("-%d", year)
	}
	id := catalog.TitleID(text)
	for n := 2; b.ids[id]; n++ {
		id = catalog.TitleID(fmt.Sprintf("%s-%d", text, n))
	}
	b.ids[id] = true
	return id
}

// isBlank tells what does not belong in a line.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\ufeff' }

// inFolder gives the files of a kind beside the films of a folder.
func (s *scan) inFolder(folder string, kind naming.Kind, fits func(naming.File) bool) string {
	best := ""
	for at, side := range s.besides(folder) {
		if side.Kind == kind && fits(side) && (best == "" || at < best) && catalog.Writable(at) == "" {
			best = at
		}
	}
	return best
}

// besides lists what is beside the films of one folder.
func (s *scan) besides(folder string) map[string]naming.File {
	if s.byFolder == nil {
		s.byFolder = map[string]map[string]naming.File{}
		for at, side := range s.sides {
			dir := folderOf(at)
			if s.byFolder[dir] == nil {
				s.byFolder[dir] = map[string]naming.File{}
			}
			s.byFolder[dir][at] = side
		}
	}
	return s.byFolder[folder]
}

func ofStem(stem string) func(naming.File) bool {
	return func(f naming.File) bool { return f.Stem == stem }
}

func ofFolder(f naming.File) bool { return f.Stem == "" && f.Season < 0 }

// poster is the picture of a film or a piece of music. One that is for a folder counts only
// below the top.
func (s *scan) poster(f *file) string {
	folder, stem := folderOf(f.path), stemOf(f.path)
	if at := s.inFolder(folder, naming.Poster, ofStem(stem)); at != "" {
		return at
	}
	if folder != "" {
		if at := s.inFolder(folder, naming.Poster, ofFolder); at != "" {
			return at
		}
	}
	if at := s.inFolder(folder, naming.Thumb, ofStem(stem)); at != "" {
		return at
	}
	return ""
}

// still is the picture of an episode.
func (s *scan) still(f *file) string {
	return s.inFolder(folderOf(f.path), naming.Thumb, ofStem(stemOf(f.path)))
}

// showFolders are the folders in which what is said of a series may lie.
func showFolders(f *file) []string {
	folder := folderOf(f.path)
	if above := folderOf(folder); above != "" {
		return []string{above, folder}
	}
	return []string{folder}
}

// showPoster is the picture of a series: of its folder, else of its first season.
func (s *scan) showPoster(f *file) string {
	for _, folder := range showFolders(f) {
		if at := s.inFolder(folder, naming.Poster, ofFolder); at != "" && folder != "" {
			return at
		}
	}
	return s.inFolder(showFolders(f)[0], naming.Poster, func(p naming.File) bool { return p.Season == f.Season && p.Stem == "" })
}

var silent = naming.NFO{Age: -1, Season: -1, Episode: -1}

// filmNote is what a note says of a film: the one of its name, else that of its folder.
func (s *scan) filmNote(f *file) naming.NFO {
	folder := folderOf(f.path)
	at := s.inFolder(folder, naming.Note, ofStem(stemOf(f.path)))
	if at == "" && folder != "" {
		at = s.inFolder(folder, naming.Note, func(n naming.File) bool { return n.Name == "movie" })
	}
	return s.firstNote(at, "movie")
}

func (s *scan) showNote(f *file) naming.NFO {
	for _, folder := range showFolders(f) {
		if at := s.inFolder(folder, naming.Note, func(n naming.File) bool { return n.Name == "tvshow" }); at != "" {
			return s.firstNote(at, "tvshow")
		}
	}
	return silent
}

func (s *scan) episodeNotes(f *file) (all []naming.NFO) {
	for _, n := range s.notes(s.inFolder(folderOf(f.path), naming.Note, ofStem(stemOf(f.path)))) {
		if n.Root == "episodedetails" {
			all = append(all, n)
		}
	}
	return all
}

func (s *scan) firstNote(at, root string) naming.NFO {
	for _, n := range s.notes(at) {
		if n.Root == root {
			return n
		}
	}
	return silent
}

// notes reads a note. One that is none, such as an address alone, is passed over.
func (s *scan) notes(at string) []naming.NFO {
	if at == "" {
		return nil
	}
	in, err := s.root.OpenFile(filepath.FromSlash(path.Clean(at)), os.O_RDONLY|noWait, 0)
	if err != nil {
		return nil
	}
	defer in.Close()
	if info, err := in.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(in, naming.MaxNFO+1))
	if err != nil {
		return nil
	}
	all, err := naming.ParseNFO(data)
	if err != nil {
		return nil
	}
	return all
}
