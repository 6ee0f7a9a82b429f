package nodetest_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
	"github.com/pion/webrtc/v4/pkg/media/h264reader"
	"github.com/pion/webrtc/v4/pkg/media/oggreader"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestProgramOnStage: a program that speaks WHIP as OBS does (RFC 9725; H.264 and Opus, no trickle) goes on stage with what the
// desk shows for it, is seen and heard in a browser, and leaves.
func TestProgramOnStage(t *testing.T) {
	t.Parallel()
	picture := obsPicture(t)
	sound := encoded(t, "sine=f=440,volume=4", "-t", "20", "-c:a", "libopus", "-page_duration", "20000", "-f", "ogg", "-")

	h := Host(t, withStage)
	b := Shell(t)
	desk := b.Open(h.Ready.Desk, Small)
	sofa := b.Open(h.Ready.Invite, Small)
	sofa.Enter("Your name", "Sofa", "Join")
	desk.Click("Camera")
	desk.Until("the way in", `!document.querySelector('.program').hidden`)
	Eval[bool](desk, `document.querySelector('.program').open = true`)
	desk.Click("Make a key")
	desk.Until("the key", `document.querySelectorAll('.program input').length === 2`)
	shown := Eval[[]string](desk, `[...document.querySelectorAll('.program input')].map((i) => i.value)`)
	keepPictures(t, map[string]*Page{"program": desk})

	o := &obs{TB: t, server: shown[0], key: shown[1]}
	o.publish()
	go o.film(picture)
	go o.speak(sound)
	sofa.Until("the program's pictures", face+` > 20`)
	sofa.Until("its sound", `document.querySelector('.face').classList.contains('speaks')`)

	if a := o.ask(http.MethodPatch, o.session, "application/trickle-ice-sdpfrag", "a=end-of-candidates\r\n"); a.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("trickle, which is not done here: %s", a.Status)
	}
	if a := o.ask(http.MethodDelete, o.session, "", ""); a.StatusCode != http.StatusOK {
		t.Errorf("leaving: %s", a.Status)
	}
	sofa.Until("an empty stage", `!document.querySelector('.face')`)
	if a := o.ask(http.MethodDelete, o.session, "", ""); a.StatusCode != http.StatusNotFound {
		t.Errorf("leaving twice: %s", a.Status)
	}
}

// encoded is what ffmpeg makes of a picture or a tone.
func encoded(t *testing.T, args ...string) []byte {
	t.Helper()
	ffmpeg, err := exec.LookPath("ffmpeg")
	Need(t, err == nil, "ffmpeg")
	out, err := exec.Command(ffmpeg, append([]string{"-v", "error", "-f", "lavfi", "-i"}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func obsPicture(t *testing.T) []byte {
	t.Helper()
	return encoded(t, "testsrc=s=320x180:r=25", "-t", "2", "-c:v", "libx264", "-profile:v", "baseline", "-pix_fmt", "yuv420p", "-tune", "zerolatency", "-threads", "1", "-g", "25", "-f", "h264", "-")
}

// TestProgramRemoved: a guest who was called up at the desk is seen and can be hushed there; shown the door, their stream
// ends, and does not come back with the same key.
func TestProgramRemoved(t *testing.T) {
	t.Parallel()
	h := Host(t, withStage)
	boss, guest := h.Boss(), h.Guest("Sofa")
	desk := Shell(t).Open(h.Ready.Desk, Small)
	desk.Until("the list of people", `(b => b && (b.click(), true))(document.querySelector('button[title="Who is here"]'))`)
	desk.Click("Call to the stage: Sofa")
	desk.Until("the call", Button("Take off the stage: Sofa"))
	o := &obs{TB: t, server: h.URL("/whip"), key: guest.Token}
	o.publish()
	desk.Click("Hush on stage: Sofa")
	desk.Until("silence", Button("Let be heard: Sofa"))
	keepPictures(t, map[string]*Page{"hushed": desk})
	boss.Must(party.Remove{Member: guest.Member})
	select {
	case <-o.over:
	case <-time.After(Patience):
		t.Error("who was removed is still on stage")
	}
	if a := o.ask(http.MethodPost, o.server, "application/sdp", "v=0"); a.StatusCode != http.StatusUnauthorized && a.StatusCode != http.StatusForbidden {
		t.Errorf("with the old key: %s", a.Status)
	}
}

// An obs is a WHIP client as RFC 9725 describes it.
type obs struct {
	testing.TB
	server, key string
	session     string // where the connection is ended
	port        int    // of the stage
	over        chan struct{}
	video       *webrtc.TrackLocalStaticSample
	audio       *webrtc.TrackLocalStaticSample
}

// ask sends what a program sends: no Origin, no cookie, the key in Authorization.
func (o *obs) ask(method, to, kind, body string) *http.Response {
	o.Helper()
	r, err := http.NewRequestWithContext(o.Context(), method, to, strings.NewReader(body))
	if err != nil {
		o.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+o.key)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		o.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		o.Fatal(err)
	}
	a.Body = io.NopCloser(bytes.NewReader(text))
	return a
}

var (
	obsH264 = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264, ClockRate: 90000, SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"}
	obsOpus = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"}
)

// peer is a connection with H.264 and Opus alone; up is closed once it is there.
func (o *obs) peer() (pc *webrtc.PeerConnection, up chan struct{}) {
	o.Helper()
	var m webrtc.MediaEngine
	err := errors.Join(m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: obsH264, PayloadType: 96}, webrtc.RTPCodecTypeVideo),
		m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: obsOpus, PayloadType: 111}, webrtc.RTPCodecTypeAudio))
	var s webrtc.SettingEngine
	s.SetIncludeLoopbackCandidate(true)
	if err == nil {
		pc, err = webrtc.NewAPI(webrtc.WithMediaEngine(&m), webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	}
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(func() { pc.Close() })
	o.over, up = make(chan struct{}), make(chan struct{})
	var begun, ended sync.Once
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		switch s {
		case webrtc.PeerConnectionStateConnected:
			begun.Do(func() { close(up) })
		case webrtc.PeerConnectionStateClosed, webrtc.PeerConnectionStateDisconnected:
			ended.Do(func() { close(o.over) })
		}
	})
	return pc, up
}

