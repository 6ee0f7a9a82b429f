package node

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/auth"
	"watchparty/node/guest"
	"watchparty/node/party"
	"watchparty/node/player"
	"watchparty/node/relay"
	"watchparty/node/room"
	"watchparty/node/session"
	"watchparty/node/web"
	"watchparty/node/wire"
	"watchparty/store"
)

// GuestConfig says which party a guest's node goes to, and as whom.
type GuestConfig struct {
	Name   string
	Addrs  []string // HOST:PORT, best first
	Pin    string   // the host's fingerprint or id; empty: whoever answers, and from then on only them
	Secret string   // of an invitation
	PIN    string
	MDNS   bool   // look on the network for a host that is not where it was
	Knock  bool   // wait for the host's word where there is neither secret nor PIN
	Screen string // node, mpv or none
	Listen string
	Data   string
	Player *Player                         // nil: the page alone shows films
	Camera func(context.Context) *exec.Cmd // the command of the stage's child, such as [Camera]; nil: faces are not shown
	UI     fs.FS                           // nil: the embedded page
	Tell   func(Event)                     // nil: nobody is told
	Waits  func(key string)                // told when the host has to let this node in, which shows this key; nil: nobody
	Log    *slog.Logger
}

// ParseLink takes an invitation apart: http://HOST:PORT/#secret.fingerprint, or the same with https.
func ParseLink(link string) (addr, secret, fingerprint string, err error) {
	u, err := url.Parse(link)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		_, port, errHost := net.SplitHostPort(u.Host) // stricter than url.Parse
		var ok bool
		if secret, fingerprint, ok = strings.Cut(u.Fragment, "."); ok && errHost == nil && port != "" && secret != "" && wire.FingerprintID(fingerprint) != "" {
			return u.Host, secret, fingerprint, nil
		}
	}
	return "", "", "", &UsageError{"That is no invitation: a link looks like http://HOST:PORT/#…, copied whole."}
}

// upstream is what a guest's node keeps of its host.
type upstream struct {
	Addrs       []string       `json:"addrs"`
	Fingerprint string         `json:"fingerprint"`
	Token       string         `json:"token"`
	Member      party.MemberID `json:"member"`
	Region      string         `json:"region"`
	Tiers       []string       `json:"tiers"`
	Local       string         `json:"local"`  // token of this node's own page
	Secret      string         `json:"secret"` // hash of the invitation that was redeemed
	Listen      string         `json:"listen"` // where the page was last, so that an open tab finds it again
}

const upstreamKey = "upstream"

// Guest is a node that follows a host's party and serves its own page.
type Guest struct {
	cfg     GuestConfig
	db      *store.DB
	sockets *sockets
	up      upstream
	relay   *relay.Relay
	guest   *guest.Guest
	library *media.Library
	web     *web.Server
	screen  *player.Screen // nil: no player of its own
	balcony *balcony       // nil: faces are not shown
	told    wire.Roads     // of which somebody was told; of onRoads alone
}

