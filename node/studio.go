package node

import (
	"context"
	"fmt"
	"path/filepath"

	"watchparty/media/ffmpeg"
	"watchparty/media/rendition"
)

// openStudio finds ffmpeg and opens the cache. Without ffmpeg films are played as they are.
func (h *Host) openStudio(ctx context.Context) error {
	if h.cfg.Cache <= 0 || h.cfg.Catalog == "" { // every screen plays the demo films
		return nil
	}
	program, err := ffmpeg.Find(ctx)
	if err != nil {
		h.cfg.Log.Warn("films are not converted", "err", err)
		return ctx.Err()
	}
	h.studio, err = rendition.New(rendition.Config{
		Program: program, Dir: filepath.Join(h.cfg.Data, "renditions"), Quota: h.cfg.Cache, Log: h.cfg.Log,
		Now: h.clock.Now, Told: h.listChanged, Failed: h.conversionFailed,
	})
	if err != nil {
		return fmt.Errorf("open studio: %w", err)
	}
	h.shelf.UseStudio(h.studio)
	return nil
}

// runStudio converts films until ctx ends.
func (h *Host) runStudio(ctx context.Context) error {
	if h.studio == nil {
		return nil
	}
	h.shelf.Look()
	return h.studio.Run(ctx)
}
