package wire

import (
	"fmt"

	"watchparty/node/party"
)

// Join turns an invitation's secret or the party's PIN into a pass.
type Join struct {
	Name   string `json:"name"`
	Secret string `json:"secret,omitempty"`
	PIN    string `json:"pin,omitempty"`
	Knock  string `json:"knock,omitempty"` // made by a program that may have to wait, and sent again with each try
	// The rest is said by whoever takes the join.
	Agent  string `json:"-"` // what they come with, in words of the house; empty: a node
	Device string `json:"-"` // what tells the device from others: a browser's mark, a node's key; whoever takes the join says it
}

func (Join) frame() {}

// Joined answers a join: the pass, and who its bearer is.
type Joined struct {
	Token  string         `json:"token"`
	Member party.MemberID `json:"member"`
	Name   string         `json:"name"`
	Role   party.Role     `json:"role"`
	Region string         `json:"region"` // ISO 3166-1 alpha-2
	Tiers  []string       `json:"tiers"`
	Party  party.ID       `json:"party"`
}

func (Joined) frame() {}

// Titles asks which titles the bearer may know of. The answer is content of JSON,
// with the same objects as GET /api/titles.
type Titles struct {
	Token string `json:"token"`
	Lang  string `json:"lang,omitempty"` // of reasons
	Have  string `json:"have,omitempty"` // ETag of the list that came last
}

func (Titles) frame() {}

// Get asks for a range of a title's part.
type Get struct {
	Token  string `json:"token"`
	Title  string `json:"title"`
	Part   string `json:"part"`           // file, poster, subtitle, sound, stream, thumbs, chat; of no title: emotes, emote
	Name   string `json:"name,omitempty"` // the key of the emote; of the subtitle, of the part of the stream, of the sheet of thumbnails, or of the evening
	Offset int64  `json:"offset"`         // bytes from the beginning
	Length int64  `json:"length"`         // bytes, -1: to the end
	Head   bool   `json:"head,omitempty"` // only what it is, no bytes
}

func (Get) frame() {}

func (g Get) check() error {
	if g.Offset < 0 || g.Length < -1 {
		return fmt.Errorf("no such range: offset %d, length %d", g.Offset, g.Length)
	}
	return nil
}

// Content answers get and titles. Exactly Length bytes follow, then the end of the stream.
type Content struct {
	Size     int64  `json:"size"` // bytes of the whole part
	Type     string `json:"type"` // media type
	ETag     string `json:"etag,omitempty"`
	Modified int64  `json:"modified,omitempty"` // Unix milliseconds
	Length   int64  `json:"length"`             // bytes that follow
}

func (Content) frame() {}

func (c Content) check() error {
	if c.Size < 0 || c.Length < 0 || c.Length > c.Size {
		return fmt.Errorf("no such content: %d of %d bytes", c.Length, c.Size)
	}
	return nil
}
