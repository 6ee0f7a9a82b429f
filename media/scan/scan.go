// Package scan finds the films in folders and writes them into a catalog.
//
// It promises to take nothing away: what a person wrote in the catalog stays as it is, a title
// of which the file is gone stays too, and a title that was taken out stays out. It never
// leaves the library, reads no more of a file than ffprobe does, and goes on where one file
// cannot be read. A second scan looks only into files that are new or have changed.
package scan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"watchparty/media/catalog"
	"watchparty/media/ffmpeg"
	"watchparty/media/naming"
)

// A Prober looks into an open film. The error is [ffmpeg.ErrMissing] if it cannot look into
// any, else it is about this one.
type Prober func(context.Context, *os.File) (ffmpeg.Info, error)

// Options say what to scan.
type Options struct {
	Catalog string        // the file; it need not be there
	Folders []string      // below the library, if there is a catalog
	Index   string        // where to remember what was seen; empty: nowhere
	Again   bool          // also add what was taken out of the catalog
	Rest    time.Duration // leave files for later that were written to since
	Dry     bool          // write nothing
	Probe   Prober        // nil: [ffmpeg.ProbeFile]
	Now     time.Time
	// Progress, if not nil, is called before each file that is looked into, and never twice at
	// once; done counts from 0.
	Progress func(done, of int, name string)
}

// A Report is what a scan found.
type Report struct {
	Library  string    `json:"library"`
	Titles   int       `json:"titles"`  // in the catalog now
	Found    int       `json:"found"`   // films, episodes and pieces of music in the folders
	Probed   int       `json:"probed"`  // those that were looked into; the others were known
	Unknown  int       `json:"unknown"` // of those, how many could not be, for want of ffprobe
	New      []Item    `json:"new"`     // titles that were added
	Moved    []Move    `json:"moved"`   // titles of which the file has another place now
	Offline  []string  `json:"offline"` // files of titles that are not there now
	TakenOut int       `json:"takenOut"`
	Young    int       `json:"young"`  // files that were left for later
	Extras   int       `json:"extras"` // trailers, samples and the like, not added
	LeftOut  []LeftOut `json:"leftOut"`
	Text     []byte    `json:"-"` // the catalog as it is written, or would be
	Created  bool      `json:"created"`
}

// An Item is a title that was added.
type Item struct {
	ID   catalog.TitleID `json:"id"`
	Name string          `json:"title"`
	File string          `json:"file"`
}

// A Move is a file that has another name now.
type Move struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// A LeftOut is a file that did not become a title, and why, in a sentence.
type LeftOut struct {
	File string `json:"file"`
	Code string `json:"code"`
	Why  string `json:"why"`
}

// An Error is for the person who asked: a code and a sentence with what to do next.
type Error struct {
	Code     string
	Sentence string
	Problems catalog.Problems // of a catalog that has errors
}

func (e *Error) Error() string {
	if len(e.Problems) > 0 {
		return e.Code + ": " + e.Sentence + "\n" + e.Problems.Error()
	}
	return e.Code + ": " + e.Sentence
}

// Run scans folders and writes the catalog, unless it is a dry run or nothing is new.
func Run(ctx context.Context, o Options) (*Report, error) {
	s := &scan{Options: o, report: &Report{}}
	if s.Probe == nil {
		s.Probe = ffmpeg.ProbeFile
	}
	err := s.open()
	if s.root != nil {
		defer s.root.Close()
	}
	if err != nil {
		return nil, err
	}
	s.index = readIndex(o.Index)
	if err := s.find(ctx); err != nil {
		return nil, err
	}
	s.settle()
	if err := s.write(); err != nil {
		return nil, err
	}
	s.report.Text, s.report.Titles = s.edit.Text(), len(s.catalog.Titles)
	if o.Dry {
		return s.report, nil
	}
	return s.report, s.save()
}

// scan is one run.
type scan struct {
	Options
	root     *os.Root
	report   *Report
	before   []byte // the catalog file as it was read; nil: there was none
	edit     *catalog.Edit
	catalog  *catalog.Catalog
	index    index
	walked   []string               // the folders, as the library calls them
	files    []*file                // by path
	sides    map[string]naming.File // pictures, notes and the like, by path
	byFolder map[string]map[string]naming.File
	mu       sync.Mutex
}

// A file is one that may become a title.
type file struct {
	path string // below the library, with slashes
	naming.File
	seen
}

func (s *scan) leave(path, code, why string) {
	s.report.LeftOut = append(s.report.LeftOut, LeftOut{path, code, why})
}

// look has ffprobe look into what is new, several at once, but never on more than half of the
// machine's cores.
func (s *scan) look(ctx context.Context) error {
	var todo []*file
	for _, f := range s.files {
		old := s.index.Files[f.path]
		if f.Listed = old.Listed; old.same(f.seen) && !old.Blind {
			f.seen = old
			continue
		}
		f.Blind = true // until somebody looks
		todo = append(todo, f)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan *file)
	done := 0
	var all sync.WaitGroup
	for range max(1, runtime.NumCPU()/2) {
		all.Go(func() {
			for f := range next {
				s.mu.Lock()
				if s.Progress != nil {
					s.Progress(done, len(todo), f.path)
				}
				done++
				s.mu.Unlock()
				s.probe(ctx, f)
			}
		})
	}
	for _, f := range todo {
		select {
		case next <- f:
		case <-ctx.Done():
		}
	}
	close(next)
	all.Wait()
	s.report.Probed = len(todo)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// probe notes the length of a film, or what is wrong with it.
func (s *scan) probe(ctx context.Context, f *file) {
	in, err := s.root.OpenFile(filepath.FromSlash(f.path), os.O_RDONLY|noWait, 0)
	f.Blind = false
	if err != nil {
		f.Code, f.Why, f.Blind = "WP-SCAN-READ", "This file cannot be opened ("+cause(err)+"); see who may read it, then scan again.", true
		return
	}
	defer in.Close()
	if f.Size == 0 {
		f.Code, f.Why = "WP-SCAN-EMPTY", "This file is empty; replace it with a whole copy."
		return
	}
	info, err := s.Probe(ctx, in)
	var fault *ffmpeg.Fault
	switch {
	case err == nil:
		if f.Length = info.Duration; f.Kind == naming.Music {
			f.Tags = info.Tags
		}
	case errors.Is(err, ffmpeg.ErrMissing):
		f.Blind = true
	case errors.As(err, &fault):
		f.Code, f.Why, f.Blind = fault.Code, fault.In("en"), errors.Is(err, ffmpeg.ErrSlow)
	default:
		f.Code, f.Why, f.Blind = "WP-SCAN-READ", "This file cannot be looked into ("+cause(err)+"); scan again.", true
	}
}

// find walks the folders and looks into what is new.
func (s *scan) find(ctx context.Context) error {
	err := s.walk(ctx)
	if err == nil {
		if err = s.look(ctx); err != nil {
			s.keep()
		}
	}
	if ctx.Err() != nil {
		return &Error{Code: "WP-SCAN-STOPPED", Sentence: "The scan was stopped and the catalog is as it was; scan again, and it goes on from there."}
	}
	return err
}

// keep remembers what a scan that was stopped had looked into.
func (s *scan) keep() {
	if s.Dry || s.Index == "" {
		return
	}
	for _, f := range s.files {
		s.index.Files[f.path] = f.seen
	}
	s.index.write(s.Index) // if that fails the next scan is slower, no more
}

// cause is an error without the path that the reader knows.
func cause(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return fmt.Sprint(err)
}
