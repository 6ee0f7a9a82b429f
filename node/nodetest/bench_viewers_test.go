//go:build linux

package nodetest_test

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// Viewers of a film of 8 Mbit/s: each gets two seconds of it every two seconds, as one range.
const (
	viewers     = 50
	viewersEach = 2 // at a guest's node: a host takes 32 of them from one address
	burstEvery  = 2 * time.Second
	burstLength = 2_000_000 // bytes
	bursts      = 6
)

// BenchmarkMediaViewers lets 50 viewers watch, by HTTP and at 25 guests' nodes over QUIC. A
// burst is late when it is not there whole before the next is due: then the picture would stop.
func BenchmarkMediaViewers(b *testing.B) {
	p, _ := benchHost(b)
	h := p.house()
	h.Boss().Must(party.Cue{Title: "watched"})
	guests := guestNodes(b, h, viewers/viewersEach)
	pages := make([]func(offset int64) (int64, error), viewers)
	for i := range pages {
		token, c := h.Pass("", wire.Join{Name: fmt.Sprintf("Sofa %d", i), Secret: Secret(h.Ready.Invite)}).Token, keeping(nil)
		pages[i] = func(offset int64) (int64, error) {
			return getHTTP(c, h.URL("/media/t/watched/file"), token, fmt.Sprintf("bytes=%d-%d", offset, offset+burstLength-1), make([]byte, 64<<10))
		}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprint(table, "\n50 viewers at 8 Mbit/s\tbursts\tlate\tp50 ms\tp99 ms\tlast ms\tserver, % of a core\tclients\t\n")
	for _, road := range []struct {
		name string
		get  func(viewer int, offset int64) (int64, error)
	}{
		{"HTTP", func(viewer int, offset int64) (int64, error) { return pages[viewer](offset) }},
		{"QUIC", func(viewer int, offset int64) (int64, error) {
			return overQUIC(guests[viewer/viewersEach], "watched", offset, burstLength)
		}},
	} {
		for _, apart := range []time.Duration{burstEvery / viewers, 0} { // spread over the two seconds, or all at once
			name := road.name + ", one after the other"
			if apart == 0 {
				name = road.name + ", all at the same moment"
			}
			server, client, began := cpuOf(b, p.pids()...), cpuOf(b, os.Getpid()), time.Now()
			took, late := watch(b, apart, road.get)
			span := time.Since(began).Seconds()
			server, client = cpuOf(b, p.pids()...)-server, cpuOf(b, os.Getpid())-client
			fmt.Fprintf(table, "%s\t%d\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t\n", name, len(took), late, quantile(took, .5), quantile(took, .99), quantile(took, 1),
				100*server/span, 100*client/span)
		}
	}
}

// watch gives how long bursts took, in ms from when they were due.
func watch(b *testing.B, apart time.Duration, get func(viewer int, offset int64) (int64, error)) (took []float64, late int) {
	b.Helper()
	var mu sync.Mutex // guards took, late, failed
	var failed error
	var all sync.WaitGroup
	began := time.Now().Add(100 * time.Millisecond)
	for i := range viewers {
		all.Go(func() {
			for k := range bursts {
				due := began.Add(time.Duration(i)*apart + time.Duration(k)*burstEvery)
				<-time.After(time.Until(due))
				n, err := get(i, int64(i+k)*burstLength)
				if err == nil && n != burstLength {
					err = fmt.Errorf("burst of %d bytes", n)
				}
				ms := time.Since(due)
				mu.Lock()
				if failed == nil {
					failed = err
				}
				took = append(took, float64(ms)/float64(time.Millisecond))
				if ms > burstEvery {
					late++
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if failed != nil {
		b.Fatal(failed)
	}
	return took, late
}
