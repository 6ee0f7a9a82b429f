// Package media is the one door to the bytes of a title: films, posters, subtitles.
//
// [Library.Open] asks whether somebody may watch a title and gives a [Title] or a [Refused].
// Only Open makes a Title, so holding one is the permission, and no later handler can forget
// to ask. The question is asked again while the title is open; once the answer is no, nothing
// more can be read through it.
//
// Titles and bytes come from an [Origin]: a [Shelf], which is a catalog and a folder of this
// machine, or another house.
package media

import (
	"context"
	"fmt"
	"io"
	"time"

	"watchparty/media/catalog"
	"watchparty/media/emote"
	"watchparty/media/rendition"
)

// Who is whoever asks. It is asked again and again while they have a title open, from any
// goroutine, and answers at once.
type Who interface {
	// Viewer says what rules may ask about them, and at which moment title id counts as begun
	// for them: a film that had started is not cut when its time runs out. It is not ok when
	// they are no longer at the party.
	Viewer(id catalog.TitleID) (v catalog.Viewer, at time.Time, ok bool)
}

// A PartKind is one of the things a title is made of.
type PartKind uint8

// The kinds of [Part].
const (
	File PartKind = iota + 1
	Poster
	Subtitle
	Stream // the film as HLS, made playable here
	Thumbs // a sheet of small pictures of the film
	Sound  // a sound of the film that lies in a file of its own
	Chat   // what was said over the film at an evening, as JSON
)

// A Part names one of the things a title is made of.
type Part struct {
	Kind PartKind
	Name string // of a subtitle: the key of its [SubtitleTrack], such as "fr.forced"; of a sound: that of a [rendition.Sound]; of a stream: "main.m3u8", "720/17.m4s" …; of thumbnails: "3.jpg"; of a chat: the evening
}

// ContentInfo is what an HTTP answer says about content before its bytes.
type ContentInfo struct {
	Size        int64     // bytes
	ModTime     time.Time // zero: not known
	ETag        string    // strong, in quotes (RFC 9110, 8.8.3): other bytes, other tag
	ContentType string    // from a fixed table, never guessed from the bytes
}

// Content is bytes that somebody may have. Close it after use.
type Content interface {
	io.ReadSeeker
	io.Closer
	Info() ContentInfo
}

// A Sender is content that goes to a writer by a shorter way than through a buffer: a file to
// a socket inside the kernel. Send gives at most the n next bytes, and [io.EOF] where there are
// fewer. Keep n small: permission is looked at before, and a no meanwhile is felt by who
// listens to [Title.Done].
type Sender interface {
	Send(w io.Writer, n int64) (int64, error)
}

// An Origin is where titles and their bytes come from.
type Origin interface {
	// Titles lists what who may know of, in the order of the catalog, with texts in the
	// language lang. Somebody who left gets a [Refused].
	Titles(ctx context.Context, who Who, lang string) ([]Listing, error)

	// Decide says whether who may watch title id. It is asked four times a second for each open
	// title, one after the other, so it answers from memory. An error leaves an open title as
	// it is; only a decision closes it.
	Decide(ctx context.Context, id catalog.TitleID, who Who) (catalog.Decision, error)

	// Content opens a part without asking who it is for: only [Title] calls it. What is not
	// there is a [Gone]. When ctx ends, so may the content.
	Content(ctx context.Context, id catalog.TitleID, p Part) (Content, error)

	// Emotes are those of the house, and Emote the bytes that a key of theirs names.
	Emotes(ctx context.Context) ([]emote.Emote, error)
	Emote(ctx context.Context, key string) (Picture, error)
}

