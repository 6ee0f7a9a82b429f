// Package node is the appliance: it opens sockets, wires the parts together, and
// closes them in order. A [Host] decides a party and owns the films; a [Guest]
// follows one and serves the same page.
package node

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os/exec"
	"sync/atomic"
	"time"

	"watchparty/discovery"
	"watchparty/discovery/router"
	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/media/rendition"
	"watchparty/media/scan"
	"watchparty/node/auth"
	"watchparty/node/clock"
	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/node/session"
	"watchparty/node/web"
	"watchparty/node/wire"
	"watchparty/store"
)

// HostConfig says what a host is made of.
type HostConfig struct {
	Name    string // the party's
	Host    string // the host's own
	Data    string // folder
	Catalog string // file; empty: the demo titles
	Emotes  string // folder; empty: the one beside the catalog, if any
	Listen  string // HOST:PORT for TCP and UDP
	Region  catalog.Region
	PIN     string // first PIN; empty: kept or random
	Admit   bool   // newcomers wait until the host lets them in
	Cache   int64  // bytes that converted films may take in the data folder; 0: no film is converted
	// Camera is the command of the stage's child, such as [Camera]; nil: there is no stage.
	Camera     func(context.Context) *exec.Cmd
	CameraPort int  // UDP and TCP, taken if it is free; 0: any
	HTTPS      bool // pages are to be had over HTTPS too, at the same port
	MDNS       bool
	Remote     string   // [RemoteOff], [RemoteOn] or [RemotePermanent]: friends elsewhere come in through the router
	GeoIP      string   // file that tells the country of an address; empty: none
	Names      []string // host names under which pages may be reached
	Demo       Demo
	UI         fs.FS // nil: the embedded page
	Version    string
	Log        *slog.Logger
	Tell       func(Event)
	Clock      clock.Clock // the party's time; nil: this machine's
}

// Demo is the catalog for a host that has none yet.
type Demo struct {
	Catalog []byte
	Files   fs.FS
}

// Event is something the person at the terminal may want to know.
type Event struct {
	Kind string // pin, catalog, record, network
	Body any    // for programs
	Text string // for people; empty: nothing to say
}

// Host is a node that decides a party and owns the films.
type Host struct {
	cfg       HostConfig
	db        *store.DB
	sockets   *sockets
	identity  wire.Identity
	clock     clock.Clock
	shelf     *media.Shelf
	library   *media.Library
	studio    *rendition.Studio // nil: no film is converted
	watcher   *scan.Watcher     // nil: the demo titles
	show      *show             // nil: there is no stage
	house     *room.House
	reels     *reels
	auth      *auth.Auth
	authority *auth.Authority // nil: no HTTPS
	sessions  *session.Server
	web       *web.Server
	endpoint  *wire.Endpoint
	mishaps   mishaps
	problems  atomic.Pointer[catalog.Problems]
	remote    atomic.Pointer[router.State]
	renamed   chan struct{} // the party's name may have changed
	findable  chan struct{} // closed once commands find the host in its data folder
}

