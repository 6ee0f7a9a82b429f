package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"watchparty/media"
	"watchparty/media/emote"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// maxEmotes bounds a host's list, in bytes: far more than so many emotes take.
const maxEmotes = 256 * emote.MaxCount

// Emotes is media.Origin's. A host that knows of none has none.
func (o *Origin) Emotes(ctx context.Context) ([]emote.Emote, error) {
	raw, _, err := o.guest.Whole(ctx, wire.Get{Part: "emotes", Length: -1}, maxEmotes)
	var refusal *party.Refusal
	if errors.As(err, &refusal) && refusal.Code == "WP-UNKNOWN" { // it is older than emotes
		return []emote.Emote{}, nil
	}
	if err != nil {
		return nil, away(err)
	}
	list := []emote.Emote{}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("read the host's emotes: %w", err)
	}
	return list, nil
}

// Emote is media.Origin's.
func (o *Origin) Emote(ctx context.Context, key string) (media.Picture, error) {
	b, kind, err := o.guest.Whole(ctx, wire.Get{Part: "emote", Name: key, Length: -1}, emote.MaxBytes)
	var refusal *party.Refusal
	if errors.As(err, &refusal) && refusal.Code == "WP-UNKNOWN" || err == nil && !emote.Types[kind] {
		return media.Picture{}, fs.ErrNotExist
	}
	if err != nil {
		return media.Picture{}, away(err)
	}
	return media.Picture{Type: kind, Bytes: b}, nil
}
