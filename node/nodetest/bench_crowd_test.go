//go:build linux

package nodetest_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	. "watchparty/node/nodetest"
	"watchparty/node/wire"
)

// A strip is what the crowd's camera sends: as much as a browser does at 640 × 360, as packets of pictures that tell their number.
const (
	stripRate  = 30 // pictures a second
	stripParts = 5  // packets of a picture
	stripPart  = 1000
	stripVoice = 160 // bytes of sound, 50 times a second
	stripLasts = 15 * time.Second
	stripLate  = time.Second // a picture that is not whole by then is lost
)

// BenchmarkStageCrowd has a camera seen by many, all of them WebRTC clients in this process, and measures which pictures they lack,
// and what the forwarding takes: beside a loop that copies the packets to as many plain sockets, without encryption.
func BenchmarkStageCrowd(b *testing.B) {
	p := start(b, "", "serve", "--json", "--listen", "127.0.0.1:0", "--camera-port", "0", "--no-mdns", "--data", b.TempDir(), "--region", "FR")
	h := p.house()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprint(table, "\nviewers\tpictures each\tlost a second, p95\tworst\twhole after p50 ms\tp95 ms\tworst ms\tstage, % of a core\tits node\ta viewer\tplain copies\tratio\t\n")
	camera := newCamera(b, h)
	go camera.roll()
	var alone float64
	var crowd []*viewerAt
	for _, n := range []int{0, 1, 5, 20, 40} {
		for len(crowd) < n {
			crowd = append(crowd, newViewer(b, camera, h.URL("/whep"), h.Pass("", wire.Join{Name: fmt.Sprintf("Sofa %d", len(crowd)), Secret: Secret(h.Ready.Invite)}).Token))
		}
		from, to, share := stripLook(b, camera, [][]int{{childOf(b, p.cmd.Process.Pid, "camera")}, p.pids()})
		if n == 0 {
			alone = share[0]
			fmt.Fprintf(table, "0\t\t\t\t\t\t\t%.1f\t%.1f\t\t\t\t\n", share[0], share[1])
			continue
		}
		lost, took := seenBy(crowd, from, to)
		each := (share[0] - alone) / float64(n)
		plain := plainCopies(b, n) / float64(n)
		fmt.Fprintf(table, "%d\t%d\t%.0f\t%.0f\t%.1f\t%.1f\t%.0f\t%.1f\t%.1f\t%.2f\t%.2f\t%.1f\t\n", n, to-from, quantile(lost, .95), quantile(lost, 1),
			quantile(took, .5), quantile(took, .95), quantile(took, 1), share[0], share[1], each, plain, each/plain)
	}
}

// BenchmarkStageNode has the same camera seen at guests' nodes, and measures what that takes at the host and at a node.
func BenchmarkStageNode(b *testing.B) {
	p := start(b, "", "serve", "--json", "--listen", "127.0.0.1:0", "--camera-port", "0", "--no-mdns", "--data", b.TempDir(), "--region", "FR")
	h := p.house()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprint(table, "\nnodes\tviewers at each\tlost a second, p95\tworst\twhole after p50 ms\tp95 ms\tworst ms\tthe host's stage, % of a core\tthe host\ta node's stage\tthe node\t\n")
	camera := newCamera(b, h)
	go camera.roll()
	type den struct {
		*program
		page, token string
		viewers     int
	}
	var dens []*den
	var crowd []*viewerAt
	for _, row := range []struct{ nodes, viewers int }{{0, 0}, {1, 1}, {4, 1}, {4, 10}} {
		for len(dens) < row.nodes {
			d := &den{program: join(b, "", fmt.Sprintf("Den %d", len(dens)), h.Ready.Invite)}
			d.page = d.event("joined").URL
			d.token = nodeToken(b, d.page)
			dens = append(dens, d)
		}
		for _, d := range dens {
			for ; d.viewers < row.viewers; d.viewers++ {
				crowd = append(crowd, newViewer(b, camera, d.page+"whep", d.token))
			}
		}
		var stages, nodes []int
		for _, d := range dens {
			stages, nodes = append(stages, childOf(b, d.cmd.Process.Pid, "camera")), append(nodes, d.cmd.Process.Pid)
		}
		all := [][]int{{childOf(b, p.cmd.Process.Pid, "camera")}, p.pids(), stages, nodes}
		from, to, share := stripLook(b, camera, all)
		if row.nodes == 0 {
			fmt.Fprintf(table, "0\t\t\t\t\t\t\t%.1f\t%.1f\t\t\t\n", share[0], share[1])
			continue
		}
		lost, took := seenBy(crowd, from, to)
		each := float64(len(dens))
		fmt.Fprintf(table, "%d\t%d\t%.0f\t%.0f\t%.1f\t%.1f\t%.0f\t%.1f\t%.1f\t%.1f\t%.1f\t\n", row.nodes, row.viewers, quantile(lost, .95), quantile(lost, 1),
			quantile(took, .5), quantile(took, .95), quantile(took, 1), share[0], share[1], share[2]/each, share[3]/each)
	}
}

