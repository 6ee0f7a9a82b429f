package session

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"golang.org/x/time/rate"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// Pacing of a film over QUIC: measured, a bulk stream that takes the whole link
// makes a chat line wait 42 ms where a paced one lets it through in 9.
const (
	paceFactor  = 1.5     // times the film's own rate
	paceLeast   = 1 << 20 // bytes a second, also where the rate is not known to be higher
	paceUnknown = 8 << 20 // bytes a second for what has no length in time
	paceBurst   = 4 << 20 // bytes at once, so that a start and a seek are quick
	paceLooks   = 24      // looks at the pace in a second, so that a piece does not hold up a chat line
	leastChunk  = 64 << 10
	copyChunk   = 256 << 10 // bytes at once at most: measured, smaller ones are slower
)

// ServePeer serves another node's connection until it ends.
func (s *Server) ServePeer(ctx context.Context, p *wire.Peer) {
	err := p.Serve(ctx, func(ctx context.Context, st *wire.Stream, first wire.Frame) {
		var err error
		switch f := first.(type) {
		case wire.Hello:
			c := st.Control()
			c.Close(s.byeFor(ctx, s.serve(ctx, c, &f)))
			return
		case wire.Join:
			err = s.join(ctx, st, f)
		case wire.Link:
			err = s.link(ctx, st, f)
		case wire.Titles:
			err = s.titles(ctx, st, f)
		case wire.Get:
			switch f.Part {
			case "emotes", "emote":
				err = s.emotes(ctx, st, f)
			default:
				err = s.get(ctx, st, f)
			}
		case wire.Stage:
			err = s.stage(ctx, st, f)
		default:
			st.Control().Close(wire.Goodbye(wire.ByeProto))
			return
		}
		if err != nil {
			s.Log.Debug("stream ended", "addr", p.RemoteAddr(), "err", err)
		}
	})
	if err != nil {
		s.Log.Debug("peer ended", "addr", p.RemoteAddr(), "err", err)
	}
}

// errNoPart is a poster or subtitles that a title does not have, which is nothing
// to worry about.
var errNoPart = errors.New("no such part")

// refuse answers a stream's first frame with the reason why not.
func (s *Server) refuse(ctx context.Context, st *wire.Stream, lang string, err error) error {
	var refused *media.Refused
	var gone *media.Gone
	var cannot *media.Unplayable
	switch {
	case errors.Is(err, syscall.EMFILE): // more files than may be open here at once
		bye := wire.Goodbye(wire.ByeFull)
		err = &party.Refusal{Code: bye.Code, Reason: bye.Reason}
	case errors.As(err, &cannot):
		s.Log.Warn("title cannot be converted", "err", err)
		err = &party.Refusal{Code: cannot.Code(), Reason: cannot.In(lang)}
	case errors.As(err, &refused):
		err = &party.Refusal{Code: string(refused.Decision.Code), Reason: refused.Decision.In(lang)}
	case errors.As(err, &gone) && errors.Is(err, errNoPart):
		err = &party.Refusal{Code: string(catalog.CodeUnknown), Reason: "This title has none."}
	case errors.As(err, &gone):
		s.Log.Warn("title cannot be read", "err", err)
		err = &party.Refusal{Code: string(media.CodeGone), Reason: gone.In(lang)}
	}
	return st.WriteFrame(ctx, wire.Refuse("", err))
}

func (s *Server) join(ctx context.Context, st *wire.Stream, j wire.Join) error {
	j.Device = st.Peer().Fingerprint()
	joined, err := s.Joiner.Join(ctx, addrOf(st.Peer().RemoteAddr()), j)
	if err != nil {
		return s.refuse(ctx, st, "", err)
	}
	return st.WriteFrame(ctx, joined)
}

func (s *Server) link(ctx context.Context, st *wire.Stream, l wire.Link) error {
	who, err := s.Who(l.Token)
	if err != nil {
		return s.refuse(ctx, st, "", err)
	}
	linked, err := s.Joiner.Link(ctx, who.ID())
	if err != nil {
		return s.refuse(ctx, st, "", err)
	}
	return st.WriteFrame(ctx, linked)
}

func (s *Server) titles(ctx context.Context, st *wire.Stream, t wire.Titles) error {
	who, err := s.Who(t.Token)
	if err != nil {
		return s.refuse(ctx, st, t.Lang, err)
	}
	list, err := s.Library.Titles(ctx, who, t.Lang)
	if err != nil {
		return s.refuse(ctx, st, t.Lang, err)
	}
	b, err := json.Marshal(list)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	tag := fmt.Sprintf("%x", sum[:12])
	if tag == t.Have {
		return st.WriteFrame(ctx, wire.Content{Size: int64(len(b)), Type: "application/json", ETag: tag})
	}
	return whole(ctx, st, wire.Content{Type: "application/json", ETag: tag}, b)
}

