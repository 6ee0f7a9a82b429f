// Package router opens one UDP port at the home's router, by NAT-PMP (RFC 6886) or by the Internet
// Gateway Device of UPnP (UPnP Forum, WANIPConnection:1 and :2), and closes it again. It asks
// nobody but the router that this machine's own routes lead to.
package router

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"time"
)

const (
	// life is how long a port is asked for. A router forgets what a host that was killed has left by then.
	life = time.Hour
	// again is between two looks at the router: one that was restarted has forgotten the port, and may have another address
	// outside.
	again = time.Minute
	// soon is when a router that does not answer is asked anew, and enough how often it is asked before it is said that nobody
	// can come in: a packet that is lost is no trouble.
	soon   = 10 * time.Second
	enough = 3
	// stale is how much longer an opening may last than is remembered of it; what is renewed every minute is not written every
	// minute.
	stale = 5 * time.Minute
	// farewell bounds the closing of the port when the host stops.
	farewell = 3 * time.Second
)

// An Opening is an open port, as it is remembered until it is closed.
type Opening struct {
	Way      string         `json:"way"` // [NATPMP], [UPnP], or [Direct]
	Gateway  netip.Addr     `json:"gateway"`
	Location string         `json:"location,omitempty"` // UPnP: where the router describes itself
	Inside   netip.AddrPort `json:"inside"`
	Outside  netip.AddrPort `json:"outside"`
	Until    time.Time      `json:"until,omitzero"` // zero: until it is closed
}

// The ways a port is opened.
const (
	NATPMP = "NAT-PMP"
	UPnP   = "UPnP"
	Direct = "direct" // this machine has an address of the internet itself
)

// Trouble is why there is no way in from outside, for people.
type Trouble struct{ Code, Reason string }

// Error implements error.
func (t *Trouble) Error() string { return t.Reason }

// State is what was found.
type State struct {
	Opening          // Outside is not valid: there is no way in
	Within  bool     // the outside address answers from within the house too
	Moved   bool     // Outside is another than before: older links lead nowhere
	Trouble *Trouble // nil: none
}

// Config says what to open.
type Config struct {
	Port      uint16 // of this machine, UDP
	Permanent bool   // also at a router that would keep the port open until it is closed
	Kept      []byte // what Keep was last given
	Keep      func([]byte) error
	Reach     func(context.Context, netip.AddrPort) bool // does our own host answer there?
	Tell      func(State)
	Log       *slog.Logger
	Find      func(ctx context.Context, known Gate) ([]Gate, error) // nil: [Find]
}

// A Gate is a router that was found, by one protocol.
type Gate interface {
	// Asked is what opening a port there would come to, before it is asked for.
	Asked(port uint16) Opening
	// Outside is the router's own address outside.
	Outside(context.Context) (netip.Addr, error)
	// Holds tells whether the port is still open there. A no may also be that there is no way to ask.
	Holds(ctx context.Context, inside, outside uint16) bool
	// Open opens a port, or renews it, and gives which and for how long; zero is until it is closed.
	Open(ctx context.Context, inside, outside uint16, permanent bool) (uint16, time.Duration, error)
	// Close closes it.
	Close(ctx context.Context, inside, outside uint16) error
}

