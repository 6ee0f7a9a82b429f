package media

import (
	"context"
	"errors"
	"io/fs"

	"watchparty/media/catalog"
	"watchparty/media/rendition"
)

// poster is a picture that is made of the film, where the catalog names none.
func (s *Shelf) poster(ctx context.Context, now *stock, id catalog.TitleID) (Content, error) {
	t, ok := now.catalog.Title(id)
	if !ok {
		return nil, errors.New("not in the catalog")
	}
	if t.Poster != "" || t.File == "" || s.studio == nil || !now.onDisk() {
		return now.content(id, Part{Kind: Poster})
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
