package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"watchparty/media/catalog"
	"watchparty/media/ffmpeg"
	"watchparty/media/rendition"
)

// Unplayable is the error of a film that cannot be converted, although its file may be there.
type Unplayable struct {
	ID    catalog.TitleID
	fault *ffmpeg.Fault
}

func (u *Unplayable) Error() string { return fmt.Sprintf("title %s: %v", u.ID, u.fault) }

func (u *Unplayable) Unwrap() error { return u.fault }

// Code is the WP- code of what is wrong.
func (u *Unplayable) Code() string { return u.fault.Code }

// In is the reason as one sentence in English or French.
func (u *Unplayable) In(lang string) string { return u.fault.In(lang) }

// UseStudio has the shelf convert films in s. It is called before the shelf is used; without
// it, no film is converted.
func (s *Shelf) UseStudio(studio *rendition.Studio) { s.studio = studio }

// Look has all films that lie on the shelf looked into when there is time, so that lists can
// say how they are played.
func (s *Shelf) Look() {
	now := s.now.Load()
	for _, t := range now.catalog.Titles {
		if info, err := now.folder.Stat(t.File); err == nil && t.File != "" {
			s.known(now, t.File, info)
			for _, b := range now.besides(t, now.names) {
				s.look(b.Source)
			}
		}
	}
}

// look has a file looked into when there is time.
func (s *Shelf) look(src rendition.Source) {
	if s.studio != nil {
		s.studio.Known(src)
	}
}

// known is what was found out about a film. It is not ok when that is not known yet, or no
// film is converted; the error is that of a film that was looked into in vain.
func (s *Shelf) known(now *stock, name string, is fs.FileInfo) (info ffmpeg.Info, ok bool, err error) {
	if _, other := typeOf(name, films); other != nil || s.studio == nil || !now.onDisk() {
		return info, false, nil
	}
	info, known, err := s.studio.Known(now.source(name, is))
	return info, known && err == nil, err
}

// onDisk tells whether a child can read the files: not those inside the program.
func (s *stock) onDisk() bool {
	_, ok := s.folder.(*disk)
	return ok
}

// source is a film's file as a studio takes it.
func (s *stock) source(name string, info fs.FileInfo) rendition.Source {
	return rendition.Source{Key: etag(name, info), Open: func() (*os.File, error) {
		f, err := s.folder.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open film: %v", err) // not as fs.ErrNotExist, which is a part that a title does not have
		}
		if f, ok := f.(*steady); ok {
			return f.File, nil
		}
		f.Close()
		return nil, errors.New("the film lies inside the program")
	}}
}

// stream opens a part of a film that is converted.
func (s *Shelf) stream(ctx context.Context, now *stock, id catalog.TitleID, name string) (Content, error) {
	t, ok := now.catalog.Title(id)
	if !ok {
		return nil, errors.New("not in the catalog")
	}
	if t.Source != "" {
		return s.onAir(ctx, t, name)
	}
	if s.studio == nil || !now.onDisk() {
		return nil, &Unplayable{id, ffmpeg.ErrMissing}
	}
	return now.made(t, func(src rendition.Source) (*rendition.Piece, error) {
		src.Beside = now.besides(t, now.names)
		return s.studio.Open(ctx, src, name)
	})
}

// made opens what a studio makes of a title's file.
func (s *stock) made(t *catalog.Title, open func(rendition.Source) (*rendition.Piece, error)) (Content, error) {
	is, err := s.folder.Stat(t.File)
	if err == nil {
		_, err = typeOf(t.File, films)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %v", t.File, err)
	}
	piece, err := open(s.source(t.File, is))
	var fault *ffmpeg.Fault
	if errors.As(err, &fault) {
		return nil, &Unplayable{t.ID, fault}
	}
	if err != nil {
		return nil, err
	}
	return &pieceContent{piece, ContentInfo{Size: piece.Size, ModTime: is.ModTime().Truncate(time.Second), ETag: `"` + piece.Tag + `"`, ContentType: piece.Type}}, nil
}

// pieceContent is content that a studio made.
type pieceContent struct {
	*rendition.Piece
	info ContentInfo
}

func (p *pieceContent) Info() ContentInfo { return p.info }

// Send implements [Sender]: a segment is a file of the cache, which is never written again.
func (p *pieceContent) Send(w io.Writer, n int64) (int64, error) { return io.CopyN(w, p.ReadSeeker, n) }