// publish connects.
func (o *obs) publish() {
	o.Helper()
	must := func(err error) {
		o.Helper()
		if err != nil {
			o.Fatal(err)
		}
	}
	pc, up := o.peer()
	var err error
	for _, track := range []struct {
		of   webrtc.RTPCodecCapability
		name string
		to   **webrtc.TrackLocalStaticSample
	}{{obsH264, "video", &o.video}, {obsOpus, "audio", &o.audio}} {
		*track.to, err = webrtc.NewTrackLocalStaticSample(track.of, track.name, "obs")
		must(err)
		_, err = pc.AddTransceiverFromTrack(*track.to, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		must(err)
	}
	o.connect(pc, up)
}

// stageUp waits until the stage, which is being put up, takes descriptions.
func (o *obs) stageUp() {
	o.Helper()
	for late := time.After(Patience); o.ask(http.MethodPost, o.server, "application/sdp", "v=0").StatusCode == http.StatusServiceUnavailable; {
		select {
		case <-late:
			o.Fatal("the stage never was up")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// connect has the server answer what a connection offers, and waits until it is there.
func (o *obs) connect(pc *webrtc.PeerConnection, up <-chan struct{}) {
	o.Helper()
	must := func(err error) {
		o.Helper()
		if err != nil {
			o.Fatal(err)
		}
	}
	offer, err := pc.CreateOffer(nil)
	must(err)
	gathered := webrtc.GatheringCompletePromise(pc)
	must(pc.SetLocalDescription(offer))
	<-gathered
	a := o.ask(http.MethodPost, o.server, "application/sdp", pc.LocalDescription().SDP)
	sdp, err := io.ReadAll(a.Body)
	must(err)
	if a.StatusCode != http.StatusCreated || a.Header.Get("Content-Type") != "application/sdp" {
		o.Fatalf("publishing: %s, %s", a.Status, sdp)
	}
	// The Location may be relative to the address that was asked (RFC 9725, 4.2).
	base, err := url.Parse(o.server)
	must(err)
	at, err := base.Parse(a.Header.Get("Location"))
	must(err)
	o.session = at.String()
	if _, err := fmt.Sscanf(string(aPort.Find(sdp)), "%d", &o.port); err != nil {
		o.Fatalf("no address in %s", sdp)
	}
	must(pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(sdp)}))
	select {
	case <-up:
	case <-time.After(Patience):
		o.Fatal("the program never was connected")
	}
}

var aPort = regexp.MustCompile(`\d+ typ host`)

// film sends pictures over and over, 25 a second, until the test ends.
func (o *obs) film(h264 []byte) {
	const each = 40 * time.Millisecond
	tick := time.NewTicker(each)
	defer tick.Stop()
	for o.Context().Err() == nil {
		r, err := h264reader.NewReader(bytes.NewReader(h264))
		for err == nil {
			var n *h264reader.NAL
			if n, err = r.NextNAL(); err != nil {
				break
			}
			d := time.Duration(0)
			switch n.UnitType {
			case h264reader.NalUnitTypeCodedSliceIdr, h264reader.NalUnitTypeCodedSliceNonIdr:
				d = each
				<-tick.C
			case h264reader.NalUnitTypeSEI:
				continue
			}
			err = o.video.WriteSample(media.Sample{Data: n.Data, Duration: d})
		}
		if !errors.Is(err, io.EOF) {
			return // the connection is closed
		}
	}
}

// speak sends sound, 50 packets a second.
func (o *obs) speak(ogg []byte) {
	const each = 20 * time.Millisecond
	tick := time.NewTicker(each)
	defer tick.Stop()
	r, _, err := oggreader.NewWith(bytes.NewReader(ogg))
	for err == nil && o.Context().Err() == nil {
		var page []byte
		if page, _, err = r.ParseNextPage(); err == nil && !bytes.HasPrefix(page, []byte("OpusTags")) {
			<-tick.C
			err = o.audio.WriteSample(media.Sample{Data: page, Duration: each})
		}
	}
}