// OpenHost opens the data folder, the catalog and the sockets. Nothing runs yet.
func OpenHost(ctx context.Context, cfg HostConfig) (*Host, error) {
	if cfg.PIN != "" && !auth.ValidPIN(cfg.PIN) {
		return nil, &UsageError{"--pin takes six digits."}
	}
	if cfg.Region == "" {
		cfg.Region = catalog.Somewhere
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.Steady()
	}
	h := &Host{cfg: cfg, clock: cfg.Clock, renamed: make(chan struct{}, 1), findable: make(chan struct{})}
	if err := h.open(ctx); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

func (h *Host) open(ctx context.Context) (err error) {
	if err := h.openShelf(); err != nil {
		return err
	}
	if h.db, err = store.Open(h.cfg.Data, store.Options{Log: h.cfg.Log}); err != nil {
		return err
	}
	if err := notOf(h.db, h.cfg.Data, upstreamKey, "a guest's node"); err != nil {
		return err
	}
	if h.sockets, err = listen(ctx, h.cfg.Listen); err != nil {
		return err
	}
	if err := h.openStudio(ctx); err != nil {
		return err
	}
	h.openWatcher()
	if err := h.openParty(); err != nil {
		return err
	}
	if err := h.openHTTPS(); err != nil {
		return err
	}
	return h.openDoors()
}

func (h *Host) openShelf() error {
	h.problems.Store(&catalog.Problems{})
	if h.cfg.Catalog == "" {
		c, problems := catalog.Parse("demo", h.cfg.Demo.Catalog, time.Local)
		if c == nil {
			return fmt.Errorf("demo catalog: %w", problems)
		}
		h.shelf = media.NewShelf(media.FSFolder(h.cfg.Demo.Files), c)
	} else {
		c, folder, problems, err := media.LoadCatalog(h.cfg.Catalog, time.Local)
		if err != nil {
			return &UsageError{"The catalog cannot be used: " + err.Error() + "."}
		}
		if c == nil {
			return &CatalogError{problems}
		}
		h.problems.Store(&problems)
		h.shelf = media.NewShelf(folder, c)
	}
	h.library = media.NewLibrary(h.shelf)
	return h.openEmotes()
}

// CatalogError is a catalog file that cannot be used.
type CatalogError struct{ Problems catalog.Problems }

func (e *CatalogError) Error() string { return e.Problems.Error() }

// openParty finds the party that was on, or names a new one, and makes sure of
// the host's key and the standing invitation.
func (h *Host) openParty() (err error) {
	if h.identity, err = identityOf(h.db); err != nil {
		return err
	}
	var id party.ID
	err = h.db.View(func(tx *store.Tx) error {
		current, ok := tx.Current()
		if !ok {
			return nil
		}
		state, err := tx.Fold(current)
		if err == nil && state.Ended == 0 {
			id = current
		}
		return err
	})
	if err != nil {
		return err
	}
	if id == "" {
		id = party.ID(auth.NewID())
	}
	h.house = room.NewHouse(h.newRoom(id, h.cfg.Name))
	place, err := placing(h.cfg.GeoIP)
	if err != nil {
		return err
	}
	h.auth, err = auth.New(auth.Config{
		DB: h.db, Now: h.clock.Now, Party: h.house.State, Region: h.cfg.Region, Place: place, Host: h.cfg.Host, PIN: h.cfg.PIN,
		Tiers: func() []catalog.Tier { return h.shelf.Catalog().GuestTiers },
		OnPIN: h.pinRotated, OnKnock: h.knocked,
	})
	return err
}

func (h *Host) newRoom(id party.ID, name string) *room.Room {
	local := room.NewLocal(id, name, h.db, titles{h.shelf}, h.clock, h.cfg.Log)
	r := room.New(id, h.db, local)
	local.OnWaiting(func(w room.Waiting) {
		told := wire.Waiting{For: w.For}
		if told.For == nil {
			told.For = []party.Waited{}
		} else {
			told.Until, told.Ready = w.Until.UnixMilli(), w.Ready
		}
		r.Meter().Waits(len(w.For))
		h.signal(r, wire.Signal{Waiting: &told}, party.Guest)
	})
	return r
}

func (h *Host) openDoors() (err error) {
	h.openShow()
	h.reels = &reels{db: h.db}
	h.shelf.Chat = h.chat
	sessions := session.Config{
		House: h.house, Library: h.library, Gate: gate{h.auth}, Joiner: door{h}, Clock: h.clock,
		Host: h.identity.Fingerprint, Mishap: h.mishap, Answer: h.answer, Log: h.cfg.Log,
	}
	if h.show != nil {
		sessions.Stage = h.show.serve
	}
	h.sessions = session.New(sessions)
	most, nodes := capacity(openFiles())
	pages := web.Config{Sessions: h.sessions, Desk: h.desk(), Names: h.pageNames(), Authority: h.authority, Most: most, UI: h.cfg.UI, Log: h.cfg.Log}
	if h.studio != nil {
		pages.Converting = h.studio.Load
	}
	if h.show != nil {
		pages.Stage = h.show.Stage
	}
	h.endpoint = wire.NewEndpoint(h.sockets.udp, wire.Config{Identity: h.identity, Now: h.clock.Now, Log: h.cfg.Log, MaxPeers: nodes, MaxPeersPerAddr: max(nodes/4, leastRoom)})
	pages.Nodes = h.endpoint.Load
	if h.web, err = web.New(pages); err != nil {
		return err
	}
	return h.endpoint.Listen()
}

func (h *Host) desk() *web.Desk {
	return &web.Desk{
		Auth: h.auth, Link: h.link, Standing: h.standing, Outside: h.outside, Remote: h.fromOutside,
		URLs: h.urls, Secure: h.secureURLs, Fingerprint: h.fingerprint(), QUIC: func() string { return h.urlHost() }, Version: h.cfg.Version,
		Catalog: h.catalogHealth, Library: h.libraryState, Mishaps: func() []web.Mishap { return h.mishaps.list(h.clock.Now()) }, Scan: h.scanLibrary, Plan: h.shelf.Plan, NewParty: h.newParty, GuestTiers: func() []catalog.Tier { return h.shelf.Catalog().GuestTiers }, Archive: Archive{h.db, h.reels},
	}
}

func (h *Host) catalogHealth() web.CatalogHealth {
	health := web.CatalogHealth{
		File: h.cfg.Catalog, Demo: h.cfg.Catalog == "", Titles: len(h.shelf.Catalog().Titles), Problems: []web.Problem{},
	}
	for _, p := range *h.problems.Load() {
		health.Problems = append(health.Problems, web.Problem{File: p.File, Line: p.Line, Text: p.Text, Hint: p.Hint, Warning: p.Warning})
	}
	health.Problems = append(health.Problems, h.emoteProblems()...)
	return health
}

// newParty ends nothing: it puts a fresh party in the place of one that is over.
func (h *Host) newParty(ctx context.Context, name string) error {
	if name == "" {
		name = h.house.State().Name
	}
	next := h.newRoom(party.ID(auth.NewID()), name)
	shown, err := h.house.Move(ctx, next)
	if err != nil {
		return err
	}
	select {
	case <-shown:
		h.nudge()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *Host) nudge() {
	select {
	case h.renamed <- struct{}{}:
	default:
	}
}

func (h *Host) urlHost() string {
	return hostPort(addresses(h.sockets.tcp.Addr())[0], h.sockets.port())
}

// link is an invitation as people share it: the secret stays in the fragment and
// is never sent in an address, the fingerprint pins the host's key.
func (h *Host) link(secret string) string {
	return "http://" + h.urlHost() + "/#" + secret + "." + h.identity.Fingerprint()
}

// standing is the link that is always on the screen.
func (h *Host) standing() string { return h.link(h.auth.Standing()) }

func (h *Host) urls() (urls []string) {
	for _, ip := range addresses(h.sockets.tcp.Addr()) {
		urls = append(urls, "http://"+hostPort(ip, h.sockets.port())+"/")
	}
	return urls
}

// Ready is what a host says of itself when it is up.
type Ready struct {
	Event  string   `json:"event"`
	Name   string   `json:"name"`
	Party  party.ID `json:"party"`
	URLs   []string `json:"urls"`
	Desk   string   `json:"desk"`
	Invite string   `json:"invite"`
	PIN    string   `json:"pin"`
	QUIC   string   `json:"quic"`
	Titles int      `json:"titles"`
	Demo   bool     `json:"demo"`
	HTTPS  []string `json:"https,omitempty"`
	// Certificate is the fingerprint of the house's authority (SHA-256), if there is HTTPS.
	Certificate string `json:"certificate,omitempty"`
}

// Ready waits until the party is there and commands can find it.
func (h *Host) Ready(ctx context.Context) (Ready, error) {
	select {
	case <-h.findable:
	case <-ctx.Done():
		return Ready{}, ctx.Err()
	}
	return Ready{
		Event: "ready", Name: h.house.State().Name, Party: h.house.Current().ID, URLs: h.urls(),
		Desk: "http://" + h.sockets.local() + "/desk#" + h.auth.Desk(), Invite: h.standing(), PIN: h.auth.PIN(),
		QUIC: h.urlHost(), Titles: len(h.shelf.Catalog().Titles), Demo: h.cfg.Catalog == "",
		HTTPS: h.secureURLs(), Certificate: h.fingerprint(),
	}, nil
}

// Salvaged tells what was lost of a damaged database; empty: nothing.
func (h *Host) Salvaged() string { return h.db.Salvaged() }

func (h *Host) close() {
	if h.endpoint != nil {
		h.endpoint.Close()
	}
	if h.sockets != nil {
		h.sockets.close()
	}
	if h.db != nil {
		h.db.Close()
	}
}

// identityOf is the node's key; the first start makes it.
func identityOf(db *store.DB) (wire.Identity, error) {
	const key = "identity"
	var pkcs8 []byte
	err := db.Update(func(tx *store.Tx) (err error) {
		if pkcs8 = tx.Meta(key); pkcs8 != nil {
			return nil
		}
		if pkcs8, err = wire.NewIdentity(); err != nil {
			return err
		}
		return tx.PutMeta(key, pkcs8)
	})
	if err != nil {
		return wire.Identity{}, err
	}
	return wire.LoadIdentity(pkcs8)
}

func (h *Host) service() discovery.Service {
	port := h.sockets.port()
	next, _ := h.nextParty() // what cannot be read is not announced
	return discovery.Service{Name: h.house.State().Name, ID: h.identity.ID(), Port: port, HTTP: port, Next: next}
}

func loopbackOnly(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// UseCatalog puts another catalog in force at once, over the same folder.
func (h *Host) UseCatalog(c *catalog.Catalog) {
	h.shelf.Swap(c)
	h.library.Recheck()
}
