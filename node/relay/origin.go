package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/guest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// freshFor is how long the host's decisions are remembered if nothing says that
// they have changed.
const freshFor = 30 * time.Second

// Origin is a media.Origin whose titles are a host's.
type Origin struct {
	guest *guest.Guest

	asking sync.Mutex // one question for the list at a time
	mu     sync.Mutex
	known  map[catalog.TitleID]catalog.Decision
	until  time.Time
	turn   int // counts changes, so that an answer from before one is not kept
}

func newOrigin(g *guest.Guest) *Origin { return &Origin{guest: g} }

func (o *Origin) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.until = time.Time{}
	o.turn++
}

// Titles is media.Origin's.
func (o *Origin) Titles(ctx context.Context, who media.Who, lang string) ([]media.Listing, error) {
	if _, _, ok := who.Viewer(""); !ok {
		return nil, &media.Refused{Decision: media.Left()}
	}
	o.mu.Lock()
	turn := o.turn
	o.mu.Unlock()
	raw, err := o.guest.Titles(ctx, lang)
	if err != nil {
		return nil, away(err)
	}
	var list []media.Listing
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("read the host's titles: %w", err)
	}
	known := make(map[catalog.TitleID]catalog.Decision, len(list))
	for _, l := range list {
		known[l.ID] = catalog.Decision{OK: l.Allowed, Code: l.Code, Reason: l.Reason}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known = known; o.turn == turn {
		o.until = time.Now().Add(freshFor)
	}
	return list, nil
}

// Decide is media.Origin's. It answers from what the host said last, and asks
// again when that is old. While the host is away the last answer stands.
func (o *Origin) Decide(ctx context.Context, id catalog.TitleID, who media.Who) (catalog.Decision, error) {
	if _, _, ok := who.Viewer(id); !ok {
		return media.Left(), nil
	}
	if d, known, fresh := o.remembered(id); fresh && known {
		return d, nil
	}
	o.asking.Lock()
	defer o.asking.Unlock()
	d, known, fresh := o.remembered(id)
	if fresh {
		return orUnknown(d, known), nil
	}
	if _, err := o.Titles(ctx, who, "en"); err != nil {
		if known {
			return d, nil
		}
		return d, err
	}
	d, known, _ = o.remembered(id)
	return orUnknown(d, known), nil
}

func (o *Origin) remembered(id catalog.TitleID) (d catalog.Decision, known, fresh bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	d, known = o.known[id]
	return d, known, time.Now().Before(o.until)
}

func orUnknown(d catalog.Decision, known bool) catalog.Decision {
	if known {
		return d
	}
	return catalog.Decision{Code: catalog.CodeUnknown, Reason: "There is no such title here."}
}

// away makes a lost connection a sentence for people.
func away(err error) error {
	var r *party.Refusal
	if errors.As(err, &r) {
		return err
	}
	return &party.Refusal{Code: "WP-HOST-AWAY", Reason: "The host cannot be reached just now. This goes on by itself when it is back."}
}

var parts = map[media.PartKind]string{media.File: "file", media.Poster: "poster", media.Subtitle: "subtitle", media.Stream: "stream", media.Thumbs: "thumbs", media.Sound: "sound", media.Chat: "chat"}

// Content is media.Origin's.
func (o *Origin) Content(ctx context.Context, id catalog.TitleID, p media.Part) (media.Content, error) {
	get := wire.Get{Title: string(id), Part: parts[p.Kind], Name: p.Name, Length: -1, Head: true}
	head, s, err := o.guest.Get(ctx, get)
	if err != nil {
		return nil, away(err)
	}
	s.Cancel(wire.CodeDone)
	get.Head = false
	info := media.ContentInfo{Size: head.Size, ETag: head.ETag, ContentType: head.Type}
	if head.Modified != 0 {
		info.ModTime = time.UnixMilli(head.Modified)
	}
	return &content{ctx: ctx, guest: o.guest, get: get, info: info}, nil
}
