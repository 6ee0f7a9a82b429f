//go:build linux

package nodetest_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

const (
	crowdGuests = 1000
	crowdDeaf   = 50 // of them never read
	crowdLines  = 200
	crowdLine   = 60   // bytes, as people write
	crowdLong   = 1900 // bytes, as much as a line may have
)

// BenchmarkCrowd has a thousand guests hear what is said ten times a second, and measures how long a line takes from whom says it to
// each of them, and what that costs the host; then fifty of them never read. The same load goes to a chat that hands lines out
// by a channel for each seat, see fanoutChild. A run is one look, whatever b.N.
func BenchmarkCrowd(b *testing.B) {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprint(table, "\n1,000 guests, 10 lines a second\theard\tmissing\tp50 ms\tp99 ms\tworst ms\tCPU, % of a core\tRSS, MB\tput out\t\n")
	dir := b.TempDir()
	tokens := passes(b, dir, crowdGuests)
	p := start(b, "", "serve", "--json", "--listen", "127.0.0.1:0", "--no-mdns", "--data", dir, "--region", "FR")
	ours := crowdLook(crowdTable{table, b, "watchparty", p.cmd.Process.Pid}, p.ready().QUIC, func(i int) string { return hello(tokens[i]) })
	p.kill()
	addr, pid := startFanout(b)
	theirs := crowdLook(crowdTable{table, b, "a channel per seat", pid}, addr, nil)
	fmt.Fprintf(table, "ratio, all read\t\t\t%.2f\t%.2f\t\t%.2f\t%.2f\t\t\n", ours[0]/theirs[0], ours[1]/theirs[1], ours[2]/theirs[2], ours[3]/theirs[3])
}

func startFanout(b *testing.B) (addr string, pid int) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fanoutChild+"=1")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	addr, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(addr), cmd.Process.Pid
}

// A crowdTable prints a line for each look at a crowd.
type crowdTable struct {
	*tabwriter.Writer
	*testing.B
	name string
	pid  int
}

// look has so long lines said and prints how they came to those who read; it gives p50, p99, CPU and memory.
func (t crowdTable) look(c *crowd, what string, size, readers int, out func() int64) [4]float64 {
	t.Helper()
	cpu, at := cpuOf(t.B, t.pid), time.Now()
	took := c.talk(crowdLines, size)
	cpu = 100 * (cpuOf(t.B, t.pid) - cpu) / time.Since(at).Seconds()
	rss := float64(memoryOf(t.pid)) / 1000
	fmt.Fprintf(t, "%s, %s\t%d\t%d\t%.1f\t%.1f\t%.1f\t%.0f\t%.0f\t%d\t\n", t.name, what, len(took), readers*crowdLines-len(took),
		quantile(took, .5), quantile(took, .99), quantile(took, 1), cpu, rss, out())
	return [4]float64{quantile(took, .5), quantile(took, .99), cpu, rss}
}

// crowdLook lets a crowd in and looks at it: all read short lines, all read long ones, some do not read.
func crowdLook(t crowdTable, addr string, greet func(i int) string) [4]float64 {
	t.Helper()
	c := &crowd{stop: make(chan struct{})}
	defer c.close()
	enter := func(i int, narrow bool) *raw {
		r, err := dialRaw(addr, "/ws", narrow)
		if err == nil && greet != nil {
			if err = r.send(greet(i)); err == nil && !narrow {
				_, err = r.next() // welcome
			}
		}
		if err != nil {
			t.Fatalf("guest %d: %v", i, err)
		}
		return r
	}
	began := time.Now()
	for i := range crowdGuests {
		c.seat(enter(i, false))
	}
	t.Logf("%s: all in after %.1f s", t.name, time.Since(began).Seconds())
	if greet != nil {
		c.ping()
	}
	none := func() int64 { return 0 }
	figures := t.look(c, "all read", crowdLine, crowdGuests, none)
	t.look(c, "long lines", crowdLong, crowdGuests, none)
	c.lose(crowdDeaf)
	var deaf []*raw
	for i := range crowdDeaf {
		deaf = append(deaf, enter(crowdGuests-crowdDeaf+i, true))
	}
	t.look(c, fmt.Sprintf("long lines, %d do not read", crowdDeaf), crowdLong, crowdGuests-crowdDeaf, func() (out int64) {
		for _, r := range deaf {
			if r.cut() {
				out++
			}
			r.Close()
		}
		return out
	})
	return figures
}
