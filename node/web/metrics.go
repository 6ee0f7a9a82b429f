package web

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"

	"watchparty/node/party"
	"watchparty/node/room"
)

// metrics answers in the Prometheus text format, to this machine and to the host.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	if !fromLoopback(r) {
		c, err := s.caller(r)
		if err != nil || c.Member().Role < party.Host {
			refuse(w, http.StatusForbidden, "WP-FORBIDDEN", "Metrics are for this machine and for the host's token.")
			return
		}
	}
	var b strings.Builder
	gauge := func(name, help string, v float64) {
		fmt.Fprintf(&b, "# HELP watchparty_%s %s\n# TYPE watchparty_%s gauge\nwatchparty_%s %g\n", name, help, name, name, v)
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	gauge("goroutines", "Goroutines.", float64(runtime.NumGoroutine()))
	gauge("heap_bytes", "Bytes of heap, with what waits to be collected.", float64(mem.HeapAlloc))
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	gauge("heap_live_bytes", "Bytes of heap that the last collection found in use.", float64(live[0].Value.Uint64()))
	if fds, err := os.ReadDir("/proc/self/fd"); err == nil {
		gauge("open_fds", "Open file descriptors.", float64(len(fds)))
	}
	if rss, ok := resident(); ok {
		gauge("resident_bytes", "Bytes in RAM.", rss)
	}
	if s.door != nil {
		taken, full := s.door.load()
		gauge("page_connections", "Connections of browsers.", float64(taken))
		gauge("page_connections_most", "How many there may be at once; half of them may be seats.", float64(s.most))
		gauge("seats", "Connections of pages that are at the party.", float64(s.crowd.sitting()))
		fmt.Fprintf(&b, "# HELP watchparty_page_connections_full_total Connections of browsers for which there was no room.\n# TYPE watchparty_page_connections_full_total counter\nwatchparty_page_connections_full_total %d\n", full)
	}
	if state := s.House.State(); state != nil {
		members, screens := 0, 0
		for _, m := range state.Members {
			if len(m.Screens) > 0 {
				members++
			}
			screens += len(m.Screens)
		}
		gauge("members_present", "Members with at least one screen at the party.", float64(members))
		gauge("screens", "Screens at the party.", float64(screens))
		gauge("party_seq", "Records in the party's log.", float64(state.Seq))
	}
	if s.convert != nil {
		working, waiting := s.convert()
		gauge("conversions_working", "Conversions of films that work now.", float64(working))
		gauge("conversions_waiting", "Conversions of films that wait for their turn.", float64(waiting))
	}
	writeRoads(&b, s.roads, s.nodes)
	writeMeter(&b, s.House.Current().Meter().Counted())
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprint(w, b.String())
}

// resident is what the process has in RAM, in bytes, where the system tells (proc_pid_statm(5)).
func resident() (bytes float64, ok bool) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	var size, pages float64
	n, err := fmt.Sscan(string(text), &size, &pages)
	return pages * float64(os.Getpagesize()), err == nil && n == 2
}

// writeMeter writes what the node's meter has, from its start on, whatever party is on.
func writeMeter(w io.Writer, c room.Counted) {
	const drift = "watchparty_drift_milliseconds"
	fmt.Fprintf(w, "# HELP %s How far playing screens were from the timeline, as they reported to this node.\n# TYPE %s histogram\n", drift, drift)
	n := int64(0)
	for i, bound := range party.DriftBounds {
		if i < len(c.Drift) {
			n += c.Drift[i]
		}
		fmt.Fprintf(w, "%s_bucket{le=\"%g\"} %d\n", drift, bound, n)
	}
	fmt.Fprintf(w, "%s_bucket{le=\"+Inf\"} %d\n%s_sum %g\n%s_count %d\n", drift, c.Drift.Count(), drift, c.Off, drift, c.Drift.Count())
	one := func(name, kind, help string, v float64) {
		fmt.Fprintf(w, "# HELP watchparty_%s %s\n# TYPE watchparty_%s %s\nwatchparty_%s %g\n", name, help, name, kind, name, v)
	}
	one("holds_total", "counter", "How often a film waited for screens that were not ready.", float64(c.Holds))
	one("held_seconds_total", "counter", "How long it did.", c.Held.Seconds())
	one("waiting_screens", "gauge", "Screens that a film waits for now.", float64(c.Waiting))
}