// Run keeps the port open until ctx ends, and closes it then. What a host that was killed has left
// is closed first.
func Run(ctx context.Context, c Config) error {
	if c.Find == nil {
		c.Find = Find
	}
	k := &keeper{Config: c}
	k.forget(ctx, 1)
	defer k.end(ctx)
	for missed := 0; ; {
		s, err := k.open(ctx)
		if ctx.Err() != nil {
			return nil
		}
		missed++
		next := again
		if err != nil && passing(err) && missed < enough {
			next = soon
		}
		switch {
		case err == nil:
			missed = 0
			c.Tell(s)
		case next == again || !k.now.Outside.IsValid():
			c.Tell(k.lost(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(next):
		}
	}
}

// Forget closes what a host that was killed has left, and opens nothing.
func Forget(ctx context.Context, c Config) {
	if c.Find == nil {
		c.Find = Find
	}
	(&keeper{Config: c}).forget(ctx, enough)
}

// A keeper has a port open, or not.
type keeper struct {
	Config
	gate    Gate    // nil: none
	now     Opening // at the gate
	port    uint16  // outside, the last one; 0: there was none
	within  bool    // what Reach said of now
	reached time.Time
	written Opening // by Keep
}

// open sees to it that the port is open at the router.
func (k *keeper) open(ctx context.Context) (State, error) {
	gates, err := k.Find(ctx, k.gate)
	for _, g := range gates {
		var o Opening
		if o, err = k.through(ctx, g); err == nil {
			if o.Outside != k.now.Outside || time.Since(k.reached) >= life/2 {
				k.within, k.reached = o.Way == Direct || k.Reach(ctx, o.Outside), time.Now()
			}
			moved := k.now.Outside.IsValid() && k.now.Outside != o.Outside
			k.gate, k.now, k.port = g, o, o.Outside.Port()
			return State{Opening: o, Within: k.within, Moved: moved}, nil
		}
		k.Log.Info("no port at the router", "way", g.Asked(k.Port).Way, "err", err)
	}
	return State{}, err
}

// passing tells what may be over in a moment: no answer, or no connection.
func passing(err error) bool {
	var t *Trouble
	return !errors.As(err, &t) || t.Code == none
}

// lost says why there is no way in, and leaves nothing open at a router that answers.
func (k *keeper) lost(err error) State {
	var t *Trouble
	if !errors.As(err, &t) {
		t = &Trouble{"WP-REMOTE-REFUSED", fmt.Sprintf("The router does not open a port (%v). Allow UPnP or NAT-PMP in its settings, or forward UDP port %d to this machine there.", err, k.Port)}
	}
	if t.Code != none {
		k.shut(context.Background())
	}
	return State{Trouble: t}
}

// through sees to it that the port is open at one gate. It is remembered before it is asked for.
func (k *keeper) through(ctx context.Context, g Gate) (Opening, error) {
	o := g.Asked(k.Port)
	ip, err := g.Outside(ctx)
	if err != nil {
		return o, err
	}
	if err := public(ip); err != nil {
		return o, err
	}
	if o.Way == Direct {
		o.Outside = netip.AddrPortFrom(ip, k.Port)
		return o, nil
	}
	want := cmp.Or(k.port, k.Port)
	o.Outside, o.Until = netip.AddrPortFrom(ip, want), time.Now().Add(life)
	if k.now.Way == o.Way && k.now.Gateway == o.Gateway {
		o.Until = k.now.Until
		if young := o.Until.IsZero() || time.Until(o.Until) > life/2; young && g.Holds(ctx, k.Port, want) {
			return o, k.keep(o)
		}
	}
	if err := k.keep(o); err != nil {
		return o, err
	}
	port, granted, err := g.Open(ctx, k.Port, want, k.Permanent)
	if err != nil {
		return o, err
	}
	o.Outside, o.Until = netip.AddrPortFrom(ip, port), time.Time{}
	if granted > 0 {
		o.Until = time.Now().Add(granted)
	}
	return o, k.keep(o)
}

// none is the code of a router that does not answer, or has no connection.
const none = "WP-REMOTE-NONE"

// public says what is wrong with a router's outside address that nobody outside can reach.
func public(ip netip.Addr) error {
	switch {
	case shared.Contains(ip), lite.Contains(ip):
		return &Trouble{"WP-REMOTE-SHARED", fmt.Sprintf("Your provider shares one address among many homes (the router has %v), so nobody can come in from outside. Ask the provider for an address of your own, or join by a VPN.", ip)}
	case !ip.IsValid() || ip.IsUnspecified():
		return &Trouble{none, "The router has no connection to the internet at the moment."}
	case !ip.IsGlobalUnicast() || ip.IsPrivate():
		return &Trouble{"WP-REMOTE-DOUBLE", fmt.Sprintf("The router is itself behind another one (its outside address is %v), so nobody can come in from outside. Forward the port in the outer router too, or join by a VPN.", ip)}
	case slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(ip) }):
		return &Trouble{"WP-REMOTE-RESERVED", fmt.Sprintf("The router's outside address, %v, is none of the internet's, so nobody can come in from outside. Ask the provider for an address of your own, or join by a VPN.", ip)}
	}
	return nil
}

