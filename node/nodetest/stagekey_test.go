package nodetest_test

import (
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// key makes somebody's key for the stage at a node's page.
func key(t testing.TB, page, token string) string {
	t.Helper()
	a := Do(t, "POST", page+"/api/stage-key", token, struct{}{})
	if a.Status != http.StatusOK {
		t.Fatalf("a key for the stage: %d %s", a.Status, a.Body)
	}
	return field(t, a.Body, "key")
}

// callUp calls somebody up to the stage once they are there.
func callUp(boss *Person, id party.MemberID) {
	boss.Helper()
	boss.Until("who is called up", func() bool { return len(boss.StateNow().Members[id].Screens) > 0 })
	boss.Must(party.Beckon{Member: id})
}

// TestStageKey: a key for the stage puts its member there and does nothing else; a new one voids it, and nobody gets one
// who may not be on stage.
func TestStageKey(t *testing.T) {
	t.Parallel()
	h := Host(t, withStage)
	boss, guest, den := h.Boss(), h.Guest("Sofa"), h.Node("Attic", "")
	first := key(t, h.URL(""), boss.Token)
	o := &obs{TB: t, server: h.URL("/whip"), key: first}
	o.stageUp()
	o.publish()
	boss.Until("the host's face", func() bool { return len(boss.StateNow().Stage) == 1 })
	second := key(t, h.URL(""), boss.Token)
	whip := func(page, key string) int {
		o := &obs{TB: t, key: key}
		return o.ask(http.MethodPost, page+"/whip", "application/sdp", "v=0").StatusCode
	}
	if old, now := whip(h.URL(""), first), whip(h.URL(""), second); old != http.StatusUnauthorized || now != http.StatusBadRequest {
		t.Errorf("with the old key %d, with the new one %d", old, now)
	}
	for what, want := range map[string]int{
		"GET /api/me": 401, "GET /api/party": 401, "GET /api/desk": 401, "GET /media/t/night-train/file": 401,
		"POST /api/invites": 401, "POST /api/stage-key": 401, "POST /api/leave": 401, "GET /metrics": 200,
	} {
		method, path, _ := strings.Cut(what, " ")
		body := any(struct{}{})
		if method == "GET" {
			body = nil
		}
		if a := Do(t, method, h.URL(path), second, body); a.Status != want || want == 401 && a.Code() != "WP-PASS" {
			t.Errorf("%s with a key for the stage: %d %.100s", what, a.Status, a.Body)
		}
	}
	o = &obs{TB: t, key: second}
	if a := o.ask(http.MethodPost, h.URL("/whep"), "application/sdp", "v=0"); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("looking at the stage with a key to get on it: %s", a.Status)
	}
	if a := Do(t, "POST", h.URL("/api/stage-key"), guest.Token, struct{}{}); a.Status != http.StatusForbidden {
		t.Errorf("a key for who was not called up: %d %s", a.Status, a.Body)
	}

	callUp(boss, den.Guest.Joined().Member)
	me := Do(t, "GET", den.URL("/api/me"), "", nil)
	boss.Until("the call", func() bool { return len(boss.StateNow().Stage) == 2 })
	var own string
	for late := time.Now().Add(Patience); own == ""; <-time.After(20 * time.Millisecond) { // the node hears of the call a little later
		if a := Do(t, "POST", den.URL("/api/stage-key"), field(t, me.Body, "token"), struct{}{}); a.Status == http.StatusOK {
			own = field(t, a.Body, "key")
		} else if time.Now().After(late) {
			t.Fatalf("a key at one's own node: %d %s", a.Status, a.Body)
		}
	}
	if here, there := whip(den.URL(""), own), whip(h.URL(""), own); here != http.StatusNotImplemented || there != http.StatusUnauthorized {
		t.Errorf("with the key of a node there %d, at the host %d", here, there)
	}
	if a := Do(t, "GET", den.URL("/api/party"), own, nil); a.Status != http.StatusUnauthorized {
		t.Errorf("the party with the key of a node: %d", a.Status)
	}
	tooMuch(t, o, h.URL("/whip"))
}

