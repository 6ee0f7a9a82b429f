package catalog

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

const (
	maxName     = 200  // characters of a title
	maxSynopsis = 2000 // characters
	maxDuration = 1000 * time.Hour
	oldestYear  = 1800 // music may be older than film
	newestYear  = 2200
	maxSeason   = 9999 // some count seasons by year; 0 is for specials
	maxEpisode  = 99999
)

var (
	titleKeys   = slices.Concat(ruleKeys, []string{"id", "title", "year", "kind", "file", "source", "poster", "synopsis", "duration", "season", "episode", "episodes", "artist", "tracks"})
	episodeKeys = slices.Concat(ruleKeys, []string{"id", "title", "year", "file", "poster", "synopsis", "duration", "season", "episode"})
	allKinds    = []Kind{Film, Series, Episode, Music, Records, Sport, Live}
	titleID     = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
)

// A shelf gathers the titles as they are read.
type shelf struct {
	*reader
	catalog *Catalog
	lines   map[TitleID]int   // ids in use, of series too, and where
	files   map[string]*Title // the first title with each file or source
	base    Title             // what every title inherits
	full    bool
}

// entry reads one item of titles.
func (s *shelf) entry(n *yaml.Node) {
	m := s.mapping(n, "a title", titleKeys...)
	if m == nil || s.full {
		return
	}
	kind := Film
	if k := m["kind"]; k != nil {
		kind = s.kind(k)
	}
	if episodes := m["episodes"]; episodes != nil && kind != Series {
		if kind != "" {
			s.bad(episodes, `write "kind: series"`, "only a series has episodes")
		}
		kind = Series
	}
	if tracks := m["tracks"]; tracks != nil && kind != Records {
		if kind != "" {
			s.bad(tracks, `write "kind: album"`, "only an album has tracks")
		}
		kind = Records
	}
	if kind != Music && kind != Records {
		s.none(m, "is for music and albums", "artist")
	}
	switch kind {
	case Series:
		s.series(n, m)
		return
	case Records:
		s.album(n, m)
		return
	}
	t := s.base
	t.Kind, t.Line = kind, n.Line
	if id := s.need(n, m, "this title", "id", `such as "id: night-train"`); id != nil {
		t.ID = s.id(id)
	}
	if kind != Episode {
		s.none(m, "is for episodes", "season", "episode")
	}
	s.numbers(m, &t)
	s.details(n, m, &t)
	s.add(n, &t)
}

// series reads a series and its episodes, which inherit its rules.
func (s *shelf) series(n *yaml.Node, m fields) {
	t := s.base // nothing to watch by itself, but it has a name, a poster and rules to hand on
	t.Kind, t.Line = Series, n.Line
	if id := s.need(n, m, "this series", "id", `such as "id: harbour"`); id != nil {
		t.ID = s.id(id)
		s.claim(id, t.ID)
	}
	s.none(m, "belongs to the episodes of a series", "file", "source", "duration", "season", "episode")
	s.details(n, m, &t)
	list := s.need(n, m, "this series", "episodes", `add "episodes:" and a list below it`)
	if list == nil {
		return
	}
	items := s.list(list, "episodes")
	if list.Kind == yaml.SequenceNode && len(items) == 0 {
		s.bad(list, "", "a series needs at least one episode")
	}
	var episodes []*Title
	for _, item := range items {
		if e := s.episode(item, t); e != nil {
			episodes = append(episodes, e)
		}
	}
	show := &Show{ID: t.ID, Name: t.Name, Year: t.Year, Poster: t.Poster, Synopsis: t.Synopsis, Line: t.Line}
	slices.SortStableFunc(episodes, byNumber)
	for i, e := range episodes {
		if i > 0 {
			if last := episodes[i-1]; byNumber(last, e) == 0 && last.ID != e.ID {
				s.at(e.Line, 1, "number them anew", "season %d, episode %d is there twice, first on line %d",
					e.Season, e.Episode, last.Line)
			}
			s.catalog.next[episodes[i-1].ID] = e.ID
		}
		show.Episodes = append(show.Episodes, e.ID)
	}
	s.catalog.Shows = append(s.catalog.Shows, show)
}

func byNumber(a, b *Title) int {
	return cmp.Or(cmp.Compare(a.Season, b.Season), cmp.Compare(a.Episode, b.Episode))
}

// episode reads one episode. It is nil if it has no number to be told apart by.
func (s *shelf) episode(n *yaml.Node, series Title) *Title {
	m := s.mapping(n, "an episode", episodeKeys...)
	if m == nil || s.full {
		return nil
	}
	t := series
	t.Kind, t.Line = Episode, n.Line
	t.Series, t.SeriesName = series.ID, series.Name
	t.ID, t.Name, t.Poster, t.Synopsis = "", "", "", ""
	s.need(n, m, "this episode", "season", "number the seasons from 1")
	s.need(n, m, "this episode", "episode", "number the episodes from 1")
	numbered := s.numbers(m, &t)
	s.details(n, m, &t)
	at := n
	if id := m["id"]; id != nil {
		t.ID, at = s.id(id), id
	} else if numbered && series.ID != "" {
		t.ID = TitleID(fmt.Sprintf("%s-s%02de%02d", series.ID, t.Season, t.Episode))
		if !titleID.MatchString(string(t.ID)) {
			s.bad(n, "give the episode an id of its own", "the id %q made from that of the series is too long", t.ID)
		}
	}
	s.add(at, &t)
	if !numbered {
		return nil
	}
	return &t
}

