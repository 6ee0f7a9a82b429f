//go:build long

package nodetest_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"watchparty/node"
	. "watchparty/node/nodetest"
)

// TestFaceOnABadWay: a camera in two sizes is seen at a guest's node in the larger one; once the way to the node loses
// packets, in the smaller one, and on time.
func TestFaceOnABadWay(t *testing.T) {
	t.Parallel()
	h := Host(t, withStage)
	way := rain(t, h.Ready.QUIC)
	den := h.Node("Attic", "", nodeStage, func(c *node.GuestConfig) { c.Addrs = []string{way.addr} })
	boss := h.Boss()
	began := twoSizes(t, h.URL("/whip"), boss.Token)
	boss.Until("the host on stage", func() bool { s := boss.StateNow().Stage; return len(s) == 1 && s[0].Since > 0 })

	pc := peerOfSizes(t)
	sizes := make(chan *rtp.Packet, 10_000)
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			select {
			case sizes <- p:
			default:
			}
		}
	})
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		t.Fatal(err)
	}
	call(t, pc, den.URL("/whep?face="+string(boss.Member)), den.Token(t))
	until := func(what string, small bool) {
		t.Helper()
		late := time.After(Patience)
		for n := 0; n < 20; { // one after the other
			select {
			case p := <-sizes:
				if n++; len(p.Payload) < sizeOfLarge != small {
					n = 0
				}
				if age := time.Since(began) - time.Duration(p.Payload[2])*time.Second; age%(256*time.Second) > 3*time.Second {
					t.Errorf("a picture of %v before came", age)
				}
			case <-late:
				t.Fatalf("never came: %s", what)
			}
		}
	}
	until("the large size", false)
	way.lost.Store(25)
	until("the small size on a bad way", true)
}

// sizeOfLarge is how many bytes a packet of the larger size has.
const sizeOfLarge = 1100

// twoSizes publishes a camera in two sizes until the test ends: packets of many bytes and of a hundred, each a whole picture
// that says in its third byte in which second it was made.
func twoSizes(t *testing.T, url, token string) (began time.Time) {
	t.Helper()
	pc := peerOfSizes(t)
	var tracks [2]*webrtc.TrackLocalStaticRTP
	for i, rid := range []string{"l", "h"} {
		tracks[i], _ = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}, "video", "camera", webrtc.WithRTPStreamID(rid))
	}
	sender, err := pc.AddTrack(tracks[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.AddEncoding(tracks[1]); err != nil {
		t.Fatal(err)
	}
	ids := map[string]uint8{}
	for _, e := range sender.GetParameters().HeaderExtensions {
		ids[e.URI] = uint8(e.ID)
	}
	call(t, pc, url, token)
	began = time.Now()
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for n := uint16(0); t.Context().Err() == nil; n++ {
			<-tick.C
			for i, track := range tracks {
				p := &rtp.Packet{
					Header:  rtp.Header{Version: 2, SequenceNumber: n, Timestamp: uint32(n) * 1800, Marker: true},
					Payload: make([]byte, 100+i*(sizeOfLarge-100)),
				}
				p.Payload[0], p.Payload[2] = 0x10, byte(time.Since(began)/time.Second)
				p.SetExtension(ids["urn:ietf:params:rtp-hdrext:sdes:mid"], []byte("0"))
				p.SetExtension(ids["urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"], []byte(track.RID()))
				track.WriteRTP(p)
			}
		}
	}()
	return began
}

// peerOfSizes is a connection that knows VP8 alone, in several sizes.
func peerOfSizes(t *testing.T) *webrtc.PeerConnection {
	t.Helper()
	var m webrtc.MediaEngine
	err := m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}, PayloadType: 96}, webrtc.RTPCodecTypeVideo)
	var s webrtc.SettingEngine
	s.SetIncludeLoopbackCandidate(true)
	var pc *webrtc.PeerConnection
	if err = errors.Join(err, webrtc.ConfigureSimulcastExtensionHeaders(&m)); err == nil {
		pc, err = webrtc.NewAPI(webrtc.WithMediaEngine(&m), webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	return pc
}

// call offers a connection to a stage.
func call(t *testing.T, pc *webrtc.PeerConnection, url, token string) {
	t.Helper()
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}
	<-gathered
	var a Answer
	eventually(t, "a stage that is up", func() bool {
		a = Do(t, http.MethodPost, url, token, nil, func(r *http.Request) {
			r.Header.Set("Content-Type", "application/sdp")
			r.Body = io.NopCloser(strings.NewReader(pc.LocalDescription().SDP))
		})
		return a.Status != http.StatusServiceUnavailable
	})
	if a.Status != http.StatusCreated {
		t.Fatalf("%s: %d %s", url, a.Status, a.Body)
	}
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(a.Body)}); err != nil {
		t.Fatal(err)
	}
}

// A shower is a way for UDP on which it may rain.
type shower struct {
	addr string
	lost atomic.Int64 // of a hundred packets, those that come from the host
}

// rain opens a way to a host's port.
func rain(t *testing.T, host string) *shower {
	t.Helper()
	front, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &shower{addr: front.LocalAddr().String()}
	var all, in sync.WaitGroup
	back := map[string]net.Conn{} // of in alone, until it has ended
	in.Go(func() {
		b := make([]byte, 2000)
		for {
			n, from, err := front.ReadFrom(b)
			if err != nil {
				return
			}
			to := back[from.String()]
			if to == nil {
				if to, err = net.Dial("udp", host); err != nil {
					return
				}
				back[from.String()] = to
				all.Go(func() {
					b := make([]byte, 2000)
					for {
						n, err := to.Read(b)
						if err != nil {
							return
						}
						if rand.Int64N(100) >= s.lost.Load() {
							front.WriteTo(b[:n], from)
						}
					}
				})
			}
			to.Write(b[:n])
		}
	})
	t.Cleanup(func() {
		front.Close()
		in.Wait()
		for _, c := range back {
			c.Close()
		}
		all.Wait()
	})
	return s
}
