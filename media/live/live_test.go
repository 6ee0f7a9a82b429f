package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

func TestMain(m *testing.M) {
	if os.Getenv("WATCHPARTY_CHILD") == "camera" {
		if err := Child(os.Stdin, os.Stdout); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// theatre is a stage whose child is this test's own program.
type theatre struct {
	testing.TB
	*Stage
	pid     chan int
	on, off chan string
	wanted  chan string
	taken   chan Packet
}

func open(t *testing.T) *theatre {
	t.Helper()
	h := &theatre{TB: t, pid: make(chan int, 10), on: make(chan string, 10), off: make(chan string, 10), wanted: make(chan string, 100), taken: make(chan Packet, 10000)}
	h.Stage = New(Config{Log: slog.New(slog.DiscardHandler),
		Command: func(ctx context.Context) *exec.Cmd {
			cmd := exec.CommandContext(ctx, os.Args[0])
			cmd.Env = append(os.Environ(), "WATCHPARTY_CHILD=camera")
			return cmd
		},
		On: func(f string, c Codecs) { h.on <- f + " " + c.Video + " " + c.Audio }, Off: func(f string) { h.off <- f },
		Want: func(f string) { h.wanted <- f }, Tap: func(p Packet) {
			select {
			case h.taken <- p:
			default:
			}
		}})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	h.up()
	return h
}

// up waits until something can be asked.
func (h *theatre) up() {
	h.Helper()
	for late := time.After(time.Minute); errors.Is(h.Want(h.Context(), "nobody"), ErrDown); {
		select {
		case <-late:
			h.Fatal("the stage never was up")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func wait[T any](t *testing.T, what string, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(30 * time.Second):
		t.Fatalf("never %s", what)
	}
	return v
}

// camera publishes pictures that a browser could not show, but that begin as whole ones do.
type camera struct {
	*webrtc.PeerConnection
	video, audio *webrtc.TrackLocalStaticRTP
	asked        chan bool // for whole pictures
}

func connect(t testing.TB, pc *webrtc.PeerConnection, exchange func(offer string) (string, error)) error {
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
	answer, err := exchange(pc.LocalDescription().SDP)
	if err != nil {
		return err
	}
	return pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

func peer(t testing.TB) *webrtc.PeerConnection {
	t.Helper()
	var s webrtc.SettingEngine
	s.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	return pc
}

// publish puts a camera on stage, and sends until it ends.
func (h *theatre) publish(name string) *camera {
	h.Helper()
	c := &camera{PeerConnection: peer(h.TB), asked: make(chan bool, 100)}
	c.video, _ = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}, "video", "camera")
	c.audio, _ = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, "audio", "camera")
	for _, track := range []webrtc.TrackLocal{c.video, c.audio} {
		s, err := c.AddTrack(track)
		if err != nil {
			h.Fatal(err)
		}
		go func() {
			for {
				if _, _, err := s.ReadRTCP(); err != nil {
					return
				}
				select {
				case c.asked <- true:
				default:
				}
			}
		}()
	}
	if err := connect(h.TB, c.PeerConnection, func(offer string) (string, error) { return h.Publish(h.Context(), name, offer, true) }); err != nil {
		h.Fatal(err)
	}
	stop := make(chan struct{})
	h.Cleanup(func() { close(stop) })
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for n := uint16(0); ; n++ {
			select {
			case <-stop:
				return
			case <-tick.C:
				c.video.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: n, Timestamp: uint32(n) * 1800, Marker: true}, Payload: []byte{0x10, 0x00, byte(n >> 8), byte(n)}})
				c.audio.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: n, Timestamp: uint32(n) * 960}, Payload: []byte{0xf8, byte(n)}})
			}
		}
	}()
	return c
}

// watch sees a face; what comes is told by its kind.
func (h *theatre) watch(viewer, name string) (pc *webrtc.PeerConnection, video, audio chan *rtp.Packet, err error) {
	h.Helper()
	pc = peer(h.TB)
	video, audio = make(chan *rtp.Packet, 10000), make(chan *rtp.Packet, 10000)
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			p, _, err := t.ReadRTP()
			if err != nil {
				return
			}
			to := audio
			if t.Kind() == webrtc.RTPCodecTypeVideo {
				to = video
			}
			select {
			case to <- p:
			default:
			}
		}
	})
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			h.Fatal(err)
		}
	}
	err = connect(h.TB, pc, func(offer string) (string, error) { return h.Watch(h.Context(), viewer, name, offer, true) })
	return pc, video, audio, err
}

// TestStage: a face that is published is seen and heard, here and by other nodes; hushed, it is only seen; and it
// can be taken off.
func TestStage(t *testing.T) {
	h := open(t)
	h.publish("ana")
	if got := wait(t, "on stage", h.on); got != "ana video/VP8 audio/opus" {
		t.Errorf("on stage: %s", got)
	}
	pc, video, audio, err := h.watch("v1", "ana")
	if err != nil {
		t.Fatal(err)
	}
	first := wait(t, "seen", video)
	wait(t, "heard", audio)
	for range 20 {
		if p := wait(t, "seen", video); p.SequenceNumber != first.SequenceNumber+1 || p.Timestamp != first.Timestamp+1800 {
			t.Fatalf("after %d at %d comes %d at %d", first.SequenceNumber, first.Timestamp, p.SequenceNumber, p.Timestamp)
		} else {
			first = p
		}
	}
	kinds := map[bool]bool{}
	for !kinds[true] || !kinds[false] {
		kinds[wait(t, "handed to other nodes", h.taken).Video] = true
	}
	if err := h.Hush(t.Context(), "ana", false); err != nil {
		t.Fatal(err)
	}
	for len(audio) > 0 {
		<-audio
	}
	for range 20 {
		wait(t, "still seen", video)
	}
	if n := len(audio); n > 2 {
		t.Errorf("%d packets of sound came although she was hushed", n)
	}
	closed := make(chan bool, 10)
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateClosed || s == webrtc.PeerConnectionStateDisconnected {
			closed <- true
		}
	})
	if err := h.End(t.Context(), "ana"); err != nil {
		t.Fatal(err)
	}
	if got := wait(t, "off stage", h.off); got != "ana" {
		t.Errorf("off stage: %s", got)
	}
	wait(t, "cut", closed)
	if _, _, _, err := h.watch("v2", "ana"); err == nil {
		t.Error("somebody who is gone can be watched")
	}
}