// numbers reads where an episode belongs, and reports whether both numbers are there and sound.
func (s *shelf) numbers(m fields, t *Title) bool {
	season, episode := false, false
	if v := m["season"]; v != nil {
		t.Season, season = s.number(v, "season", 0, maxSeason)
	}
	if v := m["episode"]; v != nil {
		t.Episode, episode = s.number(v, "episode", 0, maxEpisode)
	}
	return season && episode
}

// details reads what films, episodes and tracks have in common, and a series or an album but for
// the file.
func (s *shelf) details(n *yaml.Node, m fields, t *Title) {
	if v := s.need(n, m, "this entry", "title", "every entry needs a name to show"); v != nil {
		t.Name, _ = s.text(v, "title", maxName)
	}
	if v := m["year"]; v != nil {
		t.Year, _ = s.number(v, "year", oldestYear, newestYear)
	}
	if v := m["artist"]; v != nil {
		t.Artist, _ = s.text(v, "artist", maxName)
	}
	s.origin(n, m, t)
	if v := m["poster"]; v != nil {
		t.Poster = s.path(v, "poster")
	}
	if v := m["synopsis"]; v != nil {
		paragraph := *v
		paragraph.Value = strings.Join(strings.Fields(v.Value), " ")
		t.Synopsis, _ = s.text(&paragraph, "synopsis", maxSynopsis)
	}
	if v := m["duration"]; v != nil {
		t.Duration = s.duration(v)
	}
	s.rules(m, t)
}

// add puts a title on the shelf; at is where its id is, or would be.
func (s *shelf) add(at *yaml.Node, t *Title) {
	if len(s.catalog.Titles) == maxTitles {
		s.bad(at, "split the catalog", "more than %d titles", maxTitles)
		s.full = true
		return
	}
	s.claim(at, t.ID)
	if t.Rule.Silent {
		s.at(t.Line, 1, `say who may watch it with "regions: {allow: [world]}" or less, here or under defaults`,
			"%q has no region rule, so it is for the host alone", t.Name)
		s.problems[len(s.problems)-1].Warning = true
	}
	if first := s.files[t.File+t.Source]; t.File+t.Source == "" || first == nil {
		s.files[t.File+t.Source] = t
	} else if !reflect.DeepEqual(first.Rule, t.Rule) && t.Source != "" {
		s.warn(at, "whoever may watch one of them can watch the source", "the source is also that of line %d, under another rule", first.Line)
	} else if !reflect.DeepEqual(first.Rule, t.Rule) {
		s.warn(at, "whoever may watch one of them can watch the file", "file %q is also that of line %d, under another rule",
			short(t.File), first.Line)
	}
	s.catalog.Titles = append(s.catalog.Titles, t)
	s.catalog.titles[t.ID] = t
}

// claim notes that an id is taken. Series and titles share the ids.
func (s *shelf) claim(at *yaml.Node, id TitleID) {
	if id == "" {
		return // said already
	}
	if line, taken := s.lines[id]; taken {
		s.bad(at, "every title needs an id of its own", "id %q is there twice, first on line %d", id, line)
		return
	}
	s.lines[id] = at.Line
}

func (s *shelf) id(n *yaml.Node) TitleID {
	id, ok := s.text(n, "id", maxName)
	if !ok {
		return ""
	}
	if !titleID.MatchString(id) {
		s.bad(n, "use at most 64 of a-z, 0-9 and -, such as night-train", "%q cannot be an id", short(id))
		return ""
	}
	return TitleID(id)
}

// ValidID says whether a catalog could name a title so.
func ValidID(id TitleID) bool { return titleID.MatchString(string(id)) }

func (s *shelf) kind(n *yaml.Node) Kind {
	if n.Kind == yaml.ScalarNode && slices.Contains(allKinds, Kind(n.Value)) {
		return Kind(n.Value)
	}
	words := make([]string, len(allKinds))
	for i, k := range allKinds {
		words[i] = string(k)
	}
	s.bad(n, cmp.Or(didYouMean(n.Value, words), "write one of "+strings.Join(words, ", ")), "unknown kind %s", describe(n))
	return ""
}

func (s *shelf) duration(n *yaml.Node) time.Duration {
	d, err := time.ParseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || d <= 0 || d > maxDuration {
		s.bad(n, "write it like 1h32m or 48m20s", "duration must be a length of time, but is %s", describe(n))
	}
	return d
}

// none refuses keys that the format knows but that have no meaning here.
func (s *shelf) none(m fields, why string, keys ...string) {
	for _, key := range keys {
		if n := m[key]; n != nil {
			s.bad(n, "remove it here", "%q %s", key, why)
			delete(m, key)
		}
	}
}
