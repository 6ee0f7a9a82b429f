package player

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"time"
)

const (
	bootTime = 15 * time.Second // until mpv listens; a cold start from a slow disk
	quitTime = time.Second      // from being asked to end until it is killed
)

// arguments are what mpv is started with. The film is never among them, nor is the
// pass: everybody on a machine can read what a program was started with. What is not
// named here is as the user's own configuration has it.
func arguments(socket string) []string {
	return []string{
		"--idle=yes", "--force-window=yes", "--pause=yes", "--no-terminal", "--input-ipc-server=" + socket,
		"--keep-open=yes", "--keep-open-pause=no", "--loop-file=no", "--loop-playlist=no", // the party says when it ends
		"--prefetch-playlist=yes", // of an album, the track that follows
		"--hr-seek=yes", "--ytdl=no",
		"--no-resume-playback", "--save-position-on-quit=no",
		"--af-append=scaletempo2", // scaletempo moves the sound by 5–14 ms at each change of speed
	}
}

// process is a running mpv of ours.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{} // closed when it has, and err is set
	err   error
}

// launch starts mpv. It dies with us: on Linux the kernel sees to it, for as long as
// the thread that started it lives, which is therefore kept.
func launch(path string, args []string) (*process, error) {
	p := &process{cmd: exec.Command(path, args...), ended: make(chan struct{})}
	own(p.cmd)
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.err = p.cmd.Wait()
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start mpv: %w", err)
	}
	return p, nil
}

// crashed says whether it ended otherwise than by being told to.
func (p *process) crashed() bool { return p.err != nil }

// dial waits until it listens.
func (p *process) dial(ctx context.Context, socket string) (pipe, error) {
	ctx, stop := context.WithTimeout(ctx, bootTime)
	defer stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := dialPipe(socket)
		if err == nil {
			return conn, nil
		}
		select {
		case <-tick.C:
		case <-p.ended:
			return nil, fmt.Errorf("mpv ended at once: %w", errors.Join(p.err, errGone))
		case <-ctx.Done():
			return nil, fmt.Errorf("mpv does not listen: %w", err)
		}
	}
}

// end waits a moment for it to end by itself, then makes it.
func (p *process) end() {
	late := time.NewTimer(quitTime)
	defer late.Stop()
	select {
	case <-p.ended:
		return
	case <-late.C:
	}
	p.kill()
}

func (p *process) kill() {
	kill(p.cmd)
	<-p.ended
}
