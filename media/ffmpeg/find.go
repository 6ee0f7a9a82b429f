// Package ffmpeg runs ffmpeg and ffprobe as children, and knows nothing of films beyond what
// they say.
//
// It promises that a child is the program of that name on the PATH and never one that lies in
// the working directory; that it gets a list of arguments and no shell, no list of other files,
// and no network but for a source that is there ([Program.Receive]); that it dies with us,
// whole; that it is killed when it stops writing or takes too much memory; and that no more run
// than a [Pool] has places.
package ffmpeg

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	// protocols are the ways in which a child may get at bytes.
	protocols = "file,pipe"
	// formats are those a child may open: none that name further files, such as concat or hls.
	formats = "mov,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,ogg,mp3,flac,wav,aac,ac3,eac3,dts,aiff,wv,caf,dv,mxf"
	// answerTime is how long a program may take to say what it is.
	answerTime = 15 * time.Second
	// maxAnswer bounds what a program says about itself or about a film, in bytes.
	maxAnswer = 8 << 20
	// transcodeMemory is what a child that decodes and encodes may have, in bytes: 4K HEVC takes
	// about one and a half gigabytes on sixteen cores.
	transcodeMemory = 3 << 30
)

// A Program is an ffmpeg that was found.
type Program struct {
	Path    string // absolute
	Version string // as it says itself, such as "5.1.9-0+deb12u1"

	filters  string // what -filters lists
	encoders string // what -encoders lists
	behind   bool
}

// Behind is the same program, whose children work when others leave time.
func (p *Program) Behind() *Program {
	q := *p
	q.behind = true
	return &q
}

// launch starts it.
func (p *Program) launch(args []string, files []*os.File) (*Child, error) {
	c, err := launch(p.Path, args, files, limits{memory: transcodeMemory})
	if err == nil && p.behind {
		c.Yield()
	}
	return c, err
}

// Find looks for ffmpeg and ffprobe on the PATH and asks what they can do. Without them, the
// error is [ErrMissing].
func Find(ctx context.Context) (*Program, error) {
	p := &Program{}
	var err error
	if p.Path, err = lookUp("ffmpeg"); err != nil {
		return nil, err
	}
	if _, err = lookUp("ffprobe"); err != nil {
		return nil, err
	}
	version, err := p.ask(ctx, "-version")
	if err != nil {
		return nil, ErrMissing.Because(err)
	}
	if words := strings.Fields(version); len(words) > 2 && words[1] == "version" {
		p.Version = words[2]
	}
	if p.filters, err = p.ask(ctx, "-filters"); err != nil {
		return nil, ErrMissing.Because(err)
	}
	if p.encoders, err = p.ask(ctx, "-encoders"); err != nil {
		return nil, ErrMissing.Because(err)
	}
	return p, nil
}

// lookUp finds a program by its name. One in the working directory is not taken.
func lookUp(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil && !filepath.IsAbs(path) {
		err = exec.ErrDot
	}
	if err != nil {
		return "", ErrMissing.Because(err)
	}
	return path, nil
}

// HasFilter tells whether it knows a filter, such as "zscale".
func (p *Program) HasFilter(name string) bool { return listed(p.filters, name) }

// HasEncoder tells whether it was built with an encoder, which may yet not work here.
func (p *Program) HasEncoder(name string) bool { return listed(p.encoders, name) }

// listed looks for lines such as " .S. zscale  V->V  …".
func listed(list, name string) bool {
	for line := range strings.Lines(list) {
		if words := strings.Fields(line); len(words) > 1 && words[1] == name {
			return true
		}
	}
	return false
}

func (p *Program) ask(ctx context.Context, what string) (string, error) {
	answer, err := listen(ctx, answerTime, p.Path, []string{"-nostdin", "-hide_banner", "-loglevel", "error", what}, nil, limits{memory: transcodeMemory})
	return string(answer), err
}

// Start runs ffmpeg over a file that is open. The options in are about the input and come
// before it; out follows it and ends with where to write, usually "pipe:1". Both are made of
// our own words and numbers alone.
func (p *Program) Start(file *os.File, in, out []string) (*Child, error) {
	name, files := input(file)
	return p.launch(over(name, in, out), files)
}

// over are the arguments of a child that reads a film.
func over(name string, in, out []string) []string {
	return slices.Concat([]string{"-nostdin", "-hide_banner", "-loglevel", "error"}, thinFilters(),
		[]string{"-protocol_whitelist", protocols, "-format_whitelist", formats}, thin(), in, []string{"-i", name}, thin(), out)
}

// Try runs ffmpeg without a file and reports whether it ended well.
func (p *Program) Try(ctx context.Context, args ...string) error {
	_, err := listen(ctx, answerTime, p.Path, slices.Concat([]string{"-nostdin", "-hide_banner", "-loglevel", "error"}, thinFilters(), args), nil, limits{memory: transcodeMemory})
	return err
}

// input is how a child names a file that is open here, and what it is given for it.
func input(file *os.File) (string, []*os.File) {
	if opened == "" {
		return "file:" + file.Name(), nil
	}
	return opened, []*os.File{file}
}

// listen runs a program to its end and gives what it wrote. After the time it is killed, and the
// error is context.DeadlineExceeded.
func listen(ctx context.Context, most time.Duration, path string, args []string, files []*os.File, l limits) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, most)
	defer stop()
	c, err := launch(path, args, files, l)
	if err != nil {
		return nil, err
	}
	defer c.End()
	c.watch = 2 * most
	defer context.AfterFunc(ctx, c.Kill)()
	answer, err := io.ReadAll(io.LimitReader(c, maxAnswer+1))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil && len(answer) > maxAnswer:
		return nil, errors.New("an answer without end")
	}
	return answer, err
}
