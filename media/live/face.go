package live

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// A face is somebody on stage.
type face struct {
	name   string
	pc     *webrtc.PeerConnection // nil: its packets come from another node
	tap    func(Packet)           // nil: it is handed to no other node
	ask    func()                 // asks another node for a whole picture
	wished chan struct{}          // holds one
	ended  chan struct{}
	once   sync.Once
	hushed atomic.Bool
	seen   atomic.Pointer[[]*viewer]

	mu     sync.Mutex
	codecs Codecs   // guarded by mu
	layers []*layer // guarded by mu; smallest first
}

// A layer is one size of a face's picture.
type layer struct {
	size  uint8
	ssrc  webrtc.SSRC
	bytes atomic.Int64
	rate  atomic.Int64 // bits per second, in the last second
}

func newFace(name string, tap func(Packet)) *face {
	f := &face{name: name, tap: tap, wished: make(chan struct{}, 1), ended: make(chan struct{})}
	f.seen.Store(&[]*viewer{})
	return f
}

// run does what has to be done from time to time, until the face ends.
func (f *face) run() {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	var next time.Time
	for {
		select {
		case <-f.ended:
			return
		case now := <-second.C:
			f.measure(now)
		case <-f.wished: // whoever asks meanwhile asks for the same
			if rest := time.Until(next); rest > 0 {
				select {
				case <-f.ended:
					return
				case <-time.After(rest):
				}
			}
			f.whole()
			next = time.Now().Add(betweenWants)
		}
	}
}

func (f *face) measure(now time.Time) {
	f.mu.Lock()
	layers := slices.Clone(f.layers)
	f.mu.Unlock()
	for _, l := range layers {
		l.rate.Store(l.bytes.Swap(0) * 8)
	}
	for _, v := range *f.seen.Load() {
		v.suit(layers, now)
	}
}

// wish asks for a whole picture soon.
func (f *face) wish() {
	select {
	case f.wished <- struct{}{}:
	default:
	}
}

// whole asks the camera for a picture that needs no other (RFC 4585, 6.3.1).
func (f *face) whole() {
	if f.pc == nil {
		f.ask()
		return
	}
	f.mu.Lock()
	var all []rtcp.Packet
	for _, l := range f.layers {
		all = append(all, &rtcp.PictureLossIndication{MediaSSRC: uint32(l.ssrc)})
	}
	f.mu.Unlock()
	if len(all) > 0 {
		f.pc.WriteRTCP(all)
	}
}

// add makes room for a size.
func (f *face) add(rid string, ssrc webrtc.SSRC) *layer {
	f.mu.Lock()
	defer f.mu.Unlock()
	l := &layer{size: order(rid), ssrc: ssrc}
	f.layers = append(f.layers, l)
	slices.SortStableFunc(f.layers, func(a, b *layer) int { return int(a.size) - int(b.size) })
	for _, v := range *f.seen.Load() {
		v.turn(f.layers[len(f.layers)-1])
	}
	return l
}

// order puts the names of sizes as browsers and OBS use them: quarter, half and full, low, middle and
// high, or numbers.
func order(rid string) uint8 {
	if i := slices.Index([]string{"q", "l", "0", "h", "m", "1", "f", "2"}, rid); i >= 0 {
		return uint8(i)
	}
	return 9
}

// take forwards one track until it ends.
func (f *face) take(track *webrtc.TrackRemote) {
	var l *layer
	if track.Kind() == webrtc.RTPCodecTypeVideo {
		l = f.add(track.RID(), track.SSRC())
		f.wish()
	}
	for {
		p, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		if len(p.Payload) == 0 {
			continue
		}
		f.forward(l, bare(p))
	}
}

// bare takes off a packet what concerns only the way it came by.
func bare(p *rtp.Packet) *rtp.Packet {
	p.Header.Extension, p.Header.Extensions, p.Header.CSRC, p.Header.Padding, p.PaddingSize = false, nil, nil, false, 0
	return p
}

