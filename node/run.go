package node

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"watchparty/discovery"
	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/node/wire"
)

// keepEvery is how often a copy of the database is kept while a party runs.
const keepEvery = 15 * time.Minute

// Run runs the host until ctx ends, and closes it in order: nobody new comes in
// and the name is withdrawn; seats are told and given two seconds; the party's
// last transaction ends; the store closes.
func (h *Host) Run(ctx context.Context) error {
	defer h.close()
	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	core, cctx := errgroup.WithContext(inner)
	core.Go(func() error { return h.house.Run(cctx) })
	core.Go(func() error { return h.library.Run(cctx) })
	core.Go(func() error { return h.runStudio(cctx) })
	core.Go(func() error { return h.runShow(cctx) })
	core.Go(func() error { return h.housekeeping(cctx) })
	if err := h.house.Current().Ready(ctx); err != nil {
		stop()
		return errors.Join(core.Wait(), ctx.Err())
	}
	if err := cmp.Or(h.askFirst(ctx), h.writeRunFile()); err != nil {
		stop()
		return errors.Join(err, core.Wait())
	}
	defer os.Remove(h.runFile())
	close(h.findable)

	doors, dctx := errgroup.WithContext(ctx)
	doors.Go(func() error { return h.web.Serve(dctx, h.endpoint.Beside(h.sockets.tcp)) })
	doors.Go(func() error { return servePeers(dctx, h.endpoint.Accept, h.sessions) })
	doors.Go(func() error { return servePeers(dctx, h.endpoint.AcceptTCP, h.sessions) })
	doors.Go(func() error { return follow(dctx, h.house, h.noticed) })
	doors.Go(func() error { return h.watchCatalog(dctx) })
	doors.Go(func() error { return h.watchLibrary(dctx) })
	doors.Go(func() error { return h.watchEmotes(dctx) })
	doors.Go(func() error { return h.announce(dctx) })
	doors.Go(func() error { return h.watchAddress(dctx) })
	doors.Go(func() error { return h.watchLive(dctx) })
	doors.Go(func() error { return h.watchKnocks(dctx) })
	doors.Go(func() error { return h.watchScheduled(dctx) })
	doors.Go(func() error { return h.runRemote(dctx) })
	doors.Go(func() error { // a party that cannot go on closes the doors
		select {
		case <-cctx.Done():
			return fmt.Errorf("the party cannot go on: %w", context.Cause(cctx))
		case <-dctx.Done():
			return nil
		}
	})
	err := doors.Wait()
	stop()
	if failed := core.Wait(); failed != nil {
		return failed
	}
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		return nil
	}
	return err
}

// noticed tells the terminal what happens, and the media door when a member's
// rights have changed.
func (h *Host) noticed(r *room.Room, rec party.Record) {
	h.show.noticed(r, rec)
	switch e := rec.Event.(type) {
	case party.Joined:
		h.library.Recheck() // whose record it is asks for the titles again by themselves
	case party.Removed:
		h.library.Recheck()
		if e.Left {
			break // of their own will: the link stays as it is
		}
		h.renewInvitation()
	case party.Banned:
		h.library.Recheck()
		if !e.Off {
			h.renewInvitation()
		}
	case party.Ended:
		if err := h.db.Keep(); err != nil {
			h.cfg.Log.Warn("no copy of the database kept", "err", err)
		}
	}
	h.cfg.Tell(Event{Kind: "record", Body: map[string]any{"record": json.RawMessage(rec.Bytes())}})
}

// renewInvitation voids the link on the screen, which somebody who was shown the
// door still has, and shows another.
func (h *Host) renewInvitation() {
	if err := h.auth.RenewStanding(); err != nil {
		h.cfg.Log.Error("the open invitation was not renewed", "err", err)
		return
	}
	link := h.standing()
	h.cfg.Tell(Event{"invite", map[string]string{"link": link}, "The open invitation has changed: " + link})
}

