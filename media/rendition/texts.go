package rendition

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"watchparty/media/ffmpeg"
)

// maxText bounds the subtitles of one stream, in bytes; what is longer draws.
const maxText = 8 << 20

// notes are the subtitles that are text, by ffprobe's name: what a child makes of them, and in
// which format it writes that down. Nothing is lost that the format of the file can say.
var notes = map[string]struct{ codec, format string }{
	"subrip": {"copy", "srt"}, "text": {"srt", "srt"}, "mov_text": {"srt", "srt"},
	"ass": {"copy", "ass"}, "ssa": {"copy", "ass"}, "webvtt": {"copy", "webvtt"},
}

// IsText tells whether a stream is subtitles that [Studio.Text] gives.
func IsText(s ffmpeg.Stream) bool {
	_, ok := notes[s.Codec]
	return ok && s.Type == "subtitle"
}

// writing is a child that makes one file, for all who wait.
type writing struct {
	done chan struct{} // closed when it has ended, and err is set
	err  error
}

// Text gives the subtitles of a stream of a film, by its index, as SubRip, ASS or WebVTT. The
// film is read through for them once, which may take minutes; who waits no longer ends nothing.
// What is no such stream is an fs.ErrNotExist.
func (s *Studio) Text(ctx context.Context, src Source, index int) (*Piece, error) {
	info, err := s.Info(ctx, src)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(info.Streams, func(one ffmpeg.Stream) bool { return one.Index == index && IsText(one) })
	if at < 0 {
		return nil, fmt.Errorf("subtitles %d: %w", index, fs.ErrNotExist)
	}
	name := s.textName(src, info.Streams[at])
	f, err := s.once(ctx, name, func(house context.Context) error { return s.write(house, src, info, at, name) })
	if err != nil {
		return nil, err
	}
	return filePiece(f, name, "text/plain; charset=utf-8")
}

// once gives a file of the cache, which one child makes for all who wait. Who waits no longer ends
// nothing.
func (s *Studio) once(ctx context.Context, name string, produce func(house context.Context) error) (*os.File, error) {
	for range tries {
		s.mu.Lock()
		f, ok := s.cache.get(name)
		w := s.writings[name]
		first := !ok && w == nil
		if first {
			w = &writing{done: make(chan struct{})}
			s.writings[name] = w
		}
		s.mu.Unlock()
		if ok {
			return f, nil
		}
		if first {
			if err := s.start(ctx, func(house context.Context) { s.written(name, w, produce(house)) }); err != nil {
				s.written(name, w, err)
			}
		}
		select {
		case <-w.done:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if w.err != nil && !errors.Is(w.err, context.Canceled) { // it may have been given up by who began it
			return nil, w.err
		}
	}
	return nil, errLost
}

// filePiece is a file of the cache as a piece.
func filePiece(f *os.File, name, kind string) (*Piece, error) {
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	return &Piece{ReadSeeker: f, Size: info.Size(), Tag: strings.ReplaceAll(name, "/", "-"), Type: kind, closing: f.Close}, nil
}

// textName is where the subtitles of a stream lie in the cache.
func (s *Studio) textName(src Source, stream ffmpeg.Stream) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "text 1\x00%s\x00%s\x00%d\x00%s", src.Key, s.Program.Version, stream.Index, stream.Codec))
	return fmt.Sprintf("%x/s%d", sum[:12], stream.Index)
}

func (s *Studio) written(name string, w *writing, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.err = err; err != nil && !errors.Is(err, context.Canceled) {
		s.Log.Warn("nothing could be taken from a film", "what", path.Base(name), "err", err)
	}
	delete(s.writings, name)
	close(w.done)
}

// extract keeps what is made of a whole file, once there is a place for it.
func (s *Studio) extract(ctx context.Context, p *ffmpeg.Pool, src Source, name string, produce func(*os.File) ([]byte, error)) error {
	back, err := p.Take(ctx)
	if err != nil {
		return err
	}
	defer back()
	file, err := src.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	defer file.Close()
	was, err := file.Stat()
	if err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	b, err := produce(file)
	var fault *ffmpeg.Fault
	switch is, errStat := file.Stat(); {
	case err == nil && (errStat != nil || is.Size() != was.Size() || !is.ModTime().Equal(was.ModTime())):
		return fmt.Errorf("%w: it was changed while it was read", errLost)
	case err != nil && ctx.Err() == nil && !errors.As(err, &fault):
		return ffmpeg.ErrBroken.Because(err)
	case err != nil:
		return err
	}
	return s.cache.put(name, b)
}

// write has a child write down one stream of a film.
func (s *Studio) write(ctx context.Context, src Source, info ffmpeg.Info, at int, name string) error {
	return s.extract(ctx, s.text, src, name, func(file *os.File) ([]byte, error) {
		s.started.Add(1)
		return s.Program.Collect(ctx, file, []string{"-copyts", "-start_at_zero"}, copyText(info, at), maxText)
	})
}

// copyText are the options of a child that writes one stream down as it is.
func copyText(info ffmpeg.Info, at int) []string {
	stream := info.Streams[at]
	note := notes[stream.Codec]
	out := []string{"-map", "0:" + strconv.Itoa(stream.Index), "-map_metadata", "-1", "-map_chapters", "-1",
		"-c:s", note.codec, "-flush_packets", "1", "-f", note.format, "pipe:1"}
	if strings.Contains(info.Format, "mp4") {
		return out // it goes by the index, from one text to the next
	}
	// Other files are read through in any case. A child that has only texts to look for says nothing
	// between two of them, not even how far it is; with a stream to throw away it does.
	for _, kind := range []string{"audio", "video"} {
		for _, s := range info.Streams {
			if s.Type == kind && !s.Picture {
				return append(out, "-map", "0:"+strconv.Itoa(s.Index), "-c", "copy", "-f", "null", "-")
			}
		}
	}
	return out
}