// stripLook waits while the camera is seen, and gives the pictures of that time and the share of a core that groups of processes needed, in %.
func stripLook(b *testing.B, c *stripCamera, groups [][]int) (from, to int, share []float64) {
	b.Helper()
	<-time.After(time.Second) // what is asked for at the beginning has come
	var before []float64
	for _, pids := range groups {
		before = append(before, cpuOf(b, pids...))
	}
	began := time.Now()
	from = c.count()
	<-time.After(stripLasts)
	to = c.count()
	for i, pids := range groups {
		share = append(share, 100*(cpuOf(b, pids...)-before[i])/time.Since(began).Seconds())
	}
	<-time.After(stripLate)
	return from, to, share
}

// seenBy is what a crowd lost, and how long the others took.
func seenBy(crowd []*viewerAt, from, to int) (lost, took []float64) {
	for _, v := range crowd {
		l, t := v.seen(from, to)
		lost, took = append(lost, l...), append(took, t...)
	}
	return lost, took
}

// childOf is the child of a process that was started with a word.
func childOf(b *testing.B, pid int, word string) int {
	b.Helper()
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range all {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has just ended
		}
		f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(stat), "cmdline"))
		if f[1] == strconv.Itoa(pid) && strings.Contains(string(line), "\x00"+word) { // ppid (proc(5))
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
			return child
		}
	}
	b.Fatalf("%d has no child %s", pid, word)
	return 0
}

// A strip camera is on stage as the host.
type stripCamera struct {
	testing.TB
	video, audio *webrtc.TrackLocalStaticRTP

	mu   sync.Mutex
	sent []time.Time // guarded by mu; by picture
}

func newCamera(b *testing.B, h *House) *stripCamera {
	b.Helper()
	c := &stripCamera{TB: b}
	o := &obs{TB: b, server: h.URL("/whip"), key: h.Boss().Token}
	o.stageUp()
	pc, up := o.peer()
	c.video, _ = webrtc.NewTrackLocalStaticRTP(obsH264, "video", "camera")
	c.audio, _ = webrtc.NewTrackLocalStaticRTP(obsOpus, "audio", "camera")
	for _, t := range []webrtc.TrackLocal{c.video, c.audio} {
		if _, err := pc.AddTransceiverFromTrack(t, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
			b.Fatal(err)
		}
	}
	o.connect(pc, up)
	return c
}

func (c *stripCamera) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.sent)
}

// roll sends until the benchmark ends.
func (c *stripCamera) roll() {
	stripSent(c.Context().Done(), func(packet *rtp.Packet, picture, part int) {
		if part == 0 {
			c.mu.Lock()
			c.sent = append(c.sent, time.Now())
			c.mu.Unlock()
		}
		if picture < 0 {
			c.audio.WriteRTP(packet)
		} else {
			c.video.WriteRTP(packet)
		}
	})
}

// stripSent sends pictures and sound at their pace; a picture's packets at once, as browsers do. Sound is part -1.
func stripSent(until <-chan struct{}, send func(p *rtp.Packet, picture, part int)) {
	pictures, voice := time.NewTicker(time.Second/stripRate), time.NewTicker(20*time.Millisecond)
	defer pictures.Stop()
	defer voice.Stop()
	var seq, said uint16
	for n := 0; ; {
		select {
		case <-until:
			return
		case <-voice.C:
			send(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: said, Timestamp: uint32(said) * 960}, Payload: make([]byte, stripVoice)}, -1, -1)
			said++
		case <-pictures.C:
			for part := range stripParts {
				b := make([]byte, stripPart)
				b[0], b[1] = 0x7c, 5 // a part of a picture that needs no other (RFC 6184, 5.8)
				if part == 0 {
					b[1] |= 0x80
				}
				last := part == stripParts-1
				if last {
					b[1] |= 0x40
				}
				binary.BigEndian.PutUint32(b[2:], uint32(n))
				send(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: uint32(n) * 90000 / stripRate, Marker: last}, Payload: b}, n, part)
				seq++
			}
			n++
		}
	}
}

