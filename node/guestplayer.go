package node

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"watchparty/node/auth"
	"watchparty/node/party"
	"watchparty/node/player"
	"watchparty/store"
)

// Player is an mpv that shows the films of a guest's node.
type Player struct {
	Path   string
	Offset *time.Duration // how much later its sound is heard; nil: as it was last
	Lang   string         // of reasons, as in Accept-Language
	Tell   func(player.State)
}

const playerKey = "player"

// playerMeta is what a guest's node keeps of its player.
type playerMeta struct {
	Offset int64 `json:"offset"` // ms
}

func (g *Guest) openPlayer() error {
	cfg := g.cfg.Player
	offset, err := g.offset()
	if err == nil && cfg.Offset != nil {
		offset = *cfg.Offset
		err = g.keepOffset(offset)
	}
	if err != nil {
		return err
	}
	g.screen = player.New(player.Config{
		Path: cfg.Path, Data: g.cfg.Data, URL: "http://" + g.sockets.local(), Token: g.up.Local, Lang: cfg.Lang,
		Member: g.up.Member, House: g.House(), Clock: g.guest.Clock(), Offset: offset, Tell: cfg.Tell, Log: g.cfg.Log,
		Wish: func(ctx context.Context, c party.Command) error {
			_, err := g.Wish(ctx, party.Wish{Nonce: party.Nonce(auth.NewID()), Command: c})
			return err
		},
	})
	return nil
}

// OpenPlayer opens the player again, if there is one and it was closed.
func (g *Guest) OpenPlayer() {
	if g.screen != nil {
		g.screen.Open()
	}
}

// maxOffset is more than any television's sound is late.
const maxOffset = time.Second

// SetOffset says how much later than elsewhere the player's sound is heard, and
// remembers it.
func (g *Guest) SetOffset(d time.Duration) error {
	if d.Abs() > maxOffset {
		return &party.Refusal{Code: "WP-BAD", Reason: "An offset is between -1000 and 1000 milliseconds."}
	}
	if g.screen == nil {
		return &party.Refusal{Code: "WP-BAD", Reason: "This node has no player: join with --player mpv."}
	}
	g.screen.Offset(d)
	return g.keepOffset(d)
}

func (g *Guest) offset() (time.Duration, error) {
	var kept playerMeta
	err := g.db.View(func(tx *store.Tx) error {
		if b := tx.Meta(playerKey); b != nil {
			return json.Unmarshal(b, &kept)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("read the player's offset: %w", err)
	}
	return time.Duration(kept.Offset) * time.Millisecond, nil
}

func (g *Guest) keepOffset(d time.Duration) error {
	b, err := json.Marshal(playerMeta{d.Milliseconds()})
	if err != nil {
		return err
	}
	return g.db.Update(func(tx *store.Tx) error { return tx.PutMeta(playerKey, b) })
}
