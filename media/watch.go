package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"watchparty/media/catalog"
)

const (
	// maxCatalog bounds what is read of a catalog file, in bytes. The parser takes half of that and
	// says so with a line.
	maxCatalog = 16 << 20
	// settle is how long a catalog must rest before it is read: editors write in steps.
	settle = 100 * time.Millisecond
	// look is how often the file is looked at in any case, where changes are not told (network
	// drives); impatient is the same where nothing is ever told.
	look      = 2 * time.Second
	impatient = 500 * time.Millisecond
)

// LoadCatalog reads a catalog file and opens its library. Problems that are more than warnings
// come without an error and without a catalog; an error means that the file or the folder
// cannot be opened. The zone is the host's.
func LoadCatalog(path string, zone *time.Location) (*catalog.Catalog, Folder, catalog.Problems, error) {
	data, err := readCatalog(path)
	if err != nil {
		return nil, nil, nil, err
	}
	c, problems := catalog.Parse(path, data, zone)
	if c == nil {
		return nil, nil, problems, nil
	}
	folder, err := OpenFolder(LibraryOf(path, c))
	if err != nil {
		return nil, nil, problems, err
	}
	return c, folder, problems, nil
}

// LibraryOf is the folder of a catalog's files: relative to the catalog, not to where we run.
func LibraryOf(path string, c *catalog.Catalog) string {
	library := filepath.FromSlash(c.Library)
	if filepath.IsAbs(library) {
		return library
	}
	return filepath.Join(filepath.Dir(path), library)
}

func readCatalog(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|noWait, 0)
	if err != nil {
		return nil, fmt.Errorf("open catalog: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("open catalog: %s is not a regular file", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxCatalog+1))
	if err == nil && len(data) > maxCatalog {
		err = errors.New("larger than 16 MB")
	}
	if err != nil {
		return nil, fmt.Errorf("read catalog %s: %w", path, err)
	}
	return data, nil
}

// WatchCatalog follows a catalog file until ctx ends, and returns nil then. The shelf s holds
// what [LoadCatalog] read from it before. A changed file that is right is put in force; of one
// that is wrong, or gone, nothing is, and the last good one stays.
//
// told is called after each change, in turn, with the problems of the file as it is now: none
// or warnings alone mean that it is in force, and that it is time for [Library.Recheck].
func WatchCatalog(ctx context.Context, path string, zone *time.Location, s *Shelf, told func(catalog.Problems)) error {
	w := &watch{path: path, zone: zone, shelf: s, told: told, library: LibraryOf(path, s.Catalog())}
	changes, failures := make(<-chan fsnotify.Event), make(<-chan error)
	every := impatient
	// The folder is watched and not the file, because editors write a new file and rename it.
	if notify, err := fsnotify.NewWatcher(); err == nil {
		defer notify.Close()
		if notify.Add(filepath.Dir(path)) == nil {
			changes, failures, every = notify.Events, notify.Errors, look
		}
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	rest := time.NewTimer(settle) // the file may have changed since it was loaded
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-changes:
			if !ok {
				changes = nil
			} else if filepath.Base(e.Name) == filepath.Base(path) && e.Op != fsnotify.Chmod {
				rest.Reset(settle)
			}
		case _, ok := <-failures: // events were lost: the tick finds what they were about
			if !ok {
				failures = nil
			}
		case <-tick.C:
			w.look()
		case <-rest.C:
			w.look()
		}
	}
}

// watch is what is known of a watched catalog.
type watch struct {
	path    string
	zone    *time.Location
	shelf   *Shelf
	told    func(catalog.Problems)
	library string // the folder that is open

	seen   bool   // the file need not be looked at unless it changed
	data   []byte // as last read
	fault  string // why it could not be read; empty: it could
	report string // what was told last
}

// look reads the file if it is not what it was.
func (w *watch) look() {
	data, err := readCatalog(w.path)
	fault := ""
	if err != nil {
		fault = err.Error()
	}
	if w.seen && fault == w.fault && bytes.Equal(data, w.data) {
		return
	}
	again := !w.seen && w.report != ""
	w.seen, w.data, w.fault = true, data, fault
	var problems catalog.Problems
	if err == nil {
		var c *catalog.Catalog
		c, problems = catalog.Parse(w.path, data, w.zone)
		if c != nil {
			err = w.replace(c)
			w.seen = err == nil // the folder may come back although the file stays as it is
		}
	}
	if err != nil {
		problems = append(problems, catalog.Problem{File: w.path, Line: 1, Column: 1, Text: err.Error(),
			Hint: "the last good catalog stays in force until this is mended"})
	}
	if report := problems.Error(); !again || report != w.report {
		w.report = report
		w.told(problems)
	}
}

// replace puts c in force, with another folder if its library is another.
func (w *watch) replace(c *catalog.Catalog) error {
	library := LibraryOf(w.path, c)
	if library == w.library {
		w.shelf.Swap(c)
		return nil
	}
	folder, err := OpenFolder(library)
	if err != nil {
		return err
	}
	w.library = library
	return w.shelf.SwapAll(folder, c)
}
