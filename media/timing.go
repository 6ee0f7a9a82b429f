package media

import (
	"time"

	"watchparty/media/catalog"
	"watchparty/media/rendition"
)

// Length is how long a title runs: as its file says, else as the catalog does; 0 when neither
// is known. What is live runs for as long as its recording may become.
func (s *Shelf) Length(id catalog.TitleID) time.Duration {
	now := s.now.Load()
	t, ok := now.catalog.Title(id)
	if !ok {
		return 0
	}
	if t.Source != "" {
		return rendition.Longest // of its recording
	}
	if info, err := now.folder.Stat(t.File); err == nil {
		d, known := s.length.known(t.File, info)
		if !known {
			d = s.length.find(now.folder, t.File, info)
		}
		if film, ok, _ := s.known(now, t.File, info); ok && d == 0 {
			d = film.Duration
		}
		if d > 0 {
			return d
		}
	}
	return t.Duration
}
