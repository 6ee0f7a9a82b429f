//go:build linux

package nodetest_test

import (
	"testing"
	"time"
)

// BenchmarkArrivals lets a thousand guests in one after the other, each of whom is given the whole party. Who is in reads what
// the later ones cause. A run is one look, whatever b.N.
func BenchmarkArrivals(b *testing.B) {
	dir := b.TempDir()
	tokens := passes(b, dir, crowdGuests)
	p := start(b, "", "serve", "--json", "--listen", "127.0.0.1:0", "--no-mdns", "--data", dir, "--region", "FR")
	addr := p.ready().QUIC
	c := &crowd{stop: make(chan struct{})}
	defer c.close()
	cpu, began := cpuOf(b, p.cmd.Process.Pid), time.Now()
	for i, token := range tokens {
		r, err := dialRaw(addr, "/ws", false)
		if err == nil {
			err = r.send(hello(token))
		}
		if err == nil {
			_, err = r.next() // welcome
		}
		if err != nil {
			b.Fatalf("guest %d: %v", i, err)
		}
		c.seat(r)
	}
	b.ReportMetric(time.Since(began).Seconds(), "s/crowd")
	b.ReportMetric(cpuOf(b, p.cmd.Process.Pid)-cpu, "host-cpu-s/crowd")
	p.kill()
}