// TestFed: what one node's stage gives, another's shows, asks for whole pictures, and hands on if it is to be shared, but
// for the sound of who is hushed.
func TestFed(t *testing.T) {
	near, far := open(t), open(t)
	near.publish("ana")
	wait(t, "on stage", near.on)
	if err := far.Feed(t.Context(), "ana", Codecs{Video: "video/VP8", Audio: "audio/opus"}, true); err != nil {
		t.Fatal(err)
	}
	if got := wait(t, "a whole picture wanted", far.wanted); got != "ana" {
		t.Errorf("wanted: %s", got)
	}
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	go func() {
		for {
			select {
			case p := <-near.taken:
				b := AppendPacket(nil, p)
				if p, err := ParsePacket(b); err == nil {
					far.Put(p)
				}
			case <-done:
				return
			}
		}
	}()
	_, video, audio, err := far.watch("v", "ana")
	if err != nil {
		t.Fatal(err)
	}
	wait(t, "seen far away", video)
	wait(t, "heard far away", audio)
	kinds := map[bool]bool{}
	for !kinds[true] || !kinds[false] {
		p := wait(t, "handed on", far.taken)
		if kinds[p.Video] = true; p.Face != "ana" || p.Video && !p.Whole {
			t.Errorf("handed on: %s, a whole picture %v", p.Face, p.Whole)
		}
	}
	if err := far.Hush(t.Context(), "ana", false); err != nil {
		t.Fatal(err)
	}
	for len(far.taken) > 0 {
		<-far.taken
	}
	sounds := 0
	for range 40 {
		if p := wait(t, "still seen", far.taken); !p.Video {
			sounds++
		}
	}
	if sounds > 2 { // on their way when she was
		t.Errorf("%d packets of sound are handed on although she is hushed", sounds)
	}
}

// TestCrash: a child that is killed takes everybody off stage, and the next one is there at once.
func TestCrash(t *testing.T) {
	h := open(t)
	h.publish("ana")
	wait(t, "on stage", h.on)
	h.mu.Lock()
	out := h.out
	h.mu.Unlock()
	out.frame(kindJSON, []byte("nonsense")) // the child ends with a complaint
	wait(t, "off stage", h.off)
	h.up()
	h.publish("ana")
	wait(t, "on stage again", h.on)
}

// TestRefused: what is too much is refused with a sentence, and changes nothing.
func TestRefused(t *testing.T) {
	h := open(t)
	for what, offer := range map[string]string{
		"a megabyte": strings.Repeat("a=x\r\n", 1<<18), "1000 addresses": strings.Repeat("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", 1000),
		"nothing": "", "noise": "hello", "no media": "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n",
	} {
		var no *Refused
		if _, err := h.Publish(t.Context(), "ana", offer, true); !errors.As(err, &no) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, name := range []string{"a", "b", "c", "d"} {
		if err := h.Feed(t.Context(), name, Codecs{Audio: "audio/opus"}, false); err != nil {
			t.Fatal(err)
		}
	}
	var no *Refused
	if err := h.Feed(t.Context(), "e", Codecs{Audio: "audio/opus"}, false); !errors.As(err, &no) {
		t.Errorf("a fifth face: %v", err)
	}
}

// TestNoPacketToNamedAddresses: the addresses that a description names get nothing, of whatever kind they are: this
// machine's, a link's, or a stranger's.
func TestNoPacketToNamedAddresses(t *testing.T) {
	h := open(t)
	var near []net.PacketConn
	named := "a=candidate:1 1 udp 2130706431 169.254.169.254 80 typ host\r\na=candidate:2 1 udp 2130706431 fe80::1 80 typ host\r\n"
	for _, at := range []string{"127.0.0.1:0", "[::1]:0"} {
		c, err := net.ListenPacket("udp", at)
		if err != nil {
			continue // a machine without IPv6
		}
		defer c.Close()
		a := c.LocalAddr().(*net.UDPAddr)
		named += fmt.Sprintf("a=candidate:3 1 udp 2130706431 %s %d typ host\r\n", a.IP, a.Port)
		near = append(near, c)
	}
	if clean, err := clean("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" + named); err != nil || strings.Contains(clean, "169.254") || strings.Contains(clean, "fe80") {
		t.Errorf("what is left of the addresses: %s %v", clean, err)
	}
	pc := peer(t)
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
		t.Fatal(err)
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Publish(t.Context(), "mallory", offer.SDP+named, true); err != nil {
		t.Fatal(err)
	}
	h.publish("ana") // checks go out at once where there are any, and a whole connection is made meanwhile
	wait(t, "on stage", h.on)
	for _, c := range near {
		me := c.LocalAddr()
		if _, err := c.WriteTo([]byte("last"), me); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, MaxPacket)
		if n, from, err := c.ReadFrom(got); err != nil || string(got[:n]) != "last" || from.String() != me.String() {
			t.Errorf("%d bytes came from %v to an address that was only named (%v)", n, from, err)
		}
	}
}
