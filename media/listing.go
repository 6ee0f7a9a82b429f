package media

import (
	"errors"
	"io/fs"
	"time"

	"watchparty/media/catalog"
	"watchparty/media/ffmpeg"
	"watchparty/media/rendition"
)

// probing bounds how long one listing may look into film files. What it did not get to is
// listed with the catalog's own duration, and found by the next.
const probing = 300 * time.Millisecond

// A looker gathers what one listing says about the files.
type looker struct {
	*stock
	shelf    *Shelf
	length   *lengths
	siblings map[string][]string // file names by folder, so that each folder is read once
	until    time.Time
}

// listing says of a title what somebody may know. Those who may not watch it learn nothing
// from its files.
func (l *looker) listing(t *catalog.Title, d catalog.Decision, lang string) Listing {
	out := Listing{
		ID: t.ID, Title: t.Name, Kind: t.Kind, Year: t.Year, Duration: t.Duration.Seconds(),
		Allowed: d.OK, Code: d.Code, Reason: d.In(lang), Synopsis: t.Synopsis, Rating: t.Rule.Rating,
		Series: t.Series, SeriesTitle: t.SeriesName, Season: t.Season, Episode: t.Episode,
		Artist: t.Artist, Album: t.Album, AlbumTitle: t.AlbumName, AlbumArtist: t.AlbumArtist, Disc: t.Disc, Track: t.Track,
	}
	if !d.OK {
		return out
	}
	if l.picture(t, l.siblingsOf) != "" {
		out.Poster = posterURL(t.ID)
	}
	if t.Source != "" {
		l.live(t, &out, lang)
		return out
	}
	out.Subtitles = l.tracks(t, lang)
	info, err := l.folder.Stat(t.File)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err == nil {
		_, err = typeOf(t.File, films)
	}
	var film ffmpeg.Info
	looked := false
	if err == nil {
		film, looked, err = l.shelf.known(l.stock, t.File, info)
	}
	if err != nil {
		out.Offline = true
		out.Code, out.Reason = whyOffline(t.ID, err, lang)
		return out
	}
	found := l.duration(t.File, info)
	if looked && t.Subtitles.Auto {
		out.Subtitles = withInside(out.Subtitles, film, lang)
	}
	if looked && out.Poster == "" && rendition.HasPoster(film) {
		out.Poster = posterURL(t.ID)
	}
	if looked {
		out.Play = &Play{MIME: rendition.MIME(film), HLS: len(rendition.Ladder(film)) > 0, Thumbs: rendition.ThumbsOf(film),
			Sounds: l.shelf.studio.Sounds(l.film(t, info, l.siblingsOf), film)}
		if found == 0 {
			found = film.Duration
		}
	}
	if found > 0 {
		out.Duration = found.Seconds()
	}
	if out.Duration > 0 {
		out.BytesPerSecond = int64(float64(info.Size()) / out.Duration)
	}
	return out
}

func posterURL(id catalog.TitleID) string { return "/media/t/" + string(id) + "/poster" }

// whyOffline says what is wrong with a file that cannot be played.
func whyOffline(id catalog.TitleID, err error, lang string) (catalog.Code, string) {
	var fault *ffmpeg.Fault
	if errors.As(err, &fault) {
		return catalog.Code(fault.Code), fault.In(lang)
	}
	return CodeGone, (&Gone{id, err}).In(lang)
}

// duration is that of the file, or 0 if it does not say or there was no time to ask.
func (l *looker) duration(name string, info fs.FileInfo) time.Duration {
	if d, ok := l.length.known(name, info); ok || time.Now().After(l.until) {
		return d
	}
	return l.length.find(l.folder, name, info)
}
