package wire

import (
	"errors"

	"watchparty/node/party"
)

// Stage opens a stream between a guest's node and its host that tells of cameras; their packets go beside it, see
// [Packet]. It is on a connection of its own, so that faces delay neither a line in the chat nor a clock's ping.
type Stage struct {
	Token string `json:"token"`
}

func (Stage) frame() {}

// Faces says what a node sends of cameras, and what it wants of those that the other sends. Each is whole: what it
// does not name has ended.
type Faces struct {
	Sent []Face   `json:"sent"`
	Seen []uint16 `json:"seen"` // numbers of the other's; the host wants all, and names none
}

// Face is one camera that is sent. Its number is its sender's, and never used twice on a connection: a camera that
// came back is another one.
type Face struct {
	Number   uint16         `json:"number"`
	Member   party.MemberID `json:"member"`
	Video    string         `json:"video,omitempty"` // MIME type; empty: there is no picture
	VideoFmt string         `json:"videoFmt,omitempty"`
	Audio    string         `json:"audio,omitempty"`
	AudioFmt string         `json:"audioFmt,omitempty"`
}

func (Faces) frame() {}

// maxFaces is more than there may be on stage.
const maxFaces = 16

func (f Faces) check() error {
	if len(f.Sent) > maxFaces || len(f.Seen) > maxFaces {
		return errors.New("too many faces")
	}
	return nil
}

// Whole asks for a picture that needs no other, of a face that the other sends.
type Whole struct {
	Face uint16 `json:"face"`
}

func (Whole) frame() {}

// Off says that a face which the other sends is not taken, or not any more.
type Off struct {
	Face uint16 `json:"face"`
}

func (Off) frame() {}
