package session

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// emotes answers a node with the list of the house's emotes, or with the bytes of one. They are of no title: whoever is at the
// party may have them.
func (s *Server) emotes(ctx context.Context, st *wire.Stream, g wire.Get) error {
	if _, err := s.Who(g.Token); err != nil {
		return s.refuse(ctx, st, "", err)
	}
	if g.Part == "emotes" {
		list, err := s.Library.Emotes(ctx)
		if err != nil {
			return s.refuse(ctx, st, "", err)
		}
		b, err := json.Marshal(list)
		if err != nil {
			return err
		}
		return whole(ctx, st, wire.Content{Type: "application/json"}, b)
	}
	p, err := s.Library.Emote(ctx, g.Name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = NoEmote()
		}
		return s.refuse(ctx, st, "", err)
	}
	return whole(ctx, st, wire.Content{Type: p.Type}, p.Bytes)
}

// NoEmote refuses a key that names no emote, or none any more.
func NoEmote() error {
	return &party.Refusal{Code: string(catalog.CodeUnknown), Reason: "This house has no such emote."}
}

// whole answers with bytes that go out at once.
func whole(ctx context.Context, st *wire.Stream, is wire.Content, b []byte) error {
	size := int64(len(b))
	is.Size, is.Length = size, size
	if err := st.WriteFrame(ctx, is); err != nil {
		return err
	}
	st.SetWriteDeadline(time.Now().Add(listPatience + time.Duration(size)*time.Second/listRate))
	_, err := st.Write(b)
	return err
}
