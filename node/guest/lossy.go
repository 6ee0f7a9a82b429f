package guest

import (
	"context"
	"time"

	"watchparty/node/wire"
)

// When films change their road. QUIC slows down for every packet that is lost; at one in a hundred it keeps a quarter of
// the link, and TCP by BBR nearly all of it. A film that is too fast for the link loses packets at its beginning, too, so
// that two windows must be bad.
const (
	lookEvery = 2 * time.Second
	window    = 1000 // packets that say something about losses
	badLoss   = 5    // of a thousand
	badInARow = 2
	firstStay = time.Minute // on TCP, until QUIC is tried again; twice as long each time it was no better
	lastStay  = 16 * time.Minute
	goodStay  = 10 * time.Minute // on QUIC: after it the first stay is enough again
)

// A choice of the road for films, by what is measured.
type choice struct {
	base  wire.Loss // when the window began
	bad   int       // windows in a row
	stay  time.Duration
	since time.Time // when the road was chosen
	tcp   bool
}

// look takes what a host sent and lost on the connection for films so far, and says whether to change the road.
func (c *choice) look(l wire.Loss, now time.Time) (change bool) {
	if c.tcp || !l.BBR { // without BBR, TCP is no faster
		return false
	}
	if l.Sent < c.base.Sent || l.Lost < c.base.Lost { // another connection, or what was taken for lost came late
		c.base = l
		return false
	}
	sent, lost := l.Sent-c.base.Sent, l.Lost-c.base.Lost
	if sent < window {
		return false
	}
	c.base = l
	if lost*1000 < sent*badLoss {
		c.bad = 0
		return false
	}
	c.bad++
	return c.bad >= badInARow
}

// due says whether QUIC is to be tried again.
func (c *choice) due(now time.Time) bool { return c.tcp && now.Sub(c.since) >= c.stay }

// took notes that the road has changed.
func (c *choice) took(tcp bool, now time.Time) {
	if tcp {
		if c.stay == 0 || now.Sub(c.since) >= goodStay {
			c.stay = firstStay
		} else {
			c.stay = min(2*c.stay, lastStay)
		}
	}
	*c = choice{stay: c.stay, since: now, tcp: tcp}
}

// chooseRoad watches over what is lost of films, and has them come by the road that suits, until ctx ends. Where the host is
// reached by TCP in any case there is no choice.
func (g *Guest) chooseRoad(ctx context.Context) {
	if g.films.tcp { // every connection begins with QUIC
		g.films.took(false, time.Now())
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		g.mu.Lock()
		l := g.link
		var media *wire.Peer
		if l != nil && l.peer.Road() == wire.ByQUIC {
			media = l.media
		}
		g.mu.Unlock()
		if media == nil {
			continue
		}
		now := time.Now()
		change := g.films.due(now)
		if !change && media.Road() == wire.ByQUIC {
			qctx, stop := context.WithTimeout(ctx, time.Second)
			loss, err := media.AskLoss(qctx)
			stop()
			change = err == nil && g.films.look(loss, now)
		}
		if change {
			g.change(ctx, l, !g.films.tcp)
		}
	}
}

// change has films come by the other road. What is asked for on the old one has a while to be answered; then films are
// read on where they are.
func (g *Guest) change(ctx context.Context, l *link, tcp bool) {
	by := wire.ByQUIC
	if tcp {
		by = wire.ByTCP
	}
	dctx, stop := context.WithTimeout(ctx, dialTime)
	defer stop()
	peer, err := l.dial(dctx, by, wire.Media)
	if err == nil { // nor does a host keep a connection for long by which nothing is asked
		if err = answers(dctx, peer, g.cfg.Token); err != nil {
			peer.Close(wire.CodeDone, "")
		}
	}
	if err != nil {
		g.cfg.Log.Info("no other road for films", "road", by, "err", err)
		if !tcp {
			g.films.since = time.Now() // it stays for as long again
		}
		return
	}
	g.films.took(tcp, time.Now())
	g.mu.Lock()
	old := l.media
	l.media = peer
	g.mu.Unlock()
	g.cfg.Log.Info("films come by another road", "road", by)
	g.told()
	time.AfterFunc(askTime, func() { old.Close(wire.CodeDone, "") })
}
