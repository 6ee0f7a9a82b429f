package media

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"watchparty/media/catalog"
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
	is, err := now.folder.Stat(t.File)
	if err == nil {
		_, err = typeOf(t.File, films)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %v", t.File, err)
	}
	piece, err := s.studio.Poster(ctx, now.source(t.File, is))
	if err != nil && ctx.Err() == nil {
		return nil, fs.ErrNotExist // the page draws a card, and the log says why
	}
	if err != nil {
		return nil, err
	}
	return &pieceContent{piece, ContentInfo{Size: piece.Size, ModTime: is.ModTime().Truncate(time.Second), ETag: `"` + piece.Tag + `"`, ContentType: piece.Type}}, nil
}
