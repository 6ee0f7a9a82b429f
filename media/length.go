package media

import (
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/Eyevinn/mp4ff/mp4"
)

const (
	// maxBoxes bounds how many boxes are stepped over at one level: a fragmented film has two for
	// each fragment, but says what it says before the first.
	maxBoxes = 64
	// maxMovieHeader is far above the 120 bytes an mvhd box has (ISO/IEC 14496-12, 8.2.2).
	maxMovieHeader = 1 << 10
)

// lengths remembers how long films are, by name, size and time of change. The zero value is
// ready.
type lengths struct{ found sync.Map } // string to length

type length struct {
	size     int64
	modified time.Time
	duration time.Duration
}

func (l *lengths) known(name string, info fs.FileInfo) (time.Duration, bool) {
	v, ok := l.found.Load(name)
	if !ok {
		return 0, false
	}
	is := v.(length)
	return is.duration, is.size == info.Size() && is.modified.Equal(info.ModTime())
}

// find looks into a file, as little as possible, and remembers the answer.
func (l *lengths) find(folder Folder, name string, info fs.FileInfo) time.Duration {
	is := length{size: info.Size(), modified: info.ModTime()}
	switch strings.ToLower(path.Ext(name)) {
	case ".mp4", ".m4v", ".m4a", ".mov":
		f, err := folder.Open(name)
		if err != nil {
			return 0
		}
		defer f.Close()
		if d, err := movieLength(f, info.Size()); err == nil {
			is.duration = d
		}
	}
	l.found.Store(name, is)
	return is.duration
}

// minMovie is the least that counts as a length: a header can say less than a nanosecond.
const minMovie = time.Millisecond

// movieLength reads the movie header of an MP4 file and steps over everything else.
func movieLength(r io.ReadSeeker, size int64) (time.Duration, error) {
	moov, end, err := findBox(r, "moov", 0, size)
	if err != nil {
		return 0, err
	}
	at, to, err := findBox(r, "mvhd", moov, end)
	if err != nil {
		return 0, err
	}
	if to-at > maxMovieHeader {
		return 0, fmt.Errorf("mvhd of %d bytes", to-at)
	}
	header := mp4.BoxHeader{Name: "mvhd", Size: uint64(to-at) + 8, Hdrlen: 8}
	box, err := mp4.DecodeMvhd(header, 0, io.LimitReader(r, to-at))
	if err != nil {
		return 0, err
	}
	mvhd := box.(*mp4.MvhdBox)
	seconds := float64(mvhd.Duration) / float64(mvhd.Timescale)
	if mvhd.Timescale == 0 || seconds < minMovie.Seconds() || seconds > (1000*time.Hour).Seconds() {
		return 0, fmt.Errorf("a length of %v seconds", seconds) // all ones means unknown
	}
	return time.Duration(math.Round(seconds * float64(time.Second))), nil
}

// findBox finds a box among those from at to end, and leaves r at its content, which goes from
// start to stop.
func findBox(r io.ReadSeeker, name string, at, end int64) (start, stop int64, err error) {
	for range maxBoxes {
		if _, err := r.Seek(at, io.SeekStart); err != nil {
			return 0, 0, err
		}
		h, err := mp4.DecodeHeader(r)
		if err != nil {
			return 0, 0, err
		}
		if h.Size < uint64(h.Hdrlen) || h.Size > uint64(end-at) {
			return 0, 0, fmt.Errorf("%s box of %d bytes in %d", h.Name, h.Size, end-at)
		}
		if h.Name == name {
			return at + int64(h.Hdrlen), at + int64(h.Size), nil
		}
		at += int64(h.Size)
	}
	return 0, 0, fmt.Errorf("no %s among %d boxes", name, maxBoxes)
}