// tooMuch: a description that is too long is refused with a sentence.
func tooMuch(t *testing.T, o *obs, whip string) {
	t.Helper()
	for what, c := range map[string]struct {
		sdp    string
		status int
		says   string
	}{
		"a megabyte":      {strings.Repeat("a=x\r\n", 1<<18), http.StatusRequestEntityTooLarge, "longer than 64 KB"},
		"1,000 addresses": {strings.Repeat("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", 1000), http.StatusBadRequest, "1000 addresses"},
	} {
		a := o.ask(http.MethodPost, whip, "application/sdp", c.sdp)
		if said, _ := io.ReadAll(a.Body); a.StatusCode != c.status || !strings.Contains(string(said), c.says) {
			t.Errorf("%s: %s %s", what, a.Status, said)
		}
	}
}

// TestRemovedIsSilent: who is removed is heard no more within a second, counted in what they send: nothing reaches anybody that
// is sent a second's packets after the party knew.
func TestRemovedIsSilent(t *testing.T) {
	t.Parallel()
	h := Host(t, withStage)
	boss, guest := h.Boss(), h.Guest("Sofa")
	callUp(boss, guest.Member)
	o := &obs{TB: t, server: h.URL("/whip"), key: key(t, h.URL(""), guest.Token)}
	o.stageUp()
	o.publish()
	const aSecond = 50 // packets, at 20 ms
	var sent, got atomic.Uint32
	quiet := make(chan struct{})
	t.Cleanup(func() { close(quiet) })
	go func() { // numbers
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-quiet:
				return
			case <-tick.C:
			}
			if o.audio.WriteSample(media.Sample{Data: binary.BigEndian.AppendUint32(nil, sent.Add(1)), Duration: 20 * time.Millisecond}) != nil {
				return
			}
		}
	}()
	boss.Until("the face", func() bool { s := boss.StateNow().Stage; return len(s) == 1 && s[0].Since > 0 })
	v := &obs{TB: t, server: h.URL("/whep"), key: boss.Token}
	heard := v.hear(func(n uint32) { got.Store(max(got.Load(), n)) })
	<-heard
	boss.Must(party.Remove{Member: guest.Member})
	boss.Until("an empty stage", func() bool { return len(boss.StateNow().Stage) == 0 })
	last := sent.Load()
	select {
	case <-v.over:
	case <-time.After(Patience):
		t.Error("who listened still does")
	}
	if n := got.Load(); n > last+aSecond {
		t.Errorf("number %d was heard, and at %d they were removed", n, last)
	}
}

// hear connects by WHEP and gives each number that is sent as sound to f; the channel is closed with the first.
func (o *obs) hear(f func(uint32)) <-chan struct{} {
	o.Helper()
	must := func(err error) {
		o.Helper()
		if err != nil {
			o.Fatal(err)
		}
	}
	pc, up := o.peer()
	first := make(chan struct{})
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for n := 0; ; n++ {
			p, _, err := track.ReadRTP()
			if err != nil || len(p.Payload) < 4 {
				return
			}
			if f(binary.BigEndian.Uint32(p.Payload)); n == 0 {
				close(first)
			}
		}
	})
	_, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	must(err)
	offer, err := pc.CreateOffer(nil)
	must(err)
	gathered := webrtc.GatheringCompletePromise(pc)
	must(pc.SetLocalDescription(offer))
	<-gathered
	a := o.ask(http.MethodPost, o.server, "application/sdp", pc.LocalDescription().SDP)
	sdp, err := io.ReadAll(a.Body)
	must(err)
	if a.StatusCode != http.StatusCreated {
		o.Fatalf("listening: %s, %s", a.Status, sdp)
	}
	must(pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(sdp)}))
	select {
	case <-up:
	case <-time.After(Patience):
		o.Fatal("the listener never was connected")
	}
	return first
}
