package live

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Between a node and its child go frames: four bytes of length, one of kind, and either JSON or a packet.
const (
	kindJSON   = 'j'
	kindPacket = 'p'
	maxFrame   = 256 << 10
)

// asked is what a node wants of its child.
type asked struct {
	ID     uint64 `json:"id"` // of the answer
	Do     string `json:"do"`
	Face   string `json:"face,omitempty"`
	Viewer string `json:"viewer,omitempty"`
	SDP    string `json:"sdp,omitempty"`
	Near   bool   `json:"near,omitempty"`
	Off    bool   `json:"off,omitempty"`
	Share  bool   `json:"share,omitempty"` // a face that is fed is handed to other nodes
	Codecs Codecs `json:"codecs,omitzero"`
	Port   int    `json:"port,omitempty"`
}

// told is an answer, or without an ID something that has happened.
type told struct {
	ID      uint64 `json:"id,omitempty"`
	SDP     string `json:"sdp,omitempty"`
	Err     string `json:"err,omitempty"`
	Refused string `json:"refused,omitempty"`
	Event   string `json:"event,omitempty"`
	Face    string `json:"face,omitempty"`
	Fed     bool   `json:"fed,omitempty"` // the face comes from another node
	Viewer  string `json:"viewer,omitempty"`
	Codecs  Codecs `json:"codecs,omitzero"`
	Port    int    `json:"port,omitempty"`
}

const (
	eventOn   = "on"   // a face is on stage
	eventOff  = "off"  // it is not any more
	eventLeft = "left" // somebody watches no more
	eventWant = "want" // a whole picture is wanted of a face that comes from another node
)

// A pipe writes frames, and whole.
type pipe struct {
	mu sync.Mutex
	w  io.Writer
}

func (p *pipe) frame(kind byte, body []byte) error {
	b := make([]byte, 5, 5+len(body))
	binary.BigEndian.PutUint32(b, uint32(len(body)))
	b[4] = kind
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := p.w.Write(append(b, body...))
	return err
}

func (p *pipe) json(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return p.frame(kindJSON, b)
}

func (p *pipe) packet(k Packet) error { return p.frame(kindPacket, AppendPacket(nil, k)) }

// What is in a packet: sound or picture, of which size, and whether the picture is a whole one.
const (
	ofVideo = 0x80
	ofWhole = 0x40
	ofSize  = Sizes - 1
)

// AppendPacket writes a packet as it goes between processes: a byte that says what is in it, one for the length of
// the face's name, the name, and RTP.
func AppendPacket(b []byte, p Packet) []byte {
	what := p.Size & ofSize
	if p.Video {
		what |= ofVideo
	}
	if p.Whole {
		what |= ofWhole
	}
	b = append(b, what, byte(len(p.Face)))
	return append(append(b, p.Face...), p.RTP...)
}

// ParsePacket reads what [AppendPacket] wrote. The packet's bytes are b's.
func ParsePacket(b []byte) (Packet, error) {
	if len(b) < 2 {
		return Packet{}, errors.New("no packet of a face")
	}
	n := int(b[1])
	if rtp := len(b) - 2 - n; rtp < 12 || rtp > MaxPacket { // RFC 3550, 5.1: the fixed header
		return Packet{}, fmt.Errorf("a packet of %d bytes", rtp)
	}
	return Packet{
		Face: string(b[2 : 2+n]), Video: b[0]&ofVideo != 0, Whole: b[0]&ofWhole != 0, Size: b[0] & ofSize, RTP: b[2+n:],
	}, nil
}

// frames reads frames until the other end is gone, and hands them on.
func frames(r io.Reader, on func(kind byte, body []byte) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	head := make([]byte, 5)
	for {
		if _, err := io.ReadFull(in, head); err != nil {
			return err
		}
		n := binary.BigEndian.Uint32(head)
		if n > maxFrame {
			return fmt.Errorf("a frame of %d bytes", n)
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(in, body); err != nil {
			return err
		}
		if err := on(head[4], body); err != nil {
			return err
		}
	}
}
