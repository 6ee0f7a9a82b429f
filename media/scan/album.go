package scan

import (
	"cmp"
	"fmt"
	"path"
	"regexp"

	"watchparty/media/catalog"
	"watchparty/media/ffmpeg"
	"watchparty/media/naming"
)

// The highest numbers the catalog takes.
const (
	maxDisc  = 99
	maxTrack = 999
)

// various are names of nobody: then each track names who plays.
var various = regexp.MustCompile(`(?i)^(?:various|various artists|va|compilations?|soundtracks?|divers|artistes divers)$`)

// A record is an album as its files tell of it.
type record struct {
	artist, name string
	year         int
}

// recordOf is the album of a piece of music: by its folders, else by its tags. It has no name
// if there is none.
func recordOf(f naming.File, tags ffmpeg.Tags) record {
	r := record{f.Artist, f.Album, f.Year}
	if r.name != "" || tags.Album == "" {
		return r
	}
	r.name, r.year = tags.Album, tags.Year
	switch {
	case tags.AlbumArtist != "":
		r.artist = tags.AlbumArtist
	case r.artist == "" || naming.Same(r.artist, tags.Album): // its one folder is the album's
		r.artist = tags.Artist
	}
	return r
}

func (r record) key() string {
	word := func(s string) string { return cmp.Or(naming.Key(s), s) }
	return fmt.Sprintf("%s / %s / %d", word(r.artist), word(r.name), r.year)
}

// knowAlbums notes the albums of the catalog. A person may have given one another name: its
// files tell.
func (b *builder) knowAlbums() {
	for _, album := range b.catalog.Albums {
		b.ids[album.ID] = true
		b.records[record{album.Artist, album.Name, album.Year}.key()] = album.ID
		b.records[record{album.Artist, album.Name, 0}.key()] = album.ID
	}
	for _, t := range b.catalog.Titles {
		if t.Album == "" {
			continue
		}
		b.numbers[numberKey(string(t.Album), t.Disc, t.Track)] = t.File
		if r := recordOf(naming.Parse(t.File), b.index.Files[t.File].Tags); r.name != "" {
			b.records[r.key()] = t.Album
		}
	}
}

// music puts a piece of music into its album, which may be new. Pieces without a number come
// last, when the numbers of the others are known.
func (b *builder) music(f *file) {
	r := recordOf(f.File, f.Tags)
	switch {
	case r.name == "":
		b.single(f)
	case b.numberOf(f) < 0:
		b.unnumbered = append(b.unnumbered, f)
	default:
		b.track(f, r, b.numberOf(f))
	}
}

// numberOf is the number of a track; below 0: nothing says it.
func (b *builder) numberOf(f *file) int {
	switch {
	case len(f.Episodes) > 0:
		return f.Episodes[0]
	case f.Tags.Track > 0 && f.Tags.Track <= maxTrack:
		return f.Tags.Track
	}
	return -1
}

func discOf(f *file) int {
	disc := cmp.Or(f.Season, f.Tags.Disc, 1)
	if disc > maxDisc {
		return 1
	}
	return disc
}

// number gives the pieces without a number those that are free after the last.
func (b *builder) number() {
	for _, f := range b.unnumbered {
		r := recordOf(f.File, f.Tags)
		next := 1
		for n := 1; n <= maxTrack; n++ {
			if b.numbers[numberKey(cmp.Or(string(b.records[r.key()]), r.key()), discOf(f), n)] != "" {
				next = n + 1
			}
		}
		if next > maxTrack {
			b.leave(f.path, "WP-SCAN-MANY", fmt.Sprintf("An album has at most %d tracks to a disc; put this one into another folder.", maxTrack))
			continue
		}
		b.track(f, r, next)
	}
	b.unnumbered = nil
}

func (b *builder) track(f *file, r record, number int) {
	key := r.key()
	disc := discOf(f)
	at := numberKey(cmp.Or(string(b.records[key]), key), disc, number)
	if other := b.numbers[at]; other != "" {
		b.leave(f.path, "WP-SCAN-TWICE", fmt.Sprintf("Disc %d, track %d of %s is there twice, and %s is the one in the catalog; remove one of them or rename it.",
			disc, number, r.name, other))
		return
	}
	b.numbers[at] = f.path
	b.added = append(b.added, f)
	t := catalog.Title{Kind: catalog.Music, Disc: disc, Track: number, Name: pieceName(f, number), File: f.path, Duration: f.Length, Poster: b.own(f)}
	if plays := f.Tags.Artist; !naming.Same(plays, r.artist) &&
		(various.MatchString(r.artist) || f.Tags.AlbumArtist != "" && !naming.Same(plays, f.Tags.AlbumArtist)) {
		t.Artist = cut(plays, maxName)
	}
	entry := catalog.Entry{Title: t}
	if id, ok := b.records[key]; ok {
		b.append(id, entry)
		return
	}
	e := b.albums[key]
	if e == nil {
		a := catalog.Title{Kind: catalog.Records, Name: cut(r.name, maxName), Artist: cut(r.artist, maxName), Year: aYear(cmp.Or(r.year, f.Tags.Year)), Poster: b.albumCover(f)}
		a.ID = b.id(r.artist+" "+r.name, a.Year, path.Dir(f.path))
		e = &catalog.Entry{Title: a}
		b.albums[key] = e
		b.order = append(b.order, e)
	}
	e.Entries = append(e.Entries, entry)
}

// pieceName is what a piece is called: by its name, or where that says no more than a number, by
// its tag.
func pieceName(f *file, number int) string {
	name := f.Title
	if naming.Untitled(name) {
		name = f.Tags.Title
	}
	if name = cut(name, maxName); name == "" {
		return fmt.Sprintf("Track %d", number)
	}
	return name
}

// aYear is a year that the catalog takes, or none.
func aYear(year int) int {
	if year < 1800 || year > 2200 {
		return 0
	}
	return year
}

// single makes a title of a piece of music that is on no album.
func (b *builder) single(f *file) {
	t := catalog.Title{Kind: catalog.Music, Name: pieceName(f, max(b.numberOf(f), 1)), Artist: cut(cmp.Or(f.Artist, f.Tags.Artist), maxName),
		Year: aYear(cmp.Or(f.Year, f.Tags.Year)), File: f.path, Duration: f.Length, Poster: b.poster(f)}
	name := t.Name
	if t.Artist != "" {
		name = t.Artist + " - " + name
	}
	t.ID = b.id(name, f.Year, f.path)
	b.add(f, catalog.Entry{Title: t})
}

// own is the picture of one piece alone.
func (s *scan) own(f *file) string {
	folder, stem := folderOf(f.path), stemOf(f.path)
	return cmp.Or(s.inFolder(folder, naming.Poster, ofStem(stem)), s.inFolder(folder, naming.Thumb, ofStem(stem)))
}

// albumCover is the picture of an album: above its discs, else beside its first track.
func (s *scan) albumCover(f *file) string {
	folder := folderOf(f.path)
	if above := folderOf(folder); f.Season > 0 && above != "" {
		if at := s.inFolder(above, naming.Poster, ofFolder); at != "" && naming.IsDisc(path.Base(folder)) {
			return at
		}
	}
	if folder == "" {
		return ""
	}
	return s.inFolder(folder, naming.Poster, ofFolder)
}
