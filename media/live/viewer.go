package live

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/interceptor/pkg/cc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// A viewer is one connection that watches one face.
type viewer struct {
	id    string
	face  *face
	pc    *webrtc.PeerConnection
	audio *webrtc.TrackLocalStaticRTP // nil: the face has no sound
	video *webrtc.TrackLocalStaticRTP
	room  cc.BandwidthEstimator // how much the way to them takes; nil: not known

	mu     sync.Mutex
	layer  *layer // size that is sent, nil: none yet; guarded by mu, as all below
	want   *layer // size that will be, from its next whole picture on
	seq    uint16
	stamp  uint32
	nums   [2]int // of the last picture and base layer
	addSeq uint16
	addTS  uint32
	addPic uint16
	addLay uint8
	fell   time.Time // when a smaller size was chosen last
}

// step is the time between the last picture of one size and the first of another, in the 90 kHz of
// all video (RFC 7741, 4.1).
const step = 3000

// patience is how long a viewer stays with a smaller size, so that it does not go up and down.
const patience = 5 * time.Second

// offered answers an offer to watch with the tracks that the face has. Each is a stream of its own (RFC 8830): tracks of one
// stream are kept in step by browsers, and the picture would wait for the sound, which is buffered for longer.
func (v *viewer) offered(c Codecs, offer string) (err error) {
	track := func(mime, fmtp, id string, rate uint32, channels uint16) (*webrtc.TrackLocalStaticRTP, error) {
		t, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: mime, SDPFmtpLine: fmtp, ClockRate: rate, Channels: channels}, id, v.face.name+"-"+id)
		if err == nil {
			_, err = v.pc.AddTrack(t)
		}
		return t, err
	}
	if c.Video != "" {
		if v.video, err = track(c.Video, c.VideoFmt, "video", 90000, 0); err != nil {
			return err
		}
	}
	if c.Audio != "" {
		if v.audio, err = track(c.Audio, c.AudioFmt, "audio", 48000, 2); err != nil {
			return err
		}
	}
	if err := v.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return &Refused{"This session description cannot be used; send the offer of a WebRTC connection that receives."}
	}
	return nil
}

// hear sends a packet of sound.
func (v *viewer) hear(p *rtp.Packet) {
	if v.audio != nil {
		c := *p
		v.audio.WriteRTP(&c)
	}
}

// see sends a packet of a size, if it is the one that this viewer gets.
func (v *viewer) see(l *layer, p *rtp.Packet, whole bool, mime string) {
	if v.video == nil {
		return
	}
	vp8 := strings.EqualFold(mime, webrtc.MimeTypeVP8)
	v.mu.Lock()
	if l == v.want && whole && l != v.layer {
		v.change(p, vp8)
	}
	if l != v.layer {
		v.mu.Unlock()
		return
	}
	c := rtp.Packet{Header: p.Header, Payload: p.Payload}
	c.SequenceNumber += v.addSeq
	c.Timestamp += v.addTS
	if vp8 && (v.addPic != 0 || v.addLay != 0) {
		c.Payload = append([]byte(nil), p.Payload...)
		renumber(c.Payload, v.addPic, v.addLay)
	}
	if int16(c.SequenceNumber-v.seq) > 0 {
		v.seq, v.stamp = c.SequenceNumber, c.Timestamp
		if vp8 {
			pic, lay := numbers(c.Payload)
			v.nums = [2]int{int(pic), int(lay)}
		}
	}
	v.mu.Unlock()
	v.video.WriteRTP(&c)
}

// change makes a size the one that is sent, with numbers that go on from the last.
func (v *viewer) change(p *rtp.Packet, vp8 bool) {
	if v.layer == nil {
		v.seq, v.stamp = p.SequenceNumber-1, p.Timestamp-step
	}
	v.layer = v.want
	v.addSeq = v.seq + 1 - p.SequenceNumber
	v.addTS = v.stamp + step - p.Timestamp
	if vp8 && v.nums != [2]int{} {
		pic, lay := numbers(p.Payload)
		v.addPic, v.addLay = uint16(v.nums[0]+1)-pic, uint8(v.nums[1]+1)-lay
	}
}

// listen reads what the viewer says of the pictures until the connection ends.
func (v *viewer) listen(s *webrtc.RTPSender) {
	for {
		packets, _, err := s.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range packets {
			switch p.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				v.face.wish()
			}
		}
	}
}

// turn makes a size the one to be sent.
func (v *viewer) turn(l *layer) {
	v.mu.Lock()
	v.want = l
	v.mu.Unlock()
}

// suit chooses the size that the way to this viewer takes, of those there are, smallest first.
func (v *viewer) suit(layers []*layer, now time.Time) {
	if v.room == nil || len(layers) < 2 {
		return
	}
	room := int64(v.room.GetTargetBitrate())
	best := layers[0]
	for _, l := range layers {
		if rate := l.rate.Load(); rate > 0 && room > rate*11/10 {
			best = l
		}
	}
	v.mu.Lock()
	up := slices.Index(layers, best) > slices.Index(layers, v.want)
	changed := best != v.want && (!up || now.Sub(v.fell) > patience)
	if changed {
		if v.want = best; !up {
			v.fell = now
		}
	}
	v.mu.Unlock()
	if changed {
		v.face.wish()
	}
}
