package media

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"watchparty/media/emote"
)

// Emotes are the pictures of a folder that stand in the chat for their codes. They belong to no title: everybody at the
// party may have them.
type Emotes struct {
	path string
	now  atomic.Pointer[emotes]
}

// emotes are those of a folder at one time.
type emotes struct {
	files  []fs.FileInfo
	list   []emote.Emote
	faults []EmoteFault
}

// EmoteFault is a file that is left out, and why.
type EmoteFault struct {
	File string // in the folder
	emote.Fault
}

const (
	// mostFiles is how many files of a folder are looked at: far more than may be emotes.
	mostFiles = 10 * emote.MaxCount
	// mostFaults is how many files that are left out are told by name.
	mostFaults = 100
)

// OpenEmotes reads a folder, which may not be there yet.
func OpenEmotes(folder string) *Emotes {
	e := &Emotes{path: folder}
	e.now.Store(e.read(e.files()))
	return e
}

// List are the emotes now, by code, and the files that are left out.
func (e *Emotes) List() ([]emote.Emote, []EmoteFault) {
	now := e.now.Load()
	return now.list, now.faults
}

// Watch follows the folder until ctx ends, and returns nil then. What has changed is read once it rests, which spares half
// a picture; told is called after that.
func (e *Emotes) Watch(ctx context.Context, told func()) error {
	tick := time.NewTicker(impatient)
	defer tick.Stop()
	for last := e.files(); ; {
		files := e.files()
		before := e.now.Load()
		if slices.EqualFunc(files, last, same) && !slices.EqualFunc(files, before.files, same) {
			after := e.read(files)
			e.now.Store(after)
			if !slices.Equal(before.list, after.list) || !slices.Equal(before.faults, after.faults) {
				told()
			}
		}
		last = files
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func same(a, b fs.FileInfo) bool {
	return a.Name() == b.Name() && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && a.Mode() == b.Mode()
}

// files are those that may be meant as emotes, by name.
func (e *Emotes) files() (all []fs.FileInfo) {
	dir, err := os.Open(e.path)
	if err != nil {
		return nil
	}
	defer dir.Close()
	found, _ := dir.ReadDir(mostFiles) // what there was before a failure
	for _, f := range found {
		if f.IsDir() || strings.HasPrefix(f.Name(), ".") || slices.Contains([]string{".txt", ".md"}, strings.ToLower(path.Ext(f.Name()))) {
			continue
		}
		if info, err := f.Info(); err == nil {
			all = append(all, info)
		}
	}
	slices.SortFunc(all, func(a, b fs.FileInfo) int { return cmp.Compare(a.Name(), b.Name()) })
	return all
}

// read makes emotes of files.
func (e *Emotes) read(files []fs.FileInfo) *emotes {
	now := &emotes{files: files, list: []emote.Emote{}}
	if len(files) == 0 {
		return now
	}
	root, err := os.OpenRoot(e.path)
	if err != nil {
		return now
	}
	defer root.Close()
	taken := map[string]string{} // files by code
	for _, info := range files {
		one, err := readEmote(root, info.Name())
		code := strings.ToLower(one.Code)
		switch {
		case err != nil:
		case taken[code] != "":
			err = &emote.Fault{Text: fmt.Sprintf("Its code is that of %s already.", taken[code]), Hint: "Capital letters and the ending do not tell two emotes apart: give one of them another name."}
		case len(now.list) == emote.MaxCount:
			err = &emote.Fault{Text: fmt.Sprintf("A house has at most %d emotes.", emote.MaxCount), Hint: "Take some out of the folder; the first by name are shown."}
		default:
			taken[code] = info.Name()
			now.list = append(now.list, one)
			continue
		}
		if fault := new(emote.Fault); len(now.faults) < mostFaults && errors.As(err, &fault) {
			now.faults = append(now.faults, EmoteFault{info.Name(), *fault})
		}
	}
	return now
}

func readEmote(root *os.Root, name string) (emote.Emote, error) {
	if _, err := emote.Code(name); err != nil { // it need not be opened
		return emote.Emote{}, err
	}
	b, err := bytesOf(root, name)
	if err != nil {
		return emote.Emote{}, err
	}
	return emote.Read(name, b)
}

// bytesOf reads a file, a byte more than an emote may have at most. The error is an [emote.Fault].
func bytesOf(root *os.Root, name string) ([]byte, error) {
	no := &emote.Fault{Text: "The file cannot be read.", Hint: "It must be a file of this folder that the program may read; a link must not lead out of it."}
	f, err := root.OpenFile(name, os.O_RDONLY|noWait, 0)
	if err != nil {
		return nil, no
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, no
	}
	b, err := io.ReadAll(io.LimitReader(f, emote.MaxBytes+1))
	if err != nil {
		return nil, no
	}
	return b, nil
}

// A Picture is the bytes of an emote, with their media type, which is one of [emote.Types].
type Picture struct {
	Type  string
	Bytes []byte
}

// Picture gives the bytes that a key names; [fs.ErrNotExist] if there are none, or not these any more.
func (e *Emotes) Picture(key string) (Picture, error) {
	list, _ := e.List()
	i := slices.IndexFunc(list, func(one emote.Emote) bool { return one.Key == key })
	if i < 0 {
		return Picture{}, fs.ErrNotExist
	}
	root, err := os.OpenRoot(e.path)
	if err != nil {
		return Picture{}, fs.ErrNotExist
	}
	defer root.Close()
	b, err := bytesOf(root, list[i].File)
	if sum := sha256.Sum256(b); err != nil || hex.EncodeToString(sum[:emote.KeyBytes]) != key {
		return Picture{}, fs.ErrNotExist
	}
	return Picture{list[i].Type, b}, nil
}

// Emotes are those of the house.
func (l *Library) Emotes(ctx context.Context) ([]emote.Emote, error) { return l.origin.Emotes(ctx) }

// Emote gives the bytes that a key of [Library.Emotes] names; [fs.ErrNotExist] if there are none.
func (l *Library) Emote(ctx context.Context, key string) (Picture, error) {
	return l.origin.Emote(ctx, key)
}

// Emotes implements [Origin].
func (s *Shelf) Emotes(context.Context) ([]emote.Emote, error) {
	if s.Pictures == nil {
		return []emote.Emote{}, nil
	}
	list, _ := s.Pictures.List()
	return list, nil
}

// Emote implements [Origin].
func (s *Shelf) Emote(_ context.Context, key string) (Picture, error) {
	if s.Pictures == nil {
		return Picture{}, fs.ErrNotExist
	}
	return s.Pictures.Picture(key)
}
