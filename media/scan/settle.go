package scan

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"watchparty/media/catalog"
)

// settle compares what was found with the catalog: what moved, what is gone, what was taken
// out. What is left in s.files is new.
func (s *scan) settle() {
	s.report.Found = len(s.files)
	listed := map[string]bool{}
	for _, t := range s.catalog.Titles {
		listed[t.File] = true
	}
	gone := s.gone()
	s.move(gone, listed)
	for _, t := range s.catalog.Titles {
		if gone[t.File] {
			s.report.Offline = append(s.report.Offline, t.File)
			delete(gone, t.File) // two titles may share a file
		}
	}
	s.remember(listed)
	var news []*file
	for _, f := range s.files {
		switch {
		case listed[f.path]:
		case f.Code != "":
			s.leave(f.path, f.Code, f.Why)
		case f.Listed && !s.Again && !s.report.Created:
			s.report.TakenOut++
		default:
			news = append(news, f)
		}
	}
	s.files = news
}

// gone are the files of titles that are not there, in the folders that were scanned.
func (s *scan) gone() map[string]bool {
	gone := map[string]bool{}
	for _, t := range s.catalog.Titles {
		if t.File == "" || !s.within(t.File) {
			continue
		}
		if info, err := s.root.Stat(filepath.FromSlash(t.File)); err != nil || !info.Mode().IsRegular() {
			gone[t.File] = true
		}
	}
	return gone
}

func (s *scan) within(file string) bool {
	for _, folder := range s.walked {
		if folder == "." || strings.HasPrefix(file, folder+"/") {
			return true
		}
	}
	return false
}

// stamp is what a file keeps when it is moved.
type stamp struct {
	size int64
	time int64 // nanoseconds
}

func (s seen) stamp() stamp { return stamp{s.Size, s.Time.UnixNano()} }

// move finds the files that are gone under another name: by size and time, where only one file
// has them, and only one had. What it finds is no longer gone, and listed.
func (s *scan) move(gone, listed map[string]bool) {
	had := map[stamp]map[string]bool{} // titles
	for file := range listed {
		if old, ok := s.index.Files[file]; ok && old.Size > 0 {
			if had[old.stamp()] == nil {
				had[old.stamp()] = map[string]bool{}
			}
			had[old.stamp()][file] = true
		}
	}
	now := map[stamp][]string{}
	for _, f := range s.files {
		if !listed[f.path] && f.Code == "" {
			now[f.stamp()] = append(now[f.stamp()], f.path)
		}
	}
	moves := map[string]string{}
	for from := range gone {
		at := s.index.Files[from].stamp()
		if len(now[at]) == 1 && len(had[at]) == 1 {
			moves[from] = now[at][0]
		}
	}
	if len(moves) == 0 {
		return
	}
	left := s.edit.Move(moves)
	for _, from := range slices.Sorted(maps.Keys(moves)) {
		to := moves[from]
		if slices.Contains(left, from) {
			s.leave(to, "WP-SCAN-EDIT", "This file was "+from+", which the catalog does not name on a line of its own; correct its \"file:\" by hand.")
		} else {
			s.report.Moved = append(s.report.Moved, Move{from, to})
			delete(s.index.Files, from)
			delete(gone, from)
		}
		listed[to] = true
	}
}

// remember brings the index up to date. What is neither there nor in the catalog is forgotten.
func (s *scan) remember(listed map[string]bool) {
	for name := range s.index.Files {
		if s.within(name) && !listed[name] {
			delete(s.index.Files, name)
		}
	}
	for _, f := range s.files {
		now := f.seen
		if f.Blind && f.Code == "" {
			s.report.Unknown++
		}
		now.Listed = f.Listed || listed[f.path]
		s.index.Files[f.path] = now
	}
}

// write adds what is new to the catalog.
func (s *scan) write() error {
	b := s.builder()
	for _, f := range s.files {
		b.take(f)
	}
	remark := "Found on " + s.Now.Format("2006-01-02") + " by catalog scan"
	err := s.edit.Add(remark, b.done())
	for _, more := range b.more {
		if err == nil {
			err = s.edit.AddTo(more.whole, remark, more.entries)
		}
	}
	if err != nil {
		return &Error{Code: "WP-SCAN-EDIT", Sentence: "The catalog cannot be added to (" + err.Error() + "), so it was left as it is; correct that, then scan again."}
	}
	c, problems := catalog.Parse(s.Catalog, s.edit.Text(), s.Now.Location())
	if c == nil {
		return problems
	}
	s.catalog = c
	added := map[string]bool{}
	for _, f := range b.added {
		added[f.path] = true
		now := s.index.Files[f.path]
		now.Listed = true
		s.index.Files[f.path] = now
	}
	for _, t := range c.Titles {
		if added[t.File] {
			name := t.Name
			if whole := t.SeriesName + t.AlbumName; whole != "" { // it has one of them
				name = whole + ": " + name
			}
			s.report.New = append(s.report.New, Item{t.ID, name, t.File})
			delete(added, t.File)
		}
	}
	return nil
}

// stemOf is the name of a file without folder and ending.
func stemOf(at string) string { return strings.TrimSuffix(path.Base(at), path.Ext(at)) }