// get answers a range of a part. The title is the permission; when it ends, the
// stream is reset.
func (s *Server) get(ctx context.Context, st *wire.Stream, g wire.Get) error {
	who, err := s.Who(g.Token)
	if err != nil {
		return s.refuse(ctx, st, "", err)
	}
	ctx, stop := st.Wanted(ctx) // it may have to be made first
	defer stop()
	title, err := s.Library.Open(ctx, catalog.TitleID(g.Title), who)
	if err != nil {
		return s.refuse(ctx, st, "", err)
	}
	defer title.Close()
	content, err := part(title, g)
	if err != nil {
		if g.Part != "file" && errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w: %w", errNoPart, err)
		}
		s.Missed(err)
		return s.refuse(ctx, st, "", err)
	}
	defer content.Close()
	info := content.Info()
	head := wire.Content{Size: info.Size, Type: info.ContentType, ETag: info.ETag}
	if !info.ModTime.IsZero() {
		head.Modified = info.ModTime.UnixMilli()
	}
	if g.Offset > info.Size {
		return s.refuse(ctx, st, "", &party.Refusal{Code: "WP-BAD", Reason: "That range lies behind the end."})
	}
	if head.Length = info.Size - g.Offset; g.Length >= 0 {
		head.Length = min(head.Length, g.Length)
	}
	if g.Head {
		head.Length = 0
	}
	if err := st.WriteFrame(ctx, head); err != nil || head.Length == 0 {
		return err
	}
	served, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-title.Done(): // wakes a write that waits for the reader
			st.Cancel(endCode(title))
		case <-served:
		}
	}()
	defer func() { // the title is closed after that, which must not reset what was served
		close(served)
		<-watched
	}()
	_, err = content.Seek(g.Offset, io.SeekStart)
	if err == nil {
		err = copyPaced(ctx, st, io.LimitReader(content, head.Length), s.pace(catalog.TitleID(g.Title), g.Part, info.Size))
	}
	if err != nil {
		st.Cancel(endCode(title))
	}
	return err
}

// endCode tells a guest's node whether the permission ended, or only the stream.
func endCode(t *media.Title) uint64 {
	var refused *media.Refused
	if errors.As(t.Err(), &refused) {
		return wire.CodeRefused
	}
	return wire.CodeDone
}

func part(t *media.Title, g wire.Get) (media.Content, error) {
	switch g.Part {
	case "file":
		return t.File()
	case "poster":
		return t.Poster()
	case "subtitle":
		return t.Subtitle(g.Name)
	case "stream":
		return t.Stream(g.Name)
	case "thumbs":
		return t.Sheet(g.Name)
	case "sound":
		return t.Sound(g.Name)
	case "chat":
		return t.Chat(g.Name)
	}
	return nil, &party.Refusal{Code: "WP-BAD", Reason: "A title has a file, a poster, subtitles, sounds, a stream, thumbnails and chats."}
}

// pace limits a film to a little more than its own rate.
func (s *Server) pace(id catalog.TitleID, part string, size int64) *rate.Limiter {
	if part != "file" {
		return nil
	}
	limit := float64(paceUnknown)
	if t := s.House.State().Timeline; t.Title == id && t.Length > 0 {
		limit = max(paceFactor*float64(size)/t.Length.Seconds(), paceLeast)
	}
	return rate.NewLimiter(rate.Limit(limit), paceBurst)
}

// chunks are buffers for films on their way.
var chunks = sync.Pool{New: func() any { return new([copyChunk]byte) }}

func copyPaced(ctx context.Context, st *wire.Stream, r io.Reader, pace *rate.Limiter) error {
	b := chunks.Get().(*[copyChunk]byte)
	defer chunks.Put(b)
	buf := b[:]
	if pace != nil {
		buf = b[:min(max(int(pace.Limit())/paceLooks, leastChunk), copyChunk)]
	}
	for {
		n, err := io.ReadFull(r, buf)
		if n > 0 {
			if pace != nil {
				if err := pace.WaitN(ctx, n); err != nil {
					return err
				}
			}
			st.SetWriteDeadline(time.Now().Add(readerPatience))
			if _, err := st.Write(buf[:n]); err != nil {
				return err
			}
		}
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return nil
		default:
			return err
		}
	}
}

// readerPatience is how long a guest's node may hold a range open without reading:
// a browser behind it that has buffered enough. It asks again by range.
const readerPatience = 5 * time.Minute

// A list of titles may take so long to be read, and longer where it is long: bytes of it a second.
const (
	listPatience = 30 * time.Second
	listRate     = 32 << 10
)

func addrOf(a net.Addr) netip.Addr {
	switch a := a.(type) {
	case *net.UDPAddr:
		return a.AddrPort().Addr()
	case *net.TCPAddr:
		return a.AddrPort().Addr()
	}
	return netip.Addr{}
}