// A viewerAt watches the strip.
type viewerAt struct {
	camera *stripCamera

	mu    sync.Mutex
	parts map[int]int       // guarded by mu; packets that came, by picture
	whole map[int]time.Time // guarded by mu
}

func newViewer(b *testing.B, c *stripCamera, server, key string) *viewerAt {
	b.Helper()
	v := &viewerAt{camera: c, parts: map[int]int{}, whole: map[int]time.Time{}}
	o := &obs{TB: b, server: server, key: key}
	o.stageUp()
	pc, up := o.peer()
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			p, _, err := t.ReadRTP()
			if err != nil {
				return
			}
			if t.Kind() == webrtc.RTPCodecTypeVideo && len(p.Payload) == stripPart {
				v.take(int(binary.BigEndian.Uint32(p.Payload[2:])))
			}
		}
	})
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			b.Fatal(err)
		}
	}
	o.connect(pc, up)
	return v
}

func (v *viewerAt) take(picture int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.parts[picture]++; v.parts[picture] == stripParts {
		v.whole[picture] = time.Now()
	}
}

// seen is how many of the pictures were lost in each second, and how long the others took, in ms.
func (v *viewerAt) seen(from, to int) (lost, took []float64) {
	v.camera.mu.Lock()
	defer v.camera.mu.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	for ; from+stripRate <= to; from += stripRate {
		n := 0.
		for i := from; i < from+stripRate; i++ {
			at, ok := v.whole[i]
			d := at.Sub(v.camera.sent[i])
			if !ok || d > stripLate {
				n++
				continue
			}
			took = append(took, float64(d)/float64(time.Millisecond))
		}
		lost = append(lost, n)
	}
	return lost, took
}

// plainCopies is what a thread needs to hand the same packets to so many plain sockets, in % of a core: the least that
// forwarding could take.
func plainCopies(b *testing.B, viewers int) float64 {
	b.Helper()
	in, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	raw, err := in.File() // which reads and writes without the runtime's help
	if err != nil {
		b.Fatal(err)
	}
	defer raw.Close()
	fd := int(raw.Fd())
	if err := syscall.SetNonblock(fd, false); err != nil {
		b.Fatal(err)
	}
	var to []syscall.Sockaddr
	for range viewers {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		to = append(to, &syscall.SockaddrInet4{Port: c.LocalAddr().(*net.UDPAddr).Port, Addr: [4]byte{127, 0, 0, 1}})
		go func() {
			for buf := make([]byte, 2000); ; {
				if _, err := c.Read(buf); err != nil {
					return
				}
			}
		}()
	}
	used := make(chan time.Duration)
	go func() { used <- copyAll(fd, to) }()
	out, err := net.Dial("udp4", in.LocalAddr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	stop := make(chan struct{})
	const lasts = stripLasts / 4
	time.AfterFunc(lasts, func() { close(stop) })
	stripSent(stop, func(p *rtp.Packet, _, _ int) {
		if wire, err := p.Marshal(); err == nil {
			out.Write(wire)
		}
	})
	out.Write(nil)
	return 100 * (<-used).Seconds() / lasts.Seconds()
}

// copyAll hands on what comes at a socket until an empty packet does, and gives the processor time that it took.
func copyAll(fd int, to []syscall.Sockaddr) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began := threadTime()
	for buf := make([]byte, 2000); ; {
		n, _, err := syscall.Recvfrom(fd, buf, 0)
		if err != nil || n == 0 {
			return threadTime() - began
		}
		for _, a := range to {
			syscall.Sendto(fd, buf[:n], 0, a)
		}
	}
}

// threadTime is the processor time of this thread.
func threadTime() time.Duration {
	var u syscall.Rusage
	const thread = 1 // RUSAGE_THREAD (getrusage(2))
	if syscall.Getrusage(thread, &u) != nil {
		return math.MaxInt64
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
