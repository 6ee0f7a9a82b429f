// Package catalog reads the catalog file and says who may watch what.
//
// It is pure: bytes in, values out, no clock and no files. [Parse] is strict, finds all problems
// of a file at once and never hands out half a catalog. [Catalog.Decide] refuses whenever it is
// in doubt: an unknown region, a rule that says nothing and the zero value of every type here
// admit nobody.
package catalog

import "time"

type (
	// A TitleID names one title for ever; the catalog file chooses it. Lower-case letters,
	// digits and dashes, at most 64 bytes.
	TitleID string

	// A Region is an ISO 3166-1 alpha-2 country code in capitals: of a house, not of a person.
	// Inside a [Rule] it may also be [World].
	Region string

	// A Tier is a named membership, such as "prime".
	Tier string

	// A Kind says what a title is.
	Kind string

	// A Code tells a program why a title was refused.
	Code string
)

// The kinds of title. Series is the kind of an entry that has episodes; those are titles of
// the kind Episode, and the series itself becomes a [Show]. Records is the kind of an entry that
// has tracks; those are titles of the kind Music, and the entry itself becomes an [Album].
const (
	Film    Kind = "film"
	Series  Kind = "series"
	Episode Kind = "episode"
	Music   Kind = "music"
	Records Kind = "album"
	Sport   Kind = "sport"
	Live    Kind = "live"
)

// The reasons for a refusal.
const (
	CodeRegion     Code = "WP-REGION"
	CodeMembership Code = "WP-MEMBERSHIP"
	CodeWindow     Code = "WP-WINDOW"
	CodeRating     Code = "WP-RATING"
	CodeUnknown    Code = "WP-UNKNOWN"
)

// World stands for every region a house can have; a house without a region is not in it.
const World Region = "world"

// Somewhere is the region of a house that did not say where it is: the code that CLDR keeps for
// an unknown region. It is in the world and in no country, and no catalog can name it.
const Somewhere Region = "ZZ"

// A Membership is a tier somebody holds, until a moment.
type Membership struct {
	Tier  Tier      `json:"tier"`
	Until time.Time `json:"until,omitzero"` // exclusive; zero: no end
}

// A Viewer is everything a rule may ask about who is watching. The zero value is nobody in
// particular, and is refused everywhere: even [World] asks for a region.
type Viewer struct {
	Host      bool         `json:"host,omitempty"` // the host may watch everything
	House     Region       `json:"region"`
	Tiers     []Membership `json:"tiers"`
	MaxRating int          `json:"rating,omitempty"` // age in years; 0: no limit
}

// A Rule says who may watch a title. Its zero value admits nobody but the host.
type Rule struct {
	Allow, Deny []Region  // groups and EU are spelled out, sorted; World is kept; Deny wins
	Tiers       []Tier    // any one suffices; none asks for none
	From, Until time.Time // From inclusive, Until exclusive; zero: no bound
	Rating      int       // the age from which it may be watched, in years, 0 to 21
	Hidden      bool      // those who may not watch are not told that it exists
	Silent      bool      // no region rule anywhere, neither its own nor a default: host alone
}

// A Beside says where the subtitles of a title come from, or sounds in files of their own: beside the
// film by the usual naming, or from a list. The zero value is none.
type Beside struct {
	Auto  bool     // siblings of the file; what a title gets that says nothing
	Files []string // paths below the library, with slashes
}

// A Title is one thing that can be watched: a film, an episode, a piece of music.
type Title struct {
	ID        TitleID
	Name      string
	Year      int // 0: not said
	Kind      Kind
	File      string // path below the library, with slashes; empty where there is a Source
	Source    string // address of what is live, which may hold a password; else empty
	Poster    string // likewise; empty: none
	Subtitles Beside
	Audio     Beside
	Rule      Rule
	Synopsis  string
	Duration  time.Duration // 0: not said

	Series          TitleID // for an episode: its [Show]
	SeriesName      string
	Season, Episode int // 0 for what is no episode

	Artist      string  // of music; empty: not said
	Album       TitleID // for a track: its [Album]
	AlbumName   string
	AlbumArtist string
	Disc, Track int // 0 for what is no track

	Line int // where the title starts in the catalog file, from 1
}

// A Show is a series; what can be watched are its episodes.
type Show struct {
	ID       TitleID
	Name     string
	Year     int
	Poster   string
	Synopsis string
	Episodes []TitleID // by season, then episode; those a viewer may know of show the series too
	Line     int
}

// A Catalog is a catalog file as it was read. Nobody changes it afterwards, so any number of
// readers may share it.
type Catalog struct {
	Library    string   // the folder as written; relative to the catalog file
	Watch      []string // folders below the library in which a host looks for new films; "." is all of it
	Titles     []*Title // in the order of the file, episodes in their place
	Shows      []*Show
	Albums     []*Album
	GuestTiers []Tier   // what a guest who came by PIN is taken to hold
	Warnings   Problems // nothing that keeps it from being used

	titles map[TitleID]*Title
	next   map[TitleID]TitleID
	zone   *time.Location
}

// Title finds a title; a series itself is none.
func (c *Catalog) Title(id TitleID) (*Title, bool) {
	t, ok := c.titles[id]
	return t, ok
}

// Next says which episode follows, across seasons, or which track, across discs.
func (c *Catalog) Next(id TitleID) (TitleID, bool) {
	next, ok := c.next[id]
	return next, ok
}
