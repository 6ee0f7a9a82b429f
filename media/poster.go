package media

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"watchparty/media/catalog"
	"watchparty/media/naming"
	"watchparty/media/rendition"
)

// poster is the picture that the catalog names, else one that lies beside the film, else one that is
// made of it.
func (s *Shelf) poster(ctx context.Context, now *stock, id catalog.TitleID) (Content, error) {
	t, ok := now.catalog.Title(id)
	if !ok {
		return nil, errors.New("not in the catalog")
	}
	if name := now.picture(t, now.names); name != "" || t.File == "" || s.studio == nil || !now.onDisk() {
		return now.open(name, posters)
	}
	c, err := now.made(t, func(src rendition.Source) (*rendition.Piece, error) { return s.studio.Poster(ctx, src) })
	if err != nil && ctx.Err() == nil {
		return nil, fs.ErrNotExist // the page draws a card, and the log says why
	}
	return c, err
}

// thumbs is a sheet of small pictures that are made of the film.
func (s *Shelf) thumbs(ctx context.Context, now *stock, id catalog.TitleID, name string) (Content, error) {
	t, ok := now.catalog.Title(id)
	if !ok {
		return nil, errors.New("not in the catalog")
	}
	if t.File == "" || s.studio == nil || !now.onDisk() {
		return nil, fs.ErrNotExist
	}
	return now.made(t, func(src rendition.Source) (*rendition.Piece, error) { return s.studio.Sheet(ctx, src, name) })
}

// picture is the file of a title's picture: the one that the catalog names, else one that lies
// beside the film by one of the usual names, as a scan of the library finds it. One for the whole
// folder counts below the top, and not for an episode. Empty: there is none.
func (s *stock) picture(t *catalog.Title, names func(folder string) []string) string {
	if t.Poster != "" || t.File == "" {
		return t.Poster
	}
	folder, stem := path.Dir(t.File), strings.TrimSuffix(path.Base(t.File), path.Ext(t.File))
	var own, all, thumb string
	for _, name := range names(folder) {
		if _, err := typeOf(name, posters); err != nil {
			continue
		}
		at := path.Join(folder, name)
		switch f := naming.Parse(at); {
		case f.Kind == naming.Poster && f.Stem == stem && own == "":
			own = at
		case f.Kind == naming.Poster && f.Stem == "" && f.Season < 0 && all == "" && folder != "." && t.Series == "":
			all = at
		case f.Kind == naming.Thumb && f.Stem == stem && thumb == "":
			thumb = at
		}
	}
	for _, at := range []string{own, all, thumb} {
		if at != "" {
			return at
		}
	}
	return ""
}
