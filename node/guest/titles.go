package guest

import (
	"context"
	"encoding/json"

	"watchparty/node/wire"
)

// maxTitles bounds a host's list, in bytes: the largest catalog there may be.
const maxTitles = 64 << 20

// maxLists is how many lists are kept, each in a language of its own.
const maxLists = 4

// A list is what the host said last of its titles, with its ETag.
type list struct {
	raw json.RawMessage
	tag string
}

// Titles lists what the pass may know of, as the host's JSON, which is not to be changed. A list that is the same as before does
// not come again, nor does one twice at once.
func (g *Guest) Titles(ctx context.Context, lang string) (json.RawMessage, error) {
	select {
	case g.listing <- struct{}{}:
		defer func() { <-g.listing }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	g.mu.Lock()
	had := g.lists[lang]
	g.mu.Unlock()
	b, is, err := g.whole(ctx, wire.Titles{Token: g.cfg.Token, Lang: lang, Have: had.tag}, maxTitles)
	if err != nil {
		return nil, err
	}
	if is.Length == 0 && is.ETag == had.tag && had.tag != "" {
		return had.raw, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.lists) >= maxLists {
		clear(g.lists)
	}
	g.lists[lang] = list{b, is.ETag}
	return b, nil
}
