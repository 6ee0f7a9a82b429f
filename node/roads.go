package node

import "watchparty/node/wire"

// onRoads tells by which roads the host is reached, where they are worth a word: at first by TCP, and then at every
// change.
func (g *Guest) onRoads(now wire.Roads) {
	if now.Control == "" {
		return // gone; that is told otherwise
	}
	before := g.told
	if before.Control == "" {
		before = wire.Roads{Control: wire.ByQUIC, Media: wire.ByQUIC}
	}
	if g.told = now; now == before {
		return
	}
	g.relay.Roads(now)
	if g.cfg.Tell != nil {
		g.cfg.Tell(Event{"roads", now, roadWords(now)})
	}
}

// roadWords says what the roads mean to somebody.
func roadWords(r wire.Roads) string {
	switch {
	case r.Control == wire.ByTCP:
		return "UDP does not come through to the host, so this node is connected over TCP. Everything works; where the network loses packets, cameras stutter."
	case r.Media == wire.ByTCP:
		return "This network loses packets, so films come over TCP now. Chat and clock stay on UDP."
	}
	return "Films, chat and clock come over UDP again."
}
