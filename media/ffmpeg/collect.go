package ffmpeg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// collectTime bounds a run over a whole film: a slow disk gives twenty gigabytes in that time.
const collectTime = 30 * time.Minute

// ErrMuch is what a child wrote that was more than there may be.
var ErrMuch = errors.New("more than there may be")

// Collect runs ffmpeg over a file to its end, as [Program.Start] does, and gives what it wrote, up
// to most bytes. It may be silent for as long as it gets on in the film.
func (p *Program) Collect(ctx context.Context, file *os.File, in, out []string, most int64) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, collectTime)
	defer stop()
	name, files := input(file)
	var beats, beat *os.File
	if files != nil { // else its progress cannot be told
		var err error
		if beats, beat, err = os.Pipe(); err != nil {
			return nil, fmt.Errorf("start ffmpeg: %w", err)
		}
		defer beats.Close()
		files, in = append(files, beat), append([]string{"-progress", "pipe:4"}, in...)
	}
	c, err := p.launch(over(name, in, out), files)
	if beat != nil {
		beat.Close()
	}
	if err != nil {
		return nil, err
	}
	defer c.End()
	defer context.AfterFunc(ctx, c.Kill)()
	c.watch = collectTime
	if beats != nil {
		heard := make(chan struct{})
		go func() {
			defer close(heard)
			c.listen(beats)
		}()
		defer func() { // the pipe ends with the child
			c.Kill()
			<-heard
		}()
	}
	b, err := io.ReadAll(io.LimitReader(c, most+1))
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err == nil && int64(len(b)) > most:
		return nil, ErrMuch
	}
	return b, err
}

// listen kills a child that has said for ten seconds nothing of how far it is.
func (c *Child) listen(beats io.Reader) {
	dog := time.AfterFunc(stall, c.giveUp)
	defer dog.Stop()
	b := make([]byte, 4<<10)
	for {
		if _, err := beats.Read(b); err != nil {
			return
		}
		dog.Reset(stall)
	}
}
