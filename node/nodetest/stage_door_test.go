package nodetest_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"watchparty/node/guest"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestStageDoorOfNodes: a node may send the face of its own member, once they were called, in a format that browsers
// know; it gets no camera without a pass, and none any more once its member was shown the door.
func TestStageDoorOfNodes(t *testing.T) {
	h := Host(t, withStage)
	boss, sofa := h.Boss(), h.Guest("Sofa")
	sdp := func(r *http.Request) { r.Header.Set("Content-Type", "application/sdp") }
	for Do(t, "POST", h.URL("/whip"), boss.Token, nil, sdp).Status == http.StatusServiceUnavailable {
	} // it is being put up
	d := atStageDoor(t, h)
	d.open("nonsense")
	if f, ok := d.read().(wire.Refused); !ok || f.Code != "WP-PASS" {
		t.Errorf("without a pass: %#v", f)
	}
	d.open(sofa.Token)
	if f, ok := d.read().(wire.Faces); !ok || len(f.Sent) != 0 {
		t.Errorf("an empty stage is told as %#v", f)
	}
	d.offer(sofa.Member, "video/VP8")
	d.refused("not called")
	d.offer(boss.Member, "video/VP8")
	d.refused("the host's face")
	boss.Must(party.Beckon{Member: sofa.Member})
	d.offer(sofa.Member, "video/VP8\r\na=candidate")
	d.refused("a line of a description")
	d.offer(sofa.Member, "video/VP8")
	boss.Until("the face", func() bool { s := boss.StateNow().Stage; return len(s) == 1 && s[0].Since > 0 })
	boss.Must(party.Bow{Member: sofa.Member})
	d.refused("taken off")
	boss.Must(party.Remove{Member: sofa.Member})
	select {
	case <-d.st.Peer().Done():
	case <-time.After(Patience):
		t.Error("who was shown the door still has the stage")
	}
	d.open(sofa.Token)
	if f, ok := d.read().(wire.Refused); !ok {
		t.Errorf("and may come back: %#v", f)
	}
}

// A stageDoor is a node's end of what it and its host say of cameras.
type stageDoor struct {
	testing.TB
	ctx      context.Context
	endpoint *wire.Endpoint
	host     net.Addr
	st       *wire.Stream
	number   uint16 // of the face that was offered last
}

func atStageDoor(t *testing.T, h *House) *stageDoor {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*Patience)
	t.Cleanup(stop)
	endpoint, err := guest.Socket(wire.Identity{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { endpoint.Close() })
	host, err := net.ResolveUDPAddr("udp", h.Ready.QUIC)
	if err != nil {
		t.Fatal(err)
	}
	return &stageDoor{TB: t, ctx: ctx, endpoint: endpoint, host: host}
}

// open comes with a pass.
func (d *stageDoor) open(token string) {
	d.Helper()
	d.ask(wire.Stage{Token: token})
}

// ask begins a connection with a frame.
func (d *stageDoor) ask(first wire.Frame) {
	d.Helper()
	p, err := d.endpoint.Dial(d.ctx, d.host, "", wire.Control)
	if err != nil {
		d.Fatal(err)
	}
	if d.st, err = p.OpenStream(d.ctx); err == nil {
		err = d.st.WriteFrame(d.ctx, first)
	}
	if err != nil {
		d.Fatal(err)
	}
}

func (d *stageDoor) read() wire.Frame {
	d.Helper()
	f, err := d.st.ReadFrame(d.ctx)
	if err != nil {
		d.Fatal(err)
	}
	return f
}

// offer sends one face, and none else.
func (d *stageDoor) offer(member party.MemberID, video string) {
	d.Helper()
	d.number++
	if err := d.st.WriteFrame(d.ctx, wire.Faces{Sent: []wire.Face{{Number: d.number, Member: member, Video: video}}}); err != nil {
		d.Fatal(err)
	}
}

// refused waits until the face is not taken, or not any more.
func (d *stageDoor) refused(what string) {
	d.Helper()
	for {
		if f, ok := d.read().(wire.Off); ok {
			if f.Face != d.number {
				d.Errorf("%s: face %d is refused, and not %d", what, f.Face, d.number)
			}
			return
		}
	}
}
