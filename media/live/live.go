// Package live is the stage: the cameras and microphones of those who are seen and heard while
// the film plays, at most four faces at once.
//
// A face is published by WebRTC (RFC 9725 gives the HTTP around it), or comes as packets from
// another node, and is forwarded to everybody who watches, as it came: nothing is encoded again,
// and nothing is kept. It promises that nothing of this can disturb a film: all of WebRTC runs
// in a child process, which is started again when it ends, whatever ended it; packets that
// somebody does not take in time are dropped and never queued.
package live

import (
	"errors"
	"time"
)

const (
	// MaxFaces is how many are on stage at once.
	MaxFaces = 4
	// maxSessions bounds the connections of those who publish and watch.
	maxSessions = 400
	// maxSDP bounds a description in bytes, maxCandidates the addresses in it, maxMedia its sections.
	maxSDP        = 64 << 10
	maxCandidates = 64
	maxMedia      = 12
	// MaxPacket bounds an RTP packet in bytes; browsers send 1200.
	MaxPacket = 1500

	// maxFed bounds the packets of other nodes that wait for the child: a tenth of a second of four faces.
	maxFed = 128

	connectTime  = 15 * time.Second // from a description until packets flow
	lost         = 4 * time.Second  // without a sign of life
	failed       = 8 * time.Second
	keepalive    = 2 * time.Second
	betweenWants = 400 * time.Millisecond // between two whole pictures that are asked of one camera
)

// Codecs are what a face is encoded with, by MIME type and format parameters (RFC 6838, RFC 8866);
// empty: it has none of the kind.
type Codecs struct {
	Video    string `json:"video,omitempty"`
	VideoFmt string `json:"videoFmt,omitempty"`
	Audio    string `json:"audio,omitempty"`
	AudioFmt string `json:"audioFmt,omitempty"`
}

// A Packet is one RTP packet of a face (RFC 3550), without header extensions.
type Packet struct {
	Face  string
	Video bool
	Size  uint8 // of several sizes of one picture, which; a larger one has a larger number, below [Sizes]
	Whole bool  // begins a picture that needs no other
	RTP   []byte
}

// Sizes is how many sizes of a picture can be told apart.
const Sizes = 16

// Refused is why somebody's description is not taken, in a sentence.
type Refused struct{ Reason string }

func (r *Refused) Error() string { return r.Reason }

// ErrDown says that the stage is not up just now. It will be.
var ErrDown = errors.New("the stage is not up")
