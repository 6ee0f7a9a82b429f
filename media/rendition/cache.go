package rendition

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"watchparty/media/ffmpeg"
)

// unfinished is how the name of a file ends while it is written.
const unfinished = ".part"

// A cache is a folder of segments that is no larger than its quota: what was not asked for
// for longest goes first. A file appears there whole or not at all.
type cache struct {
	dir   string
	quota int64 // bytes

	mu   sync.Mutex
	size int64              // guarded by mu
	held map[string]holding // guarded by mu; by path below dir
}

type holding struct {
	size int64
	used time.Time
}

// openCache opens a folder, or makes it, and removes what was left half written.
func openCache(dir string, quota int64) (*cache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	c := &cache{dir: dir, quota: quota, held: map[string]holding{}}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasSuffix(path, unfinished) {
			return os.Remove(path)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		c.held[filepath.ToSlash(name)] = holding{info.Size(), info.ModTime()}
		c.size += info.Size()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shrink(c.quota, "")
	return c, nil
}

// get opens a file, and remembers that it was wanted now.
func (c *cache) get(name string) (*os.File, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	is, ok := c.held[name]
	if !ok {
		return nil, false
	}
	f, err := os.Open(c.path(name))
	if err != nil { // somebody tidied up
		c.drop(name, is)
		return nil, false
	}
	is.used = time.Now()
	c.held[name] = is
	os.Chtimes(c.path(name), is.used, is.used) // so that the order outlives us; without it the age of the file counts
	return f, true
}

// has tells whether a file is there, without wanting it.
func (c *cache) has(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.held[name]
	return ok
}

// put keeps bytes under a name. On a full disk the oldest files make room; when that is not
// enough the error is [ffmpeg.ErrFull].
func (c *cache) put(name string, b []byte) error {
	err := c.write(name, b)
	for errors.Is(err, errNoSpace) && c.giveWay(int64(len(b)), name) {
		err = c.write(name, b)
	}
	if errors.Is(err, errNoSpace) {
		return ffmpeg.ErrFull.Because(err)
	}
	if err != nil {
		return fmt.Errorf("keep segment: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size += int64(len(b)) - c.held[name].size
	c.held[name] = holding{int64(len(b)), time.Now()}
	c.shrink(c.quota, name)
	return nil
}

// write makes a file appear whole, or leaves nothing.
func (c *cache) write(name string, b []byte) error {
	path := c.path(name)
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path+unfinished, b, 0o600)
	}
	if err == nil {
		err = os.Rename(path+unfinished, path)
	}
	if err != nil {
		os.Remove(path + unfinished)
	}
	return err
}

// remove takes a file away, if it is there.
func (c *cache) remove(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if is, ok := c.held[name]; ok {
		os.Remove(c.path(name))
		c.drop(name, is)
	}
}

// names lists what lies in a folder, or below it.
func (c *cache) names(folder string) (all []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name := range c.held {
		if strings.HasPrefix(name, folder+"/") {
			all = append(all, name)
		}
	}
	return all
}

// giveWay removes some files, as many bytes and a bit, and tells whether there were any.
func (c *cache) giveWay(bytes int64, keep string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.size
	c.shrink(was-bytes-1, keep)
	return c.size < was
}

// shrink keeps to so many bytes; the file just written stays. The caller holds mu.
func (c *cache) shrink(most int64, keep string) {
	if c.size <= most {
		return
	}
	names := make([]string, 0, len(c.held))
	for name := range c.held {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return c.held[a].used.Compare(c.held[b].used) })
	for _, name := range names {
		if c.size <= most-most/20 { // some room, so that not every segment sorts the list
			return
		}
		if name != keep {
			os.Remove(c.path(name))
			c.drop(name, c.held[name])
		}
	}
}

// drop forgets a file. The caller holds mu.
func (c *cache) drop(name string, is holding) {
	c.size -= is.size
	delete(c.held, name)
}

func (c *cache) path(name string) string { return filepath.Join(c.dir, filepath.FromSlash(name)) }