// forward hands a packet to everybody. A packet of sound has no layer.
func (f *face) forward(l *layer, p *rtp.Packet) {
	if l == nil {
		if f.hushed.Load() {
			return
		}
		for _, v := range *f.seen.Load() {
			v.hear(p)
		}
		f.hand(Packet{}, p)
		return
	}
	l.bytes.Add(int64(len(p.Payload)))
	mime := f.known().Video
	whole := begins(mime, p.Payload)
	for _, v := range *f.seen.Load() {
		v.see(l, p, whole, mime)
	}
	f.hand(Packet{Video: true, Size: l.size, Whole: whole}, p)
}

// hand gives a packet to other nodes.
func (f *face) hand(k Packet, p *rtp.Packet) {
	if f.tap == nil {
		return
	}
	var err error
	if k.RTP, err = p.Marshal(); err == nil && len(k.RTP) <= MaxPacket {
		k.Face = f.name
		f.tap(k)
	}
}

// put takes a packet that came from another node, in the order in which they come.
func (f *face) put(k Packet) {
	var p rtp.Packet
	if f.pc != nil || p.Unmarshal(k.RTP) != nil || len(p.Payload) == 0 {
		return
	}
	if !k.Video {
		f.forward(nil, bare(&p))
		return
	}
	if l := f.comes(k.Size, p.Payload); l != nil {
		f.forward(l, bare(&p))
	} else {
		f.wish() // the beginning of the new size was lost
	}
}

// comes is the size that another node sends, one at a time. It changes with a whole picture; nil is a packet of a
// size that it is not.
func (f *face) comes(size uint8, payload []byte) *layer {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.layers) > 0 && f.layers[0].size == size {
		return f.layers[0]
	}
	if len(f.layers) > 0 && !begins(f.codecs.Video, payload) {
		return nil
	}
	l := &layer{size: size}
	f.layers = []*layer{l}
	for _, v := range *f.seen.Load() {
		v.turn(l)
	}
	return l
}

// learn notes what a track is encoded with.
func (f *face) learn(c webrtc.RTPCodecCapability) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if strings.HasPrefix(strings.ToLower(c.MimeType), "video/") {
		f.codecs.Video, f.codecs.VideoFmt = c.MimeType, c.SDPFmtpLine
	} else {
		f.codecs.Audio, f.codecs.AudioFmt = c.MimeType, c.SDPFmtpLine
	}
}

// expect notes what a connection has agreed on, before its packets come.
func (f *face) expect(pc *webrtc.PeerConnection) {
	for _, t := range pc.GetTransceivers() {
		if r := t.Receiver(); r != nil && t.Direction() == webrtc.RTPTransceiverDirectionRecvonly {
			for _, c := range r.GetParameters().Codecs {
				if plays[strings.ToLower(c.MimeType)] {
					f.learn(c.RTPCodecCapability)
					break
				}
			}
		}
	}
}

// plays are the codecs that are forwarded: every browser has them.
var plays = map[string]bool{"video/vp8": true, "video/h264": true, "audio/opus": true}

// taken says whether a face with these codecs can be shown: another node has named them, and what it says ends up in
// descriptions that browsers read.
func (c Codecs) taken() bool {
	fits := func(kind, mime, format string) bool {
		lower := strings.ToLower(mime)
		return mime == "" && format == "" || plays[lower] && strings.HasPrefix(lower, kind) && len(format) <= 256 &&
			!strings.ContainsFunc(format, func(r rune) bool { return r < ' ' || r > '~' })
	}
	return fits("video/", c.Video, c.VideoFmt) && fits("audio/", c.Audio, c.AudioFmt) && c.Video+c.Audio != ""
}

func (f *face) known() Codecs {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.codecs
}

// admit lets somebody watch, from the largest size on; dismiss ends it.
func (f *face) admit(v *viewer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.layers) > 0 {
		v.turn(f.layers[len(f.layers)-1])
	}
	all := append(slices.Clone(*f.seen.Load()), v)
	f.seen.Store(&all)
}

func (f *face) dismiss(v *viewer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(*f.seen.Load()), func(o *viewer) bool { return o == v })
	f.seen.Store(&all)
}

func (f *face) end() { f.once.Do(func() { close(f.ended) }) }
