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
		for _, m := range []struct {
			name, kind, help string
			n                int
		}{
			{"node_handshakes", "gauge", "Connections of nodes whose handshake is not done.", l.HalfOpen + l.Shaking},
			{"node_retries_total", "counter", "Addresses that were asked to prove themselves.", l.Retries},
			{"node_refused_total", "counter", "Connections of nodes for which there was no room.", l.Refused},
		} {
			fmt.Fprintf(w, "# HELP watchparty_%s %s\n# TYPE watchparty_%s %s\nwatchparty_%s %d\n", m.name, m.help, m.name, m.kind, m.name, m.n)
		}
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
