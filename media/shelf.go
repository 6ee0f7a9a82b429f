package media

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"watchparty/media/catalog"
	"watchparty/media/rendition"
)

// A Shelf is the [Origin] of this machine: a catalog and the folder its files lie in. Both are
// replaced together, so nobody sees the rules of one with the files of another.
type Shelf struct {
	now    atomic.Pointer[stock]
	length lengths
	studio *rendition.Studio // nil: no film is converted

	// Chat reads what was said over a title at an evening; [fs.ErrNotExist] where that is not to be had. It is set before
	// the shelf is used; nil: nothing is.
	Chat func(ctx context.Context, id catalog.TitleID, evening string) ([]byte, error)

	// Pictures are the house's emotes, set before the shelf is used; nil: it has none.
	Pictures *Emotes
}

// stock is what a shelf holds at one time.
type stock struct {
	catalog *catalog.Catalog
	folder  Folder
	listed  sync.Map // by folder, the [listed] names in it
}

// NewShelf makes a shelf. The catalog must not be nil.
func NewShelf(folder Folder, c *catalog.Catalog) *Shelf {
	s := &Shelf{}
	s.now.Store(&stock{catalog: c, folder: folder})
	return s
}

// Catalog is the catalog in force.
func (s *Shelf) Catalog() *catalog.Catalog { return s.now.Load().catalog }

// Swap puts another catalog in force, over the same folder. Call [Library.Recheck] afterwards,
// or it takes a quarter of a second until open titles feel it.
func (s *Shelf) Swap(c *catalog.Catalog) {
	for {
		old := s.now.Load()
		if s.now.CompareAndSwap(old, &stock{catalog: c, folder: old.folder}) {
			return
		}
	}
}

// SwapAll puts another catalog and another folder in force and closes the old folder. Files
// open in it stay open.
func (s *Shelf) SwapAll(folder Folder, c *catalog.Catalog) error {
	return s.now.Swap(&stock{catalog: c, folder: folder}).folder.Close()
}

// Decide implements [Origin].
func (s *Shelf) Decide(_ context.Context, id catalog.TitleID, who Who) (catalog.Decision, error) {
	return s.now.Load().decide(id, who), nil
}

func (s *stock) decide(id catalog.TitleID, who Who) catalog.Decision {
	v, at, ok := who.Viewer(id)
	if !ok {
		return Left()
	}
	return s.catalog.Decide(id, v, at)
}

// Content implements [Origin].
func (s *Shelf) Content(ctx context.Context, id catalog.TitleID, p Part) (Content, error) {
	for {
		now := s.now.Load()
		c, err := s.content(ctx, now, id, p)
		if errors.Is(err, fs.ErrClosed) && s.now.Load() != now {
			continue // the folder was replaced just now
		}
		var cannot *Unplayable
		switch {
		case err == nil:
			return c, nil
		case errors.As(err, &cannot):
			return nil, err
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		}
		return nil, &Gone{id, err}
	}
}

func (s *Shelf) content(ctx context.Context, now *stock, id catalog.TitleID, p Part) (Content, error) {
	switch p.Kind {
	case Stream:
		return s.stream(ctx, now, id, p.Name)
	case Poster:
		return s.poster(ctx, now, id)
	case Thumbs:
		return s.thumbs(ctx, now, id, p.Name)
	case Chat:
		return s.chat(ctx, id, p.Name)
	}
	if index, ok := streamOf(p.Name); ok && p.Kind == Subtitle {
		return s.inside(ctx, now, id, index)
	}
	return now.content(id, p)
}

func (s *stock) content(id catalog.TitleID, p Part) (Content, error) {
	t, ok := s.catalog.Title(id)
	if !ok {
		return nil, errors.New("not in the catalog")
	}
	switch p.Kind {
	case File:
		return s.open(t.File, films)
	case Subtitle:
		return s.subtitle(t, p.Name)
	case Sound:
		return s.sound(t, p.Name)
	}
	return nil, errors.New("no such part")
}

// open opens a file whose name ends as the table of types allows.
func (s *stock) open(name string, types map[string]string) (Content, error) {
	if name == "" {
		return nil, fs.ErrNotExist
	}
	kind, err := typeOf(name, types)
	if err != nil {
		return nil, err
	}
	f, err := s.folder.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	return &fileContent{f, ContentInfo{
		Size: info.Size(), ModTime: info.ModTime(), ETag: etag(name, info), ContentType: kind,
	}}, nil
}

// Titles implements [Origin].
func (s *Shelf) Titles(ctx context.Context, who Who, lang string) ([]Listing, error) {
	now := s.now.Load()
	look := looker{stock: now, shelf: s, length: &s.length, siblings: map[string][]string{}, until: time.Now().Add(probing)}
	list := []Listing{}
	for _, t := range now.catalog.Titles {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d := now.decide(t.ID, who)
		switch d.Code {
		case CodeLeft:
			return nil, &Refused{d}
		case catalog.CodeUnknown:
			continue // hidden from them
		}
		list = append(list, look.listing(t, d, lang))
	}
	return list, nil
}
