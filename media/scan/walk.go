package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"watchparty/media/catalog"
	"watchparty/media/naming"
)

// Bounds of a walk: more than any house has.
const (
	maxFiles   = 1_000_000
	maxFolders = 64      // inside each other
	maxCatalog = 8 << 20 // bytes, as the catalog's own reader says
)

// open reads the catalog, or begins one, and opens the library.
func (s *scan) open() error {
	if real, err := filepath.EvalSymlinks(s.Catalog); err == nil {
		s.Catalog = real // a link to the catalog stays a link
	}
	data, err := readCatalog(s.Catalog)
	library := ""
	switch {
	case err == nil:
		s.before = data
	case errors.Is(err, fs.ErrNotExist):
		if library, err = common(s.Folders); err != nil {
			return err
		}
		if err := s.enter(library); err != nil {
			return err
		}
		data = catalog.NewText(written(s.Catalog, library), s.walked)
		s.report.Created = true
	default:
		return &Error{Code: "WP-SCAN-CATALOG", Sentence: "The catalog cannot be read (" + cause(err) + "); name another file with -o."}
	}
	var problems catalog.Problems
	if s.edit, s.catalog, problems = catalog.StartEdit(s.Catalog, data, s.Now.Location()); s.edit == nil {
		return &Error{Code: "WP-SCAN-CATALOG", Sentence: "The catalog has errors and was not touched; mend them, then scan again.", Problems: problems}
	}
	if s.report.Created {
		return nil
	}
	if library = filepath.FromSlash(s.catalog.Library); !filepath.IsAbs(library) {
		library = filepath.Join(filepath.Dir(s.Catalog), library)
	}
	return s.enter(library)
}

// enter opens the library.
func (s *scan) enter(library string) (err error) {
	s.report.Library = library
	if s.root, err = os.OpenRoot(library); err != nil {
		return &Error{Code: "WP-SCAN-OFFLINE", Sentence: fmt.Sprintf(
			"The library %s is not there, so nothing was changed; connect its disk, or correct \"library:\", then scan again.", library)}
	}
	return s.place(library)
}

func readCatalog(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxCatalog {
		return nil, errors.New("it is no file of a catalog's size")
	}
	return os.ReadFile(name)
}

// common is the folder that all folders lie in.
func common(folders []string) (string, error) {
	all := ""
	for _, folder := range folders {
		at, err := filepath.Abs(folder)
		if err == nil {
			var info os.FileInfo
			if info, err = os.Stat(at); err == nil && !info.IsDir() {
				err = errors.New("it is no folder")
			}
		}
		if err != nil {
			return "", &Error{Code: "WP-SCAN-FOLDER", Sentence: fmt.Sprintf("The folder %s cannot be scanned (%s); name one that is there.", folder, cause(err))}
		}
		if all == "" {
			all = at
		}
		for !inside(all, at) {
			all = filepath.Dir(all)
		}
	}
	if len(folders) > 1 && all == filepath.Dir(all) {
		return "", &Error{Code: "WP-SCAN-APART", Sentence: "These folders have no folder in common, and a catalog has one library; scan each into a catalog of its own with -o."}
	}
	return all, nil
}

