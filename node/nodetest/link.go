//go:build linux

package nodetest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Link is a line between here and a network namespace, for kernels that cannot
// spoil one themselves: two TUN devices, and we carry the packets. The figures are
// one way; both ways are alike.
type Link struct {
	Delay, Jitter time.Duration // jitter is even, and takes away as much as it adds
	Loss          float64       // share of packets
	Reorder       bool          // let a packet overtake another; else none does
}

// Line is a link that is up.
type Line struct {
	Here, There string // addresses of its ends
	Namespace   string // there
	Device      string // at both ends
	lost, all   atomic.Int64
	loss        atomic.Uint64 // bits of the share that is lost
	narrow
}

// Lose has the line lose another share of packets from now on.
func (l *Line) Lose(share float64) { l.loss.Store(math.Float64bits(share)) }

// Lost tells how many packets were sent, and how many of them were lost.
func (l *Line) Lost() (lost, of int64) { return l.lost.Load(), l.all.Load() }

// queued packets are as many as a cheap router keeps for a line; more are dropped.
const queued = 1000

var lines atomic.Int32

// Up makes the namespace and the line. Both go with the test, and what a killed one
// left goes with the next.
func (l *Link) Up(t testing.TB) *Line {
	t.Helper()
	_, err := exec.LookPath("ip")
	Need(t, err == nil && os.Geteuid() == 0, "root and ip, for network namespaces")
	_, err = os.Stat("/dev/net/tun")
	Need(t, err == nil, "TUN devices")
	sweep()
	n := int(lines.Add(1))
	ns := fmt.Sprintf("%s%d-%d", prefix, os.Getpid(), n)
	subnet := fmt.Sprintf("10.77.%d.", (os.Getpid()*4+n)%250+1)
	dev := fmt.Sprintf("wp%d-%d", os.Getpid()%1e6, n)
	line := &Line{Here: subnet + "1", There: subnet + "2", Namespace: ns, Device: dev}
	line.Lose(l.Loss)
	ip := func(args string) {
		t.Helper()
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v: %s", args, err, out)
		}
	}
	ip("netns add " + ns)
	t.Cleanup(func() { exec.Command("ip", "netns", "del", ns).Run() })
	here, err := tun("", dev)
	if err != nil {
		t.Fatalf("link: %v", err)
	}
	t.Cleanup(func() { here.Close() })
	there, err := tun(ns, dev)
	if err != nil {
		t.Fatalf("link: %v", err)
	}
	t.Cleanup(func() { there.Close() })
	ip("addr add " + line.Here + "/24 dev " + dev)
	ip("link set " + dev + " mtu 1500 up")
	ip("-n " + ns + " addr add " + line.There + "/24 dev " + dev)
	ip("-n " + ns + " link set " + dev + " mtu 1500 up")
	ip("-n " + ns + " link set lo up")

	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	l.carry(ctx, &all, line, here, there)
	l.carry(ctx, &all, line, there, here)
	t.Cleanup(func() {
		stop()
		here.Close()
		there.Close()
		all.Wait()
	})
	return line
}

// A packet is on its way.
type packet struct {
	due  time.Time
	data []byte
}

// carry takes the packets that come in at one end to the other.
func (l *Link) carry(ctx context.Context, all *sync.WaitGroup, line *Line, from, to *os.File) {
	way := make(chan packet, queued)
	all.Go(func() {
		defer close(way)
		buf := make([]byte, 65536)
		for {
			n, err := from.Read(buf)
			if err != nil {
				return
			}
			line.all.Add(1)
			if line.forge(from, buf[:n]); rand.Float64() < math.Float64frombits(line.loss.Load()) || line.tooWide(n) {
				line.lost.Add(1)
				continue
			}
			wait := l.Delay + time.Duration((2*rand.Float64()-1)*float64(l.Jitter))
			data := append([]byte(nil), buf[:n]...)
			if l.Reorder {
				time.AfterFunc(wait, func() { to.Write(data) }) // after the end the file is closed
				continue
			}
			select {
			case way <- packet{time.Now().Add(wait), data}:
			default:
				line.lost.Add(1)
			}
		}
	})
	all.Go(func() {
		for p := range way {
			if wait := time.Until(p.due); wait > 0 {
				select {
				case <-time.After(wait):
				case <-ctx.Done():
					return
				}
			}
			to.Write(p.data) // a device that is down loses it, as a cable would
		}
	})
}

// tun opens a TUN device in a namespace, or here.
func tun(ns, name string) (*os.File, error) {
	type opened struct {
		f   *os.File
		err error
	}
	done := make(chan opened)
	go func() {
		runtime.LockOSThread() // a thread that has been elsewhere ends with this goroutine
		f, err := openTun(ns, name)
		done <- opened{f, err}
	}()
	o := <-done
	return o.f, o.err
}

func openTun(ns, name string) (*os.File, error) {
	if ns != "" {
		there, err := os.Open("/run/netns/" + ns)
		if err != nil {
			return nil, err
		}
		defer there.Close()
		if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
			return nil, fmt.Errorf("enter %s: %w", ns, err)
		}
	}
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	req, err := unix.NewIfreq(name)
	if err == nil {
		req.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, req)
	}
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("TUN device %s: %w", name, err)
	}
	return os.NewFile(uintptr(fd), name), nil
}

const prefix = "wpline" // of our namespaces, before the number of the process

// sweep takes away the namespaces of processes that are no more.
func sweep() {
	entries, _ := os.ReadDir("/run/netns")
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), prefix)
		pid, _, _ := strings.Cut(rest, "-")
		if n, err := strconv.Atoi(pid); ours && err == nil && unix.Kill(n, 0) == unix.ESRCH {
			exec.Command("ip", "netns", "del", e.Name()).Run()
		}
	}
}
