package web

import (
	"fmt"
	"io"

	"watchparty/node/wire"
)

// writeRoads writes how nodes and their host reach each other: at a host the connections of nodes, three of each at most,
// at a guest's node its own two.
func writeRoads(w io.Writer, roads func() wire.Roads, nodes func() wire.Load) {
	if nodes != nil {
		l := nodes()
		const name = "watchparty_node_connections"
		fmt.Fprintf(w, "# HELP %s Connections of other nodes to this one, by road.\n# TYPE %s gauge\n", name, name)
		fmt.Fprintf(w, "%s{road=\"quic\"} %d\n%s{road=\"tcp\"} %d\n", name, l.Peers-l.TCP, name, l.TCP)
	}
	if roads != nil {
		const name = "watchparty_road"
		r := roads()
		fmt.Fprintf(w, "# HELP %s By which road the host is reached: 1.\n# TYPE %s gauge\n", name, name)
		for _, use := range []struct {
			name string
			road wire.Road
		}{{"control", r.Control}, {"media", r.Media}} {
			for _, road := range []wire.Road{wire.ByQUIC, wire.ByTCP} {
				n := 0
				if use.road == road {
					n = 1
				}
				fmt.Fprintf(w, "%s{use=%q,road=%q} %d\n", name, use.name, road, n)
			}
		}
	}
}
