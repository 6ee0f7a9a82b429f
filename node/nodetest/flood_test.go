//go:build long

package nodetest_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// stageIn has a host put up a stage whose process writes its number into a file.
func stageIn(file string) Option {
	return func(c *node.HostConfig) {
		c.Camera = func(ctx context.Context) *exec.Cmd {
			cmd := exec.CommandContext(ctx, os.Args[0])
			cmd.Env = append(os.Environ(), stageChild+"="+file)
			return cmd
		}
	}
}

// killFrom kills the process whose number is in a file.
func killFrom(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := os.FindProcess(pid)
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestStageInTrouble: whatever becomes of the stage, the film goes on in its place. A camera leaves and comes, the stage's port is flooded
// with what is malformed, its process is killed, and the camera comes again.
func TestStageInTrouble(t *testing.T) {
	child, picture := filepath.Join(t.TempDir(), "pid"), obsPicture(t)
	h := Host(t, stageIn(child))
	boss := h.Boss()
	boss.Must(party.Cue{Title: "night-train", Play: true})
	sofa := Chromium(t).Open(h.Ready.Invite, Small)
	sofa.Enter("Your name", "Sofa", "Join")
	sofa.Until("its place", inPlace+` && Math.abs(v.currentTime - watchparty.position) < 0.015`)
	var o *obs
	come := func() {
		o = &obs{TB: t, server: h.URL("/whip"), key: boss.Token}
		o.stageUp()
		o.publish()
		go o.film(picture)
		sofa.Until("the camera", face+` > 5`)
	}
	come()
	undisturbed(t, sofa, func() {
		o.ask(http.MethodDelete, o.session, "", "")
		sofa.Until("an empty stage", `!document.querySelector('.face')`)
		come()
		flood(t, o.port)
		was := Eval[int](sofa, face)
		sofa.Until("the camera after a flood", face+fmt.Sprintf(` > %d`, was+5))
		killFrom(t, child)
		sofa.Until("an empty stage", `!document.querySelector('.face')`)
		come()
	})
}

// undisturbed fails if, whatever is done, the film is further than a frame from the timeline at the 95th percentile, in each of three
// rounds: a machine with other things to do may spoil one.
func undisturbed(t *testing.T, p *Page, do func()) {
	t.Helper()
	var p95 float64
	for range 3 {
		Eval[bool](p, `(v = `+video+`, clearInterval(window.__looks), window.__off = [], window.__looks = setInterval(() => window.__off.push(v.paused ? 1e6 : 1000 * Math.abs(v.currentTime - watchparty.position)), 50)) > 0`)
		do()
		off := Eval[[]float64](p, `window.__off`)
		slices.Sort(off)
		p95 = off[len(off)*95/100]
		t.Logf("%d looks: %.1f ms off the timeline in the middle, %.1f at the 95th percentile, %.1f at most", len(off), off[len(off)/2], p95, off[len(off)-1])
		if p95 <= 42 {
			return
		}
	}
	t.Errorf("%.0f ms off the timeline at the 95th percentile", p95)
}

// floods is how many packets are in a flood.
var floods = 4000

// flood sends what is no STUN, DTLS, RTP and RTCP to a stage's port, from several sockets, 8,000 packets a second.
func flood(t *testing.T, port int) {
	t.Helper()
	var from []net.Conn
	for range 8 {
		c, err := net.Dial("udp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		from = append(from, c)
	}
	const burst = 80
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := range floods {
		if i%burst == 0 {
			<-tick.C
		}
		from[i%len(from)].Write(malformed(i))
	}
}

// malformed is one of them; the first byte says which it is to be (RFC 7983).
func malformed(i int) []byte {
	b := make([]byte, 20+rand.IntN(1180))
	for at := 0; at+8 <= len(b); at += 8 {
		binary.BigEndian.PutUint64(b[at:], rand.Uint64())
	}
	stun := func(length int, attributes ...byte) []byte { // a request to bind (RFC 8489, 5)
		binary.BigEndian.PutUint32(b, 1<<16|uint32(length))
		binary.BigEndian.PutUint32(b[4:], 0x2112a442)
		return append(b[:20], attributes...)
	}
	switch i % 10 {
	case 0:
		return stun(0xfffc)
	case 1: // from somebody whom nobody knows
		return stun(16, 0, 6, 0, 11, 'n', 'o', 'b', 'o', 'd', 'y', ':', 'h', 'e', 'r', 'e', 0)
	case 2: // an attribute that is longer than the packet
		return stun(8, 0, 6, 0xff, 0xff, 1, 2, 3, 4)
	case 3: // a ClientHello that ends early (RFC 9147, 4)
		return append([]byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, byte(i), 0xff, 0xff, 1}, b...)
	case 4:
		return append([]byte{23, 0xfe, 0xfd}, b...)
	case 5: // sources and an extension for which there is no room (RFC 3550, 5.1)
		return append([]byte{0x9f, 96}, b[:10]...)
	case 6:
		b[0], b[1] = 0x80, 96
	case 7: // reports of which there are not so many (RFC 3550, 6.4)
		b[0], b[1], b[2], b[3] = 0x9f, 200, 0xff, 0xff
	case 8:
		return b[:i%3]
	}
	return b
}
