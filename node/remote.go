package node

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"

	"watchparty/discovery/router"
	"watchparty/node/guest"
	"watchparty/node/web"
	"watchparty/node/wire"
	"watchparty/store"
)

// What [HostConfig.Remote] may be.
const (
	RemoteOff       = ""
	RemoteOn        = "on"
	RemotePermanent = "permanent" // also where the router would keep the port open until it is closed
)

const (
	// remoteKey is where the port that is open at the router is remembered.
	remoteKey = "remote"
	// echo is how long our own outside address may take to answer from within.
	echo = 2 * time.Second
)

// runRemote keeps the port for nodes open at the router, for friends elsewhere. Pages are never open
// there: they are not encrypted.
func (h *Host) runRemote(ctx context.Context) error {
	var kept []byte
	err := h.db.View(func(tx *store.Tx) error {
		kept = tx.Meta(remoteKey)
		return nil
	})
	if err != nil {
		return err
	}
	c := router.Config{
		Port: uint16(h.sockets.port()), Permanent: h.cfg.Remote == RemotePermanent, Kept: kept, Reach: h.echoes, Tell: h.foundOutside, Log: h.cfg.Log,
		Keep: func(b []byte) error {
			return h.db.Update(func(tx *store.Tx) error { return tx.PutMeta(remoteKey, b) })
		},
	}
	if h.cfg.Remote == RemoteOff {
		router.Forget(ctx, c)
		return nil
	}
	if loopbackOnly(h.sockets.tcp.Addr()) {
		h.foundOutside(router.State{Trouble: &router.Trouble{Code: "WP-REMOTE-NONE", Reason: "The party listens on this machine alone. Leave --listen out, or name an address of the network."}})
		return nil
	}
	return router.Run(ctx, c)
}

// echoes tells whether this very host answers at an address.
func (h *Host) echoes(ctx context.Context, at netip.AddrPort) bool {
	ctx, stop := context.WithTimeout(ctx, echo)
	defer stop()
	e, err := guest.Socket(h.identity, h.cfg.Log)
	if err != nil {
		return false
	}
	defer e.Close()
	p, err := e.Dial(ctx, net.UDPAddrFromAddrPort(at), h.identity.Fingerprint(), wire.Control)
	if err != nil {
		return false
	}
	p.Close(wire.CodeDone, "")
	return true
}

// foundOutside keeps what was found, and tells when it is something new.
func (h *Host) foundOutside(s router.State) {
	was := h.remote.Swap(&s)
	same := was != nil && was.Outside == s.Outside && was.Within == s.Within && (was.Trouble == nil) == (s.Trouble == nil) &&
		(s.Trouble == nil || *s.Trouble == *was.Trouble)
	if same {
		return
	}
	now := h.fromOutside()
	text := ""
	switch {
	case s.Trouble != nil:
		text = "Nobody can come in from outside: " + s.Trouble.Reason
	case s.Way == router.Direct:
		text = fmt.Sprintf("This machine has an address of the internet itself. If its firewall lets UDP port %d in, friends elsewhere come with\n  watchparty join '%s'", s.Outside.Port(), now.Link)
	default:
		text = fmt.Sprintf("The router lets nodes in at %v (%s). Friends elsewhere come with\n  watchparty join '%s'", s.Outside, s.Way, now.Link)
		if s.Moved {
			text = "The way in from outside has another address, and older links lead nowhere. " + text
		}
		if !s.Within {
			text += "\nFrom within this network that link does not answer: the usual one does."
		}
	}
	h.cfg.Tell(Event{"remote", now, text})
}

// fromOutside is what the desk knows of the way in from outside.
func (h *Host) fromOutside() web.Remote {
	r := web.Remote{On: h.cfg.Remote != RemoteOff}
	s := h.remote.Load()
	switch {
	case s == nil:
	case s.Trouble != nil:
		r.Code, r.Reason = s.Trouble.Code, s.Trouble.Reason
	default:
		r.Address, r.Way, r.Within, r.Link = s.Outside.String(), s.Way, s.Within, h.outside(h.auth.Standing())
		if !s.Until.IsZero() {
			r.Until = s.Until.UnixMilli()
		}
	}
	return r
}

// outside is an invitation for a friend elsewhere; "" while there is no way in.
func (h *Host) outside(secret string) string {
	s := h.remote.Load()
	if s == nil || !s.Outside.IsValid() {
		return ""
	}
	return "http://" + s.Outside.String() + "/#" + secret + "." + h.identity.Fingerprint()
}
