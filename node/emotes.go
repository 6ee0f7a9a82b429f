package node

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"watchparty/media"
	"watchparty/node/party"
	"watchparty/node/web"
	"watchparty/node/wire"
)

// openEmotes reads the folder of emotes: the one that was named, else the one beside the catalog, which need not be there.
func (h *Host) openEmotes() error {
	folder := h.cfg.Emotes
	switch {
	case folder != "":
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return &UsageError{fmt.Sprintf("--emotes takes a folder with pictures, and %s is none that can be read.", folder)}
		}
	case h.cfg.Catalog != "":
		folder = filepath.Join(filepath.Dir(h.cfg.Catalog), "emotes")
	default:
		return nil
	}
	h.shelf.Pictures = media.OpenEmotes(folder)
	return nil
}

// watchEmotes follows the folder and tells pages, and whoever sits at the terminal, what came of a change.
func (h *Host) watchEmotes(ctx context.Context) error {
	if h.shelf.Pictures == nil {
		<-ctx.Done()
		return nil
	}
	if _, faults := h.shelf.Pictures.List(); len(faults) > 0 {
		h.tellEmotes()
	}
	return h.shelf.Pictures.Watch(ctx, func() {
		h.tellEmotes()
		h.signal(h.house.Current(), wire.Signal{Emotes: &wire.Changed{}}, party.Guest)
	})
}

func (h *Host) tellEmotes() {
	list, faults := h.shelf.Pictures.List()
	text := fmt.Sprintf("The emotes were read: %d.", len(list))
	for i, f := range faults {
		if i == 3 {
			text += fmt.Sprintf("\n  and %d more are left out; the desk lists them under Catalog.", len(faults)-i)
			break
		}
		text += fmt.Sprintf("\n  %q is left out: %s %s", f.File, f.Error(), f.Hint)
	}
	h.cfg.Tell(Event{"emotes", map[string]int{"emotes": len(list), "leftOut": len(faults)}, text})
}

// emoteProblems are the files that are left out, as the desk shows what is wrong with the catalog.
func (h *Host) emoteProblems() (all []web.Problem) {
	if h.shelf.Pictures == nil {
		return nil
	}
	_, faults := h.shelf.Pictures.List()
	for _, f := range faults {
		all = append(all, web.Problem{File: "emotes/" + f.File, Text: f.Error(), Hint: f.Hint, Warning: true})
	}
	return all
}
