package media

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
)

// A Folder is where the files of a library lie. Its names are relative, with slashes, and
// cannot leave it. Opening gives regular files only and never waits for a FIFO's other end.
type Folder interface {
	// Open opens a file for reading. What it gives can seek, and fails to read once the file
	// has been written to.
	Open(name string) (OpenFile, error)
	Stat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	Close() error
}

// An OpenFile is a regular file of a [Folder].
type OpenFile interface {
	fs.File
	io.Seeker
}

// errName refuses names that no catalog may hold; the same on every system.
func errName(op, name string) error {
	if fs.ValidPath(name) && !strings.ContainsAny(name, "\x00\\:") || name == "." {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
}

// disk is a folder of this machine. os.Root keeps every name inside it, symbolic links too.
type disk struct {
	path string

	mu     sync.RWMutex
	root   *os.Root // guarded by mu; replaced when another disk appears under path
	closed bool     // guarded by mu
}

// OpenFolder opens a folder of this machine. If the disk below it goes away and comes back,
// the folder finds it again.
func OpenFolder(path string) (Folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open library: %w", err)
	}
	return &disk{path: path, root: root}, nil
}

func (d *disk) Open(name string) (OpenFile, error) {
	return onDisk(d, "open", name, func(r *os.Root) (OpenFile, error) {
		f, err := r.OpenFile(name, os.O_RDONLY|noWait, 0)
		if err != nil {
			return nil, err
		}
		info, err := f.Stat()
		if err == nil && !info.Mode().IsRegular() {
			err = &fs.PathError{Op: "open", Path: name, Err: errors.New("not a regular file")}
		}
		if err != nil {
			f.Close()
			return nil, err
		}
		return &steady{f, info}, nil
	})
}

func (d *disk) Stat(name string) (fs.FileInfo, error) {
	return onDisk(d, "stat", name, func(r *os.Root) (fs.FileInfo, error) { return r.Stat(name) })
}

func (d *disk) ReadDir(name string) ([]fs.DirEntry, error) {
	return onDisk(d, "readdir", name, func(r *os.Root) ([]fs.DirEntry, error) { return fs.ReadDir(r.FS(), name) })
}

func (d *disk) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	return d.root.Close()
}

// onDisk does something with the root, and once more if it failed because the root is stale.
func onDisk[T any](d *disk, op, name string, do func(*os.Root) (T, error)) (T, error) {
	if err := errName(op, name); err != nil {
		var zero T
		return zero, err
	}
	d.mu.RLock()
	root := d.root
	v, err := do(root)
	d.mu.RUnlock()
	if err != nil && d.renew(root) {
		d.mu.RLock()
		defer d.mu.RUnlock()
		return do(d.root)
	}
	return v, err
}

// renew replaces old if the path leads to another folder now, as after a disk was mounted.
func (d *disk) renew(old *os.Root) bool {
	was, err := old.Stat(".")
	is, errIs := os.Stat(d.path)
	if errIs != nil || err == nil && os.SameFile(was, is) {
		return false
	}
	root, err := os.OpenRoot(d.path)
	if err != nil {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.root != old {
		root.Close()
		return !d.closed
	}
	old.Close()
	d.root = root
	return true
}

// steady is a file as it was when it was opened. Bytes written into it later may belong to
// another title, so they are not handed out.
type steady struct {
	*os.File
	was fs.FileInfo
}

func (s *steady) Read(b []byte) (int, error) {
	n, err := s.File.Read(b)
	if changed := s.changed(); changed != nil {
		clear(b[:n])
		return 0, changed
	}
	return n, err
}

// Send implements [Sender]. What is written into the file while n bytes are on their way
// may be among them.
func (s *steady) Send(w io.Writer, n int64) (int64, error) {
	if err := s.changed(); err != nil {
		return 0, err
	}
	return io.CopyN(w, s.File, n)
}

func (s *steady) changed() error {
	is, err := s.File.Stat()
	if err != nil || is.Size() != s.was.Size() || !is.ModTime().Equal(s.was.ModTime()) {
		return &fs.PathError{Op: "read", Path: s.Name(), Err: errors.New("the file was changed while it was read")}
	}
	return nil
}

func (s *steady) Stat() (fs.FileInfo, error) { return s.was, nil }

// still is a folder that cannot change, such as the one inside the program.
type still struct{ fs.FS }

// FSFolder makes a Folder of a file system whose files can seek, as embedded ones can.
func FSFolder(fsys fs.FS) Folder { return still{fsys} }

func (s still) Open(name string) (OpenFile, error) {
	if err := errName("open", name); err != nil {
		return nil, err
	}
	f, err := s.FS.Open(name)
	if err != nil {
		return nil, err
	}
	open, ok := f.(OpenFile)
	if info, err := f.Stat(); err != nil || !ok || !info.Mode().IsRegular() {
		f.Close()
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("not a regular file")}
	}
	return open, nil
}

func (s still) Stat(name string) (fs.FileInfo, error) { return fs.Stat(s.FS, name) }

func (s still) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(s.FS, name) }

func (s still) Close() error { return nil }
