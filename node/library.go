package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"watchparty/media"
	"watchparty/media/scan"
	"watchparty/node/party"
	"watchparty/node/web"
	"watchparty/node/wire"
)

// maxShown is how many new titles, and files left out, a desk is told of by name.
const maxShown = 100

// openWatcher prepares to look for new films where the catalog says.
func (h *Host) openWatcher() {
	if h.cfg.Catalog == "" {
		return
	}
	index, err := scan.IndexOf(h.cfg.Catalog)
	if err != nil {
		index = "" // every scan is a first one
	}
	h.watcher = (&scan.Watcher{Catalog: h.cfg.Catalog, Index: index, Told: h.scanned, Library: func() (string, []string) {
		c := h.shelf.Catalog()
		return media.LibraryOf(h.cfg.Catalog, c), c.Watch
	}}).Start()
}

// watchLibrary looks for new films until ctx ends.
func (h *Host) watchLibrary(ctx context.Context) error {
	if h.watcher == nil {
		<-ctx.Done()
		return nil
	}
	return h.watcher.Run(ctx)
}

// scanned tells how a scan gets on. What it adds to the catalog is told when that is read again.
func (h *Host) scanned(s scan.State) {
	h.signal(h.house.Current(), wire.Signal{Library: &wire.Scanning{Running: s.Running, Done: s.Done, Of: s.Of, File: s.File}}, party.Host)
	if s.Running || s.Dry {
		return
	}
	var fault *scan.Error
	switch {
	case errors.As(s.Err, &fault):
		h.cfg.Tell(Event{"library", map[string]string{"code": fault.Code, "reason": fault.Sentence}, fault.Error()})
	case s.Err != nil:
		h.cfg.Log.Error("scan", "err", s.Err)
	case len(s.Report.New) > 0:
		h.cfg.Tell(Event{"library", map[string]any{"new": s.Report.New}, fmt.Sprintf("New in the library: %s", names(s.Report.New))})
	}
}

// names are those of the first few titles.
func names(items []scan.Item) (text string) {
	for i, item := range items {
		switch {
		case i == 3:
			return fmt.Sprintf("%s and %d more.", text, len(items)-i)
		case i > 0:
			text += ", "
		}
		text += item.Name
	}
	return text + "."
}

// scanLibrary begins a scan that somebody asked for.
func (h *Host) scanLibrary(add bool) error {
	switch {
	case h.watcher == nil:
		return &party.Refusal{Code: "WP-BAD", Reason: "The demo titles have no folder to look through; start the host with --catalog."}
	case !h.watcher.Scan(add):
		return &party.Refusal{Code: "WP-BAD", Reason: "The library is being looked through already; wait until that is done."}
	}
	return nil
}

// libraryState is what the desk shows of the library.
func (h *Host) libraryState() *web.LibraryState {
	if h.watcher == nil {
		return nil
	}
	c := h.shelf.Catalog()
	s := h.watcher.State()
	out := &web.LibraryState{Folder: media.LibraryOf(h.cfg.Catalog, c), Watched: c.Watch, Running: s.Running, Done: s.Done, Of: s.Of, File: s.File,
		At: s.At.Truncate(time.Second), Dry: s.Dry, New: []web.NewTitle{}, LeftOut: []web.LeftOut{}}
	if out.Watched == nil {
		out.Watched = []string{}
	}
	var fault *scan.Error
	switch {
	case errors.As(s.Err, &fault):
		out.Fault = &party.Refusal{Code: fault.Code, Reason: cmp.Or(fault.Sentence, fault.Error())}
	case s.Err != nil:
		out.Fault = &party.Refusal{Code: "WP-BROKEN", Reason: "The scan did not get through; the log says why."}
	}
	if s.Report == nil {
		return out
	}
	out.Found, out.Count, out.Moved, out.Offline = s.Report.Found, len(s.Report.New), len(s.Report.Moved), len(s.Report.Offline)
	for _, item := range s.Report.New[:min(out.Count, maxShown)] {
		out.New = append(out.New, web.NewTitle(item))
	}
	for _, l := range s.Report.LeftOut[:min(len(s.Report.LeftOut), maxShown)] {
		out.LeftOut = append(out.LeftOut, web.LeftOut{File: l.File, Code: l.Code, Reason: l.Why})
	}
	return out
}
