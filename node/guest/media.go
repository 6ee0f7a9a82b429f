package guest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"watchparty/node/wire"
)

// askTime bounds a question on the media connection, up to its first frame, and then how long nothing comes.
const askTime = 5 * time.Second

// readTime is the same for subtitles, which the host may have to read out of a long film first, and for what it has to convert, when its
// turn comes.
const readTime = 30 * time.Minute

// drawTime is the same for pictures: the host may have to make them first, when it has time.
const drawTime = time.Minute

// bulk is the connection for films, apart from the chat's. It is made at the
// first range and again when it broke.
func (g *Guest) bulk(ctx context.Context) (*wire.Peer, error) {
	l, err := g.present(ctx)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	peer := l.media
	g.mu.Unlock()
	if peer != nil {
		select {
		case <-peer.Done():
		default:
			return peer, nil
		}
	}
	by := l.peer.Road()
	if peer != nil {
		by = peer.Road() // as it was chosen
	}
	peer, err = l.dial(ctx, by, wire.Media)
	if err != nil {
		return nil, err
	}
	defer g.told()
	g.mu.Lock()
	defer g.mu.Unlock()
	if now := l.media; now != nil && now != peer {
		select {
		case <-now.Done():
		default: // somebody else was quicker
			peer.Close(wire.CodeDone, "")
			return now, nil
		}
	}
	l.media = peer
	return peer, nil
}

// Whole gets something small at once, of most bytes at most, with its media type.
func (g *Guest) Whole(ctx context.Context, get wire.Get, most int64) ([]byte, string, error) {
	get.Token = g.cfg.Token
	b, is, err := g.whole(ctx, get, most)
	return b, is.Type, err
}

// asked asks on the media connection, and once more where that ended meanwhile, because films come by another road now or the
// host was away for a moment.
func (g *Guest) asked(ctx context.Context, question func(*wire.Peer) error) error {
	for again := true; ; again = false {
		qctx, stop := context.WithTimeout(ctx, askTime)
		peer, err := g.bulk(qctx)
		stop()
		if err == nil {
			err = question(peer)
		}
		if err == nil || peer == nil || !again || ctx.Err() != nil {
			return err
		}
		select {
		case <-peer.Done():
		default:
			return err
		}
	}
}

func (g *Guest) whole(ctx context.Context, question wire.Frame, most int64) (b []byte, is wire.Content, err error) {
	err = g.asked(ctx, func(peer *wire.Peer) error {
		qctx, stop := context.WithTimeout(ctx, askTime)
		defer stop()
		answer, s, err := ask(qctx, peer, question)
		if err != nil {
			return err
		}
		defer s.Cancel(wire.CodeDone)
		defer context.AfterFunc(ctx, func() { s.Cancel(wire.CodeDone) })()
		var ok bool
		if is, ok = answer.(wire.Content); !ok || is.Length > most {
			return fmt.Errorf("unexpected answer %T", answer)
		}
		buf := bytes.NewBuffer(make([]byte, 0, min(is.Length, 64<<10))) // grows with what comes
		if n, err := io.Copy(buf, io.LimitReader(coming{s}, is.Length)); err != nil || n != is.Length {
			return fmt.Errorf("%d of %d bytes: %w", n, is.Length, err)
		}
		b = buf.Bytes()
		return nil
	})
	return b, is, err
}

// coming is a stream that may take its time, as long as something comes.
type coming struct{ s *wire.Stream }

// Read implements io.Reader.
func (c coming) Read(b []byte) (int, error) {
	c.s.SetReadDeadline(time.Now().Add(askTime))
	return c.s.Read(b)
}

// Link asks for a way in for another device of the pass's member.
func (g *Guest) Link(ctx context.Context) (wire.Linked, error) {
	ctx, stop := context.WithTimeout(ctx, askTime)
	defer stop()
	peer, err := g.bulk(ctx)
	if err != nil {
		return wire.Linked{}, err
	}
	answer, s, err := ask(ctx, peer, wire.Link{Token: g.cfg.Token})
	if err != nil {
		return wire.Linked{}, err
	}
	defer s.Cancel(wire.CodeDone)
	linked, ok := answer.(wire.Linked)
	if !ok {
		return linked, fmt.Errorf("link: unexpected answer %T", answer)
	}
	return linked, nil
}

// Get opens a range of a title's part. The stream gives exactly the content's
// Length bytes; the caller cancels it.
func (g *Guest) Get(ctx context.Context, get wire.Get) (is wire.Content, st *wire.Stream, err error) {
	get.Token = g.cfg.Token
	patience := askTime
	switch get.Part {
	case "subtitle", "stream":
		patience = readTime
	case "poster", "thumbs":
		patience = drawTime
	}
	err = g.asked(ctx, func(peer *wire.Peer) error {
		qctx, stop := context.WithTimeout(ctx, patience)
		defer stop()
		answer, s, err := ask(qctx, peer, get)
		if err != nil {
			return err
		}
		var ok bool
		if is, ok = answer.(wire.Content); !ok {
			s.Cancel(wire.CodeDone)
			return fmt.Errorf("get: unexpected answer %T", answer)
		}
		st = s
		return nil
	})
	return is, st, err
}