func (h *Host) signal(r *room.Room, s wire.Signal, to party.Role) {
	frame, err := wire.Marshal(s)
	if err != nil {
		h.cfg.Log.Error("signal", "err", err)
		return
	}
	r.Signal(room.Signal{Frame: frame, To: to})
}

// watchCatalog follows the catalog file and says what came of a change.
func (h *Host) watchCatalog(ctx context.Context) error {
	if h.cfg.Catalog == "" {
		<-ctx.Done()
		return nil
	}
	return media.WatchCatalog(ctx, h.cfg.Catalog, time.Local, h.shelf, func(problems catalog.Problems) {
		h.problems.Store(&problems)
		h.library.Recheck()
		h.watcher.Changed()
		r := h.house.Current()
		told := wire.Problems{Problems: []string{}}
		for _, p := range problems {
			told.Problems = append(told.Problems, p.String())
		}
		h.signal(r, wire.Signal{Catalog: &told}, party.Host)
		h.listChanged()
		text := fmt.Sprintf("The catalog was read again: %d titles.", len(h.shelf.Catalog().Titles))
		if problems.Err() != nil {
			text = "The catalog has problems; the last good one stays in force:\n" + problems.Error()
		}
		h.cfg.Tell(Event{"catalog", map[string]any{"titles": len(h.shelf.Catalog().Titles), "problems": told.Problems}, text})
	})
}

// announce makes the party findable, under its present name.
func (h *Host) announce(ctx context.Context) error {
	if !h.cfg.MDNS || loopbackOnly(h.sockets.tcp.Addr()) {
		<-ctx.Done()
		return nil
	}
	for ctx.Err() == nil {
		if err := h.announceName(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// announceName announces the party until its name may have changed, and tells once
// if nothing can be announced here.
func (h *Host) announceName(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	adv := discovery.Advertise(discovery.Config{Log: h.cfg.Log}, h.service())
	ended := make(chan error, 1)
	go func() { ended <- adv.Run(ctx) }()
	check := time.After(2 * time.Second)
	for {
		select {
		case <-check:
			if trouble := adv.Err(); trouble != nil {
				h.cfg.Tell(Event{"network", map[string]string{"problem": trouble.Error()}, upper(trouble.Error()) + "."})
			}
		case <-h.renamed:
			stop()
			return <-ended
		case err := <-ended:
			return err
		}
	}
}

// housekeeping keeps a copy of the database every quarter of an hour in which
// something changed.
func (h *Host) housekeeping(ctx context.Context) error {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := h.auth.Sweep(); err != nil {
				h.cfg.Log.Warn("spent invitations were not swept", "err", err)
			}
			if h.db.Changed() {
				if err := h.db.Keep(); err != nil {
					h.cfg.Log.Warn("no copy of the database kept", "err", err)
				}
			}
		}
	}
}

// RunFile is how commands of the same owner reach a running host.
type RunFile struct {
	PID  int    `json:"pid"`
	URL  string `json:"url"`
	Desk string `json:"desk"` // the desk's secret, good until the host stops
}

// RunFileName is its name in the data folder.
const RunFileName = "run.json"

func (h *Host) runFile() string { return filepath.Join(h.cfg.Data, RunFileName) }

func (h *Host) writeRunFile() error {
	b, err := json.Marshal(RunFile{os.Getpid(), "http://" + h.sockets.local(), h.auth.Desk()})
	if err != nil {
		return err
	}
	if err := os.WriteFile(h.runFile(), b, 0o600); err != nil {
		return fmt.Errorf("tell commands where the host is: %w", err)
	}
	return nil
}

// servePeers serves the nodes that connect by one road until ctx ends.
func servePeers(ctx context.Context, accept func(context.Context) (*wire.Peer, error), s interface {
	ServePeer(context.Context, *wire.Peer)
}) error {
	var peers errgroup.Group
	defer peers.Wait()
	for {
		p, err := accept(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, net.ErrClosed) {
			return err
		}
		if err != nil {
			continue
		}
		peers.Go(func() error {
			s.ServePeer(ctx, p)
			return nil
		})
	}
}

// upper makes a message that starts a sentence.
func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