// OpenGuest joins the party, with the pass it has from before if there is one,
// and opens the sockets. Nothing runs yet.
func OpenGuest(ctx context.Context, cfg GuestConfig) (*Guest, error) {
	g := &Guest{cfg: cfg}
	if err := g.open(ctx); err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

func (g *Guest) open(ctx context.Context) (err error) {
	cfg := g.cfg
	if g.db, err = store.Open(cfg.Data, store.Options{Log: cfg.Log}); err != nil {
		return err
	}
	if err := notOf(g.db, cfg.Data, hostKey, "a host"); err != nil {
		return err
	}
	id, err := identityOf(g.db)
	if err != nil {
		return err
	}
	if err := g.join(ctx, id); err != nil {
		return err
	}
	if err := g.openSockets(ctx); err != nil {
		return err
	}
	g.guest = guest.New(guest.Config{
		Addrs: g.up.Addrs, Pin: g.up.Fingerprint, Token: g.up.Token, Screen: cfg.Screen, Identity: id, Log: cfg.Log,
		Seek: cfg.seek(), OnRoads: g.onRoads,
	})
	if g.relay, err = relay.New(g.guest, g.db, cfg.Log); err != nil {
		return err
	}
	g.library = media.NewLibrary(g.relay.Origin())
	sessions := session.New(session.Config{
		House: g.relay.House(), Library: g.library, Gate: ownGate{g}, Joiner: ownDoor{g}, Clock: g.guest.Clock(),
		Host: g.relay.Host, Log: cfg.Log,
	})
	pages := web.Config{Sessions: sessions, Owner: func() string { return g.up.Local }, UI: cfg.UI, Log: cfg.Log, Roads: g.guest.Roads}
	pages.Most, _ = capacity(openFiles())
	if cfg.Camera != nil {
		g.balcony = newBalcony(g)
		pages.Stage = g.balcony
	}
	g.web, err = web.New(pages)
	if err == nil && cfg.Player != nil {
		err = g.openPlayer()
	}
	return err
}

// join reads the pass of an earlier evening or gets a new one. The secret leaves
// only towards the key that the link names.
func (g *Guest) join(ctx context.Context, id wire.Identity) error {
	err := g.db.View(func(tx *store.Tx) error {
		if b := tx.Meta(upstreamKey); b != nil {
			return json.Unmarshal(b, &g.up)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read pass: %w", err)
	}
	if len(g.cfg.Addrs) == 0 {
		g.cfg.Addrs = g.up.Addrs // where the host was last
	}
	if len(g.cfg.Addrs) == 0 {
		err := errors.New("no host known")
		return &UnreachedError{"No party was found on this network. Give the link or the address that the host's screen shows.", err}
	}
	cfg := guest.Config{Addrs: g.cfg.Addrs, Pin: g.cfg.Pin, Identity: id, Seek: g.cfg.seek(), Log: g.cfg.Log}
	secret := auth.Fingerprint(g.cfg.Secret)
	if g.mayKnow(secret) {
		cfg.Pin, cfg.Token = g.up.Fingerprint, g.up.Token
		err := guest.Check(ctx, cfg)
		switch {
		case err == nil:
			g.up.Addrs = g.cfg.Addrs
			return g.keep()
		case refusedWith(err, "WP-HOST-KEY") && g.cfg.Pin == "":
			cfg.Pin = "" // another host lives there now
		case !refusedWith(err, wire.ByePass, wire.ByeRemoved, wire.ByeBanned):
			return unreached(err)
		}
	}
	if g.cfg.Waits != nil {
		cfg.OnWait = func() { g.cfg.Waits(wire.SpacedID(id.ID())) }
	}
	asked := wire.Join{Name: g.cfg.Name, Secret: g.cfg.Secret, PIN: g.cfg.PIN}
	if g.cfg.Knock {
		asked.Knock = "node" // its key tells it from others
	}
	joined, fingerprint, err := guest.Join(ctx, cfg, asked)
	if err != nil {
		return unreached(err)
	}
	g.up = upstream{
		Addrs: g.cfg.Addrs, Fingerprint: fingerprint, Token: joined.Token, Member: joined.Member,
		Region: joined.Region, Tiers: joined.Tiers, Local: auth.NewID() + auth.NewID(), Secret: secret, Listen: g.up.Listen,
	}
	return g.keep()
}

// mayKnow says whether the pass from before may be good here: no other invitation
// was given since, and no other host's key.
func (g *Guest) mayKnow(secret string) bool {
	sameHost := g.cfg.Pin == "" || g.cfg.Pin == g.up.Fingerprint || g.cfg.Pin == wire.FingerprintID(g.up.Fingerprint)
	return g.up.Token != "" && sameHost && (secret == "" || secret == g.up.Secret)
}

// openSockets opens the page where it was last, if any port will do, so that a tab
// that is still open finds it again.
func (g *Guest) openSockets(ctx context.Context) (err error) {
	host, port, _ := net.SplitHostPort(g.cfg.Listen)
	lastHost, lastPort, _ := net.SplitHostPort(g.up.Listen)
	if port == "0" && host == lastHost && lastPort != "" {
		if g.sockets, err = listen(ctx, g.up.Listen); err == nil {
			return nil
		}
	}
	if g.sockets, err = listen(ctx, g.cfg.Listen); err != nil {
		return err
	}
	g.up.Listen = net.JoinHostPort(host, strconv.Itoa(g.sockets.port()))
	return g.keep()
}

func (g *Guest) keep() error {
	b, err := json.Marshal(g.up)
	if err != nil {
		return err
	}
	return g.db.Update(func(tx *store.Tx) error { return tx.PutMeta(upstreamKey, b) })
}

func refusedWith(err error, codes ...string) bool {
	var r *party.Refusal
	return errors.As(err, &r) && slices.Contains(codes, r.Code)
}

// unreached tells a host that refuses from one that is not there.
func unreached(err error) error {
	var r *party.Refusal
	if errors.As(err, &r) && r.Code != "WP-UNREACHABLE" && r.Code != "WP-UDP-BLOCKED" {
		return err
	}
	if r != nil {
		return &UnreachedError{r.Code + ": " + r.Reason, err}
	}
	return &UnreachedError{"The host cannot be reached. Is it on, and on the same network?", err}
}

// Joined is what a guest's node says of itself when it is in.
type Joined struct {
	Event  string         `json:"event"`
	URL    string         `json:"url"`
	Member party.MemberID `json:"member"`
	Region string         `json:"region"`
	Tiers  []string       `json:"tiers"`
}

// Joined says who came in, and where the page is.
func (g *Guest) Joined() Joined {
	tiers := g.up.Tiers
	if tiers == nil {
		tiers = []string{}
	}
	return Joined{"joined", "http://" + g.sockets.local() + "/", g.up.Member, g.up.Region, tiers}
}

// House holds the party.
func (g *Guest) House() *room.House { return g.relay.House() }

// Wish sends a wish to the party and waits for its answer.
func (g *Guest) Wish(ctx context.Context, w party.Wish) (party.Seq, error) {
	return g.guest.Wish(ctx, w.Nonce, w.Command)
}

// Run follows the party and serves the page until ctx ends.
func (g *Guest) Run(ctx context.Context) error {
	defer g.close()
	group, gctx := errgroup.WithContext(ctx)
	group.Go(func() error { return g.relay.House().Run(gctx) })
	group.Go(func() error { return g.library.Run(gctx) })
	group.Go(func() error { return g.relay.Run(gctx) })
	group.Go(func() error { return g.web.Serve(gctx, g.sockets.tcp) })
	if g.screen != nil {
		group.Go(func() error { return g.screen.Run(gctx) })
	}
	if g.balcony != nil {
		group.Go(func() error { return g.balcony.run(gctx) })
	}
	err := group.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (g *Guest) close() {
	if g.sockets != nil {
		g.sockets.close()
	}
	if g.db != nil {
		g.db.Close()
	}
}

// ownGate lets in who sits at this node, and nobody else.
type ownGate struct{ g *Guest }

func (o ownGate) Check(token string) (party.MemberID, error) {
	if subtle.ConstantTimeCompare([]byte(token), []byte(o.g.up.Local)) != 1 {
		return "", &party.Refusal{Code: wire.ByePass, Reason: "This page is for whoever sits at this machine. Join at the host's own address."}
	}
	return o.g.up.Member, nil
}

func (o ownGate) Member(id party.MemberID) (party.Member, error) {
	return party.Member{ID: id, Region: catalog.Region(o.g.up.Region)}, nil
}

func (o ownGate) Leave(string) error {
	return &party.Refusal{Code: "WP-FORBIDDEN", Reason: "This is your own node: stop the program to leave the party."}
}

// stageKey holds the hash of the key by which a program of this machine puts who sits here on stage.
const stageKey = "stage"

func (o ownGate) StageKey(party.MemberID) (string, error) {
	key := auth.NewID() + auth.NewID()
	return key, o.g.db.Update(func(tx *store.Tx) error { return tx.PutMeta(stageKey, []byte(auth.Fingerprint(key))) })
}

func (o ownGate) CheckStage(token string) (party.MemberID, error) {
	var kept []byte
	err := o.g.db.View(func(tx *store.Tx) error {
		kept = tx.Meta(stageKey)
		return nil
	})
	if err == nil && kept != nil && subtle.ConstantTimeCompare([]byte(auth.Fingerprint(token)), kept) == 1 {
		return o.g.up.Member, nil
	}
	return o.Check(token)
}

// ownDoor lets nobody else in.
type ownDoor struct{ g *Guest }

// Link is asked of the host, for who sits here.
func (o ownDoor) Link(ctx context.Context, _ party.MemberID) (wire.Linked, error) {
	return o.g.guest.Link(ctx)
}

func (ownDoor) Join(context.Context, netip.Addr, wire.Join) (wire.Joined, error) {
	return wire.Joined{}, &party.Refusal{Code: "WP-FORBIDDEN", Reason: "This is a guest's own node. Join at the host's address."}
}
