package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/cc"
	"github.com/pion/interceptor/pkg/gcc"
	"github.com/pion/webrtc/v4"
)

// A rig is the stage inside the child process: all of WebRTC.
type rig struct {
	udp  ice.UDPMux
	tcp  ice.TCPMux // nil: no falling back to TCP
	told func(told)
	tap  func(Packet)

	mu       sync.Mutex
	faces    map[string]*face   // guarded by mu
	viewers  map[string]*viewer // guarded by mu; by session
	all      sync.WaitGroup
	shutting bool // guarded by mu
}

func newRig(udp net.PacketConn, tcp net.Listener, say func(told), tap func(Packet)) *rig {
	r := &rig{told: say, tap: tap, faces: map[string]*face{}, viewers: map[string]*viewer{}}
	r.udp = webrtc.NewICEUDPMux(nil, udp)
	if tcp != nil {
		r.tcp = webrtc.NewICETCPMux(nil, tcp, 64)
	}
	return r
}

// api makes the engine of one connection. near is whether the other end is on this machine. With estimate,
// told is how much the way to the other end takes.
func (r *rig) api(near bool, estimate func(cc.BandwidthEstimator)) (*webrtc.API, error) {
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	var s webrtc.SettingEngine
	s.SetLite(true)
	s.SetICEUDPMux(r.udp)
	nets := []webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6}
	if r.tcp != nil {
		s.SetICETCPMux(r.tcp)
		nets = append(nets, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6)
	}
	s.SetNetworkTypes(nets)
	s.SetIncludeLoopbackCandidate(near)
	s.SetIPFilter(func(ip net.IP) bool { return !ip.IsLinkLocalUnicast() && (near || !ip.IsLoopback()) })
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetICETimeouts(lost, failed, keepalive)
	s.SetReceiveMTU(MaxPacket)
	i := &interceptor.Registry{}
	if err := webrtc.ConfigureSimulcastExtensionHeaders(m); err != nil {
		return nil, err
	}
	if err := webrtc.ConfigureNack(m, i); err != nil {
		return nil, err
	}
	if err := webrtc.ConfigureRTCPReports(i); err != nil {
		return nil, err
	}
	if estimate != nil {
		control, err := cc.NewInterceptor(func() (cc.BandwidthEstimator, error) {
			return gcc.NewSendSideBWE(gcc.SendSideBWEInitialBitrate(2_000_000), gcc.SendSideBWEPacer(gcc.NewNoOpPacer()))
		})
		if err != nil {
			return nil, err
		}
		control.OnNewPeerConnection(func(_ string, e cc.BandwidthEstimator) { estimate(e) })
		i.Add(control)
		if err := webrtc.ConfigureTWCCHeaderExtensionSender(m, i); err != nil {
			return nil, err
		}
	} else if err := webrtc.ConfigureTWCCSender(m, i); err != nil {
		return nil, err
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(i), webrtc.WithSettingEngine(s)), nil
}

// answer finishes a connection's description.
func answer(ctx context.Context, pc *webrtc.PeerConnection) (string, error) {
	a, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", &Refused{"This description cannot be answered; offer VP8 or H.264 and Opus."}
	}
	done := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(a); err != nil {
		return "", err
	}
	select {
	case <-done:
		return pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// publish puts somebody on stage, in the place of what they published before.
func (r *rig) publish(ctx context.Context, name, offer string, near bool) (string, error) {
	offer, err := clean(offer)
	if err != nil {
		return "", err
	}
	api, err := r.api(near, nil)
	if err != nil {
		return "", err
	}
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", err
	}
	f := newFace(name, r.tap)
	f.pc = pc
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		f.learn(t.Codec().RTPCodecCapability)
		f.take(t)
	})
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		pc.Close()
		return "", &Refused{"This session description cannot be used; send the offer of a WebRTC connection that sends."}
	}
	sdp, err := answer(ctx, pc)
	if err == nil {
		f.expect(pc)
		err = r.enter(f)
	}
	if err != nil {
		pc.Close()
		return "", err
	}
	r.watchOver(pc, func() { r.leave(f) }, func() { r.told(told{Event: eventOn, Face: name, Codecs: f.known()}) })
	return sdp, nil
}

// enter takes a face up.
func (r *rig) enter(f *face) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.faces[f.name]
	if r.shutting || old == nil && len(r.faces) >= MaxFaces {
		return &Refused{fmt.Sprintf("There are %d faces on stage already; somebody has to leave it first.", MaxFaces)}
	}
	r.faces[f.name] = f
	if old != nil {
		r.all.Go(func() { r.cut(old) })
	}
	r.all.Go(f.run)
	return nil
}