// Providers put many homes behind one address; their routers have one of shared (RFC 6598), or of lite where the line itself
// is IPv6 (DS-Lite, RFC 6333 and 7335).
var (
	shared = netip.MustParsePrefix("100.64.0.0/10")
	lite   = netip.MustParsePrefix("192.0.0.0/29")
)

// reserved are blocks of IPv4 that nobody has in the internet, though some networks use them within (RFC 6890 and the registry
// of special-purpose addresses at IANA, those that are not globally reachable).
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("192.0.0.0/24"),    // the IETF's own
	netip.MustParsePrefix("192.0.2.0/24"),    // examples (RFC 5737)
	netip.MustParsePrefix("192.88.99.0/24"),  // relays of 6to4, which are no more (RFC 7526)
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks (RFC 2544)
	netip.MustParsePrefix("198.51.100.0/24"), // examples
	netip.MustParsePrefix("203.0.113.0/24"),  // examples
	netip.MustParsePrefix("240.0.0.0/4"),     // for some other time (RFC 1112, 4), and the broadcast
}

// keep remembers an opening.
func (k *keeper) keep(o Opening) error {
	is := k.written
	if is.Until = o.Until; is == o && o.Until.Sub(k.written.Until).Abs() < stale {
		return nil
	}
	b, err := json.Marshal(o)
	if err == nil {
		err = k.Keep(b)
	}
	if err == nil {
		k.written = o
	}
	return err
}

// forget closes what is remembered. Where the network is another now, what has an end is left to it.
func (k *keeper) forget(ctx context.Context, tries int) {
	var left Opening
	if len(k.Kept) == 0 || json.Unmarshal(k.Kept, &left) != nil || left.Way == "" {
		return
	}
	k.port = left.Outside.Port() // so that a link of before a crash is right again
	for try := 1; ; try++ {
		err := reopen(ctx, k.Find, left)
		if err == nil || !left.Until.IsZero() && time.Now().After(left.Until) {
			k.Keep(nil) // at worst it is closed twice
			return
		}
		if try == tries {
			k.Log.Warn("a port that an earlier run opened at the router was not closed", "port", left.Outside.Port(), "until", left.Until, "err", err)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(soon):
		}
	}
}

// reopen finds the gate of an opening and closes it there.
func reopen(ctx context.Context, find func(context.Context, Gate) ([]Gate, error), left Opening) error {
	gates, err := find(ctx, nil)
	for _, g := range gates {
		if is := g.Asked(left.Inside.Port()); is.Way == left.Way && is.Gateway == left.Gateway {
			return g.Close(ctx, left.Inside.Port(), left.Outside.Port())
		}
	}
	if err == nil {
		err = errors.New("this is not the router that opened it")
	}
	return err
}

// end closes the port when the host stops.
func (k *keeper) end(ctx context.Context) { k.shut(context.WithoutCancel(ctx)) }

func (k *keeper) shut(ctx context.Context) {
	if k.gate == nil {
		return
	}
	ctx, stop := context.WithTimeout(ctx, farewell)
	defer stop()
	if k.now.Way != Direct {
		if err := k.gate.Close(ctx, k.Port, k.now.Outside.Port()); err != nil {
			k.Log.Warn("the router did not close the port; it does by itself", "until", k.now.Until, "err", err)
			return // it stays remembered
		}
		k.Keep(nil) // at worst it is closed twice
	}
	k.gate, k.now, k.written = nil, Opening{}, Opening{}
}
