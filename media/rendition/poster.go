package rendition

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"time"

	"watchparty/media/ffmpeg"
)

const (
	// maxPoster bounds a poster in bytes, posterWidth in pixels.
	maxPoster   = 4 << 20
	posterWidth = 800
	// posterWait is how long somebody waits for a poster: a browser that waits for several fetches no
	// film meanwhile. It is made all the same, and there the next time.
	posterWait = time.Second
	// among is how many frames the best is chosen from; more are darkness and titles.
	among = 50
)

// HasPoster tells whether [Studio.Poster] can give a picture of a film.
func HasPoster(info ffmpeg.Info) bool { return pictured(info) >= 0 }

// pictured is the stream that a poster is made from: a cover that the file brings along, else its
// picture; -1: it has none.
func pictured(info ffmpeg.Info) int {
	at := slices.IndexFunc(info.Streams, func(s ffmpeg.Stream) bool { return s.Type == "video" && s.Picture })
	if at < 0 {
		at = slices.IndexFunc(info.Streams, func(s ffmpeg.Stream) bool { return s.Type == "video" })
	}
	return at
}

// Poster gives a picture of a film as JPEG: the cover that its file brings along, else one of its
// frames that is neither black nor odd. What has no picture, and what is not made yet, is an
// fs.ErrNotExist.
func (s *Studio) Poster(ctx context.Context, src Source) (*Piece, error) {
	ctx, stop := context.WithTimeout(ctx, posterWait)
	defer stop()
	info, err := s.Info(ctx, src)
	if at := pictured(info); err == nil && at >= 0 {
		sum := sha256.Sum256(fmt.Appendf(nil, "poster 1\x00%s\x00%s", src.Key, s.Program.Version))
		name := fmt.Sprintf("%x/poster", sum[:12])
		f, failed := s.once(ctx, name, func(house context.Context) error { return s.still(house, src, info, info.Streams[at], name) })
		if failed == nil {
			return filePiece(f, name, "image/jpeg")
		}
		err = failed
	}
	if err == nil || errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("poster: %w", fs.ErrNotExist)
	}
	return nil, err
}

// still has a child make a poster.
func (s *Studio) still(ctx context.Context, src Source, info ffmpeg.Info, stream ffmpeg.Stream, name string) error {
	in := []string{"-threads", "1"}
	shape := fmt.Sprintf("scale=w=trunc(min(%d\\,iw*sar)/2)*2:h=-2,setsar=1,format=yuvj420p", posterWidth)
	if !stream.Picture {
		in = append(in, "-skip_frame", "nokey", "-ss", strconv.FormatFloat(info.Duration.Seconds()*0.15, 'f', 3, 64))
		shape = fmt.Sprintf("thumbnail=%d,", among) + shape
	}
	return s.extract(ctx, s.stills, src, name, func(file *os.File) ([]byte, error) {
		s.started.Add(1)
		b, err := s.Program.Behind().Collect(ctx, file, in, []string{"-map", "0:" + strconv.Itoa(stream.Index), "-map_metadata", "-1", "-frames:v", "1",
			"-t", "60", "-vf", shape, "-c:v", "mjpeg", "-q:v", "4", "-f", "image2pipe", "pipe:1"}, maxPoster)
		if err == nil && len(b) == 0 {
			err = errShort
		}
		return b, err
	})
}