func inside(folder, at string) bool {
	rel, err := filepath.Rel(folder, at)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// written is how the catalog names its library: from itself on where that leads down.
func written(file, library string) string {
	if at, err := filepath.Abs(filepath.Dir(file)); err == nil && inside(at, library) {
		if rel, err := filepath.Rel(at, library); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(library)
}

// place finds what the library calls the folders.
func (s *scan) place(library string) error {
	base, err := filepath.Abs(library)
	if err == nil {
		base, err = filepath.EvalSymlinks(base)
	}
	if err != nil {
		return fmt.Errorf("find the library: %w", err)
	}
	for _, folder := range s.Folders {
		at, err := filepath.Abs(folder)
		if err != nil {
			return fmt.Errorf("find a folder: %w", err)
		}
		if real, err := filepath.EvalSymlinks(at); err == nil {
			at = real
		}
		if !inside(base, at) {
			return &Error{Code: "WP-SCAN-APART", Sentence: fmt.Sprintf(
				"The folder %s is not in the library of this catalog, %s; scan it into a catalog of its own with -o.", folder, library)}
		}
		rel, err := filepath.Rel(base, at)
		if err != nil {
			return fmt.Errorf("find a folder: %w", err)
		}
		s.walked = append(s.walked, filepath.ToSlash(rel))
	}
	return nil
}

// walk lists the films in the folders, and what lies beside them.
func (s *scan) walk(ctx context.Context) error {
	s.sides = map[string]naming.File{}
	seen := map[string]bool{}
	count := 0
	for _, folder := range s.walked {
		err := fs.WalkDir(s.root.FS(), folder, func(at string, d fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if count++; count > maxFiles {
				return &Error{Code: "WP-SCAN-MANY", Sentence: fmt.Sprintf("There are more than %d files; scan the folders of films one by one.", maxFiles)}
			}
			if err != nil {
				s.leave(at, "WP-SCAN-READ", "This folder cannot be read ("+cause(err)+"); see that it is there and who may read it, then scan again.")
				return fs.SkipDir
			}
			if seen[at] && at != folder {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			seen[at] = true
			if !d.IsDir() {
				s.note(at, d)
			} else if at != folder && strings.HasPrefix(d.Name(), ".") || strings.Count(at, "/") > maxFolders {
				return fs.SkipDir
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// note takes one file.
func (s *scan) note(at string, d fs.DirEntry) {
	f := &file{path: at, File: naming.Parse(at)}
	if d.Type()&fs.ModeSymlink != 0 && !strings.HasPrefix(d.Name(), ".") {
		info, err := s.root.Stat(filepath.FromSlash(at))
		switch {
		case err != nil:
			s.leave(at, "WP-SCAN-LINK", "This is a link that leads out of the library or to nothing; put the file itself there.")
			return
		case info.IsDir():
			s.leave(at, "WP-SCAN-LINK", "This is a link to a folder, and links are not followed; scan the folder itself.")
			return
		}
	}
	switch f.Kind {
	case naming.Other:
		return
	case naming.Extra:
		s.report.Extras++
		return
	case naming.Film, naming.Episode, naming.Music:
	default:
		s.sides[at] = f.File
		return
	}
	if fault := catalog.Writable(at); fault != "" {
		s.leave(at, "WP-SCAN-NAME", "The name of this file "+fault+"; give it another name, then scan again.")
		return
	}
	info, err := s.root.Stat(filepath.FromSlash(at))
	switch {
	case err != nil:
		s.leave(at, "WP-SCAN-READ", "This file cannot be read ("+cause(err)+"); scan again.")
	case !info.Mode().IsRegular():
		s.leave(at, "WP-SCAN-LINK", "This is no regular file; put the film itself there.")
	case s.Rest > 0 && s.Now.Sub(info.ModTime()) < s.Rest && !s.Now.Before(info.ModTime()):
		s.report.Young++ // it may be half of a film that is being copied
	default:
		f.Size, f.Time = info.Size(), info.ModTime()
		s.files = append(s.files, f)
	}
}

// save writes the catalog, unless somebody else did since it was read, and the index.
func (s *scan) save() error {
	if !bytes.Equal(s.before, s.report.Text) || s.before == nil {
		now, err := readCatalog(s.Catalog)
		if errors.Is(err, fs.ErrNotExist) {
			now, err = nil, nil
		}
		if err != nil || !bytes.Equal(now, s.before) {
			return &Error{Code: "WP-SCAN-CHANGED", Sentence: "The catalog was changed during the scan, so it was left as it is; scan again."}
		}
		mode := os.FileMode(0o644)
		if info, err := os.Stat(s.Catalog); err == nil {
			mode = info.Mode().Perm()
		}
		if err := replace(s.Catalog, s.report.Text, mode); err != nil {
			return &Error{Code: "WP-SCAN-WRITE", Sentence: "The catalog cannot be written (" + cause(err) + "); name another file with -o."}
		}
	}
	if s.Index == "" {
		return nil
	}
	return s.index.write(s.Index)
}

// folderOf is the folder of a path, "" at the top.
func folderOf(at string) string {
	if dir := path.Dir(at); dir != "." {
		return dir
	}
	return ""
}