// leave takes a face off.
func (r *rig) leave(f *face) {
	r.mu.Lock()
	mine := r.faces[f.name] == f
	if mine {
		delete(r.faces, f.name)
	}
	r.mu.Unlock()
	r.cut(f)
	if mine {
		r.told(told{Event: eventOff, Face: f.name})
	}
}

// cut ends a face's connections.
func (r *rig) cut(f *face) {
	f.end()
	if f.pc != nil {
		f.pc.Close()
	}
	r.mu.Lock()
	var gone []*viewer
	for _, v := range r.viewers {
		if v.face == f {
			gone = append(gone, v)
		}
	}
	r.mu.Unlock()
	for _, v := range gone {
		r.part(v)
	}
}

// part ends a viewer's connection.
func (r *rig) part(v *viewer) {
	r.mu.Lock()
	there := r.viewers[v.id] == v
	delete(r.viewers, v.id)
	r.mu.Unlock()
	v.face.dismiss(v)
	v.pc.Close()
	if there {
		r.told(told{Event: eventLeft, Viewer: v.id})
	}
}

// watch has somebody see a face.
func (r *rig) watch(ctx context.Context, id, name, offer string, near bool) (string, error) {
	offer, err := clean(offer)
	if err != nil {
		return "", err
	}
	r.mu.Lock()
	f, busy := r.faces[name], len(r.viewers) >= maxSessions
	r.mu.Unlock()
	switch {
	case f == nil:
		return "", &Refused{"Nobody of that name is on stage now."}
	case busy:
		return "", &Refused{"Too many watch the stage already; try again in a moment."}
	}
	v := &viewer{id: id, face: f}
	api, err := r.api(near, func(e cc.BandwidthEstimator) { v.room = e })
	if err != nil {
		return "", err
	}
	if v.pc, err = api.NewPeerConnection(webrtc.Configuration{}); err != nil {
		return "", err
	}
	if err := v.offered(f.known(), offer); err != nil {
		v.pc.Close()
		return "", err
	}
	sdp, err := answer(ctx, v.pc)
	if err != nil {
		v.pc.Close()
		return "", err
	}
	r.mu.Lock()
	if r.shutting || r.faces[name] != f {
		err = errors.New("the face left meanwhile")
	} else {
		r.viewers[id] = v
	}
	r.mu.Unlock()
	if err != nil {
		v.pc.Close()
		return "", err
	}
	for _, s := range v.pc.GetSenders() {
		r.all.Go(func() { v.listen(s) })
	}
	f.admit(v)
	r.watchOver(v.pc, func() { r.part(v) }, f.wish)
	return sdp, nil
}

// watchOver ends what belongs to a connection when it ends or never begins.
func (r *rig) watchOver(pc *webrtc.PeerConnection, end, begun func()) {
	ended, up := make(chan struct{}), make(chan struct{})
	var once, first sync.Once
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		switch s {
		case webrtc.PeerConnectionStateConnected:
			first.Do(func() { close(up) })
		case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
			once.Do(func() { close(ended) })
		}
	})
	r.all.Go(func() {
		wait, stop := context.WithTimeout(context.Background(), connectTime)
		defer stop()
		defer end()
		select {
		case <-up:
			begun()
			<-ended
		case <-ended:
		case <-wait.Done():
		}
	})
}

// want, hush and put pass on what concerns one face.
func (r *rig) with(name string, f func(*face)) {
	r.mu.Lock()
	it := r.faces[name]
	r.mu.Unlock()
	if it != nil {
		f(it)
	}
}

// feed puts somebody on stage whose packets come from another node.
func (r *rig) feed(name string, c Codecs, share bool) error {
	if !c.taken() {
		return &Refused{"A face is shown in VP8 or H.264, and heard in Opus."}
	}
	f := newFace(name, nil)
	if share {
		f.tap = r.tap
	}
	f.codecs = c
	f.ask = func() { r.told(told{Event: eventWant, Face: name}) }
	if err := r.enter(f); err != nil {
		return err
	}
	r.told(told{Event: eventOn, Face: name, Fed: true, Codecs: c})
	f.wish()
	return nil
}

// leaveViewer ends a viewer's session.
func (r *rig) leaveViewer(id string) {
	r.mu.Lock()
	v := r.viewers[id]
	r.mu.Unlock()
	if v != nil {
		r.part(v)
	}
}

// close ends everything and waits.
func (r *rig) close() {
	r.mu.Lock()
	r.shutting = true
	var faces []*face
	for _, f := range r.faces {
		faces = append(faces, f)
	}
	r.mu.Unlock()
	for _, f := range faces {
		r.leave(f)
	}
	r.all.Wait()
	r.udp.Close()
	if r.tcp != nil {
		r.tcp.Close()
	}
}