// A Listing is one title as a guest sees it in the list.
type Listing struct {
	ID             catalog.TitleID `json:"id"`
	Title          string          `json:"title"`
	Kind           catalog.Kind    `json:"kind"`
	Year           int             `json:"year,omitzero"`
	Duration       float64         `json:"duration"` // seconds; 0: not known
	Allowed        bool            `json:"allowed"`
	Code           catalog.Code    `json:"code,omitempty"`   // why not, or why it is offline
	Reason         string          `json:"reason,omitempty"` // the same, for the person
	Poster         string          `json:"poster,omitempty"` // path below the node's address; none when not allowed
	Synopsis       string          `json:"synopsis,omitempty"`
	Rating         int             `json:"rating,omitzero"` // years of age
	Series         catalog.TitleID `json:"series,omitempty"`
	SeriesTitle    string          `json:"seriesTitle,omitempty"`
	Season         int             `json:"season,omitzero"`
	Episode        int             `json:"episode,omitzero"`
	Artist         string          `json:"artist,omitempty"`
	Album          catalog.TitleID `json:"album,omitempty"` // of a track
	AlbumTitle     string          `json:"albumTitle,omitempty"`
	AlbumArtist    string          `json:"albumArtist,omitempty"`
	Disc           int             `json:"disc,omitzero"`
	Track          int             `json:"track,omitzero"`
	Subtitles      []SubtitleTrack `json:"subtitles,omitempty"`     // none when not allowed
	Offline        bool            `json:"offline,omitzero"`        // in the catalog, but its file cannot be found now, is no film, or of no type that is served
	BytesPerSecond int64           `json:"bytesPerSecond,omitzero"` // on average; 0: not known
	Live           *Live           `json:"live,omitempty"`          // it comes from a live source; none when not allowed
	Play           *Play           `json:"play,omitempty"`          // how it can be played; none while that is not known, or when not allowed
}

// Play says how a title can be played.
type Play struct {
	MIME string `json:"mime"` // of the file, with codecs (RFC 6381), for a browser to judge; empty: no browser knows it
	HLS  bool   `json:"hls"`  // the host can convert it: [Title.Stream]

	Sounds []rendition.Sound `json:"sounds,omitempty"` // what may be heard, as far as it is known
	Thumbs *rendition.Thumbs `json:"thumbs,omitempty"` // how its small pictures lie on sheets: [Title.Sheet]; nil: it has none
}

// A SubtitleTrack is one choice of subtitles for a title: a file, or a stream inside the film.
type SubtitleTrack struct {
	Key     string `json:"key"`              // names it in a [Part]
	Lang    string `json:"lang"`             // BCP 47; "und" if the file's name does not say
	Label   string `json:"label"`            // the language's own name, and what is special
	Default bool   `json:"default,omitzero"` // the file's name asks for it to be on
	Inside  bool   `json:"inside,omitzero"`  // it is in the film's file, for who plays that
	Drawn   bool   `json:"drawn,omitzero"`   // it is pictures: no text, but a stream "main.<key>.m3u8" into which it is drawn
}

// Codes of refusals that are about the door and not about a rule.
const (
	CodeGone catalog.Code = "WP-MEDIA-GONE" // the file cannot be read
	CodeLeft catalog.Code = "WP-SESSION"    // who asks is not at the party any more
)

// Refused is the error of somebody who may not watch a title, or may not any longer.
type Refused struct{ Decision catalog.Decision }

func (r *Refused) Error() string { return fmt.Sprintf("%s: %s", r.Decision.Code, r.Decision.Reason) }

// In is the reason as one sentence in English or French.
func (r *Refused) In(lang string) string {
	if r.Decision.Code == CodeLeft && isFrench(lang) {
		return "Vous n’êtes plus à cette soirée ; demandez une nouvelle invitation à l’hôte."
	}
	return r.Decision.In(lang)
}

// Left is the decision about somebody who is not at the party.
func Left() catalog.Decision {
	return catalog.Decision{Code: CodeLeft, Reason: "You are not at this party any more; ask the host for a new invitation."}
}

// Gone is the error of a part that is not there, cannot be read, or changed while it was read.
// The title stays in the list: the disk may come back.
type Gone struct {
	ID  catalog.TitleID
	Err error // for the log
}

func (g *Gone) Error() string { return fmt.Sprintf("%s: title %s: %v", CodeGone, g.ID, g.Err) }

func (g *Gone) Unwrap() error { return g.Err }

// In is the reason as one sentence in English or French.
func (g *Gone) In(lang string) string {
	if isFrench(lang) {
		return "Le fichier de ce titre n’est pas accessible pour le moment ; l’hôte peut vérifier le disque, puis réessayez."
	}
	return "The file of this title cannot be read at the moment; the host can check the disk, then try again."
}

func isFrench(lang string) bool {
	return len(lang) >= 2 && lang[:2] == "fr" && (len(lang) == 2 || lang[2] == '-')
}
