package guest

import "watchparty/node/wire"

// Roads are those of now.
func (g *Guest) Roads() wire.Roads {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now()
}

// now is called with mu held.
func (g *Guest) now() (r wire.Roads) {
	if g.link == nil {
		return r
	}
	r.Control = g.link.peer.Road()
	if r.Media = r.Control; g.link.media != nil {
		r.Media = g.link.media.Road()
	}
	return r
}

// told tells of roads that have become others.
func (g *Guest) told() {
	g.telling.Lock()
	defer g.telling.Unlock()
	now := g.Roads()
	if now != g.roads && g.cfg.OnRoads != nil {
		g.cfg.OnRoads(now)
	}
	g.roads = now
}
