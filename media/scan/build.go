package scan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"watchparty/media/catalog"
	"watchparty/media/naming"
)

// The most characters the catalog takes.
const (
	maxName     = 200
	maxSynopsis = 2000
)

// A builder makes entries of files.
type builder struct {
	*scan
	ids     map[catalog.TitleID]bool
	known   map[string]catalog.TitleID // series of the catalog, by what their files are called
	numbers map[string]string          // series or album, and number: the file that has it
	series  map[string]*catalog.Entry  // new ones
	order   []*catalog.Entry           // new titles, as found
	more    []*addition                // new episodes and tracks of what is there
	added   []*file

	records    map[string]catalog.TitleID // albums of the catalog, by what their files are called
	albums     map[string]*catalog.Entry  // new ones
	unnumbered []*file                    // tracks
}

// An addition is what is new of a series or an album.
type addition struct {
	whole   catalog.TitleID
	entries []catalog.Entry
}

func (s *scan) builder() *builder {
	b := &builder{scan: s, ids: map[catalog.TitleID]bool{}, known: map[string]catalog.TitleID{},
		numbers: map[string]string{}, series: map[string]*catalog.Entry{},
		records: map[string]catalog.TitleID{}, albums: map[string]*catalog.Entry{}}
	for _, show := range s.catalog.Shows {
		b.ids[show.ID] = true
		b.known[seriesKey(show.Name, show.Year)] = show.ID
	}
	for _, t := range s.catalog.Titles {
		b.ids[t.ID] = true
		if t.Series == "" {
			continue
		}
		b.numbers[numberKey(string(t.Series), t.Season, t.Episode)] = t.File
		// A person may have given the series another name: its files tell.
		if f := naming.Parse(t.File); f.Kind == naming.Episode {
			b.known[seriesKey(f.Title, f.Year)] = t.Series
		}
	}
	b.knowAlbums()
	return b
}

func seriesKey(name string, year int) string { return fmt.Sprintf("%s %d", naming.Key(name), year) }

func numberKey(series string, season, episode int) string {
	return fmt.Sprintf("%s %d %d", series, season, episode)
}

// take makes an entry of a file.
func (b *builder) take(f *file) {
	switch f.Kind {
	case naming.Episode:
		b.episode(f)
	case naming.Music:
		b.music(f)
	default:
		b.film(f)
	}
}

func (b *builder) film(f *file) {
	note := b.filmNote(f)
	t := catalog.Title{Kind: catalog.Film, File: f.path, Duration: f.Length, Synopsis: cut(note.Plot, maxSynopsis), Poster: b.poster(f)}
	name := cmp.Or(note.Title, f.Title)
	t.Year = cmp.Or(note.Year, f.Year)
	t.Rule.Rating = max(note.Age, 0)
	id := b.id(name, t.Year, f.path)
	if f.Edition != "" {
		name += " (" + f.Edition + ")"
	}
	if f.Part > 0 {
		name += fmt.Sprintf(", part %d", f.Part)
	}
	t.ID, t.Name = id, cut(name, maxName)
	b.add(f, catalog.Entry{Title: t, Remark: remark(cmp.Or(note.IMDb, f.IMDb), note.Countries)})
}

func (b *builder) add(f *file, e catalog.Entry) {
	b.order = append(b.order, &e)
	b.added = append(b.added, f)
}

// episode puts an episode into its series, which may be new.
func (b *builder) episode(f *file) {
	notes := b.episodeNotes(f)
	season, numbers := f.Season, f.Episodes
	name, plot := f.Name, ""
	if len(notes) > 0 {
		name, plot = cmp.Or(notes[0].Title, name), notes[0].Plot
		if notes[0].Season >= 0 && notes[0].Episode >= 0 {
			season, numbers = notes[0].Season, nil
			for _, n := range notes {
				numbers = append(numbers, max(n.Episode, 0))
			}
		}
	}
	first, last := numbers[0], numbers[len(numbers)-1]
	if name == "" {
		name = fmt.Sprintf("Episode %d", first)
	}
	if last > first {
		name += fmt.Sprintf(" (%d–%d)", first, last)
	}
	t := catalog.Title{Kind: catalog.Episode, Season: season, Episode: first, Name: cut(name, maxName), File: f.path,
		Duration: f.Length, Synopsis: cut(plot, maxSynopsis), Poster: b.still(f)}
	show := b.showNote(f)
	key := seriesKey(f.Title, f.Year)
	number := numberKey(cmp.Or(string(b.known[key]), key), season, first)
	if other := b.numbers[number]; other != "" {
		b.leave(f.path, "WP-SCAN-TWICE", fmt.Sprintf("Season %d, episode %d of %s is there twice, and %s is the one in the catalog; remove one of them or rename it.",
			season, first, f.Title, other))
		return
	}
	b.numbers[number] = f.path
	b.added = append(b.added, f)
	entry := catalog.Entry{Title: t}
	if id, ok := b.known[key]; ok {
		b.append(id, entry)
		return
	}
	e := b.series[key]
	if e == nil {
		s := catalog.Title{Kind: catalog.Series, Name: cut(cmp.Or(show.Title, f.Title), maxName), Year: cmp.Or(show.Year, f.Year),
			Synopsis: cut(show.Plot, maxSynopsis), Poster: b.showPoster(f)}
		s.Rule.Rating = max(show.Age, 0)
		s.ID = b.id(s.Name, s.Year, f.Title)
		e = &catalog.Entry{Title: s, Remark: remark(show.IMDb, show.Countries)}
		b.series[key] = e
		b.order = append(b.order, e)
	}
	e.Entries = append(e.Entries, entry)
}

func (b *builder) append(id catalog.TitleID, entry catalog.Entry) {
	for _, more := range b.more {
		if more.whole == id {
			more.entries = append(more.entries, entry)
			return
		}
	}
	b.more = append(b.more, &addition{id, []catalog.Entry{entry}})
}

// done gives the new titles, episodes and tracks in their order.
func (b *builder) done() []catalog.Entry {
	b.number()
	inOrder := func(x, y catalog.Entry) int {
		return cmp.Or(cmp.Compare(x.Title.Season, y.Title.Season), cmp.Compare(x.Title.Episode, y.Title.Episode),
			cmp.Compare(x.Title.Disc, y.Title.Disc), cmp.Compare(x.Title.Track, y.Title.Track))
	}
	var all []catalog.Entry
	for _, e := range b.order {
		slices.SortStableFunc(e.Entries, inOrder)
		all = append(all, *e)
	}
	for _, more := range b.more {
		slices.SortStableFunc(more.entries, inOrder)
	}
	return all
}

// remark is what the catalog has no key for.
func remark(imdb string, countries []string) string {
	var words []string
	if imdb != "" {
		words = append(words, "imdb "+imdb)
	}
	if len(countries) > 0 {
		words = append(words, "from "+strings.Join(countries, ", "))
	}
	return strings.Join(words, "; ")
}

// cut shortens a text to a number of characters, in one line.
func cut(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), isBlank), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
